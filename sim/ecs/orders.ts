import type { ContainerOrder } from "./api.ts";
import { startable, stoppable } from "./container-order.ts";
import type { ContainerInput } from "./inputs.ts";
import type { Ecs, TaskState } from "./state.ts";

/** Hands every container of a task that waits for no other to the driver, once. */
export function startContainers(ecs: Ecs, task: TaskState): void {
  const next = startable(ecs, task);
  if (next.length === 0) return;
  const names = next.map(({ name }) => name);
  const containers = task.containers.map((container) =>
    names.includes(container.name) ? { ...container, ordered: true } : container,
  );
  ecs.state.tasks.set(task.arn, { ...task, containers });
  for (const container of next) ecs.options.driver.start(orderFor(task, container));
}

/** Has the driver stop every container that none which still runs waited for; false: there is none. */
export function stopContainers(ecs: Ecs, task: TaskState): boolean {
  const next = stoppable(ecs, task);
  for (const container of next) ecs.options.driver.stop(task.arn, container.name);
  return next.length > 0;
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
