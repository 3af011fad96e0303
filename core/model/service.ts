import type { TaskTemplate } from "./task-template.ts";

/**
 * What people write, after admission: every default is filled in, every bound holds. Absent means *not given, and the
 * install decides*. The shapes are those of a manifest (`docs/manifest.md`); units are in the names.
 */
export interface ServiceManifest {
  readonly apiVersion: "longshore.dev/v1";
  readonly kind: "Service";
  readonly metadata: Metadata;
  readonly spec: ServiceSpec;
}

/** Which service it is; labels and annotations are for people. */
export interface Metadata {
  /** `[a-z0-9-]`, 1 to 63 characters, as is `name`. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What is wanted of a service, with every default filled in. */
export interface ServiceSpec {
  /** Tasks wanted, 0 to 5,000; with autoscaling those of the first start. */
  readonly replicas: number;
  /** 0 to 100; higher ones are placed first. */
  readonly priority: number;
  readonly task: TaskTemplate;
  readonly placement: Placement;
  readonly restart: Restart;
  readonly traffic: readonly Traffic[];
  readonly rollout: Rollout;
  readonly autoscaling?: Autoscaling;
}

/** Container instances of our own, or Fargate. */
export type CapacityType = "ec2" | "fargate";

/** Where tasks may run, and how they are spread. */
export interface Placement {
  /** At most one for now; empty: the install's default. */
  readonly capacity: readonly { readonly type: CapacityType }[];
  readonly spread: readonly Spread[];
  readonly constraints: readonly Constraint[];
}

/** How evenly the tasks of a set lie over domains. */
export interface Spread {
  /** `zone`, `node`, or the name of a node attribute. */
  readonly by: string;
  /** 1 to 100: how far the fullest domain may lie above the emptiest eligible one. */
  readonly maxSkew: number;
  readonly whenUnsatisfiable: "refuse" | "prefer";
}

/** What a node must be: `attribute` is `zone` or the name of a node attribute. */
export interface Constraint {
  readonly attribute: string;
  readonly operator: "in" | "notIn" | "exists" | "notExists";
  /** Empty for `exists` and `notExists`. */
  readonly values: readonly string[];
}

/** Crash back-off: the first wait, doubling up to the longest; a quiet run of `resetSeconds` starts anew. */
export interface Restart {
  readonly backoffSeconds: number;
  readonly maxBackoffSeconds: number;
  readonly resetSeconds: number;
}

/** A target group in which healthy tasks are registered. */
export interface Traffic {
  readonly targetGroup: string;
  readonly container: string;
  /** Name of a port of that container. */
  readonly port: string;
  /** How long a leaving task waits for its last requests, 0 to 3600. */
  readonly drainSeconds: number;
  /** How long after its start failing target checks do not count, 0 to 7200. */
  readonly healthGraceSeconds: number;
}

/** A number of tasks, or a share of those wanted such as `"25%"`. */
export type Amount = number | `${number}%`;

/** How a changed spec replaces what runs. */
export interface Rollout {
  /** `recreate`: everything old is gone before anything new starts; surge and unavailable mean nothing then. */
  readonly strategy: "rolling" | "recreate";
  /** Tasks allowed above those wanted: 0 to 5,000, or 0% to 100%, rounded up. */
  readonly maxSurge: Amount;
  /** Tasks that may be missing of those wanted: 0 to 5,000, or 0% to 100%, rounded down. */
  readonly maxUnavailable: Amount;
  /** How long a task has to be ready before it counts as available, 0 to 3600. */
  readonly minReadySeconds: number;
  /** Without progress for longer than this a rollout has failed, 1 to 86,400. */
  readonly progressDeadlineSeconds: number;
  /** How many tasks of a new revision may fail before its rollout has failed. */
  readonly breaker: Breaker;
  /** What becomes of a rollout that failed: what ran before comes back, or everything stays as it is. */
  readonly onFailure: "rollback" | "pause";
}

/** A plain count of failed tasks, 1 to 200; or a share of those wanted, 1 to 100, held between 3 and 200 tasks. */
export type Breaker = { readonly failures: number } | { readonly percent: number };

/** How many tasks a service has, by what its metrics show. */
export interface Autoscaling {
  /** 0 to 5,000; 0: without work it has no task. */
  readonly min: number;
  /** 1 to 5,000, at least `min`. */
  readonly max: number;
  /** 1 to 5; the one that wants most tasks decides. */
  readonly metrics: readonly Metric[];
  /** How often metrics are looked at, 5 to 300. */
  readonly pollSeconds: number;
  /** How long no metric may be active before a service with `min` 0 has no task any more, 0 to 3600. */
  readonly cooldownSeconds: number;
  /** A metric is active above this. */
  readonly activation: number;
  /** 0 to 1: so far a metric may be off its target without a change. */
  readonly tolerance: number;
  readonly scaleIn: Pace;
  readonly scaleOut: Pace;
}

/** How fast the number of tasks may go one way. */
export interface Pace {
  /** The most careful of what was recommended for so long counts, 0 to 3600. */
  readonly windowSeconds: number;
  /** Share of the tasks that may come or go in a minute, 1 to 100; absent: any. */
  readonly percentPerMinute?: number;
}

/** What the number of tasks follows. More types come with more metrics. */
export type Metric = QueueMetric;

/** Messages of an SQS queue, visible and in flight. */
export interface QueueMetric {
  readonly type: "queue";
  /** ARN of the queue. */
  readonly queue: string;
  /** How many messages a task is for, 1 to 1,000,000. */
  readonly messagesPerTask: number;
}
