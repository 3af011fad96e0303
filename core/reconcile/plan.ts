import { canonicalJson } from "../model/canonical.ts";
import type { BackOff, Plan, PlannedSet, StateRecord } from "../model/records.ts";
import { firstSlots, indicesOf, type Slots, slotsOf } from "../model/slots.ts";
import { type Classified, classify } from "./classify.ts";
import { isLive, isOpen, type Snapshot } from "./snapshot.ts";

/** A task that has not reached RUNNING by then has failed to start: image pulls of 10 minutes are the slowest we wait for. */
const startDeadlineSeconds = 600;

const empty: Plan = { sets: [], maxLive: 0, notBeforeMs: 0, barred: [] };

/**
 * Decides what may run: `replicas` slots of the wanted revision. It starts nothing: dispatch fills the slots.
 *
 * Slots are kept while their revision is wanted, so that a task stays where it is; a smaller count gives up the slots
 * that are least use first. A changed revision is brought about by `recreate`: nothing new may live until everything
 * old is gone.
 *
 * @param backOff Failures of the wanted revision, already counted.
 */
export function decidePlan(snapshot: Snapshot, backOff: BackOff | undefined, notBeforeMs: number): Plan {
  const { spec, state, wanted, revisions } = snapshot;
  const current = state?.plan ?? empty;
  if (spec === undefined || wanted === undefined) return current;
  if (spec.deleting) return { ...empty, barred: revisions.map(({ revision }) => revision).toSorted() };
  const definition = revisions.find(({ revision }) => revision === wanted.revision);
  if (definition?.taskDefinition === undefined) return current;

  const { replicas, priority, placement } = spec.manifest.spec;
  const previous = current.sets.find(({ revision }) => revision === wanted.revision);
  const set: PlannedSet = {
    id: wanted.revision,
    revision: wanted.revision,
    role: "main",
    slots: chooseSlots(previous, replicas, snapshot),
    priority,
    placement,
    capacity: wanted.content.capacity,
    startDeadlineSeconds,
  };
  const waitsForOld = othersLive(snapshot, wanted.revision);
  return { sets: [set], maxLive: waitsForOld ? 0 : replicas, notBeforeMs: backOff ? notBeforeMs : 0, barred: [] };
}

/** Whether a plan allows less than another did: a slot, a revision or a live task fewer. Such a plan has to be sealed. */
export function takesAway(before: Plan | undefined, after: Plan): boolean {
  if (before === undefined) return false;
  if (after.maxLive < before.maxLive || after.barred.some((revision) => !before.barred.includes(revision))) return true;
  return before.sets.some((set) => {
    const kept = new Set(
      indicesOf(after.sets.find(({ revision }) => revision === set.revision)?.slots ?? ("" as Slots)),
    );
    return indicesOf(set.slots).some((index) => !kept.has(index));
  });
}

/** Whether two plans allow the same; when they allow it is left out. */
export function samePlan(a: Plan | undefined, b: Plan): boolean {
  return a !== undefined && canonicalJson({ ...a, notBeforeMs: 0 }) === canonicalJson({ ...b, notBeforeMs: 0 });
}

/** The slots that a set keeps, gives up or gains, to have `count` of them. A slot that something else may still hold is not new. */
function chooseSlots(previous: PlannedSet | undefined, count: number, snapshot: Snapshot): Slots {
  const kept = indicesOf(previous?.slots ?? ("" as Slots));
  if (kept.length > count) return shrink(kept, count, snapshot);
  if (kept.length === count && previous) return previous.slots;
  const held = new Set([...kept, ...heldSlots(snapshot)]);
  const fresh: number[] = [];
  for (let index = 0; kept.length + fresh.length < count; index += 1) if (!held.has(index)) fresh.push(index);
  return previous || held.size > 0 ? slotsOf([...kept, ...fresh]) : firstSlots(count);
}

/** Slots of the wanted revision that a live task or an open call stands in. */
function heldSlots({ tasks, calls, wanted }: Snapshot): readonly number[] {
  const ofTasks = tasks
    .filter((task) => isLive(task) && task.revision === wanted?.revision)
    .map(({ slot }) => slot ?? -1);
  const ofCalls = calls
    .filter((call) => isOpen(call) && call.revision === wanted?.revision)
    .flatMap(({ members }) => members);
  return [...ofTasks, ...ofCalls.map(({ slot }) => slot)];
}

/** What a slot is worth, least first: nothing in it, on its way out, out of reach, not working, not there yet, serving. */
const worth = ["empty", "going", "open", "starting", "running", "healthy", "in traffic", "available"] as const;

/** Gives up the slots that are worth least, then those whose zone has most of the rest, then the highest. */
function shrink(indices: readonly number[], count: number, snapshot: Snapshot): Slots {
  const occupants = occupantsOf(snapshot);
  const kept = indices.map((index) => ({ index, ...(occupants.get(index) ?? { worth: 0, zone: "" }) }));
  const inZone = new Map<string, number>();
  for (const { zone } of kept) inZone.set(zone, (inZone.get(zone) ?? 0) + 1);
  while (kept.length > count) {
    const least = kept.toSorted(
      (a, b) => a.worth - b.worth || (inZone.get(b.zone) ?? 0) - (inZone.get(a.zone) ?? 0) || b.index - a.index,
    )[0];
    if (least === undefined) break;
    kept.splice(kept.indexOf(least), 1);
    inZone.set(least.zone, (inZone.get(least.zone) ?? 0) - 1);
  }
  return slotsOf(kept.map(({ index }) => index));
}

function occupantsOf(snapshot: Snapshot): ReadonlyMap<number, { readonly worth: number; readonly zone: string }> {
  const occupants = new Map<number, { readonly worth: number; readonly zone: string }>();
  for (const call of snapshot.calls.filter(isOpen))
    for (const { slot } of call.members)
      if (call.revision === snapshot.wanted?.revision) occupants.set(slot, { worth: worth.indexOf("open"), zone: "" });
  for (const classified of classify(snapshot, snapshot.state?.plan)) {
    const { task } = classified;
    if (task.slot === undefined || task.revision !== snapshot.wanted?.revision || !isLive(task)) continue;
    occupants.set(task.slot, { worth: worthOf(classified), zone: task.zone ?? "" });
  }
  return occupants;
}

function worthOf({ bucket, stage }: Classified): number {
  return bucket === "kept" ? worth.indexOf(stage) : worth.indexOf("going");
}

/** Whether anything of another revision lives or may live. */
function othersLive({ tasks, calls }: Snapshot, revision: string): boolean {
  return (
    tasks.some((task) => isLive(task) && task.revision !== undefined && task.revision !== revision) ||
    calls.some((call) => isOpen(call) && call.revision !== revision)
  );
}

/** The plan of a service that has none yet. */
export function planOf(state: StateRecord | undefined): Plan {
  return state?.plan ?? empty;
}
