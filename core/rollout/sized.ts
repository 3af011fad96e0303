/** One revision's tasks while their number is being decided. */
export interface Sized {
  /** Slots, 0 or more. */
  readonly size: number;
  /** Available tasks in them; never more than `size`. */
  readonly available: number;
  /** Whether it may get more slots than it has. */
  readonly grows: boolean;
}

/** The same set with another number of slots: those without an available task go first, and new ones have none. */
export function resized(set: Sized, size: number): Sized {
  return { ...set, size, available: Math.min(set.available, size) };
}

/** Slots of all sets together. */
export function totalOf(sets: readonly Sized[]): number {
  return sets.reduce((sum, { size }) => sum + size, 0);
}

/** Available tasks of all sets together. */
export function availableOf(sets: readonly Sized[]): number {
  return sets.reduce((sum, { available }) => sum + available, 0);
}

/**
 * Moves all sets together towards `total` slots, one after the other, each at most to its limit. A limit on the other
 * side of what a set has leaves it as it is.
 *
 * @param order Indices of the sets, first to change first.
 */
export function towards(
  sets: readonly Sized[],
  total: number,
  limit: (set: Sized, index: number) => number,
  order: readonly number[] = [...sets.keys()],
): readonly Sized[] {
  let left = total - totalOf(sets);
  const sizes = new Map<number, number>();
  for (const index of order) {
    const set = sets[index];
    if (set === undefined) continue;
    const change = limit(set, index) - set.size;
    const moved = left > 0 ? Math.min(Math.max(change, 0), left) : Math.max(Math.min(change, 0), left);
    sizes.set(index, set.size + moved);
    left -= moved;
  }
  return sets.map((set, index) => resized(set, sizes.get(index) ?? set.size));
}

/** Gives slots up until `total` are left: only those without an available task, set after set. */
export function withoutIdle(sets: readonly Sized[], total: number): readonly Sized[] {
  return towards(sets, total, ({ available }) => available);
}

/** Gives slots up until `total` are left: set after set those without an available task, then set after set the others. */
export function idleFirst(sets: readonly Sized[], total: number): readonly Sized[] {
  return towards(withoutIdle(sets, total), total, () => 0);
}
