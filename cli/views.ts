import type { Condition } from "../core/model/conditions.ts";
import { splitServiceKey } from "../core/model/ids.ts";
import type { EventRecord, NodeRecord, SpecRecord, StateRecord, TaskRecord } from "../core/model/records.ts";
import { type Pause, pauseOf } from "./pauses.ts";
import type { ServiceRecords } from "./read-records.ts";

/** One lasting fact about a service. */
export type ConditionView = Omit<Condition, "sinceMs"> & { readonly since: string };

/** A service as `get` and `describe` show it; with `--json` these are the names. Times are ISO 8601. */
export interface ServiceView {
  readonly namespace: string;
  readonly name: string;
  readonly status: string;
  readonly generation: number;
  /** The generation that conditions and revision are of; 0: not looked at yet. */
  readonly observedGeneration: number;
  /** Tasks wanted; with autoscaling what it decided last. */
  readonly replicas: number;
  /** The widest pause that holds it. */
  readonly paused: Pause | null;
  /** What runs, or what it is on its way to: of a generation that was rolled back what runs again. */
  readonly revision: string | null;
  readonly acceptedAt: string;
  readonly conditions: readonly ConditionView[];
}

/** A task as it was last seen. */
export interface TaskView {
  readonly service: string;
  readonly task: string;
  readonly status: string;
  readonly health: string;
  readonly revision: string | null;
  readonly zone: string | null;
  readonly node: string | null;
  readonly createdAt: string;
  readonly stoppedAt: string | null;
  /** Why it stopped, with the exit code where there is one. */
  readonly stopReason: string | null;
}

/** A node as it was last seen. */
export interface NodeView {
  readonly node: string;
  readonly instance: string;
  readonly zone: string;
  readonly status: string;
  readonly agentConnected: boolean;
  readonly cpuUnits: number;
  readonly memoryMib: number;
}

/** One line of a service's history. */
export interface EventView {
  readonly at: string;
  readonly type: "normal" | "warning";
  readonly reason: string;
  readonly message: string;
}

/** What a service looks like; undefined where nobody described it. */
export function viewService(records: ServiceRecords): ServiceView | undefined {
  const { key, spec, state } = records;
  if (spec === undefined) return undefined;
  const conditions = state?.conditions ?? [];
  return {
    ...splitServiceKey(key),
    status: statusOf(records),
    generation: spec.generation,
    observedGeneration: state?.generation ?? 0,
    replicas: wantedOf(spec, state),
    paused: pauseOf(records),
    revision: state?.progress.revision ?? null,
    acceptedAt: iso(spec.acceptedAtMs),
    conditions: conditions.map(({ sinceMs, ...condition }) => ({ ...condition, since: iso(sinceMs) })),
  };
}

/** Tasks wanted; with autoscaling what it decided last. */
export function wantedOf({ manifest }: SpecRecord, state: Pick<StateRecord, "scale"> | undefined): number {
  const { autoscaling, replicas } = manifest.spec;
  return autoscaling ? (state?.scale?.replicas ?? replicas) : replicas;
}

/** The status for people: with what it hides, such as that the rollout of what is live is paused. */
export function statusText({
  status,
  paused,
  conditions,
}: Pick<ServiceView, "status" | "paused" | "conditions">): string {
  const available = conditions.find(({ type }) => type === "Available");
  const isDegraded = (status === "rolled back" || status === "failed") && available?.status === "False";
  const isRolloutHeld = paused === "rollout" && status !== "rollout paused";
  const isDeleteHeld = status === "deleting" && paused !== null && paused !== "rollout";
  return [
    status,
    ...(isDegraded ? ["degraded"] : []),
    ...(isRolloutHeld ? ["rollout paused"] : []),
    ...(isDeleteHeld ? ["paused"] : []),
  ].join(", ");
}

/** In one word or two; the first that applies. */
function statusOf({ spec, state, pausedAbove }: ServiceRecords): string {
  const condition = (type: Condition["type"]) => state?.conditions.find((each) => each.type === type);
  const progressing = condition("Progressing");
  const rules: readonly (readonly [status: string, applies: boolean | undefined])[] = [
    ["deleting", spec?.deleting],
    ["paused", spec?.paused || pausedAbove !== undefined],
    ["accepted", state === undefined || state.generation < (spec?.generation ?? 0)],
    ["rolling back", progressing?.reason === "RollingBack"],
    ["rolled back", progressing?.reason === "RolledBack"],
    ["failed", progressing?.status === "False"],
    ["rollout paused", progressing?.reason === "RolloutPaused"],
    ["no place", condition("Placed")?.status === "False"],
    ["backing off", progressing?.reason === "BackingOff"],
    ["rolling out", progressing?.reason !== "Complete"],
    ["degraded", condition("Available")?.status !== "True"],
  ];
  return rules.find(([, applies]) => applies)?.[0] ?? "live";
}

/** What a task looks like. */
export function viewTask(service: string, task: TaskRecord): TaskView {
  return {
    service,
    task: task.taskId,
    status: task.status,
    health: task.health,
    revision: task.revision ?? null,
    zone: task.zone ?? null,
    node: task.nodeId ?? null,
    createdAt: iso(task.createdAtMs),
    stoppedAt: task.stoppedAtMs === undefined ? null : iso(task.stoppedAtMs),
    stopReason: stopReasonOf(task) ?? null,
  };
}

/** Why a task stopped, in ECS's words; undefined: it did not, or nobody said. */
function stopReasonOf({ status, stoppedReason, stopCode, exitCode }: TaskRecord): string | undefined {
  const reason = stoppedReason ?? stopCode;
  if (status !== "STOPPED" || reason === undefined) return undefined;
  return exitCode === undefined ? reason : `${reason} (exit code ${exitCode})`;
}

/** What a node looks like. */
export function viewNode(node: NodeRecord): NodeView {
  const { nodeId, ec2InstanceId, zone, status, agentConnected, registered } = node;
  return { node: nodeId, instance: ec2InstanceId, zone, status, agentConnected, ...registered };
}

/** What a line of history looks like. */
export function viewEvent({ atMs, type, reason, message }: EventRecord): EventView {
  return { at: iso(atMs), type, reason, message };
}

/** A time, as views show it. */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
