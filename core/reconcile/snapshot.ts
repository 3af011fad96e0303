import type { ScaleDecision } from "../autoscale/scale.ts";
import type { NodeId, Revision, ServiceKey, TaskId } from "../model/ids.ts";
import type {
  CallRecord,
  NoticeRecord,
  RevisionContent,
  RevisionRecord,
  RolloutRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
  UsageRecord,
} from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import type { MetricReading } from "../ports/metrics.ts";
import type { TargetHealth } from "../ports/targets.ts";

/** What a read of a target group gave: its targets, the news that there is no such group, or nothing. */
export type TargetReading =
  | { readonly kind: "read"; readonly targets: readonly TargetHealth[] }
  | { readonly kind: "absent" }
  | { readonly kind: "unread" };

/** All that is known of one service at one moment. The lists are complete and in the order of their sort keys. */
export interface Snapshot {
  readonly key: ServiceKey;
  /** When the reads of this snapshot began. */
  readonly nowMs: number;
  readonly settings: Settings;
  readonly installId: string;
  /** The install, the namespace or the service is paused. */
  readonly paused: boolean;
  /** When the last pause of any of them ended; 0: there was none. */
  readonly resumedAtMs: number;
  readonly spec?: SpecRecord;
  readonly state?: StateRecord;
  readonly revisions: readonly RevisionRecord[];
  /** Every call and seal on record, of this life of the service and earlier ones. */
  readonly calls: readonly CallRecord[];
  readonly tasks: readonly TaskRecord[];
  /** What the spec wants to run, with its hash. */
  readonly wanted?: { readonly revision: Revision; readonly content: RevisionContent };
  readonly notice?: NoticeRecord;
  readonly usage?: UsageRecord;
  /** By target group. */
  readonly targets: ReadonlyMap<string, TargetReading>;
  /** EC2 instance of each node that a task with host ports runs on, where there is or was traffic; there may be others. */
  readonly instances: ReadonlyMap<NodeId, string>;
  /** Tasks that ECS showed in a read that began with this snapshot, running and within reach: evidence for S1. */
  readonly seen: ReadonlySet<TaskId>;
  /** Tasks that ECS was asked about in such a read, whatever it showed of them. */
  readonly described: ReadonlySet<TaskId>;
  /** What each metric of the spec showed, in its order; empty without autoscaling. */
  readonly metrics: readonly MetricReading[];
  /** 0 ≤ x ≤ 1: what a back-off is multiplied with (full jitter). */
  readonly jitter: number;
}

/** A snapshot of a service that has a spec: what that wants follows from it. */
export type Planned = Snapshot & Required<Pick<Snapshot, "spec" | "wanted">>;

/** Whether there is a spec to decide from; there is none of a service that is gone. */
export function isPlanned(snapshot: Snapshot): snapshot is Planned {
  return snapshot.spec !== undefined && snapshot.wanted !== undefined;
}

/** The stored state of this life of the service: not what an earlier one left. */
export function currentState({ spec, state }: Pick<Planned, "spec" | "state">): StateRecord | undefined {
  return state !== undefined && !state.tombstone && state.uid === spec.uid ? state : undefined;
}

/** What a pass aims at: decided first, and stood on by everything else that it decides. */
export interface Aim {
  /** Tasks wanted: what the autoscaler decided, else what the spec says; 0 for a delete. */
  readonly replicas: number;
  /** Tasks allowed above that. */
  readonly surge: number;
  /** Tasks that may be missing of that in a rolling update. */
  readonly unavailable: number;
  /** Tasks that have to stay available whatever we do of our own will; `recreate` asks for none while old ones live. */
  readonly minAvailable: number;
  /** What all tasks should be of in the end; undefined: nothing can run yet. */
  readonly target: Revision | undefined;
  readonly rollout: RolloutRecord;
  /** Only with autoscaling. */
  readonly scaling: ScaleDecision | undefined;
}

/** A snapshot with what this pass aims at. */
export type Aimed = Planned & { readonly aim: Aim };
