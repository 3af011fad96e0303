import type { Network, TaskTemplate } from "../model/task-template.ts";
import { containerSchema, maxCpuUnits, maxMemoryMib } from "./container-schema.ts";
import { defaulted, object, optional, required } from "./objects.ts";
import { flag, integer, list, oneOf } from "./readers.ts";
import { volumeSchema } from "./volume-schema.ts";
import { roleArn, securityGroupId, subnetId } from "./words.ts";

/** ECS's network mode, and what belongs to it. */
const network = object<Network>({
  mode: required(oneOf(["awsvpc", "bridge", "host"]), "awsvpc gives each task an address of its own"),
  subnets: defaulted(list(subnetId, { most: 16, unique: true }), [], "where awsvpc tasks get their addresses"),
  securityGroups: defaulted(list(securityGroupId, { most: 5, unique: true }), [], "what may reach awsvpc tasks"),
  publicIp: defaulted(flag, false, "awsvpc tasks on fargate get a public address too"),
});

/**
 * What each task of a service is. Counts, ranges and lengths are those of ECS's RegisterTaskDefinition.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export const taskSchema = object<TaskTemplate>({
  cpuUnits: optional(
    integer(0, maxCpuUnits),
    "CPU of the whole task; absent: its containers' sum, for Fargate rounded up",
  ),
  memoryMib: optional(
    integer(6, maxMemoryMib),
    "memory of the whole task; absent: its containers' sum, for Fargate rounded up",
  ),
  architecture: defaulted(oneOf(["x86_64", "arm64"]), "x86_64", "what its images are built for"),
  taskRole: optional(roleArn, "what its containers may do in AWS"),
  executionRole: optional(roleArn, "what ECS may do to start it; absent: the install's"),
  exec: optional(flag, "commands may be run in its containers (ECS Exec); needs taskRole"),
  ephemeralStorageGib: optional(
    integer(21, 200),
    "disk of a task on fargate; absent: the 20 GiB that every task there has",
  ),
  network: optional(network, "absent: the install's"),
  volumes: optional(list(volumeSchema, { most: 20 }), "folders that its containers mount"),
  containers: required(list(containerSchema, { least: 1, most: 10 }), "what runs together; at least one is essential"),
});
