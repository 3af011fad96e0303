import { scaled } from "./scaled.ts";
import { availableOf, idleFirst, resized, type Sized, totalOf, withoutIdle } from "./sized.ts";

/** One revision's tasks as they are counted. */
export interface SetSize {
  /** Slots that it has now: live tasks, those on their way and, where something may start, those to be refilled. */
  readonly size: number;
  /** Available tasks; more than `size` count as `size`. */
  readonly available: number;
}

/** How many tasks each revision has, and how many are wanted. */
export interface Sizes {
  /** Tasks wanted, 0 or more. */
  readonly replicas: number;
  /** Tasks allowed above and missing of those wanted, by `resolveBounds`. */
  readonly surge: number;
  readonly unavailable: number;
  /** `replicas` and `surge` together that the sizes were decided for last; undefined: never. */
  readonly sizedFor: number | undefined;
  /** Held by hand. */
  readonly paused: boolean;
  /** What is rolled out; `barred`: it failed, and nothing of it may start. */
  readonly target: SetSize & { readonly barred: boolean };
  /** Other revisions, first to go first: the unproven ones, then the proven one, which alone is refilled. */
  readonly older: readonly (SetSize & { readonly proven: boolean })[];
}

/**
 * Decides how many slots each revision has from now on, by the arithmetic of a Kubernetes Deployment: the target grows into
 * the surge, and older revisions give up what `unavailable` and the target's available tasks allow, slots without an
 * available task first. The target's tasks that are not available never pay for others. So the same rule rolls out, rolls
 * back and goes on with any mix of revisions.
 *
 * Paused by hand the sizes stay, scaled in proportion, and can hold `replicas` tasks. With a barred target the proven
 * revision makes up for what is missing of `replicas`; without a proven one nothing can. Neither keeps slots that could
 * never be filled.
 *
 * @returns In the order given. All sizes together are at most `replicas + surge`, unless they were more and cannot be less
 *   yet; a slot may still be held by a task on its way out, so that live tasks have to be kept to that number too.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
 */
export function decideSizes(sizes: Sizes): { readonly target: number; readonly older: readonly number[] } {
  const { replicas, surge, unavailable, sizedFor, paused, target, older } = sizes;
  const given = [
    ...older.map((set) => ({ ...set, grows: set.proven })),
    { size: target.size, available: target.available, grows: !target.barred },
  ].map((set) => resized(set, set.size));
  const most = replicas + surge;
  const floor = replicas - unavailable;
  const sets = scaled(given, { replicas, floor, from: sizedFor, to: most });
  const decided = target.barred
    ? withoutIdle(recovered(sets, replicas, most), most)
    : paused
      ? withoutIdle(held(sets, replicas), most)
      : rolled(sets, { replicas, most, floor });
  const counts = decided.map(({ size }) => size);
  return { target: counts.at(-1) ?? 0, older: counts.slice(0, -1) };
}

/** One step of a rollout; the last set is its target. */
function rolled(
  sets: readonly Sized[],
  { replicas, most, floor }: { readonly replicas: number; readonly most: number; readonly floor: number },
): readonly Sized[] {
  const older = sets.slice(0, -1);
  return sets.slice(-1).flatMap((target) => {
    const left = idleFirst(older, floor - target.available);
    const growth = Math.min(most - totalOf(left), replicas) - target.size;
    return [...left, resized(target, target.size + Math.max(growth, 0))];
  });
}

/** What stays as it is, with room for all that are wanted: the proven set gets what is missing, or else the target. */
function held(sets: readonly Sized[], replicas: number): readonly Sized[] {
  const missing = Math.max(replicas - totalOf(sets), 0);
  const refilled = sets.findIndex(({ grows }) => grows);
  return sets.map((set, index) => (index === refilled ? resized(set, set.size + missing) : set));
}

/**
 * The proven set grows until, with what is available of the others, it can hold all that are wanted. Slots of others
 * without an available task make room for that.
 */
function recovered(sets: readonly Sized[], replicas: number, most: number): readonly Sized[] {
  const proven = sets.findIndex(({ grows }) => grows);
  if (proven < 0) return sets;
  const others = sets.map((set, index) => (index === proven ? resized(set, 0) : set));
  const wanted = Math.max(replicas - availableOf(others), sets[proven]?.size ?? 0);
  return withoutIdle(others, most - wanted).map((set, index) => (index === proven ? resized(set, wanted) : set));
}
