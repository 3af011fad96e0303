import { canonicalJson } from "../model/canonical.ts";
import type { Revision } from "../model/ids.ts";
import { isLive, liveCount, pendingCalls } from "../model/living.ts";
import type { Plan, Progress, StateRecord } from "../model/records.ts";
import { type Classified, serves } from "./classify.ts";
import { isDefined } from "./definitions.ts";
import { entryOf, type QuotaDecision } from "./quota.ts";
import { isReady } from "./serving.ts";
import { type Aimed, currentState, type Planned } from "./snapshot.ts";
import { holdsTargets } from "./traffic.ts";

/**
 * How far the generation has come with its target: the most that was seen of each count, the least of what is older, and
 * when one last moved. Complete stays complete, unless there never was a task of it.
 */
export function decideProgress(
  snapshot: Aimed,
  classified: readonly Classified[],
  stops: StateRecord["stops"],
): Progress {
  const { spec, aim, tasks, nowMs } = snapshot;
  const revision = aim.target ?? aim.rollout.revision;
  const live = tasks.filter(isLive);
  const ours = live.filter((task) => task.revision === revision);
  const older = live.length - ours.length;
  const before = progressOf(snapshot, revision) ?? nothingOf(revision, older, nowMs);
  const updated = Math.max(before.updated, ours.length);
  const ready = Math.max(before.ready, ours.filter((task) => isReady(task, snapshot)).length);
  const available = availableCount(snapshot, classified);
  const best = Math.max(before.available, available);
  const fewest = Math.min(before.older, older);
  const moved = updated > before.updated || ready > before.ready || best > before.available || fewest < before.older;
  const leaving = ours.filter(({ taskId }) => stops[taskId] !== undefined).length;
  const isAlone = older === 0 && liveCount(snapshot) - leaving === aim.replicas;
  const isDone = isWhereItGoes(snapshot) && available >= aim.replicas && isAlone;
  const complete = (before.complete && isProven(snapshot, before)) || (!spec.deleting && isDone);
  return {
    revision,
    updated,
    ready,
    available: best,
    older: fewest,
    atMs: moved || complete !== before.complete ? nowMs : before.atMs,
    complete,
  };
}

/** How many tasks of the revision that everything should be of are available. */
export function availableCount({ aim }: Aimed, classified: readonly Classified[]): number {
  return classified.filter(
    ({ task, bucket, stage }) => serves(bucket) && stage === "available" && task.revision === aim.target,
  ).length;
}

/** Whether what is complete stays so: of a revision that never had an available task nothing is proven once it is to have one. */
function isProven(snapshot: Aimed, { available }: Progress): boolean {
  return available > 0 || currentState(snapshot)?.stable === snapshot.aim.target;
}

/** Whether the target is where the rollout is to end: not what goes on for want of a definition, nor what failed and stays. */
function isWhereItGoes({ aim, ...snapshot }: Aimed): boolean {
  const { failure, revision } = aim.rollout;
  const isEnd = failure === undefined ? aim.target === revision : failure.outcome === "rolled back";
  return isEnd && isDefined(snapshot, aim.target);
}

/** How far this generation had come with a revision, as stored. */
function progressOf({ spec, state }: Planned, revision: Revision): Progress | undefined {
  const current = currentState({ spec, ...(state ? { state } : {}) });
  const isSame = current?.generation === spec.generation && current.progress.revision === revision;
  return isSame ? current.progress : undefined;
}

function nothingOf(revision: Revision, older: number, atMs: number): Progress {
  return { revision, updated: 0, ready: 0, available: 0, older, atMs, complete: false };
}

/**
 * Nothing to wait for: everything planned is available, nothing else lives, nothing is owed. A rollout that is held, by
 * hand or for having failed, waits for nobody but a person.
 */
export function isSettled(
  snapshot: Aimed,
  plan: Plan,
  {
    classified,
    quota,
    isSealed,
  }: { readonly classified: readonly Classified[]; readonly quota: QuotaDecision; readonly isSealed: boolean },
): boolean {
  const calm = classified.every(
    ({ bucket, stage }) => bucket === "stopped" || (bucket === "kept" && stage === "available"),
  );
  const owed = canonicalJson(quota.held) !== canonicalJson(entryOf(snapshot));
  return calm && isSealed && !owed && isAsWished(snapshot, plan) && !snapshot.spec.deleting;
}

/** Whether the plan is what is wanted, or as near to it as it may come without a person. */
function isAsWished({ spec, aim, ...snapshot }: Aimed, { sets }: Plan): boolean {
  const isHeld = spec.rolloutPaused === true || aim.rollout.failure?.outcome === "paused";
  return isHeld || (sets.length <= 1 && isDefined(snapshot, aim.target));
}

/** Nothing is left of a service that is being deleted: no task, no call, no target, no quota, and no older plan to start one. */
export function isFinished(snapshot: Planned, classified: readonly Classified[], sealed: boolean): boolean {
  const { spec, state } = snapshot;
  if (!spec.deleting) return false;
  if (state === undefined || state.uid !== spec.uid || state.tombstone) return true;
  const entered = snapshot.usage?.entries[snapshot.key];
  return (
    sealed &&
    pendingCalls(snapshot).length === 0 &&
    classified.every(({ bucket }) => bucket === "stopped") &&
    !holdsTargets(classified, snapshot) &&
    (entered === undefined || entered.tasks === 0)
  );
}
