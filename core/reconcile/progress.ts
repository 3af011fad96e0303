import { canonicalJson } from "../model/canonical.ts";
import { isLive, liveCount, pendingCalls } from "../model/living.ts";
import type { Progress, StateRecord } from "../model/records.ts";
import type { Classified } from "./classify.ts";
import { availableCount } from "./conditions.ts";
import { isDefined } from "./definitions.ts";
import { entryOf, type QuotaDecision } from "./quota.ts";
import { isReady } from "./serving.ts";
import type { Planned } from "./snapshot.ts";
import { holdsTargets } from "./traffic.ts";

/** How far the generation has come: the most that was seen of each count, and when one last rose. Complete stays complete. */
export function decideProgress(
  snapshot: Planned,
  classified: readonly Classified[],
  stops: StateRecord["stops"],
): Progress {
  const { spec, state, wanted, tasks, calls, nowMs } = snapshot;
  const stored = state && !state.tombstone && state.generation === spec.generation ? state.progress : undefined;
  const before = stored ?? { updated: 0, ready: 0, available: 0, atMs: nowMs, complete: false };
  const ours = tasks.filter((task) => isLive(task) && task.revision === wanted.revision);
  const updated = Math.max(before.updated, ours.length);
  const ready = Math.max(before.ready, ours.filter((task) => isReady(task, snapshot)).length);
  const available = availableCount({ snapshot, classified });
  const best = Math.max(before.available, available);
  const moved = updated > before.updated || ready > before.ready || best > before.available;
  const replicas = spec.manifest.spec.replicas;
  const isAlone = liveCount(tasks, calls, nowMs) === replicas && Object.keys(stops).length === 0;
  const complete = before.complete || (!spec.deleting && isDefined(snapshot) && available >= replicas && isAlone);
  return {
    updated,
    ready,
    available: best,
    atMs: moved || (complete && !before.complete) ? nowMs : before.atMs,
    complete,
  };
}

/** Nothing to wait for: everything wanted is available, nothing else lives, nothing is owed. */
export function isSettled(
  snapshot: Planned,
  classified: readonly Classified[],
  quota: QuotaDecision,
  sealed: boolean,
): boolean {
  const calm = classified.every(
    ({ bucket, stage }) => bucket === "stopped" || (bucket === "kept" && stage === "available"),
  );
  const owed = canonicalJson(quota.held) !== canonicalJson(entryOf(snapshot));
  return calm && sealed && !owed && isDefined(snapshot) && !snapshot.spec.deleting;
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
