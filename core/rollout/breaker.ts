import type { Breaker } from "../model/service.ts";

/** A share of few tasks still tolerates a little bad luck, and one of many is noticed before it costs much. */
const fewest = 3;
const most = 200;

/**
 * How many tasks of a new revision have to fail until its rollout has failed: a plain count as it is; a share of
 * `replicas`, rounded up, held between 3 and 200.
 *
 * @param replicas Tasks wanted now, 0 or more.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function breakerThreshold(breaker: Breaker, replicas: number): number {
  if ("failures" in breaker) return breaker.failures;
  return Math.min(Math.max(Math.ceil((breaker.percent * replicas) / 100), fewest), most);
}
