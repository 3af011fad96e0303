import { canonicalJson } from "../model/canonical.ts";
import type { NewEvent } from "../model/events.ts";
import { invariant } from "../model/fault.ts";
import type { Revision, TaskId } from "../model/ids.ts";
import { highestCall, pendingCalls } from "../model/living.ts";
import type { BackOff, Item, Plan, Resources, Stop, TaskRecord } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import { takeAim } from "./aim.ts";
import { type Classified, classify, classifyAsPlanned } from "./classify.ts";
import { decideConditions } from "./conditions.ts";
import { lacksDefinition } from "./definitions.ts";
import { tellEvents, tellIdentities } from "./events.ts";
import { forgettable } from "./forget.ts";
import { decideMarks, type Mark } from "./marks.ts";
import { differs, keepMessages, type NextState, nextLook, nextState } from "./next-state.ts";
import { type Adoption, decideAbandoned, decideAdoptions, markReady } from "./ownership.ts";
import { decidePlan, emptySlots, samePlan, takesAway } from "./plan.ts";
import { decideProgress, isFinished, isSettled } from "./progress.ts";
import { decideQuota, heldOf, type QuotaDecision } from "./quota.ts";
import { countFailures, failedTasks, notBefore } from "./restart.ts";
import { traffic } from "./serving.ts";
import { type Aimed, currentState, isPlanned, type Snapshot } from "./snapshot.ts";
import { decideStops } from "./stops.ts";
import { decideTraffic, type TrafficChange, trafficOnRecord } from "./traffic.ts";

/** One pass over a service, in the order in which it is carried out. */
export interface Decision {
  /** The wanted revision has no task definition yet: until it has one the stored plan stands, and what it owes goes on. */
  readonly define: boolean;
  /** Nothing is left of a service that is being deleted. */
  readonly finish: boolean;
  /** Tasks without a slot that get theirs. */
  readonly adopt: readonly Adoption[];
  /** Tasks on lost nodes that are given up. */
  readonly abandon: readonly TaskId[];
  /** Tasks whose `readySinceMs` changed. */
  readonly ready: readonly TaskRecord[];
  /** What users are told of `adopt` and `abandon`, once those are written. */
  readonly identityEvents: readonly NewEvent[];
  /** What the service may hold of its namespace's quota, and what becomes of its entry there. */
  readonly quota: QuotaDecision;
  /** Whether `next` differs from what is stored. */
  readonly swap: boolean;
  /** The state that this pass decides. */
  readonly next: NextState;
  /** The plan allows another thing than the stored one. */
  readonly planChanged: boolean;
  /** The plan, or what is held for it, allows less than the stored one: it has to be sealed. */
  readonly takesAway: boolean;
  /** What users are told of `next`, once it is stored. */
  readonly events: readonly NewEvent[];
  /** The stored plan took something away and carries no seal yet. */
  readonly seal: boolean;
  /** Who joins and who leaves each target group. */
  readonly traffic: readonly TrafficChange[];
  /** Tasks whose StopTask is due. */
  readonly send: readonly TaskId[];
  /** What is to be noted of revisions. */
  readonly marks: readonly Mark[];
  /** Records that nobody needs any more. */
  readonly forget: readonly Item[];
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
  const { snapshot, ready } = aimed(given);
  const allowed = decideAllowed(snapshot);
  const tasks = decideTasks(snapshot, allowed);
  const waits = findWaits(snapshot, allowed, tasks);
  const next = decideNext(snapshot, allowed, tasks, waits);
  const { plan, planChanged, quota, backOffs } = allowed;
  const { adopt, abandon, stops } = tasks;
  return {
    define: waits.define,
    finish: isFinished(snapshot, tasks.classified, allowed.isSealed),
    adopt,
    abandon,
    ready,
    identityEvents: tellIdentities(adopt, abandon),
    quota,
    // While traffic moves, a message that counts tasks another way is not worth a write: what comes next brings another.
    swap: differs(tasks.traffic.length > 0 ? keepMessages(next, snapshot) : next, snapshot),
    next,
    planChanged,
    takesAway: allowed.takesAway,
    events: tellEvents(snapshot, { plan, planChanged, stops, progress: next.progress, backOffs }),
    seal: allowed.seal,
    traffic: tasks.traffic,
    send: tasks.send,
    marks: decideMarks(snapshot),
    forget: forgettable(snapshot),
    wakeCluster: wakesCluster(snapshot, plan, waits),
    needsEvidence: tasks.held > 0,
    lookAtMs: waits.isUnsettled
      ? nextLook(snapshot, { ...waits, ...tasks, plan, scaling: snapshot.aim.scaling })
      : undefined,
  };
}

/** The snapshot in a total order, with what it shows of who is ready, the tasks of which that is news, and what to aim at. */
function aimed(given: Snapshot): { readonly snapshot: Aimed; readonly ready: readonly TaskRecord[] } {
  invariant(isPlanned(given), "decide needs a spec");
  const listed = given.tasks.toSorted((a, b) => (a.taskId < b.taskId ? -1 : 1));
  const tasks = markReady({ ...given, tasks: listed });
  const ready = tasks.filter((task, index) => task.readySinceMs !== listed[index]?.readySinceMs);
  return { snapshot: takeAim({ ...given, tasks }), ready };
}

/** What may run. */
interface Allowed extends Pick<Decision, "planChanged" | "takesAway" | "seal" | "quota"> {
  readonly plan: Plan;
  /** Of the revisions in the plan. */
  readonly backOffs: readonly BackOff[];
  /** Nothing is taken away now, and what was taken away before is sealed. */
  readonly isSealed: boolean;
}

function decideAllowed(snapshot: Aimed): Allowed {
  const { state, calls } = snapshot;
  const backOffOf = (revision: Revision) => decideBackOff(snapshot, revision);
  const plan = decidePlan(snapshot, (revision) => backOffOf(revision).notBeforeMs);
  const planChanged = !samePlan(state?.plan, plan);
  const each = largestOf(snapshot, plan);
  const lessHeld = state !== undefined && !state.tombstone && heldOf(snapshot, plan, each).tasks < state.held.tasks;
  const stands = !planChanged && !lessHeld;
  const isSealed = stands && (highestCall(calls)?.planVersion ?? 0) >= (state?.sealVersion ?? 0);
  return {
    plan,
    backOffs: plan.sets.flatMap(({ revision }) => backOffOf(revision).backOff ?? []),
    planChanged,
    takesAway: takesAway(state?.tombstone ? undefined : state?.plan, plan) || lessHeld,
    seal: stands && !isSealed,
    isSealed,
    quota: decideQuota(snapshot, plan, each, isSealed),
  };
}

/** The jitter is drawn once for each failure: until the next one the stored moment stands. */
function decideBackOff(snapshot: Aimed, revision: Revision) {
  const { spec, aim, jitter } = snapshot;
  const { restart } = spec.manifest.spec;
  const state = currentState(snapshot);
  const previous = countedBefore(snapshot, revision);
  const backOff = countFailures(previous, failedTasks(snapshot, spec.uid, revision, aim.rollout), restart);
  const stored = state?.plan.sets.find((set) => set.revision === revision);
  const isKnown = stored !== undefined && canonicalJson(backOff) === canonicalJson(previous);
  return { backOff, notBeforeMs: isKnown ? stored.notBeforeMs : notBefore(backOff, restart, jitter) };
}

/** The back-off on record, unless its revision is tried anew since. */
function countedBefore(snapshot: Aimed, revision: Revision): BackOff | undefined {
  const state = currentState(snapshot);
  const isAnew =
    revision === snapshot.aim.rollout.revision && state?.rollout?.startedAtMs !== snapshot.aim.rollout.startedAtMs;
  return isAnew ? undefined : state?.backOffs.find((each) => each.revision === revision);
}

/** The most that a task of any revision in a plan may need. */
function largestOf({ revisions }: Aimed, { sets }: Plan): Resources {
  const planned = revisions.filter(({ revision }) => sets.some((set) => set.revision === revision));
  return {
    cpuUnits: Math.max(0, ...planned.map(({ content }) => content.task.cpuUnits)),
    memoryMib: Math.max(0, ...planned.map(({ content }) => content.task.memoryMib)),
  };
}

/** What becomes of each task. */
interface Tasks extends Pick<Decision, "adopt" | "abandon" | "traffic" | "send"> {
  /** With the buckets that this pass's stops put them in. */
  readonly classified: readonly Classified[];
  readonly stops: Readonly<Record<string, Stop>>;
  /** Surplus tasks that have to stay until others are available. */
  readonly held: number;
  /** The traffic to keep on record. */
  readonly onRecord: readonly Traffic[];
}

function decideTasks(snapshot: Aimed, { plan, planChanged }: Allowed): Tasks {
  const before = planChanged ? classify(snapshot, plan) : classifyAsPlanned(snapshot);
  const { stops, send, held } = decideStops(before, snapshot, Math.min(plan.maxLive, snapshot.aim.minAvailable));
  const classified = before.map((each) => ({ ...each, bucket: stops[each.task.taskId]?.phase ?? each.bucket }));
  return {
    adopt: decideAdoptions(before, snapshot, plan),
    abandon: decideAbandoned(classified, snapshot),
    classified,
    stops,
    send,
    held,
    traffic: decideTraffic(classified, snapshot),
    onRecord: trafficOnRecord(classified, snapshot),
  };
}

/** What the service waits for. */
interface Waits extends Pick<Decision, "define"> {
  /** A call is open, or its tasks are not on record. */
  readonly pending: boolean;
  /** That, or a slot is empty: the service waits for its cluster. */
  readonly waiting: boolean;
  /** Anything at all: the service is due. */
  readonly isUnsettled: boolean;
}

function findWaits(snapshot: Aimed, { plan, quota, isSealed }: Allowed, { classified, onRecord }: Tasks): Waits {
  const { spec, aim } = snapshot;
  const define = !spec.deleting && lacksDefinition(snapshot);
  const pending = pendingCalls(snapshot).length > 0;
  const waiting = pending || emptySlots(plan, snapshot).length > 0;
  const leavesTraffic = onRecord.length > traffic(snapshot).length;
  const scales = aim.scaling?.nextLookMs !== undefined;
  const isCalm = isSettled(snapshot, plan, { classified, quota, isSealed });
  const isUnsettled = define || waiting || leavesTraffic || scales || !isCalm;
  return { define, pending, waiting, isUnsettled };
}

function decideNext(snapshot: Aimed, allowed: Allowed, tasks: Tasks, { isUnsettled, waiting }: Waits): NextState {
  const { plan, quota, backOffs } = allowed;
  const { classified, stops, onRecord } = tasks;
  const progress = decideProgress(snapshot, classified, stops);
  const facts = { snapshot, classified, plan, progress, refusedByQuota: quota.refused, waiting, backOffs };
  const conditions = decideConditions(facts);
  const parts = { plan, quota, stops, backOffs, conditions, progress, traffic: onRecord };
  return nextState(snapshot, parts, isUnsettled, waiting);
}

/** Dispatch is needed where something may start, and where its notice names tasks without a place though none waits for one. */
function wakesCluster(snapshot: Aimed, plan: Plan, { waiting, pending }: Waits): boolean {
  if (!waiting) return snapshot.notice?.unplaced !== undefined;
  return pending || emptySlots(plan, snapshot).some(({ set }) => snapshot.nowMs >= set.notBeforeMs);
}
