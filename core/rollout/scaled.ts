import { availableOf, resized, type Sized, totalOf, towards, withoutIdle } from "./sized.ts";

/** What sets are scaled by. */
export interface Scaling {
  /** No set has more slots than that. */
  readonly replicas: number;
  /** Scaling leaves so many tasks available, where there are so many. */
  readonly floor: number;
  /** Slots that all sets together could have, before and now; undefined: they never had any. */
  readonly from: number | undefined;
  readonly to: number;
}

/**
 * Scales all sets in proportion, so that a rollout goes on at the mix that it has. What rounding leaves goes to the largest
 * set, of equals to the newest on growth and to the oldest on shrinking. A set without slots takes no part, and one that
 * must not grow only shrinks.
 *
 * Unlike Kubernetes, it never lets an available task go for one that is not while the floor needs it.
 *
 * @param sets Oldest first.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling
 */
export function scaled(sets: readonly Sized[], { replicas, floor, from, to }: Scaling): readonly Sized[] {
  const mixed = from === undefined || from === to ? sets : inProportion(sets, { from, to });
  const capped = mixed.map((set) => resized(set, Math.min(set.size, replicas)));
  return keepAvailable(sets, capped, floor);
}

function inProportion(
  sets: readonly Sized[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly Sized[] {
  const growing = to > from;
  const order = largestFirst(sets, growing);
  const share = ({ size, grows }: Sized) => (grows || !growing ? Math.round((size * to) / from) : size);
  const shared = towards(sets, to, (set) => (set.size === 0 ? 0 : share(set)), order);
  const largest = order.find((index) => sets[index]?.grows && sets[index].size > 0);
  return towards(shared, to, ({ size }, index) => (growing ? (index === largest ? to : size) : 0), order);
}

function largestFirst(sets: readonly Sized[], newestOfEquals: boolean): readonly number[] {
  const sizeOf = (index: number) => sets[index]?.size ?? 0;
  const order = newestOfEquals ? [...sets.keys()].toReversed() : [...sets.keys()];
  return order.toSorted((a, b) => sizeOf(b) - sizeOf(a));
}

/** Swaps slots without an available task for those of available ones that were lost, newest first, up to the floor. */
function keepAvailable(before: readonly Sized[], after: readonly Sized[], floor: number): readonly Sized[] {
  const missing = Math.min(floor, availableOf(before)) - availableOf(after);
  if (missing <= 0) return after;
  const room = withoutIdle(after, totalOf(after) - missing);
  const order = [...before.keys()].toReversed();
  const kept = towards(room, totalOf(room) + missing, (_, index) => before[index]?.available ?? 0, order);
  return before.map((set, index) => resized(set, kept[index]?.size ?? 0));
}
