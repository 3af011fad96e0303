import { wakeDelays } from "../core/dispatch/due.ts";
import { isFault } from "../core/model/fault.ts";
import type { Token } from "../core/model/ids.ts";
import { highestCall } from "../core/model/living.ts";
import { keys } from "../core/model/names.ts";
import { type CallRecord, type StateRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Changes } from "../core/ports/store.ts";
import { differs } from "../core/reconcile/next-state.ts";
import type { Decision } from "../core/reconcile/reconcile.ts";
import type { Planned } from "../core/reconcile/snapshot.ts";
import { sentOnly } from "../core/reconcile/stops.ts";
import { defineRevision } from "./define.ts";
import { finishDelete } from "./finish-delete.ts";
import { tell } from "./history.ts";
import { changeTask } from "./merge-tasks.ts";
import { moveTraffic } from "./move-traffic.ts";
import { writeEntry } from "./quota.ts";
import { stopTasks, takeStops } from "./stop-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";
import { wakeServices } from "./wake.ts";

/** Whether a decision asks for nothing: no lease is taken and nothing is written. */
export function isIdle(decision: Decision): boolean {
  const { swap, ready, traffic } = decision;
  return !swap && ready.length === 0 && traffic.length === 0 && !needsLease(decision);
}

/**
 * Whether two passes at once would do harm or more than little in vain: those that only swap `state`, note since when tasks
 * are ready and move traffic lose a swap, or say the same twice.
 */
export function needsLease(decision: Decision): boolean {
  const { adopt, abandon, send, marks, forget } = decision;
  const lists = [adopt, abandon, send, marks, forget];
  const flags = [decision.define, decision.takesAway, decision.seal, decision.finish, decision.needsEvidence];
  return lists.some(({ length }) => length > 0) || flags.includes(true) || decision.quota.entry !== "keep";
}

/** What was decided, and what it rests on. */
export interface Decided {
  readonly snapshot: Planned;
  readonly decision: Decision;
  /** Since the reads of the snapshot began. */
  readonly stopwatch: Stopwatch;
}

/**
 * Does what was decided, in the order that survives a crash between any two steps: identities, quota up, the budget of
 * the stops, the one swap of `state`, its seal, traffic, stops, quota down, what is noted of revisions, what is left over.
 *
 * @returns Whether the service should be looked at again at once: something was written that the next step stands on.
 */
export async function carryOut(
  ports: Ports,
  { snapshot, decision, stopwatch }: Decided,
  hops: number,
): Promise<boolean> {
  // Nothing that is decided here rests on reads of before this pass stood still.
  if (!stopwatch.isFresh()) return true;
  if (decision.define && (await tryToDefine(ports, { snapshot, decision, stopwatch }))) return true;
  if (decision.finish) return finishDelete(ports, snapshot, hops);
  if (await identify(ports, snapshot, decision)) return true;
  if (decision.quota.entry === "raise" && !(await writeEntry(ports, snapshot, decision.quota.write, 1))) return true;
  const granted = await withinBudget(ports, snapshot, decision);
  // A stop that others would carry out must not rest on what was seen before this pass stood still.
  if (!stopwatch.isFresh()) return true;
  await swapAndAct(ports, { snapshot, decision: granted, stopwatch });
  // What the budget has no room for is asked again in its next window, not at once.
  if (granted.send.length < decision.send.length) return false;
  return decision.swap || decision.seal || decision.quota.entry === "lower";
}

/** The decision with those StopTasks alone that may be sent now; without any, it may have nothing left to store. */
async function withinBudget(ports: Ports, snapshot: Planned, decision: Decision): Promise<Decision> {
  if (decision.send.length === 0) return decision;
  const sent = await takeStops(ports, decision.next.stops, decision.send);
  const { stops, send } = sentOnly(
    { stops: decision.next.stops, send: decision.send },
    sent,
    snapshot.state?.stops ?? {},
  );
  const next = { ...decision.next, stops };
  return { ...decision, next, send, swap: decision.swap && differs(next, snapshot) };
}

async function swapAndAct(ports: Ports, { snapshot, decision, stopwatch }: Decided): Promise<void> {
  if (decision.swap) {
    const state = await swapState(ports, snapshot, decision);
    if (state === undefined) return;
    await tell(ports, snapshot.key, decision.events);
    report(ports, snapshot, decision);
    await pollMetrics(ports, snapshot);
    if (decision.takesAway) await seal(ports, snapshot, state);
  } else if (decision.seal && snapshot.state) {
    await seal(ports, snapshot, snapshot.state);
  }
  await moveTraffic(ports, { key: snapshot.key, changes: decision.traffic, stopwatch });
  const { cluster, stops } = decision.next;
  await stopTasks(ports, { key: snapshot.key, cluster, stops, stopwatch }, decision.send);
  if (decision.quota.entry === "lower") await writeEntry(ports, snapshot, decision.quota.write, 0);
  for (const { record, changes } of decision.marks) await ports.store.swap(record, changes);
  for (const item of decision.forget) await ports.store.remove(item);
}

/** Whether the wanted revision was defined. If not now, what is owed by the stored plan goes on meanwhile. */
async function tryToDefine(ports: Ports, { snapshot, decision, stopwatch }: Decided): Promise<boolean> {
  const triedSinceMs = decision.next.rollout?.startedAtMs ?? 0;
  try {
    return await defineRevision(ports, { snapshot, triedSinceMs, stopwatch });
  } catch (error) {
    if (isFault(error, "transient")) return false;
    throw error;
  }
}

/** Writes what changed of single tasks: where they belong, whether they are given up, since when they are ready. */
async function identify(
  ports: Ports,
  snapshot: Planned,
  { adopt, abandon, ready, identityEvents }: Decision,
): Promise<boolean> {
  const recordOf = (taskId: string) => snapshot.tasks.find((task) => task.taskId === taskId);
  for (const { taskId, ...identity } of adopt) {
    const record = recordOf(taskId);
    if (record) await changeTask(ports, record, identity);
  }
  for (const taskId of abandon) {
    const record = recordOf(taskId);
    if (record) await changeTask(ports, record, { abandonedAtMs: snapshot.nowMs });
  }
  for (const { taskId, readySinceMs } of ready) {
    const record = recordOf(taskId);
    if (record) await changeTask(ports, record, { readySinceMs });
  }
  await tell(ports, snapshot.key, identityEvents);
  return adopt.length + abandon.length + ready.length > 0;
}

/** The one write that holds the decision. */
async function swapState(
  ports: Ports,
  { key, spec, state }: Planned,
  decision: Decision,
): Promise<StateRecord | undefined> {
  const version = (state?.version ?? 0) + 1;
  const isNew = state === undefined || state.uid !== spec.uid;
  const own = {
    uid: spec.uid,
    schema,
    tombstone: false,
    planVersion: decision.planChanged || decision.takesAway || isNew ? version : state.planVersion,
    sealVersion: decision.takesAway ? version : isNew ? 0 : state.sealVersion,
  };
  if (state === undefined) return ports.store.create<StateRecord>({ ...keys.state(key), ...decision.next, ...own });
  const cleared: Changes<StateRecord> = {
    stable: undefined,
    stableTraffic: undefined,
    scale: undefined,
    dueAtMs: undefined,
    waitShard: undefined,
    waitRow: undefined,
    expiresAt: undefined,
  };
  return ports.store.swap(state, { ...cleared, ...decision.next, ...own });
}

/**
 * Closes the number that a start decided from an older plan would have taken: an empty call at highest + 1. Losing the
 * race is as good: whoever won it made the highest call one that we have not seen, and we look again.
 */
async function seal(ports: Ports, { key, calls, nowMs }: Planned, state: StateRecord): Promise<void> {
  const seq = (highestCall(calls)?.seq ?? 0) + 1;
  await ports.store.create<CallRecord>({
    ...keys.call(key, seq),
    schema,
    uid: state.uid,
    seq,
    planVersion: state.planVersion,
    phase: "void",
    token: `seal-${seq}` as Token,
    setId: "",
    revision: state.plan.sets[0]?.revision ?? ("" as CallRecord["revision"]),
    members: [],
    firstSentAtMs: nowMs,
    tries: 0,
    reason: "sealed",
    closedAtMs: nowMs,
  });
}

/** The metrics of a new generation are looked at from now on: the sweep, which goes on with that, may be a minute away. */
async function pollMetrics(ports: Ports, { key, spec, state, nowMs }: Planned): Promise<void> {
  const { autoscaling } = spec.manifest.spec;
  if (autoscaling === undefined || spec.deleting || state?.generation === spec.generation) return;
  const { pollSeconds } = autoscaling;
  for (const delay of wakeDelays({ key, pollSeconds }, nowMs)) await wakeServices(ports, [key], 0, delay);
}

/** One log line for a pass that changed something. */
function report(ports: Ports, { key, spec }: Planned, { events, next }: Decision): void {
  if (events.length === 0) return;
  ports.log.write({
    level: "info",
    message: "reconciled",
    service: key,
    generation: spec.generation,
    revision: next.revision,
    changes: events.map(({ reason, message }) => `${reason}: ${message}`),
    counts: { TasksFailed: events.filter(({ reason }) => reason === "TaskFailed").length },
  });
}
