import { firstHopeless } from "./container-order.ts";
import { isAgentConnected } from "./instances.ts";
import { startContainers, stopContainers } from "./orders.ts";
import type { ContainerState, Ecs, Report, TaskState } from "./state.ts";
import { isLive } from "./state.ts";
import { containerKey, healthOf, signal, stopTask } from "./tasks.ts";

/**
 * Takes a report in: what really runs is known at once, what ECS shows of it changes only while the agent is connected.
 * A report for an unknown task, or for one that has stopped, is ignored.
 */
export function receive(ecs: Ecs, report: Report): void {
  const task = ecs.state.tasks.get(report.taskArn);
  if (task === undefined || !isLive(task)) return;
  const key = containerKey(report.taskArn, report.container);
  if (report.kind === "started") ecs.state.running.set(key, report.hostPorts);
  if (report.kind === "exited" || report.kind === "failed") ecs.state.running.delete(key);
  if (task.instanceArn === undefined || isAgentConnected(ecs, task.instanceArn)) show(ecs, task, report);
  else ecs.state.held.set(task.instanceArn, [...(ecs.state.held.get(task.instanceArn) ?? []), report]);
}

/** The agent is connected again: ECS learns, in order, what it missed. */
export function catchUp(ecs: Ecs, instanceArn: string): void {
  const held = ecs.state.held.get(instanceArn) ?? [];
  ecs.state.held.delete(instanceArn);
  for (const report of held) {
    const task = ecs.state.tasks.get(report.taskArn);
    if (task !== undefined) show(ecs, task, report);
  }
}

function show(ecs: Ecs, task: TaskState, report: Report): void {
  const container = task.containers.find(({ name }) => name === report.container);
  if (container === undefined || container.lastStatus === "STOPPED") return;
  switch (report.kind) {
    case "started":
      started(ecs, task, container, report);
      break;
    case "failed":
      failed(ecs, task, container, report);
      break;
    case "exited":
      exited(ecs, task, container, report);
      break;
    case "health":
      health(ecs, task, container, report);
  }
  goOn(ecs, report);
}

/** Starts what waited for what was just seen, ends what waited for it in vain, or stops what it waited for. */
function goOn(ecs: Ecs, report: Report): void {
  for (;;) {
    const task = ecs.state.tasks.get(report.taskArn);
    if (task?.lastStatus === "STOPPING") stopContainers(ecs, task);
    if (task?.lastStatus !== "ACTIVATING" || task.desiredStatus !== "RUNNING") return;
    const hopeless = firstHopeless(ecs, task);
    if (hopeless === undefined) {
      startContainers(ecs, task);
      return;
    }
    const { container, reason } = hopeless;
    // ECS's agent reports the code of a container that was asked to stop.
    const gone = { ...container, lastStatus: "STOPPED", exitCode: 143, reason } as const;
    ended(ecs, task, gone, report, { stopCode: "TaskFailedToStart", stoppedReason: reason });
  }
}

type Of<Kind extends Report["kind"]> = Extract<Report, { kind: Kind }>;

function started(ecs: Ecs, task: TaskState, container: ContainerState, report: Of<"started">): void {
  if (container.lastStatus !== "PENDING") return;
  const runs = {
    ...container,
    lastStatus: "RUNNING",
    hostPorts: report.hostPorts,
    runtimeId: ecs.options.hex(32),
  } as const;
  const changes = { containers: replaced(task, runs), pullStoppedAtMs: task.pullStoppedAtMs ?? ecs.options.nowMs() };
  const waiting = changes.containers.some(({ lastStatus }) => lastStatus === "PENDING");
  signal(ecs, task, waiting ? undefined : "started", changes);
}

function failed(ecs: Ecs, task: TaskState, container: ContainerState, report: Of<"failed">): void {
  if (container.lastStatus !== "PENDING") return;
  const gone = { ...container, lastStatus: "STOPPED", reason: report.reason } as const;
  ended(ecs, task, gone, report, { stopCode: "TaskFailedToStart", stoppedReason: report.reason });
}

function exited(ecs: Ecs, task: TaskState, container: ContainerState, report: Of<"exited">): void {
  const gone: ContainerState = {
    ...container,
    lastStatus: "STOPPED",
    exitCode: report.code,
    ...(report.outOfMemory && { reason: "OutOfMemoryError: Container killed due to memory usage" }),
  };
  const cause = { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" };
  ended(ecs, task, gone, report, cause);
}

/** A container is over: with an essential one the whole task stops; with the last one a stopping task is over. */
function ended(
  ecs: Ecs,
  task: TaskState,
  gone: ContainerState,
  report: Report,
  cause: { readonly stopCode: string; readonly stoppedReason: string },
): void {
  const containers = replaced(task, gone);
  const all = containers.every(({ lastStatus }) => lastStatus === "STOPPED");
  const changes = { containers, health: healthOf(containers), ...(all && { executionStoppedAtMs: report.atMs }) };
  const waiting = containers.some(({ lastStatus }) => lastStatus === "PENDING");
  if (gone.essential && task.desiredStatus === "RUNNING") stopTask(ecs, task, cause, changes);
  else signal(ecs, task, all ? "exited" : waiting ? undefined : "started", changes);
}

/** Neither a version nor an event: as in ECS, only those who ask learn of it. */
function health(ecs: Ecs, task: TaskState, container: ContainerState, report: Of<"health">): void {
  if (!container.checked || container.lastStatus !== "RUNNING") return;
  const containers = replaced(task, { ...container, health: report.health });
  ecs.state.tasks.set(task.arn, { ...task, containers, health: healthOf(containers) });
}

function replaced(task: TaskState, changed: ContainerState): readonly ContainerState[] {
  return task.containers.map((container) => (container.name === changed.name ? changed : container));
}
