import { startable } from "../../core/dispatch/service-view.ts";
import type { Revision } from "../../core/model/ids.ts";
import { stopText } from "../../core/model/own-stops.ts";
import type { TaskRecord } from "../../core/model/records.ts";
import { type Decision, decide } from "../../core/reconcile/reconcile.ts";
import type { Snapshot } from "../../core/reconcile/snapshot.ts";
import { carriedOut, isQuiet } from "./carried-out.ts";
import { aTask } from "./drawn-tasks.ts";

/** What happened in a second: what the pass over the service decided, what dispatch started then, and what is there now. */
export interface Second {
  readonly decision: Decision;
  readonly started: readonly TaskRecord[];
  readonly after: Snapshot;
}

/**
 * One second of a world in which a pass is carried out, starts start and stops stop, and nothing else goes wrong.
 * @param broken Tasks of this revision exit a second after they were started.
 */
export function aSecondLater(given: Snapshot, broken?: string): Second {
  const decision = decide(given);
  const { state, ...snapshot } = carriedOut(given, decision);
  const atMs = snapshot.nowMs + 1000;
  const tasks = snapshot.tasks.map((task) => aSecondOlder(task, { decision, atMs, broken }));
  const { spec, revisions, calls, key } = snapshot;
  const restart = spec ? { restart: spec.manifest.spec.restart } : {};
  const view = { key, readAtMs: atMs, paused: false, revisions, calls, tasks, ...restart };
  const started = (state ? startable({ ...view, state }, atMs) : []).flatMap(({ set, slots }, index) =>
    slots.map((slot) => newTask(set.revision, slot, atMs, `${tasks.length}.${index}${slot}`)),
  );
  const all = [...tasks, ...started];
  const seen = new Set(all.map(({ taskId }) => taskId));
  return { decision, started, after: { ...snapshot, ...(state && { state }), nowMs: atMs, tasks: all, seen } };
}

/** Whether nothing is to be done, and nothing to be waited for. */
export function isAtRest(snapshot: Snapshot): boolean {
  const decision = decide(snapshot);
  return isQuiet(decision) && decision.lookAtMs === undefined;
}

function aSecondOlder(
  task: TaskRecord,
  {
    decision,
    atMs,
    broken,
  }: { readonly decision: Decision; readonly atMs: number; readonly broken: string | undefined },
): TaskRecord {
  if (task.status === "STOPPED") return task;
  const stopped = { ...task, status: "STOPPED", desiredStatus: "STOPPED", stoppedAtMs: atMs } as const;
  const why = decision.send.includes(task.taskId) ? decision.next.stops[task.taskId]?.why : undefined;
  if (why !== undefined || task.desiredStatus === "STOPPED" || task.abandonedAtMs !== undefined)
    return { ...stopped, stopCode: "UserInitiated", ...(why && { stoppedReason: stopText(why) }) };
  if (task.revision === broken && task.status === "PENDING")
    return { ...stopped, startedAtMs: atMs, stopCode: "EssentialContainerExited" };
  return task.health === "UNHEALTHY"
    ? task
    : { ...task, status: "RUNNING", startedAtMs: task.startedAtMs ?? atMs, health: "HEALTHY" };
}

function newTask(revision: Revision, slot: number, atMs: number, address: string): TaskRecord {
  return aTask(`n${atMs / 1000}-${revision}-${slot}`, {
    status: "PENDING",
    desiredStatus: "RUNNING",
    createdAtMs: atMs,
    revision,
    slot,
    call: 1,
    address: `10.1.${address}`,
    taskDefinition: `td/${revision}`,
  });
}
