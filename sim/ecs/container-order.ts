import type { ContainerInput } from "./inputs.ts";
import type { ContainerState, Ecs, TaskState } from "./state.ts";

type Dependency = NonNullable<ContainerInput["dependsOn"]>[number];

/** A container that can never start, and why, in the words that ECS's agent would use. */
export interface Hopeless {
  readonly container: ContainerState;
  readonly reason: string;
}

/** Containers that nobody was told to start, and for which all that they wait for has come to pass. */
export function startable(ecs: Ecs, task: TaskState): readonly ContainerInput[] {
  return definitionsOf(ecs, task).filter(({ name, dependsOn = [] }) => {
    const container = find(task, name);
    return isWaiting(container) && dependsOn.every((dependency) => hasComeToPass(task, dependency));
  });
}

/** The first container that waits for what can no longer come to pass; undefined: there is none. */
export function firstHopeless(ecs: Ecs, task: TaskState): Hopeless | undefined {
  for (const { name, dependsOn = [] } of definitionsOf(ecs, task)) {
    const container = find(task, name);
    const missed = dependsOn.find((dependency) => isMissed(task, dependency));
    if (container === undefined || !isWaiting(container) || missed === undefined) continue;
    const reason = `CannotStartContainerError: container ${name} waits for ${missed.containerName} (${missed.condition}), which has stopped`;
    return { container, reason };
  }
  return undefined;
}

/** Containers that may be stopped now: none that still runs waited for them. What started last stops first. */
export function stoppable(ecs: Ecs, task: TaskState): readonly ContainerState[] {
  const left = task.containers.filter(({ lastStatus }) => lastStatus !== "STOPPED");
  const awaited = new Set(
    definitionsOf(ecs, task)
      .filter(({ name }) => left.some((container) => container.name === name))
      .flatMap(({ dependsOn = [] }) => dependsOn.map(({ containerName }) => containerName)),
  );
  return left.filter(({ name }) => !awaited.has(name));
}

function definitionsOf(ecs: Ecs, task: TaskState): readonly ContainerInput[] {
  return ecs.state.definitions.get(task.taskDefinition)?.containers ?? [];
}

function find({ containers }: TaskState, name: string): ContainerState | undefined {
  return containers.find((container) => container.name === name);
}

function isWaiting(container: ContainerState | undefined): boolean {
  return container?.lastStatus === "PENDING" && !container.ordered;
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html */
function hasComeToPass(task: TaskState, { containerName, condition }: Dependency): boolean {
  const awaited = find(task, containerName);
  if (awaited === undefined) return false;
  const { exitCode, health, runtimeId } = awaited;
  const rows = {
    START: runtimeId !== undefined,
    HEALTHY: health === "HEALTHY",
    COMPLETE: exitCode !== undefined,
    SUCCESS: exitCode === 0,
  };
  return rows[condition];
}

/** What is not so when a container has stopped will never be; an unhealthy one may still become healthy. */
function isMissed(task: TaskState, dependency: Dependency): boolean {
  return find(task, dependency.containerName)?.lastStatus === "STOPPED" && !hasComeToPass(task, dependency);
}
