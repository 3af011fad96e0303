import type { EFSVolumeConfiguration, RegisterTaskDefinitionCommandInput, Tag, Volume } from "@aws-sdk/client-ecs";
import type { TaskDefinition } from "../core/model/task-definition.ts";
import type { EfsVolume, Volume as TaskVolume } from "../core/model/task-template.ts";
import { containerDefinition, sorted } from "./container-definition.ts";

/** Least CPU that ECS lets a task on EC2 ask for as a whole; below, the sum of its containers counts. */
const leastTaskCpuUnits = 128;

/** What ECS registers a definition as. Equal definitions give equal requests: names are sorted. */
export function registerInput({
  family,
  task,
  network,
  capacity,
  tags,
}: TaskDefinition): RegisterTaskDefinitionCommandInput {
  const hasTaskCpu = capacity === "fargate" || task.cpuUnits >= leastTaskCpuUnits;
  const { ephemeralStorageGib, volumes = [] } = task;
  return {
    family,
    networkMode: network.mode,
    requiresCompatibilities: [capacity === "fargate" ? "FARGATE" : "EC2"],
    ...(hasTaskCpu && { cpu: String(task.cpuUnits) }),
    memory: String(task.memoryMib),
    runtimePlatform: {
      cpuArchitecture: task.architecture === "arm64" ? "ARM64" : "X86_64",
      operatingSystemFamily: "LINUX",
    },
    ...(task.taskRole && { taskRoleArn: task.taskRole }),
    ...(task.executionRole && { executionRoleArn: task.executionRole }),
    ...(ephemeralStorageGib !== undefined && { ephemeralStorage: { sizeInGiB: ephemeralStorageGib } }),
    ...(volumes.length > 0 && { volumes: volumes.map(volumeInput) }),
    containerDefinitions: task.containers.map((container) => containerDefinition(container, network)),
    tags: sorted(tags).map(([key, value]): Tag => ({ key, value })),
  };
}

/** A volume of which nothing but its name is said is an empty folder that goes with the task. */
function volumeInput(volume: TaskVolume): Volume {
  const { name } = volume;
  if ("efs" in volume) return { name, efsVolumeConfiguration: efsConfiguration(volume.efs) };
  return "host" in volume ? { name, host: { sourcePath: volume.host.path } } : { name };
}

function efsConfiguration({
  fileSystem,
  path,
  accessPoint,
  iam,
  transitEncryption,
}: EfsVolume): EFSVolumeConfiguration {
  const isAuthorized = iam || accessPoint !== undefined;
  return {
    fileSystemId: fileSystem,
    ...(path !== undefined && { rootDirectory: path }),
    transitEncryption: transitEncryption ? "ENABLED" : "DISABLED",
    ...(isAuthorized && {
      authorizationConfig: {
        ...(accessPoint !== undefined && { accessPointId: accessPoint }),
        iam: iam ? "ENABLED" : "DISABLED",
      },
    }),
  };
}
