import type { NodeId, TaskId } from "./ids.ts";
import type { Health, NodeStatus, Resources, TaskStatus } from "./records.ts";

/** One task as ECS showed it once: from an event, a describe or the answer of a call. */
export interface SeenTask {
  readonly kind: "seen";
  readonly taskId: TaskId;
  readonly cluster: string;
  /** `longshore/<install>/<namespace>/<service>` when it is ours. */
  readonly group: string;
  readonly startedBy: string;
  readonly taskDefinition: string;
  readonly ecsVersion: number;
  readonly status: TaskStatus;
  readonly desiredStatus: "RUNNING" | "STOPPED";
  readonly nodeId?: NodeId;
  readonly zone?: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  /** First non-zero exit code of an essential container, else the first. */
  readonly exitCode?: number;
  /** Private IPv4 of its own network interface (awsvpc). */
  readonly address?: string;
  /** Host port by `<container>:<containerPort>`. */
  readonly hostPorts?: Readonly<Record<string, number>>;
  /** Absent in events: they carry no health. */
  readonly health?: Health;
  /** False while its agent is out of reach: what else is shown may be old. Never stored. */
  readonly connected?: boolean;
  /** Start of our own read; of an event its time. */
  readonly readAtMs: number;
}

/** A task that a describe of ours did not find. */
export interface MissingTask {
  readonly kind: "missing";
  /** Key of the service on whose record it stands, where whoever missed it knows that. */
  readonly service?: string;
  readonly taskId: TaskId;
  readonly cluster: string;
  readonly readAtMs: number;
}

/** One task as ECS showed it once, or that it did not show it. */
export type TaskSighting = SeenTask | MissingTask;

/** One node as ECS showed it once. `remaining` is in describes only and is never stored. */
export interface NodeSighting {
  readonly nodeId: NodeId;
  readonly cluster: string;
  readonly ecsVersion: number;
  readonly ec2InstanceId: string;
  readonly status: NodeStatus;
  readonly agentConnected: boolean;
  readonly zone: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly registered: Resources;
  readonly remaining?: Resources;
  /** A describe of ours did not show it: all else is as recorded. */
  readonly missing?: true;
  readonly readAtMs: number;
}
