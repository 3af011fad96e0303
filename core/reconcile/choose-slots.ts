import { isLive, pendingCalls } from "../model/living.ts";
import { type Slots, slotsOf } from "../model/slots.ts";
import { type Classified, classifyAsPlanned, serves } from "./classify.ts";
import { stages } from "./serving.ts";
import type { Planned } from "./snapshot.ts";

/** What stands in a slot. */
export interface Occupant {
  /** Index in `worths`. */
  readonly worth: number;
  readonly zone: string;
  readonly node: string;
}

/** How slots of equal worth are given up within a zone: from the last of the list, or node by node. */
export type GivingUp = "last first" | "node by node";

/** What stands in the slots of each revision: a live task, or else a member of an open call. */
export type Occupants = ReadonlyMap<string, ReadonlyMap<number, Occupant>>;

/** What a slot is worth, least first: nothing in it, on its way out, out of reach, not working, not there yet, serving. */
const worths = ["empty", "going", "open", ...stages] as const;
const going = worths.indexOf("going");

/** Looks who stands where, by the stored plan. */
export function occupantsOf(snapshot: Planned): Occupants {
  const occupants = new Map<string, Map<number, Occupant>>();
  const put = (revision: string, slot: number, occupant: Occupant) => {
    const slots = occupants.get(revision) ?? new Map<number, Occupant>();
    occupants.set(revision, slots);
    if (occupant.worth >= (slots.get(slot)?.worth ?? 0)) slots.set(slot, occupant);
  };
  for (const { revision, members } of pendingCalls(snapshot))
    for (const { slot } of members) put(revision, slot, { worth: worths.indexOf("open"), zone: "", node: "" });
  for (const classified of classifyAsPlanned(snapshot)) {
    const { task } = classified;
    if (task.slot === undefined || task.revision === undefined || !isLive(task)) continue;
    const { zone = "", nodeId: node = "" } = task;
    put(task.revision, task.slot, { worth: worthOf(classified), zone, node });
  }
  return occupants;
}

function worthOf({ bucket, stage }: Classified): number {
  return worths.indexOf(serves(bucket) ? stage : "going");
}

/** The slots with something in them that may stay. */
export function usableSlots(occupants: ReadonlyMap<number, Occupant> = new Map()): readonly number[] {
  return [...occupants].filter(([, { worth }]) => worth > going).map(([index]) => index);
}

/**
 * The slots that a set keeps, gives up or gains, to have `count` of them. One whose task is on its way out is given up: a
 * replacement gets a fresh slot, and need not wait for it. One that was given up and whose task has not been told to leave
 * is taken back first: that task may have to stay, and then nothing else could start for it.
 *
 * @param previous The set's slots so far.
 * @param givingUp Where others move in, node by node: places that lie together are filled by fewer calls.
 */
export function chooseSlots(
  previous: readonly number[],
  count: number,
  occupants: ReadonlyMap<number, Occupant> = new Map(),
  givingUp: GivingUp = "last first",
): Slots {
  const kept = previous.filter((index) => occupants.get(index)?.worth !== going);
  const usable = usableSlots(occupants).toSorted((a, b) => a - b);
  const inOrder = (indices: readonly number[]) =>
    givingUp === "last first" ? indices : indices.toSorted((a, b) => compareNodes(occupants, a, b));
  const slots = [...new Set([...inOrder(kept), ...inOrder(usable)])];
  if (slots.length > count) return shrink(slots, count, occupants);
  const held = new Set([...slots, ...occupants.keys()]);
  for (let index = 0; slots.length < count; index += 1) if (!held.has(index)) slots.push(index);
  return slotsOf(slots);
}

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

function compareNodes(occupants: ReadonlyMap<number, Occupant>, a: number, b: number): number {
  const [left, right] = [occupants.get(a)?.node ?? "", occupants.get(b)?.node ?? ""];
  return left === right ? 0 : left < right ? -1 : 1;
}

function highestOf(slots: readonly { readonly index: number }[]): number {
  return slots.at(-1)?.index ?? -1;
}

/** How many of a revision's tasks are available. */
export function availableIn(occupants: ReadonlyMap<number, Occupant> = new Map()): number {
  return [...occupants.values()].filter(({ worth }) => worth === worths.indexOf("available")).length;
}
