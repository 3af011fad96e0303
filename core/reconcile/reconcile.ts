import { canonicalJson } from "../model/canonical.ts";
import type { NewEvent } from "../model/events.ts";
import type { TaskId } from "../model/ids.ts";
import { highestCall, isLive, liveCount, pendingCalls, takenSlots } from "../model/living.ts";
import { kindShardOf, shardOf } from "../model/names.ts";
import type { Fields, Item, Plan, Progress, StateRecord, TaskRecord } from "../model/records.ts";
import { slotNames } from "../model/slots.ts";
import { type Classified, classify } from "./classify.ts";
import { availableCount, decideConditions } from "./conditions.ts";
import { lacksDefinition, wantedRevision } from "./definitions.ts";
import { tellEvents } from "./events.ts";
import { forgettable } from "./forget.ts";
import { type Adoption, decideAbandoned, decideAdoptions, markReady } from "./ownership.ts";
import { decidePlan, samePlan, takesAway } from "./plan.ts";
import { decideQuota, entryOf, heldOf, type QuotaDecision } from "./quota.ts";
import { countFailures, failedTasks, notBefore } from "./restart.ts";
import { hasChecks, isReady, readySince } from "./serving.ts";
import type { Snapshot } from "./snapshot.ts";
import { decideStops, stopRetryMs } from "./stops.ts";
import { decideTraffic, holdsTargets, type TrafficChange, trafficOnRecord } from "./traffic.ts";

/** What is to be stored of a service's state: everything but what the store and the step number by themselves. */
export type NextState = Omit<Fields<StateRecord>, "planVersion" | "sealVersion" | "tombstone">;

/** One pass over a service, in the order in which it is carried out. */
export interface Decision {
  /** The wanted revision has no task definition yet: nothing else can be decided before. */
  readonly define: boolean;
  readonly adopt: readonly Adoption[];
  readonly abandon: readonly TaskId[];
  /** Tasks whose `readySinceMs` changed. */
  readonly ready: readonly TaskRecord[];
  readonly quota: QuotaDecision;
  readonly next: NextState;
  /** Whether `next` differs from what is stored. */
  readonly swap: boolean;
  /** The plan allows another thing than the stored one; less than it. */
  readonly planChanged: boolean;
  readonly takesAway: boolean;
  /** The stored plan took something away and carries no seal yet. */
  readonly seal: boolean;
  readonly traffic: readonly TrafficChange[];
  /** StopTask is due. */
  readonly send: readonly TaskId[];
  readonly forget: readonly Item[];
  /** Nothing is left of a service that is being deleted. */
  readonly finish: boolean;
  readonly events: readonly NewEvent[];
  /** A slot may start, a call is not closed, or the cluster still tells of tasks that are no longer wanted. */
  readonly wakeCluster: boolean;
  /** Somebody has to stay until it is known who is available: S1 needs a describe of this pass. */
  readonly needsEvidence: boolean;
  /** When something changes by time alone or has to be polled; undefined: nothing to wait for. */
  readonly lookAtMs: number | undefined;
}

/**
 * Decides what may run of one service, who has to leave, what its load balancers and its users are told.
 *
 * Level-based: it reads the whole snapshot and never the event that woke us, so that a lost, repeated or reordered event
 * cannot change the answer. It starts nothing: dispatch fills the plan's slots.
 *
 * @param given `spec` has to be there, and `wanted` with it.
 */
export function decide(given: Snapshot): Decision {
  const listed = given.tasks.toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1));
  const snapshot: Snapshot = { ...given, tasks: markReady({ ...given, tasks: listed }) };
  const spec = snapshot.spec;
  if (spec === undefined) throw new Error("broken invariant: decide needs a spec");
  const { restart } = spec.manifest.spec;
  const { state, wanted, calls } = snapshot;

  const failed = failedTasks(snapshot, spec.uid);
  const backOff = wanted && countFailures(state?.backOff, wanted.revision, failed, restart);
  const notBeforeMs = sameBackOff(backOff, state)
    ? (state?.plan.notBeforeMs ?? 0)
    : notBefore(backOff, restart, snapshot.jitter);
  const plan = decidePlan(snapshot, backOff, notBeforeMs);
  const planChanged = !samePlan(state?.plan, plan);
  const content = snapshot.revisions.find(({ revision }) => revision === plan.sets[0]?.revision)?.content;
  const lessHeld = state !== undefined && !state.tombstone && heldOf(snapshot, plan, content).tasks < state.held.tasks;
  const isSealed = !planChanged && !lessHeld && (highestCall(calls)?.planVersion ?? 0) >= (state?.sealVersion ?? 0);
  const quota = decideQuota(snapshot, plan, content, isSealed);

  const before = classify(snapshot, plan);
  const { stops, send, held } = decideStops(before, snapshot, plan.maxLive);
  const classified = before.map((each) => ({ ...each, bucket: stops[each.task.taskId]?.phase ?? each.bucket }));
  const progress = decideProgress(snapshot, classified, stops);
  const pending = pendingCalls(snapshot).length > 0;
  const waiting = emptySlots(plan, snapshot) > 0 || pending;
  const facts = { snapshot, classified, progress, refusedByQuota: quota.refused, waiting, backOff, notBeforeMs };
  const conditions = decideConditions(facts);

  const traffic = decideTraffic(classified, snapshot);
  const define = !spec.deleting && lacksDefinition(snapshot);
  const unsettled = define || waiting || !isSettled(snapshot, classified, quota, isSealed);
  const onRecord = trafficOnRecord(classified, snapshot);
  const parts = { plan, quota, stops, backOff, conditions, progress, traffic: onRecord };
  const leavesTraffic = onRecord.length > spec.manifest.spec.traffic.length;
  const next = nextState(snapshot, parts, unsettled || leavesTraffic, waiting);
  const adopt = decideAdoptions(before, snapshot, plan);
  const abandon = decideAbandoned(classified, snapshot);
  return {
    define,
    adopt,
    abandon,
    ready: snapshot.tasks.filter((task, index) => task.readySinceMs !== listed[index]?.readySinceMs),
    quota,
    next,
    swap: state === undefined || state.tombstone || state.uid !== spec.uid || differs(next, state),
    planChanged,
    takesAway: takesAway(state?.tombstone ? undefined : state?.plan, plan) || lessHeld,
    seal: !planChanged && !lessHeld && !isSealed,
    traffic,
    send,
    forget: forgettable(snapshot),
    finish: isFinished(snapshot, classified, isSealed),
    events: tellEvents(snapshot, { plan, planChanged, stops, progress, backOff, adopt, abandon }),
    wakeCluster: waiting ? pending || snapshot.nowMs >= plan.notBeforeMs : hasOldNews(snapshot),
    needsEvidence: held > 0,
    // A definition that the budget refused is asked for again soon: nothing else can go on before.
    lookAtMs: define
      ? snapshot.nowMs + pollMs.define
      : unsettled || leavesTraffic
        ? nextLook(snapshot, classified, plan, stops)
        : undefined,
  };
}

/** Whether dispatch's notice names tasks without a place, though nothing waits for one. */
function hasOldNews({ notice }: Snapshot): boolean {
  return notice?.unplaced !== undefined;
}

/** Slots of the plan that no live task and no open call stands in. */
export function emptySlots(plan: Plan, snapshot: Snapshot): number {
  const taken = takenSlots(snapshot);
  return plan.sets.flatMap(slotNames).filter((name) => !taken.has(name)).length;
}

function sameBackOff(backOff: StateRecord["backOff"], state: StateRecord | undefined): boolean {
  return canonicalJson(backOff) === canonicalJson(state?.backOff);
}

function decideProgress(snapshot: Snapshot, classified: readonly Classified[], stops: StateRecord["stops"]): Progress {
  const { spec, state, wanted, tasks, calls, nowMs } = snapshot;
  const stored = state && !state.tombstone && state.generation === spec?.generation ? state.progress : undefined;
  const before = stored ?? { updated: 0, ready: 0, available: 0, atMs: nowMs, complete: false };
  const ours = tasks.filter((task) => isLive(task) && task.revision === wanted?.revision);
  const updated = Math.max(before.updated, ours.length);
  const ready = Math.max(before.ready, ours.filter((task) => isReady(task, snapshot)).length);
  const available = availableCount({ snapshot, classified });
  const best = Math.max(before.available, available);
  const moved = updated > before.updated || ready > before.ready || best > before.available;
  const replicas = spec?.manifest.spec.replicas ?? 0;
  const isAlone = liveCount(tasks, calls, nowMs) === replicas && Object.keys(stops).length === 0;
  const complete =
    before.complete || (spec?.deleting !== true && isDefined(snapshot) && available >= replicas && isAlone);
  return {
    updated,
    ready,
    available: best,
    atMs: moved || (complete && !before.complete) ? nowMs : before.atMs,
    complete,
  };
}

function isDefined(snapshot: Snapshot): boolean {
  const record = wantedRevision(snapshot);
  return record?.taskDefinition !== undefined && record.refusal === undefined && record.expiresAt === undefined;
}

/** Nothing to wait for: everything wanted is available, nothing else lives, nothing is owed. */
function isSettled(
  snapshot: Snapshot,
  classified: readonly Classified[],
  quota: QuotaDecision,
  sealed: boolean,
): boolean {
  const calm = classified.every(
    ({ bucket, stage }) => bucket === "stopped" || (bucket === "kept" && stage === "available"),
  );
  const owed = canonicalJson(quota.held) !== canonicalJson(entryOf(snapshot));
  return calm && sealed && !owed && isDefined(snapshot) && snapshot.spec?.deleting !== true;
}

type Parts = Pick<NextState, "plan" | "stops" | "conditions" | "progress" | "traffic"> & {
  readonly quota: QuotaDecision;
  readonly backOff: StateRecord["backOff"];
};

function nextState(snapshot: Snapshot, parts: Parts, unsettled: boolean, waiting: boolean): NextState {
  const { key, spec, state, wanted, settings, nowMs } = snapshot;
  const { quota, backOff, ...rest } = parts;
  const generation = spec?.generation ?? 0;
  const dueAtMs = unsettled ? (state?.dueAtMs ?? nowMs) : undefined;
  const polled = snapshot.tasks.some((task) => isLive(task) && hasChecks(task, snapshot));
  const cluster = state && !state.tombstone ? state.cluster : settings.cluster;
  const priority = String(100 - (spec?.manifest.spec.priority ?? 0)).padStart(3, "0");
  return {
    ...rest,
    generation,
    cluster,
    held: quota.held,
    ...(backOff ? { backOff } : {}),
    ...(dueAtMs === undefined ? {} : { dueAtMs }),
    ...(wanted ? { revision: wanted.revision } : {}),
    ...({
      kindShard: kindShardOf(key),
      kindRow: `${key}#state#${generation}#${dueAtMs ?? "-"}#${polled ? "poll" : "-"}`,
      ...(waiting ? { waitShard: `${cluster}#${shardOf(key)}`, waitRow: `${priority}#${key}` } : {}),
    } satisfies Partial<Item>),
  };
}

/** Whether anything that `next` names, or that it leaves out, is stored differently. */
function differs(next: NextState, state: StateRecord): boolean {
  const optional: readonly (keyof StateRecord)[] = ["backOff", "dueAtMs", "waitShard", "waitRow"];
  const wanted: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(optional.map((name) => [name, undefined])),
    ...next,
  };
  const stored: Readonly<Record<string, unknown>> = { ...state };
  return Object.entries(wanted).some(([name, value]) => canonicalJson(value) !== canonicalJson(stored[name]));
}

function isFinished(snapshot: Snapshot, classified: readonly Classified[], sealed: boolean): boolean {
  const { spec, state } = snapshot;
  if (spec?.deleting !== true) return false;
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

/** How soon each kind of waiting has to be looked at again, ms: what no event tells us of is polled. */
const pollMs = { define: 1_000, join: 1_000, leave: 1_000, event: 5_000 } as const;

function nextLook(
  snapshot: Snapshot,
  classified: readonly Classified[],
  plan: Plan,
  stops: StateRecord["stops"],
): number {
  const { nowMs, spec } = snapshot;
  const times = classified.map(({ task, bucket, stage }) => {
    const stop = stops[task.taskId];
    if (stop?.phase === "leaving") return nowMs + pollMs.leave;
    if (stop) return (stop.lastTryAtMs ?? nowMs) + stopRetryMs(stop.tries);
    if (bucket === "stopped" || (bucket === "kept" && stage === "available")) return Number.POSITIVE_INFINITY;
    if (stage === "in traffic")
      return (readySince(task, snapshot) ?? nowMs) + (spec?.manifest.spec.rollout.minReadySeconds ?? 0) * 1000;
    return nowMs + (stage === "healthy" || stage === "running" ? pollMs.join : pollMs.event);
  });
  const starts = emptySlots(plan, snapshot) > 0 && plan.notBeforeMs > nowMs ? plan.notBeforeMs : nowMs + pollMs.event;
  return Math.max(nowMs, Math.min(starts, ...times));
}
