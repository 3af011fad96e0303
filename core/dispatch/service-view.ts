import type { ServiceKey } from "../model/ids.ts";
import type { CallRecord, PlannedSet, RevisionRecord, StateRecord, TaskRecord } from "../model/records.ts";
import { indicesOf } from "../model/slots.ts";
import { isLive, isOpen, liveCount } from "../reconcile/snapshot.ts";

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
}

/** Slots of one set that may start now. */
export interface Startable {
  readonly set: PlannedSet;
  readonly slots: readonly number[];
}

/**
 * The slots that may start: in the plan, of a revision that is not barred, with no live task and no open call, within
 * `maxLive` and the held quota, after the back-off, and with nothing above them paused.
 *
 * @param except A call to leave out: whether its own members may still start is asked before it is sent again.
 */
export function startable(view: ServiceView, nowMs: number, except?: CallRecord): readonly Startable[] {
  const { plan, held } = view.state;
  if (view.paused || view.state.tombstone || nowMs < plan.notBeforeMs) return [];
  const calls = view.calls.filter((call) => call !== except);
  const tasks = view.tasks.filter(({ token }) => token !== except?.token);
  const taken = occupied(tasks, calls);
  let room = Math.min(plan.maxLive, held.tasks) - liveCount(tasks, calls);
  return plan.sets.flatMap((set) => {
    if (plan.barred.includes(set.revision)) return [];
    const free = indicesOf(set.slots).filter((index) => !taken.has(`${set.revision}/${index}`));
    const slots = free.slice(0, Math.max(0, room));
    room -= slots.length;
    return slots.length > 0 ? [{ set, slots }] : [];
  });
}

/** Whether every member of a call may still start. */
export function mayStartAgain(view: ServiceView, call: CallRecord, nowMs: number): boolean {
  const { plan, held, tombstone } = view.state;
  const set = plan.sets.find(({ id }) => id === call.setId);
  if (view.paused || tombstone || nowMs < plan.notBeforeMs || set === undefined || call.uid !== view.state.uid)
    return false;
  const calls = view.calls.filter((other) => other.seq !== call.seq);
  const tasks = view.tasks.filter(({ token }) => token !== call.token);
  const taken = occupied(tasks, calls);
  const planned = new Set(indicesOf(set.slots));
  const fits = liveCount(tasks, calls) + call.members.length <= Math.min(plan.maxLive, held.tasks);
  return (
    fits &&
    !plan.barred.includes(set.revision) &&
    call.members.every(({ slot }) => planned.has(slot) && !taken.has(`${set.revision}/${slot}`))
  );
}

function occupied(tasks: readonly TaskRecord[], calls: readonly CallRecord[]): ReadonlySet<string> {
  return new Set([
    ...tasks.filter(isLive).map(({ revision, slot }) => `${revision}/${slot}`),
    ...calls.filter(isOpen).flatMap(({ revision, members }) => members.map(({ slot }) => `${revision}/${slot}`)),
  ]);
}
