/**
 * Which slots a set has, as ranges that people can read: `""`, `"0-2"`, `"0-2,5"`. Indices are 0 to 9,999.
 * @see docs/decisions for why not a bitmap
 */
export type Slots = string & { readonly brand: "Slots" };

/** The slots with these indices. */
export function slotsOf(indices: Iterable<number>): Slots {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const index of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === index - 1) last[1] = index;
    else ranges.push([index, index]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",") as Slots;
}

/** The first `count` slots. */
export function firstSlots(count: number): Slots {
  return slotsOf(Array.from({ length: count }, (_, index) => index));
}

/** The indices, rising. */
export function indicesOf(slots: Slots): readonly number[] {
  if (slots === "") return [];
  return slots.split(",").flatMap((range) => {
    const [from = 0, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  });
}

/** How many slots several sets have together. */
export function slotCount(sets: readonly { readonly slots: Slots }[]): number {
  return sets.reduce((sum, { slots }) => sum + indicesOf(slots).length, 0);
}

/** `<revision>/<index>` of every slot of a set. */
export function slotNames(set: { readonly revision: string; readonly slots: Slots }): readonly string[] {
  return indicesOf(set.slots).map((index) => slotName(set.revision, index));
}

/** `<revision>/<index>`. */
export function slotName(revision: string | undefined, index: number | undefined): string {
  return `${revision}/${index}`;
}
