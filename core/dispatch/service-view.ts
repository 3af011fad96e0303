import type { ServiceKey } from "../model/ids.ts";
import { isLive, liveCount, type Recorded, takenSlots } from "../model/living.ts";
import type { CallRecord, PlannedSet, RevisionRecord, StateRecord, TaskRecord } from "../model/records.ts";
import type { Restart } from "../model/service.ts";
import { indicesOf, slotName } from "../model/slots.ts";
import { hasUncountedFailure } from "../reconcile/restart.ts";

/** What dispatch knows of one service: its calls were read before its state. */
export interface ServiceView {
  readonly key: ServiceKey;
  /** When those reads began. */
  readonly readAtMs: number;
  readonly paused: boolean;
  readonly state: StateRecord;
  readonly revisions: readonly RevisionRecord[];
  readonly calls: readonly CallRecord[];
  readonly tasks: readonly TaskRecord[];
  /** How its failures are counted; absent while it has no spec. */
  readonly restart?: Restart;
}

/** Slots of one set that may start now. */
export interface Startable {
  readonly set: PlannedSet;
  readonly slots: readonly number[];
}

/**
 * The slots that may start: in the plan, of a revision that is not barred, with no live task and no open call, within
 * `maxLive` and the held quota, after the back-off, also of a failure that reconcile has yet to count, and with nothing
 * above them paused.
 */
export function startable(view: ServiceView, nowMs: number): readonly Startable[] {
  const { plan, held } = view.state;
  if (!mayStartAny(view)) return [];
  const { taken, live } = occupied({ tasks: view.tasks, calls: view.calls, nowMs }, view.state);
  let room = Math.min(plan.maxLive, held.tasks) - live;
  return plan.sets.flatMap((set) => {
    if (plan.barred.includes(set.revision) || nowMs < set.notBeforeMs || isFailing(view, set)) return [];
    const free = indicesOf(set.slots).filter((index) => !taken.has(slotName(set.revision, index)));
    const slots = free.slice(0, Math.max(0, room));
    room -= slots.length;
    return slots.length > 0 ? [{ set, slots }] : [];
  });
}

/** Whether every member of a call may still start: what is asked before it is sent again, itself left out. */
export function mayStartAgain(view: ServiceView, call: CallRecord, nowMs: number): boolean {
  const { plan, held, uid } = view.state;
  const set = plan.sets.find(({ id }) => id === call.setId);
  if (!mayStartAny(view) || set === undefined || call.uid !== uid) return false;
  const calls = view.calls.filter(({ seq }) => seq !== call.seq);
  const tasks = view.tasks.filter(({ token }) => token !== call.token);
  const { taken, live } = occupied({ tasks, calls, nowMs }, view.state);
  const planned = new Set(indicesOf(set.slots));
  return (
    live + call.members.length <= Math.min(plan.maxLive, held.tasks) &&
    !plan.barred.includes(set.revision) &&
    nowMs >= set.notBeforeMs &&
    !isFailing(view, set) &&
    call.members.every(({ slot }) => planned.has(slot) && !taken.has(slotName(set.revision, slot)))
  );
}

/** A task stopped, and its freed place was announced, before its back-off is on record. */
function isFailing(view: ServiceView, { revision }: PlannedSet): boolean {
  return view.restart !== undefined && hasUncountedFailure(view, revision, view.restart);
}

function mayStartAny({ paused, state }: ServiceView): boolean {
  return !paused && !state.tombstone;
}

/**
 * The slots in which something lives or may live, and how much does in all: what was answered counts before it is on
 * record. More than `takenSlots`: until reconcile has adopted a live task, its call tells which slot it stands in. What a
 * smaller count has told to leave takes nobody's place: while it drains, what remains is healed.
 */
function occupied(recorded: Recorded, { stops }: Pick<StateRecord, "stops">) {
  const live = new Set(recorded.tasks.filter(isLive).map(({ taskId }) => taskId));
  const called = recorded.calls.flatMap(({ revision, members }) =>
    members
      .filter(({ taskId }) => taskId !== undefined && live.has(taskId))
      .map(({ slot }) => slotName(revision, slot)),
  );
  const surplus = [...live].filter((taskId) => stops[taskId]?.why === "surplus").length;
  return { taken: new Set([...takenSlots(recorded), ...called]), live: liveCount(recorded) - surplus };
}
