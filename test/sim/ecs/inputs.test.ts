import { describe, expect, test } from "vitest";
import { type Action, parseInput } from "../../../sim/ecs/inputs.ts";
import { type Json, refusal } from "./world.ts";

const container: Json = { name: "app", image: "x" };
const port: Json = { containerPort: 80 };
const check: Json = { command: ["CMD"] };
const definition: Json = { family: "web", containerDefinitions: [container] };
const run: Json = { taskDefinition: "web" };

/** Definitions whose only container has these members. */
const withContainer = (members: Json): Json => ({
  ...definition,
  containerDefinitions: [{ ...container, ...members }],
});
const withNetwork = (members: Json): Json => ({
  ...run,
  networkConfiguration: { awsvpcConfiguration: { subnets: [], ...members } },
});

const inContainer = "containerDefinitions.0";
const inNetwork = "networkConfiguration.awsvpcConfiguration";

describe("members of the wrong shape", () => {
  test.for<[action: Action, path: string, input: Json]>([
    ["CreateCluster", "clusterName", { clusterName: 1 }],
    ["CreateCluster", "tags.0.key", { tags: [{ value: "v" }] }],
    ["DescribeClusters", "clusters", { clusters: "c" }],
    ["ListClusters", "maxResults", { maxResults: "1" }],
    ["ListClusters", "nextToken", { nextToken: 1 }],
    ["ListContainerInstances", "cluster", { cluster: 1 }],
    ["ListContainerInstances", "status", { status: 1 }],
    ["ListContainerInstances", "filter", { filter: 1 }],
    ["DescribeContainerInstances", "containerInstances", {}],
    ["DescribeContainerInstances", "include", { containerInstances: [], include: "TAGS" }],
    ["RegisterTaskDefinition", "family", { ...definition, family: undefined }],
    ["RegisterTaskDefinition", "networkMode", { ...definition, networkMode: "vpn" }],
    ["RegisterTaskDefinition", "requiresCompatibilities", { ...definition, requiresCompatibilities: "EC2" }],
    ["RegisterTaskDefinition", "cpu", { ...definition, cpu: 256 }],
    ["RegisterTaskDefinition", "memory", { ...definition, memory: 256 }],
    ["RegisterTaskDefinition", "placementConstraints.0.type", { ...definition, placementConstraints: [{}] }],
    [
      "RegisterTaskDefinition",
      "runtimePlatform.cpuArchitecture",
      { ...definition, runtimePlatform: { cpuArchitecture: 1 } },
    ],
    ["RegisterTaskDefinition", "tags", { ...definition, tags: {} }],
    ["RegisterTaskDefinition", `${inContainer}.name`, withContainer({ name: undefined })],
    ["RegisterTaskDefinition", `${inContainer}.image`, withContainer({ image: undefined })],
    ["RegisterTaskDefinition", `${inContainer}.cpu`, withContainer({ cpu: "1" })],
    ["RegisterTaskDefinition", `${inContainer}.memory`, withContainer({ memory: 1.5 })],
    ["RegisterTaskDefinition", `${inContainer}.memoryReservation`, withContainer({ memoryReservation: "1" })],
    ["RegisterTaskDefinition", `${inContainer}.essential`, withContainer({ essential: "true" })],
    ["RegisterTaskDefinition", `${inContainer}.entryPoint`, withContainer({ entryPoint: "sh" })],
    ["RegisterTaskDefinition", `${inContainer}.command`, withContainer({ command: "sh" })],
    ["RegisterTaskDefinition", `${inContainer}.workingDirectory`, withContainer({ workingDirectory: 1 })],
    ["RegisterTaskDefinition", `${inContainer}.environment`, withContainer({ environment: {} })],
    ["RegisterTaskDefinition", `${inContainer}.stopTimeout`, withContainer({ stopTimeout: "1" })],
    ["RegisterTaskDefinition", `${inContainer}.portMappings`, withContainer({ portMappings: {} })],
    ["RegisterTaskDefinition", `${inContainer}.portMappings.0.containerPort`, withContainer({ portMappings: [{}] })],
    [
      "RegisterTaskDefinition",
      `${inContainer}.portMappings.0.hostPort`,
      withContainer({ portMappings: [{ ...port, hostPort: "1" }] }),
    ],
    [
      "RegisterTaskDefinition",
      `${inContainer}.portMappings.0.protocol`,
      withContainer({ portMappings: [{ ...port, protocol: "icmp" }] }),
    ],
    ["RegisterTaskDefinition", `${inContainer}.healthCheck`, withContainer({ healthCheck: "CMD" })],
    ["RegisterTaskDefinition", `${inContainer}.healthCheck.command`, withContainer({ healthCheck: {} })],
    [
      "RegisterTaskDefinition",
      `${inContainer}.healthCheck.interval`,
      withContainer({ healthCheck: { ...check, interval: "5" } }),
    ],
    [
      "RegisterTaskDefinition",
      `${inContainer}.healthCheck.timeout`,
      withContainer({ healthCheck: { ...check, timeout: "5" } }),
    ],
    [
      "RegisterTaskDefinition",
      `${inContainer}.healthCheck.retries`,
      withContainer({ healthCheck: { ...check, retries: "5" } }),
    ],
    [
      "RegisterTaskDefinition",
      `${inContainer}.healthCheck.startPeriod`,
      withContainer({ healthCheck: { ...check, startPeriod: "5" } }),
    ],
    ["DescribeTaskDefinition", "taskDefinition", {}],
    ["DescribeTaskDefinition", "include", { ...run, include: "TAGS" }],
    ["DeregisterTaskDefinition", "taskDefinition", {}],
    ["ListTaskDefinitions", "familyPrefix", { familyPrefix: 1 }],
    ["ListTaskDefinitions", "status", { status: "GONE" }],
    ["ListTaskDefinitions", "sort", { sort: "UP" }],
    ["ListTaskDefinitionFamilies", "familyPrefix", { familyPrefix: 1 }],
    ["ListTaskDefinitionFamilies", "status", { status: "GONE" }],
    ["RunTask", "cluster", { ...run, cluster: 1 }],
    ["RunTask", "taskDefinition", {}],
    ["RunTask", "count", { ...run, count: "1" }],
    ["RunTask", "clientToken", { ...run, clientToken: 1 }],
    ["RunTask", "launchType", { ...run, launchType: "EXTERNAL" }],
    ["RunTask", "capacityProviderStrategy", { ...run, capacityProviderStrategy: {} }],
    ["RunTask", "startedBy", { ...run, startedBy: 1 }],
    ["RunTask", "group", { ...run, group: 1 }],
    ["RunTask", "tags", { ...run, tags: {} }],
    ["RunTask", "propagateTags", { ...run, propagateTags: "ALL" }],
    ["RunTask", "enableECSManagedTags", { ...run, enableECSManagedTags: "true" }],
    ["RunTask", "enableExecuteCommand", { ...run, enableExecuteCommand: "true" }],
    ["RunTask", "overrides", { ...run, overrides: "x" }],
    ["RunTask", "overrides.containerOverrides.0.name", { ...run, overrides: { containerOverrides: [{}] } }],
    ["RunTask", "placementConstraints", { ...run, placementConstraints: {} }],
    ["RunTask", "placementStrategy.0.type", { ...run, placementStrategy: [{ type: "near" }] }],
    ["RunTask", "networkConfiguration", { ...run, networkConfiguration: "x" }],
    ["RunTask", `${inNetwork}.subnets`, withNetwork({ subnets: "s1" })],
    ["RunTask", `${inNetwork}.securityGroups`, withNetwork({ securityGroups: "sg" })],
    ["RunTask", `${inNetwork}.assignPublicIp`, withNetwork({ assignPublicIp: true })],
    ["StopTask", "task", {}],
    ["StopTask", "cluster", { task: "t", cluster: 1 }],
    ["StopTask", "reason", { task: "t", reason: 1 }],
    ["DescribeTasks", "tasks", {}],
    ["DescribeTasks", "cluster", { tasks: [], cluster: 1 }],
    ["DescribeTasks", "include", { tasks: [], include: "TAGS" }],
    ["ListTasks", "cluster", { cluster: 1 }],
    ["ListTasks", "containerInstance", { containerInstance: 1 }],
    ["ListTasks", "family", { family: 1 }],
    ["ListTasks", "startedBy", { startedBy: 1 }],
    ["ListTasks", "serviceName", { serviceName: 1 }],
    ["ListTasks", "launchType", { launchType: "MOON" }],
    ["ListTasks", "desiredStatus", { desiredStatus: "GONE" }],
    ["ListTasks", "maxResults", { maxResults: 1.5 }],
    ["TagResource", "resourceArn", { tags: [] }],
    ["TagResource", "tags", { resourceArn: "arn" }],
    ["ListTagsForResource", "resourceArn", {}],
  ])("%s: %s", ([action, path, input]) => {
    expect(refusal(() => parseInput(action, input))).toMatch(`InvalidParameterException: ${path}: `);
  });

  test("members that are not known are ignored, or kept where they are part of a definition or a token's request", () => {
    expect(parseInput("ListTasks", { other: 1 })).toEqual({});
    expect(parseInput("RunTask", { ...run, other: 1 })).toEqual({ ...run, other: 1 });
    expect(parseInput("RegisterTaskDefinition", withContainer({ other: 1 }))).toEqual(withContainer({ other: 1 }));
  });
});
