import type { ContainerDefinition, KeyValuePair, PortMapping, Secret } from "@aws-sdk/client-ecs";
import type {
  Container,
  ContainerHealth,
  ContainerLogs,
  ContainerPort,
  Dependency,
  Network,
} from "../core/model/task-template.ts";

/** One container as ECS registers it. Equal containers give equal definitions: names are sorted. */
export function containerDefinition(container: Container, network: Network): ContainerDefinition {
  const { entryPoint, command, workingDirectory, user, memoryReservationMib, registryCredentials } = container;
  const { gpu, dependsOn = [], environmentFrom = [], mounts = [], health, logs } = container;
  return {
    name: container.name,
    image: container.image,
    ...(registryCredentials && { repositoryCredentials: { credentialsParameter: registryCredentials } }),
    ...(entryPoint.length > 0 && { entryPoint: [...entryPoint] }),
    ...(command.length > 0 && { command: [...command] }),
    ...(workingDirectory && { workingDirectory }),
    ...(user && { user }),
    cpu: container.cpuUnits,
    memory: container.memoryMib,
    ...(memoryReservationMib !== undefined && { memoryReservation: memoryReservationMib }),
    ...(gpu !== undefined && { resourceRequirements: [{ type: "GPU", value: String(gpu) }] }),
    essential: container.essential,
    ...(dependsOn.length > 0 && {
      dependsOn: dependsOn.map(({ container: name, condition }) => ({
        containerName: name,
        condition: conditions[condition],
      })),
    }),
    portMappings: container.ports.map((port) => portMapping(port, network)),
    environment: sorted(container.environment).map(([name, value]): KeyValuePair => ({ name, value })),
    ...(environmentFrom.length > 0 && {
      environmentFiles: environmentFrom.map(({ s3 }) => ({ type: "s3", value: s3 })),
    }),
    secrets: secretsOf(container.secrets),
    ...(mounts.length > 0 && {
      mountPoints: mounts.map(({ volume, path, readOnly }) => ({
        sourceVolume: volume,
        containerPath: path,
        readOnly,
      })),
    }),
    ...(health && { healthCheck: healthCheck(health) }),
    stopTimeout: container.stopTimeoutSeconds,
    ...(logs && { logConfiguration: logConfiguration(logs) }),
  };
}

const conditions = {
  start: "START",
  healthy: "HEALTHY",
  complete: "COMPLETE",
  success: "SUCCESS",
} as const satisfies Record<Dependency["condition"], string>;

/** On a bridge each task gets a port of the host's that is free, unless the container names one. */
function portMapping({ containerPort, hostPort, protocol }: ContainerPort, { mode }: Network): PortMapping {
  return { containerPort, hostPort: hostPort ?? (mode === "bridge" ? 0 : containerPort), protocol };
}

function healthCheck(health: ContainerHealth): NonNullable<ContainerDefinition["healthCheck"]> {
  return {
    command: [...health.command],
    interval: health.intervalSeconds,
    timeout: health.timeoutSeconds,
    retries: health.retries,
    startPeriod: health.startPeriodSeconds,
  };
}

function logConfiguration({ driver, options, secretOptions = {} }: ContainerLogs) {
  const secrets = secretsOf(secretOptions);
  // Admission accepts the drivers that ECS knows; the SDK's type lists them.
  return {
    logDriver: driver,
    options: { ...options },
    ...(secrets.length > 0 && { secretOptions: secrets }),
  } as NonNullable<ContainerDefinition["logConfiguration"]>;
}

function secretsOf(secrets: Readonly<Record<string, string>>): Secret[] {
  return sorted(secrets).map(([name, valueFrom]) => ({ name, valueFrom }));
}

/** The entries of a map, in the order of their names. */
export function sorted(entries: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(entries).sort(([left], [right]) => (left < right ? -1 : 1));
}
