import type { TaskId } from "../model/ids.ts";
import type { StateRecord, Stop, StopReason } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import { type Bucket, type Classified, serves } from "./classify.ts";
import { allTraffic, stages, targetHealthOf, targetOf } from "./serving.ts";
import type { Aimed, Planned } from "./snapshot.ts";

/** Most stops on record at once: at 48 bytes each they fit the state's 64 KB beside the plan. */
export const mostStops = 500;

/** StopTask again after 2, 4, 8 … 60 seconds until STOPPED is seen. */
export function stopRetryMs(tries: number): number {
  return tries === 0 ? 0 : Math.min(60_000, 1000 * 2 ** tries);
}

/** Why a task of a bucket is stopped; a bucket that is absent is left alone. */
const reasons: Partial<Record<Bucket, StopReason>> = {
  orphan: "orphan",
  returned: "returned",
  stuck: "failed to start",
  unhealthy: "unhealthy",
  old: "replaced",
  surplus: "surplus",
};

/** What a delete stops besides: also those out of reach, for when they return. */
const deleted: readonly Bucket[] = [...(Object.keys(reasons) as Bucket[]), "abandoned", "lost", "unowned"];

/** Stops that cost nobody a working task that he still wants: S1 does not hold them. */
const involuntary: readonly StopReason[] = ["orphan", "failed to start", "unhealthy", "deleted"];

/** Every stop of a service as it is to be stored, and what of it is sent now. */
export interface StopDecision {
  readonly stops: Readonly<Record<string, Stop>>;
  /** Those whose StopTask is due now; each is counted in `stops` already. */
  readonly send: readonly TaskId[];
  /** Surplus tasks that have to stay until others are available. */
  readonly held: number;
}

/**
 * Decides who leaves, who has left its traffic and is stopped, and which StopTask is due.
 *
 * A task in traffic first leaves it (`leaving`); one that is not goes straight to `stopping`. A surplus or replaced
 * task that may be serving is told to leave only if, on evidence of this snapshot, `minAvailable` available tasks remain
 * without it and without all that leave, stop or are out of reach (S1). Unhealthy ones go few at a time, so that a check
 * that fails everywhere for a moment does not empty the service. A stored stop is carried on until STOPPED is seen.
 *
 * @param minAvailable Available tasks that have to remain: those wanted less those that may be missing; `recreate` and deletes make it 0.
 */
export function decideStops(classified: readonly Classified[], snapshot: Aimed, minAvailable: number): StopDecision {
  const stops = carriedOn(snapshot, classified);
  let remaining = classified.filter((each) => isServing(each, snapshot)).length;
  let held = 0;
  let unhealthy = Object.values(stops).filter(({ why }) => why === "unhealthy").length;
  for (const each of classified.toSorted(leastUseFirst)) {
    const why = whyStopped(each, snapshot);
    if (why === undefined || stops[each.task.taskId] !== undefined || Object.keys(stops).length >= mostStops) continue;
    if (why === "unhealthy" && unhealthy >= mostUnhealthy(snapshot)) continue;
    if (why === "unhealthy") unhealthy += 1;
    const left = remaining - (isServing(each, snapshot) ? 1 : 0);
    if (!involuntary.includes(why) && left < minAvailable && mayServe(each, snapshot)) {
      held += 1;
      continue;
    }
    remaining = left;
    stops[each.task.taskId] = { phase: "leaving", why, atMs: snapshot.nowMs, tries: 0 };
  }
  return { ...advance(stops, classified, snapshot), held };
}

/** How many unhealthy tasks may be on their way out at once: as many as a rollout may have too many and too few. */
function mostUnhealthy({ aim }: Aimed): number {
  return Math.max(1, aim.surge + aim.unavailable);
}

function whyStopped({ bucket, task }: Classified, { spec, aim }: Aimed): StopReason | undefined {
  if (spec.deleting && deleted.includes(bucket)) return "deleted";
  return bucket === "surplus" && task.revision !== aim.target ? "replaced" : reasons[bucket];
}

/** A task whose record was read before it was made is there at the next look; one that is gone for so long is forgotten. */
const forgottenMs = 3_600_000;

/** The stored stops of tasks that have not stopped: a stop is owed until STOPPED is seen. */
function carriedOn({ state, nowMs }: Planned, classified: readonly Classified[]): Record<string, Stop> {
  const over = new Set(
    classified.filter(({ bucket }) => bucket === "stopped").map(({ task }) => task.taskId as string),
  );
  const known = new Set<string>(classified.map(({ task }) => task.taskId));
  const isOwed = ([taskId, { atMs }]: [string, Stop]) =>
    !over.has(taskId) && (known.has(taskId) || nowMs - atMs < forgottenMs);
  return Object.fromEntries(Object.entries(state?.stops ?? {}).filter(isOwed));
}

/** Moves stops on: out of its traffic → stopping, and a due StopTask is counted before it is sent. */
function advance(
  stops: Record<string, Stop>,
  classified: readonly Classified[],
  snapshot: Planned,
): Omit<StopDecision, "held"> {
  const send: TaskId[] = [];
  for (const { task } of classified.toSorted(byNode)) {
    const stop = stops[task.taskId];
    if (stop === undefined) continue;
    const moved =
      stop.phase === "leaving" && hasLeft(task, stop, snapshot) ? { ...stop, phase: "stopping" as const } : stop;
    const due = moved.phase === "stopping" && snapshot.nowMs >= (moved.lastTryAtMs ?? 0) + stopRetryMs(moved.tries);
    stops[task.taskId] = due ? { ...moved, tries: moved.tries + 1, lastTryAtMs: snapshot.nowMs } : moved;
    if (due) send.push(task.taskId);
  }
  return { stops, send };
}

/** Those of one node together: where its places are free at once, few calls fill them. */
function byNode(a: Classified, b: Classified): number {
  const [left, right] = [a.task.nodeId ?? "", b.task.nodeId ?? ""];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Stops of which only some are sent after all: the others are due as before, not tried in vain. */
export function sentOnly(
  { stops, send }: Pick<StopDecision, "stops" | "send">,
  sent: readonly TaskId[],
  before: StateRecord["stops"],
): Pick<StopDecision, "stops" | "send"> {
  const waiting = send.filter((taskId) => !sent.includes(taskId));
  const untried = waiting.flatMap((taskId) => {
    const { tries = 0, lastTryAtMs } = before[taskId] ?? {};
    const { lastTryAtMs: _, ...stop } = stops[taskId] ?? {};
    return stops[taskId] === undefined
      ? []
      : [[taskId, { ...stop, tries, ...(lastTryAtMs === undefined ? {} : { lastTryAtMs }) }]];
  });
  return { stops: { ...stops, ...Object.fromEntries(untried) }, send: sent };
}

/**
 * Whether it is out of all its traffic: not registered, unused, its group gone, or past its drain time. One that its group
 * found unhealthy has no requests to wait for.
 */
function hasLeft(task: Classified["task"], stop: Stop, snapshot: Planned): boolean {
  return allTraffic(snapshot).every((entry) => {
    if (snapshot.nowMs >= stop.atMs + entry.drainSeconds * 1000 && snapshot.nowMs > stop.atMs) return true;
    if (snapshot.targets.get(entry.targetGroup)?.kind === "absent") return true;
    if (snapshot.targets.get(entry.targetGroup)?.kind !== "read" || isUnreachable(task, snapshot)) return false;
    const state = targetHealthOf(task, entry, snapshot)?.state;
    return state === undefined || state === "unused" || (stop.why === "unhealthy" && state === "unhealthy.draining");
  });
}

/** It has ports on a node that is not on record: what stands for it in a group of instances cannot be told. */
function isUnreachable({ hostPorts, nodeId }: Classified["task"], { instances }: Planned): boolean {
  return hostPorts !== undefined && nodeId !== undefined && !instances.has(nodeId);
}

/** Available, by evidence of this snapshot, and not on its way out. */
function isServing({ task, bucket, stage }: Classified, snapshot: Planned): boolean {
  return stage === "available" && serves(bucket) && snapshot.seen.has(task.taskId);
}

/**
 * Whether it may be serving, for all that is known. Not if it has yet to run, by a look of now, since news of its start may
 * be late; nor if every group was read and sends it nothing: holding such a task protects nobody, and could keep its own
 * replacement from starting.
 */
function mayServe({ task, stage }: Classified, snapshot: Planned): boolean {
  if (stage === "starting") return !snapshot.described.has(task.taskId);
  const entries = allTraffic(snapshot);
  return entries.length === 0 || !entries.every((entry) => isIdleIn(entry, task, snapshot));
}

function isIdleIn(entry: Traffic, task: Classified["task"], snapshot: Planned): boolean {
  if (snapshot.targets.get(entry.targetGroup)?.kind !== "read" || targetOf(task, entry, snapshot) === undefined)
    return false;
  const state = targetHealthOf(task, entry, snapshot)?.state;
  return state !== "healthy" && state !== "unavailable";
}

/** Those that cost nothing first: not available, then the youngest; ties by id. */
function leastUseFirst(a: Classified, b: Classified): number {
  return (
    stages.indexOf(a.stage) - stages.indexOf(b.stage) ||
    b.task.createdAtMs - a.task.createdAtMs ||
    (a.task.taskId < b.task.taskId ? -1 : 1)
  );
}
