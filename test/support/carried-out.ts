import { highestCall } from "../../core/model/living.ts";
import type { Item, RevisionRecord, TaskRecord, UsageRecord } from "../../core/model/records.ts";
import { type Decision, decide } from "../../core/reconcile/reconcile.ts";
import type { Snapshot, TargetReading } from "../../core/reconcile/snapshot.ts";
import { aCall } from "./drawn-plan.ts";

/** Whether a decision writes nothing, tells nobody anything, and sends no StopTask. */
export function isQuiet(decision: Decision): boolean {
  const { define, swap, seal, finish, quota, adopt, abandon, ready, traffic, send, marks, forget } = decision;
  const lists = [adopt, abandon, ready, traffic, send, marks, forget];
  return (
    ![define, swap, seal, finish].includes(true) && quota.entry === "keep" && lists.every((list) => list.length === 0)
  );
}

/**
 * What the next read of a service shows once a decision was carried out as `steps/carry-out.ts` does: identities first and
 * alone, then quota up, the swap, its seal, traffic, quota down. Nothing else has happened meanwhile.
 */
export function carriedOut(snapshot: Snapshot, decision: Decision): Snapshot {
  const { adopt, abandon, ready } = decision;
  if (adopt.length + abandon.length + ready.length > 0)
    return { ...snapshot, tasks: snapshot.tasks.map((task) => identified(task, snapshot, decision)) };
  const isSealed = decision.seal || (decision.swap && decision.takesAway);
  const swapped = decision.swap ? { ...snapshot, state: stateAfter(snapshot, decision) } : snapshot;
  const seal = aCall((highestCall(snapshot.calls)?.seq ?? 0) + 1, {
    phase: "void",
    planVersion: swapped.state?.planVersion ?? 0,
  });
  const forgotten = new Set<Item>(decision.forget);
  return {
    ...swapped,
    ...(decision.quota.entry === "keep" ? {} : { usage: usageAfter(snapshot, decision) }),
    calls: isSealed ? [...snapshot.calls, seal] : snapshot.calls,
    tasks: snapshot.tasks.filter((task) => !forgotten.has(task)),
    revisions: snapshot.revisions
      .filter((revision) => !forgotten.has(revision))
      .map((revision) => marked(revision, decision)),
    targets: new Map([...snapshot.targets].map(([group, reading]) => [group, readingAfter(group, reading, decision)])),
  };
}

function marked(revision: RevisionRecord, { marks }: Decision): RevisionRecord {
  const changes = marks.find(({ record }) => record === revision)?.changes;
  if (changes === undefined) return revision;
  const { failed: _, ...rest } = revision;
  return { ...rest, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) };
}

function identified(task: TaskRecord, { nowMs }: Snapshot, { adopt, abandon, ready }: Decision): TaskRecord {
  const { readySinceMs: _, ...rest } = task;
  const marked = ready.find(({ taskId }) => taskId === task.taskId);
  const place = adopt.find(({ taskId }) => taskId === task.taskId);
  return {
    ...(marked === undefined ? task : rest),
    ...(marked?.readySinceMs === undefined ? {} : { readySinceMs: marked.readySinceMs }),
    ...place,
    ...(abandon.includes(task.taskId) ? { abandonedAtMs: nowMs } : {}),
  };
}

function stateAfter({ spec, state }: Snapshot, { next, planChanged, takesAway }: Decision) {
  const version = (state?.version ?? 0) + 1;
  const isNew = state === undefined || state.uid !== spec?.uid;
  return {
    partition: "service#shop/web",
    sort: "state",
    schema: 1,
    ...next,
    version,
    uid: spec?.uid ?? "",
    tombstone: false,
    planVersion: planChanged || takesAway || isNew ? version : state.planVersion,
    sealVersion: takesAway ? version : isNew ? 0 : state.sealVersion,
  };
}

function usageAfter({ key, usage }: Snapshot, { quota }: Decision): UsageRecord {
  const place = { partition: "namespace#shop", sort: "usage", schema: 1, version: 1, uid: "namespace#shop" };
  return { ...place, entries: { ...usage?.entries, [key]: { ...quota.write, stamp: 1, uid: "u1" } } };
}

/** What is registered is healthy at once, and what is deregistered is gone. */
function readingAfter(group: string, reading: TargetReading, { traffic }: Decision): TargetReading {
  if (reading.kind !== "read") return reading;
  const told = traffic.filter(({ targetGroup }) => targetGroup === group);
  const registered = told.flatMap(({ register }) => register);
  const changed = [...registered, ...told.flatMap(({ deregister }) => deregister)];
  const kept = reading.targets.filter(({ id, port }) => !changed.some((each) => each.id === id && each.port === port));
  return { ...reading, targets: [...kept, ...registered.map((target) => ({ ...target, state: "healthy" as const }))] };
}

/** After as many passes as it takes to write nothing more; fails if ten are not enough. */
export function settled(given: Snapshot): Snapshot {
  let snapshot = given;
  for (let round = 0; round < 10; round += 1) {
    const decision = decide(snapshot);
    if (isQuiet(decision) || decision.finish) return snapshot;
    snapshot = carriedOut(snapshot, decision);
  }
  throw new Error(`not quiet after ten passes: ${JSON.stringify(decide(snapshot), undefined, 1)}`);
}
