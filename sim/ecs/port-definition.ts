import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { Container } from "../../core/model/task-template.ts";

/** Least CPU that ECS lets a task on EC2 ask for as a whole; below, the sum of its containers counts. */
const leastTaskCpuUnits = 128;

/** RegisterTaskDefinition's request for a definition of ours. */
export function registerInput({ family, task, network, capacity, tags }: TaskDefinition): Record<string, unknown> {
  const hasTaskCpu = capacity === "fargate" || task.cpuUnits >= leastTaskCpuUnits;
  return {
    family,
    networkMode: network.mode,
    requiresCompatibilities: [capacity === "fargate" ? "FARGATE" : "EC2"],
    ...(hasTaskCpu && { cpu: `${task.cpuUnits}` }),
    memory: `${task.memoryMib}`,
    runtimePlatform: { cpuArchitecture: task.architecture === "arm64" ? "ARM64" : "X86_64" },
    ...(task.taskRole !== undefined && { taskRoleArn: task.taskRole }),
    ...(task.executionRole !== undefined && { executionRoleArn: task.executionRole }),
    containerDefinitions: task.containers.map(containerInput),
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  };
}

function containerInput(container: Container): Record<string, unknown> {
  const { workingDirectory, user, memoryReservationMib, health, logs } = container;
  return {
    name: container.name,
    image: container.image,
    entryPoint: container.entryPoint,
    command: container.command,
    cpu: container.cpuUnits,
    memory: container.memoryMib,
    essential: container.essential,
    stopTimeout: container.stopTimeoutSeconds,
    portMappings: container.ports,
    environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
    secrets: Object.entries(container.secrets).map(([name, valueFrom]) => ({ name, valueFrom })),
    ...(workingDirectory !== undefined && { workingDirectory }),
    ...(user !== undefined && { user }),
    ...(memoryReservationMib !== undefined && { memoryReservation: memoryReservationMib }),
    ...(health && {
      healthCheck: {
        command: health.command,
        interval: health.intervalSeconds,
        timeout: health.timeoutSeconds,
        retries: health.retries,
        startPeriod: health.startPeriodSeconds,
      },
    }),
    ...(logs && { logConfiguration: { logDriver: logs.driver, options: logs.options } }),
  };
}
