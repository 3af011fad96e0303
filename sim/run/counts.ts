/** How often each thing was seen. */
export type Counts = Map<string, number>;

/** Counts one thing, or several. */
export function count(counts: Counts, name: string, more = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + more);
}

/** As a plain object, by name: those with a number by the number. */
export function inOrder(counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const byName = [...counts].sort(([left], [right]) => left.localeCompare(right, "en", { numeric: true }));
  return Object.fromEntries(byName);
}
