import type { Amount, Rollout } from "../model/service.ts";

/** How far the tasks of a service may be above and below those wanted while it is rolled out. */
export interface Bounds {
  /** Tasks allowed above `replicas`. */
  readonly surge: number;
  /** Tasks that may be missing of `replicas`; never more than `replicas`. */
  readonly unavailable: number;
}

/**
 * What a rollout's amounts come to for so many tasks: a share rounds up for surge and down for unavailable, so that small
 * services keep serving. With neither nothing could ever move: then one task may be missing. `recreate` has no surge, and
 * everything may be missing.
 *
 * @param replicas Tasks wanted, 0 or more; with 0 nothing can be missing, and only a surge given as a number is left.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable
 */
export function resolveBounds({ strategy, maxSurge, maxUnavailable }: Rollout, replicas: number): Bounds {
  if (strategy === "recreate") return { surge: 0, unavailable: replicas };
  const surge = tasksOf(maxSurge, replicas, Math.ceil);
  const unavailable = tasksOf(maxUnavailable, replicas, Math.floor);
  return { surge, unavailable: Math.min(surge + unavailable === 0 ? 1 : unavailable, replicas) };
}

/** Multiplied before it is divided, so that a share that comes out even is not rounded. */
function tasksOf(amount: Amount, replicas: number, round: (exact: number) => number): number {
  return typeof amount === "number" ? amount : round((Number.parseFloat(amount) * replicas) / 100);
}
