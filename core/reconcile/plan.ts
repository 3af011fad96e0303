import { canonicalJson } from "../model/canonical.ts";
import { isLive, pendingCalls, takenSlots } from "../model/living.ts";
import type { BackOff, Plan, PlannedSet } from "../model/records.ts";
import { indicesOf, type Slots, slotNames, slotsOf } from "../model/slots.ts";
import { type Classified, classify, serves } from "./classify.ts";
import { wantedRevision } from "./definitions.ts";
import { stages } from "./serving.ts";
import { isPlanned, type Planned, type Snapshot } from "./snapshot.ts";

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
  const current = snapshot.state?.plan ?? empty;
  if (!isPlanned(snapshot)) return current;
  const { spec, wanted, revisions } = snapshot;
  if (spec.deleting) return { ...empty, barred: revisions.map(({ revision }) => revision).toSorted() };
  if (wantedRevision(snapshot)?.taskDefinition === undefined) return current;

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

/** Slots of the plan that no live task and no open call stands in. */
export function emptySlots(plan: Plan, snapshot: Planned): number {
  const taken = takenSlots(snapshot);
  return plan.sets.flatMap(slotNames).filter((name) => !taken.has(name)).length;
}

/**
 * The slots that a set keeps, gives up or gains, to have `count` of them. One that it gave up and whose task has not been
 * told to leave is taken back first: that task may have to stay, and then nothing else could start for it. A slot that
 * something else may still hold is not new.
 */
function chooseSlots(previous: PlannedSet | undefined, count: number, snapshot: Planned): Slots {
  const occupants = occupantsOf(snapshot);
  const kept = indicesOf(previous?.slots ?? ("" as Slots));
  const usable = [...occupants].filter(([, { worth }]) => worth > worths.indexOf("going")).map(([index]) => index);
  const slots = [...new Set([...kept, ...usable.toSorted((a, b) => a - b)])];
  if (slots.length > count) return shrink(slots, count, occupants);
  const held = new Set([...slots, ...occupants.keys()]);
  for (let index = 0; slots.length < count; index += 1) if (!held.has(index)) slots.push(index);
  return slotsOf(slots);
}

/** What stands in a slot. */
interface Occupant {
  /** Index in `worths`. */
  readonly worth: number;
  readonly zone: string;
}

/** What a slot is worth, least first: nothing in it, on its way out, out of reach, not working, not there yet, serving. */
const worths = ["empty", "going", "open", ...stages] as const;

/** Gives up the slots that are worth least, then those whose zone has most of the rest, then the last of the list. */
function shrink(indices: readonly number[], count: number, occupants: ReadonlyMap<number, Occupant>): Slots {
  const slots = indices.map((index) => ({ index, ...(occupants.get(index) ?? { worth: 0, zone: "" }) }));
  const ranked = slots.toSorted((a, b) => b.worth - a.worth);
  const leastKept = ranked[count]?.worth ?? 0;
  const kept = ranked.filter(({ worth }) => worth >= leastKept);
  const sizes = new Map([...Map.groupBy(kept, ({ zone }) => zone)].map(([zone, { length }]) => [zone, length]));
  const equals = kept.filter(({ worth }) => worth === leastKept);
  const zones = [...Map.groupBy(equals, ({ zone }) => zone)].map(([zone, slotsOfZone]) => ({
    zone,
    slots: slotsOfZone,
  }));
  for (let given = kept.length; given > count; given -= 1) {
    const [fullest] = zones
      .filter((each) => each.slots.length > 0)
      .toSorted(
        (a, b) => (sizes.get(b.zone) ?? 0) - (sizes.get(a.zone) ?? 0) || highestOf(b.slots) - highestOf(a.slots),
      );
    fullest?.slots.pop();
    if (fullest) sizes.set(fullest.zone, (sizes.get(fullest.zone) ?? 0) - 1);
  }
  const rest = [...kept.filter(({ worth }) => worth > leastKept), ...zones.flatMap((each) => each.slots)];
  return slotsOf(rest.map(({ index }) => index));
}

function highestOf(slots: readonly { readonly index: number }[]): number {
  return slots.at(-1)?.index ?? -1;
}

/** What stands in each slot of the wanted revision: a live task, or else a member of an open call. */
function occupantsOf(snapshot: Planned): ReadonlyMap<number, Occupant> {
  const { wanted, state } = snapshot;
  const open = pendingCalls(snapshot).filter(({ revision }) => revision === wanted.revision);
  const occupants = new Map(
    open.flatMap(({ members }) => members.map(({ slot }) => [slot, { worth: worths.indexOf("open"), zone: "" }])),
  );
  for (const classified of classify(snapshot, state?.plan)) {
    const { task } = classified;
    if (task.slot === undefined || task.revision !== wanted.revision || !isLive(task)) continue;
    const worth = worthOf(classified);
    if (worth >= (occupants.get(task.slot)?.worth ?? 0)) occupants.set(task.slot, { worth, zone: task.zone ?? "" });
  }
  return occupants;
}

function worthOf({ bucket, stage }: Classified): number {
  return worths.indexOf(serves(bucket) ? stage : "going");
}

/** Whether anything of another revision lives or may live. */
function othersLive(snapshot: Planned, revision: string): boolean {
  return (
    snapshot.tasks.some((task) => isLive(task) && task.revision !== undefined && task.revision !== revision) ||
    pendingCalls(snapshot).some((call) => call.revision !== revision)
  );
}
