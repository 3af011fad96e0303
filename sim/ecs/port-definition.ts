import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { Container, Volume } from "../../core/model/task-template.ts";
import { compact, type Json } from "./wire.ts";

/** Least CPU that ECS lets a task on EC2 ask for as a whole; below, the sum of its containers counts. */
const leastTaskCpuUnits = 128;

/** RegisterTaskDefinition's request for a definition of ours. */
export function registerInput({ family, task, network, capacity, tags }: TaskDefinition): Json {
  const hasTaskCpu = capacity === "fargate" || task.cpuUnits >= leastTaskCpuUnits;
  const { ephemeralStorageGib: sizeInGiB } = task;
  return compact({
    family,
    networkMode: network.mode,
    requiresCompatibilities: [capacity === "fargate" ? "FARGATE" : "EC2"],
    cpu: hasTaskCpu ? `${task.cpuUnits}` : undefined,
    memory: `${task.memoryMib}`,
    runtimePlatform: { cpuArchitecture: task.architecture === "arm64" ? "ARM64" : "X86_64" },
    taskRoleArn: task.taskRole,
    executionRoleArn: task.executionRole,
    ephemeralStorage: sizeInGiB === undefined ? undefined : { sizeInGiB },
    volumes: task.volumes?.map(volumeInput),
    containerDefinitions: task.containers.map(containerInput),
    tags: pairs(tags).map(({ name, value }) => ({ key: name, value })),
  });
}

function containerInput(container: Container): Json {
  const { registryCredentials, gpu, health, logs } = container;
  return compact({
    name: container.name,
    image: container.image,
    repositoryCredentials: registryCredentials && { credentialsParameter: registryCredentials },
    entryPoint: container.entryPoint,
    command: container.command,
    cpu: container.cpuUnits,
    memory: container.memoryMib,
    memoryReservation: container.memoryReservationMib,
    resourceRequirements: gpu === undefined ? undefined : [{ type: "GPU", value: `${gpu}` }],
    essential: container.essential,
    dependsOn: container.dependsOn?.map((dependency) => ({
      containerName: dependency.container,
      condition: dependency.condition.toUpperCase(),
    })),
    stopTimeout: container.stopTimeoutSeconds,
    portMappings: container.ports,
    environment: pairs(container.environment),
    environmentFiles: container.environmentFrom?.map(({ s3 }) => ({ type: "s3", value: s3 })),
    secrets: secretsOf(container.secrets),
    mountPoints: container.mounts?.map(({ volume, path, readOnly }) => ({
      sourceVolume: volume,
      containerPath: path,
      readOnly,
    })),
    workingDirectory: container.workingDirectory,
    user: container.user,
    healthCheck: health && {
      command: health.command,
      interval: health.intervalSeconds,
      timeout: health.timeoutSeconds,
      retries: health.retries,
      startPeriod: health.startPeriodSeconds,
    },
    logConfiguration:
      logs &&
      compact({
        logDriver: logs.driver,
        options: logs.options,
        secretOptions: logs.secretOptions && secretsOf(logs.secretOptions),
      }),
  });
}

function volumeInput(volume: Volume): Json {
  const { name } = volume;
  if ("host" in volume) return { name, host: { sourcePath: volume.host.path } };
  if ("ephemeral" in volume) return { name };
  const { fileSystem, path, accessPoint, iam, transitEncryption } = volume.efs;
  return {
    name,
    efsVolumeConfiguration: compact({
      fileSystemId: fileSystem,
      rootDirectory: path,
      transitEncryption: transitEncryption ? "ENABLED" : "DISABLED",
      authorizationConfig: compact({ accessPointId: accessPoint, iam: iam ? "ENABLED" : "DISABLED" }),
    }),
  };
}

function pairs(map: Readonly<Record<string, string>>): readonly { readonly name: string; readonly value: string }[] {
  return Object.entries(map).map(([name, value]) => ({ name, value }));
}

function secretsOf(map: Readonly<Record<string, string>>): readonly Json[] {
  return Object.entries(map).map(([name, valueFrom]) => ({ name, valueFrom }));
}
