import type {
  ContainerDefinition,
  KeyValuePair,
  RegisterTaskDefinitionCommandInput,
  Secret,
  Tag,
} from "@aws-sdk/client-ecs";
import type { TaskDefinition } from "../core/model/task-definition.ts";
import type { Container, Network } from "../core/model/task-template.ts";

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
    containerDefinitions: task.containers.map((container) => containerDefinition(container, network)),
    tags: sorted(tags).map(([key, value]): Tag => ({ key, value })),
  };
}

function containerDefinition(container: Container, network: Network): ContainerDefinition {
  const { entryPoint, command, workingDirectory, user, memoryReservationMib, health, logs } = container;
  return {
    name: container.name,
    image: container.image,
    ...(entryPoint.length > 0 && { entryPoint: [...entryPoint] }),
    ...(command.length > 0 && { command: [...command] }),
    ...(workingDirectory && { workingDirectory }),
    ...(user && { user }),
    cpu: container.cpuUnits,
    memory: container.memoryMib,
    ...(memoryReservationMib !== undefined && { memoryReservation: memoryReservationMib }),
    essential: container.essential,
    portMappings: container.ports.map(({ containerPort, protocol }) => ({
      containerPort,
      // On a bridge each task gets a port of the host's that is free.
      hostPort: network.mode === "bridge" ? 0 : containerPort,
      protocol,
    })),
    environment: sorted(container.environment).map(([name, value]): KeyValuePair => ({ name, value })),
    secrets: sorted(container.secrets).map(([name, valueFrom]): Secret => ({ name, valueFrom })),
    ...(health && { healthCheck: healthCheck(health) }),
    stopTimeout: container.stopTimeoutSeconds,
    ...(logs && { logConfiguration: logConfiguration(logs) }),
  };
}

function healthCheck(health: NonNullable<Container["health"]>): NonNullable<ContainerDefinition["healthCheck"]> {
  return {
    command: [...health.command],
    interval: health.intervalSeconds,
    timeout: health.timeoutSeconds,
    retries: health.retries,
    startPeriod: health.startPeriodSeconds,
  };
}

function logConfiguration({ driver, options }: NonNullable<Container["logs"]>) {
  // Admission accepts the drivers that ECS knows; the SDK's type lists them.
  return { logDriver: driver, options: { ...options } } as NonNullable<ContainerDefinition["logConfiguration"]>;
}

function sorted(entries: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(entries).sort(([left], [right]) => (left < right ? -1 : 1));
}
