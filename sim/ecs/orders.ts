import type { ContainerOrder } from "./api.ts";
import type { ContainerInput } from "./inputs.ts";
import type { Ecs, TaskState } from "./state.ts";

/** Hands every container of a task to the driver. */
export function startContainers(ecs: Ecs, task: TaskState): void {
  const definition = ecs.state.definitions.get(task.taskDefinition);
  for (const container of definition?.containers ?? []) ecs.options.driver.start(orderFor(task, container));
}

/** Has the driver stop every container that has not stopped yet; false: there is none. */
export function stopContainers(ecs: Ecs, task: TaskState): boolean {
  const left = task.containers.filter((container) => container.lastStatus !== "STOPPED");
  for (const container of left) ecs.options.driver.stop(task.arn, container.name);
  return left.length > 0;
}

function orderFor(task: TaskState, container: ContainerInput): ContainerOrder {
  const override = task.overrides.containerOverrides?.find(({ name }) => name === container.name);
  const environment = [...(container.environment ?? []), ...(override?.environment ?? [])];
  return {
    taskArn: task.arn,
    cluster: task.cluster,
    container: container.name,
    image: container.image,
    entryPoint: container.entryPoint ?? [],
    command: override?.command ?? container.command ?? [],
    ...(container.workingDirectory !== undefined && { workingDirectory: container.workingDirectory }),
    environment: Object.fromEntries(environment.map(({ name, value }) => [name, value])),
    ports: (container.portMappings ?? []).map(({ containerPort, protocol }) => ({
      containerPort,
      protocol: protocol ?? "tcp",
    })),
    stopTimeoutSeconds: container.stopTimeout ?? 30,
    ...(container.healthCheck && { health: healthCheck(container.healthCheck) }),
    ...(container.logConfiguration && { logs: logs(container.logConfiguration) }),
    attempt: 1,
  };
}

function logs({
  logDriver,
  options = {},
}: NonNullable<ContainerInput["logConfiguration"]>): NonNullable<ContainerOrder["logs"]> {
  return { driver: logDriver, options };
}

function healthCheck(check: NonNullable<ContainerInput["healthCheck"]>): NonNullable<ContainerOrder["health"]> {
  return {
    command: check.command,
    intervalSeconds: check.interval ?? 30,
    timeoutSeconds: check.timeout ?? 5,
    retries: check.retries ?? 3,
    startPeriodSeconds: check.startPeriod ?? 0,
  };
}
