import type { Health, TaskStatus } from "../../core/model/records.ts";
import { emitTask } from "./events.ts";
import { freeRoom } from "./instances.ts";
import { nextStatus, type TaskSignal } from "./lifecycle.ts";
import { startContainers, stopContainers } from "./orders.ts";
import type { ContainerState, Ecs, InterfaceState, TaskState } from "./state.ts";

/** Why a task stops; the first cause stays. */
export interface StopCause {
  readonly stopCode: string;
  readonly stoppedReason: string;
}

/** Puts a new task into the records and tells of it. */
export function addTask(ecs: Ecs, task: TaskState): void {
  ecs.state.tasks.set(task.arn, task);
  ecs.state.due.set(task.arn, ecs.options.nowMs() + (ecs.options.stepMs ?? 0));
  emitTask(ecs, task);
}

/**
 * Lets a signal act on a task, together with other changes of the same moment: one version, one event. Nothing that
 * happened leaves no version.
 */
export function signal(
  ecs: Ecs,
  task: TaskState,
  name: TaskSignal | undefined,
  changes: Partial<TaskState> = {},
): void {
  const status = name && nextStatus({ ...task, hasInterface: task.eni !== undefined }, name);
  if (status === undefined && Object.keys(changes).length === 0) return;
  const next = changeTask(ecs, task, { ...changes, ...(status && entering(ecs, { ...task, ...changes }, status)) });
  if (status === undefined) return;
  schedule(ecs, next, name === "stop");
  if (status !== task.lastStatus) carryOut(ecs, next);
}

/** Wants a task stopped: the desired status at once, the rest as its containers allow. A task on its way out is left as it is. */
export function stopTask(ecs: Ecs, task: TaskState, cause: StopCause, changes: Partial<TaskState> = {}): void {
  const wanted = task.desiredStatus === "STOPPED";
  const stop = { ...cause, desiredStatus: "STOPPED", stoppingAtMs: ecs.options.nowMs() } as const;
  if (wanted) signal(ecs, task, undefined, changes);
  else signal(ecs, task, "stop", { ...changes, ...stop });
}

/** The task's host is gone, and with it its containers. */
export function loseTask(ecs: Ecs, task: TaskState, cause: StopCause): void {
  const nowMs = ecs.options.nowMs();
  const stop = { ...cause, desiredStatus: "STOPPED", stoppingAtMs: nowMs } as const;
  for (const container of task.containers) {
    ecs.state.running.delete(containerKey(task.arn, container.name));
    ecs.options.driver.kill(task.arn, container.name);
  }
  signal(ecs, task, "lost", task.desiredStatus === "STOPPED" ? {} : stop);
}

/** Key of a container in `state.running`. */
export function containerKey(taskArn: string, container: string): string {
  return `${taskArn} ${container}`;
}

/** Health of a task: that of its essential containers with a check; UNKNOWN without any. */
export function healthOf(containers: readonly ContainerState[]): Health {
  const healths = containers.filter(({ checked, essential }) => checked && essential).map(({ health }) => health);
  if (healths.includes("UNHEALTHY")) return "UNHEALTHY";
  return healths.length === 0 || healths.includes("UNKNOWN") ? "UNKNOWN" : "HEALTHY";
}

function changeTask(ecs: Ecs, task: TaskState, changes: Partial<TaskState>): TaskState {
  const changed = { ...task, ...changes, version: task.version + 1, updatedAtMs: ecs.options.nowMs() };
  ecs.state.tasks.set(changed.arn, changed);
  emitTask(ecs, changed);
  return changed;
}

/** What a task shows of the status that it enters. */
function entering(ecs: Ecs, task: TaskState, status: TaskStatus): Partial<TaskState> {
  const nowMs = ecs.options.nowMs();
  const executed = task.pullStartedAtMs !== undefined;
  const gone: Partial<TaskState> = {
    containers: task.containers.map(stopped),
    ...(executed && { executionStoppedAtMs: task.executionStoppedAtMs ?? nowMs }),
  };
  const rows: Partial<Record<TaskStatus, Partial<TaskState>>> = {
    PENDING: attachment(task, "ATTACHED"),
    ACTIVATING: { connectedAtMs: task.connectedAtMs ?? nowMs, pullStartedAtMs: task.pullStartedAtMs ?? nowMs },
    RUNNING: { startedAtMs: task.startedAtMs ?? nowMs },
    STOPPING: { containers: task.containers.map((container) => (container.ordered ? container : stopped(container))) },
    DEPROVISIONING: { ...gone, ...attachment(task, "DETACHING") },
    STOPPED: { ...gone, ...attachment(task, "DELETED"), stoppedAtMs: nowMs },
  };
  return { ...rows[status], lastStatus: status };
}

function stopped(container: ContainerState): ContainerState {
  return container.lastStatus === "STOPPED" ? container : { ...container, lastStatus: "STOPPED" };
}

function attachment(task: TaskState, status: InterfaceState["status"]): Partial<TaskState> {
  return task.eni ? { eni: { ...task.eni, status } } : {};
}

/** When the next step is due: provisioning takes its time, the rest follows at once or waits for a signal. */
function schedule(ecs: Ecs, task: TaskState, stopping: boolean): void {
  const nowMs = ecs.options.nowMs();
  const provisioning = nowMs + (ecs.options.stepMs ?? 0);
  const rows: Partial<Record<TaskStatus, number>> = {
    PENDING: provisioning,
    DEACTIVATING: nowMs,
    DEPROVISIONING: provisioning,
  };
  const dueMs = rows[task.lastStatus] ?? (stopping && task.lastStatus !== "STOPPED" ? nowMs : undefined);
  if (dueMs === undefined) ecs.state.due.delete(task.arn);
  else ecs.state.due.set(task.arn, dueMs);
}

function carryOut(ecs: Ecs, task: TaskState): void {
  if (task.lastStatus === "ACTIVATING") startContainers(ecs, task);
  if (task.lastStatus === "STOPPING" && !stopContainers(ecs, task)) signal(ecs, task, "exited");
  if (task.lastStatus === "STOPPED") release(ecs, task);
}

function release(ecs: Ecs, task: TaskState): void {
  if (task.address !== undefined) ecs.state.addresses.delete(task.address);
  ecs.state.stopped.push(task.arn);
  if (task.instanceArn !== undefined) freeRoom(ecs, task.instanceArn, task);
}
