import { expect, test } from "vitest";
import { issuesWith } from "../../support/issues.ts";

const container = "spec.task.containers[0]";
const role = { "spec.task.taskRole": "arn:aws:iam::123456789012:role/task" };
const ec2 = { "spec.placement.capacity": [{ type: "ec2" }] };
const fargate = { "spec.placement.capacity": [{ type: "fargate" }] };
const network = { mode: "awsvpc", subnets: ["subnet-1"], publicIp: true };
const host = {
  "spec.task.volumes": [
    { name: "data", ephemeral: {} },
    { name: "logs", host: { path: "/var/log" } },
  ],
};

test.for<{ name: string; changes: Record<string, unknown>; issues: readonly string[] }>([
  { name: "exec with a task role", changes: { ...role, "spec.task.exec": true }, issues: [] },
  {
    name: "exec without a task role",
    changes: { "spec.task.exec": true },
    issues: ["spec.task.exec: exec needs taskRole, which may do what ECS Exec does"],
  },
  { name: "no exec without a task role", changes: { "spec.task.exec": false }, issues: [] },
  { name: "storage on Fargate", changes: { ...fargate, "spec.task.ephemeralStorageGib": 30 }, issues: [] },
  { name: "storage where the install decides", changes: { "spec.task.ephemeralStorageGib": 30 }, issues: [] },
  {
    name: "storage on EC2",
    changes: { ...ec2, "spec.task.ephemeralStorageGib": 30 },
    issues: ["spec.task.ephemeralStorageGib: ephemeralStorageGib needs fargate, got ec2"],
  },
  { name: "a public address on Fargate", changes: { ...fargate, "spec.task.network": network }, issues: [] },
  { name: "a public address where the install decides", changes: { "spec.task.network": network }, issues: [] },
  {
    name: "a public address on EC2",
    changes: { ...ec2, "spec.task.network": network },
    issues: ["spec.task.network.publicIp: publicIp needs fargate, got ec2"],
  },
  {
    name: "no public address on EC2",
    changes: { ...ec2, "spec.task.network": { ...network, publicIp: false } },
    issues: [],
  },
  {
    name: "a public address on a bridge",
    changes: { ...ec2, "spec.task.network": { mode: "bridge", publicIp: true } },
    issues: ["spec.task.network.publicIp: publicIp needs mode awsvpc, got bridge"],
  },
  { name: "a folder of the node on EC2", changes: { ...ec2, ...host }, issues: [] },
  { name: "a folder of the node where the install decides", changes: host, issues: [] },
  {
    name: "a folder of the node on Fargate",
    changes: { ...fargate, ...host },
    issues: ["spec.task.volumes[1].host: host is not to be had on fargate; use efs"],
  },
  { name: "GPUs on EC2", changes: { ...ec2, [`${container}.gpu`]: 1 }, issues: [] },
  {
    name: "GPUs on Fargate",
    changes: { ...fargate, [`${container}.gpu`]: 1 },
    issues: [`${container}.gpu: gpu is not to be had on fargate; use ec2`],
  },
  {
    name: "two minutes to stop on Fargate",
    changes: { ...fargate, [`${container}.stopTimeoutSeconds`]: 120 },
    issues: [],
  },
  {
    name: "more to stop on Fargate",
    changes: { ...fargate, [`${container}.stopTimeoutSeconds`]: 121 },
    issues: [`${container}.stopTimeoutSeconds: stopTimeoutSeconds must be at most 120 on fargate, got 121`],
  },
  { name: "more to stop on EC2", changes: { ...ec2, [`${container}.stopTimeoutSeconds`]: 121 }, issues: [] },
  { name: "a driver of EC2 there", changes: { ...ec2, [`${container}.logs`]: { driver: "syslog" } }, issues: [] },
  {
    name: "a driver of EC2 on Fargate",
    changes: { ...fargate, [`${container}.logs`]: { driver: "json-file" } },
    issues: [`${container}.logs.driver: driver must be awslogs or splunk on fargate, got json-file`],
  },
])("$name", ({ changes, issues }) => {
  expect(issuesWith(changes)).toEqual(issues);
});
