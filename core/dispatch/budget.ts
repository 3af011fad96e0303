import type { Settings } from "../model/settings.ts";
import type { Take } from "../ports/store.ts";

/**
 * What the account allows a second, whoever asks, and the window that it is counted in. A window never holds more than the
 * bucket's own burst; a slow bucket has a long one, so that a few calls at once need not wait for one another.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html and, for ELB,
 *   https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-throttling.html
 */
const quotas = {
  /** RunTask, StopTask, UpdateContainerInstancesState: one a call. */
  "ecs-modify": { perSecond: 40, windowSeconds: 2 },
  /** DescribeTasks, ListTasks and their like for nodes: one a call. */
  "ecs-read": { perSecond: 20, windowSeconds: 1 },
  /** RegisterTaskDefinition and DeregisterTaskDefinition: one a call; burst 20. */
  "task-definitions": { perSecond: 1, windowSeconds: 20 },
  /** One a task, besides `ecs-modify` for the call. */
  "fargate-launches": { perSecond: 20, windowSeconds: 1 },
  /**
   * RegisterTargets and DeregisterTargets: one a call; burst 20. Our whole part of it is well below the 10 a second of all
   * ELBv2 calls together.
   */
  "elb-registrations": { perSecond: 4, windowSeconds: 5 },
} as const;

/**
 * Percent of the install's part that a purpose may use up: what is above is kept free for those before it, so that a
 * stop of an unsafe task always finds room. A rollout starts tasks before it stops more: what has stopped left a place that
 * stands empty until then.
 */
const shares = {
  "unsafe-stop": 100,
  replace: 90,
  "scale-out": 85,
  rollout: 80,
  "rollout-stop": 65,
  rebalance: 60,
  /** A call that more tasks could join before long: it is made while there is plenty of room. */
  growing: 40,
} as const;

/** A token bucket of the account's API, shared by every install and every other tool in it. */
export type Bucket = keyof typeof quotas;

/** What a call is for, the most urgent first. */
export type Purpose = keyof typeof shares;

const stopWindowMs = 600_000;
/** Percent of a cluster's managed tasks that may be stopped of our own will in a window. */
const stopPercent = 10;

/** The calls, or tasks, that this install may ask of a bucket in one of its windows for a purpose: at least 1. */
export function roomFor(bucket: Bucket, purpose: Purpose, settings: Pick<Settings, "accountShare">): number {
  const { perSecond, windowSeconds } = quotas[bucket];
  return atLeastOne((perSecond * windowSeconds * settings.accountShare * shares[purpose]) / 100);
}

/**
 * What to take from the account's budget before calls are made.
 * @param amount 1 to `roomFor` the same: a larger one is refused in every window.
 */
export function takeFor(
  bucket: Bucket,
  purpose: Purpose,
  amount: number,
  settings: Pick<Settings, "accountShare" | "region">,
  nowMs: number,
): Take {
  return {
    partition: `account#${settings.region}`,
    sort: `budget#${bucket}`,
    amount,
    room: roomFor(bucket, purpose, settings),
    windowMs: windowOf(nowMs, quotas[bucket].windowSeconds * 1000),
    nowMs,
  };
}

/**
 * What to take before tasks that the plan still wants are stopped: a tenth of a cluster's managed tasks in ten minutes,
 * and at least one.
 * @param managedTasks Live tasks of all its services.
 */
export function takeStops(cluster: string, managedTasks: number, amount: number, nowMs: number): Take {
  return {
    partition: `cluster#${cluster}`,
    sort: "stops",
    amount,
    room: atLeastOne((managedTasks * stopPercent) / 100),
    windowMs: windowOf(nowMs, stopWindowMs),
    nowMs,
  };
}

function atLeastOne(room: number): number {
  return Math.max(1, Math.floor(room));
}

function windowOf(nowMs: number, lengthMs: number): number {
  return Math.floor(nowMs / lengthMs) * lengthMs;
}
