import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { Health, NodeStatus, Resources, RunTaskInput, TaskStatus } from "../../core/model/records.ts";
import type { NodeSighting, SeenTask } from "../../core/model/sightings.ts";
import { stopCause } from "../../core/model/stop-cause.ts";
import { lastPart } from "./arns.ts";

/** The members of a task on the wire that a sighting is made of. */
export interface WireTask {
  readonly taskArn: string;
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: "RUNNING" | "STOPPED";
  readonly group?: string;
  readonly startedBy?: string;
  readonly taskDefinitionArn?: string;
  readonly version?: number;
  readonly containerInstanceArn?: string;
  readonly availabilityZone?: string;
  readonly createdAt?: number;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly healthStatus?: Health;
  readonly containers?: readonly {
    readonly name: string;
    readonly exitCode?: number;
    readonly reason?: string;
    readonly networkInterfaces: readonly { readonly privateIpv4Address: string }[];
    readonly networkBindings: readonly { readonly containerPort: number; readonly hostPort: number }[];
  }[];
}

/** The members of a container instance on the wire that a sighting is made of. */
export interface WireInstance {
  readonly containerInstanceArn: string;
  readonly ec2InstanceId: string;
  readonly version: number;
  readonly status: NodeStatus;
  readonly agentConnected: boolean;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly registeredResources: readonly { readonly name: string; readonly integerValue: number }[];
  readonly remainingResources: readonly { readonly name: string; readonly integerValue: number }[];
}

/** What a replayed task that has stopped leaves out: the call says it, and no version makes it the oldest sighting. */
export type CallMarks = Pick<RunTaskInput, "group" | "startedBy" | "taskDefinition">;

/** A task on the wire in our words. */
export function seenTask(task: WireTask, cluster: string, readAtMs: number, call?: CallMarks): SeenTask {
  const containers = task.containers ?? [];
  const address = containers.flatMap(({ networkInterfaces }) => networkInterfaces)[0]?.privateIpv4Address;
  const hostPorts = containers.flatMap(({ name, networkBindings }) =>
    networkBindings.map(({ containerPort, hostPort }) => [`${name}:${containerPort}`, hostPort] as const),
  );
  const exits = containers.flatMap(({ exitCode }) => exitCode ?? []);
  const exitCode = exits.find((code) => code !== 0) ?? exits[0];
  return {
    kind: "seen",
    taskId: lastPart(task.taskArn) as TaskId,
    cluster,
    group: task.group ?? call?.group ?? "",
    startedBy: task.startedBy ?? call?.startedBy ?? "",
    taskDefinition: task.taskDefinitionArn ?? call?.taskDefinition ?? "",
    ecsVersion: task.version ?? 0,
    status: task.lastStatus,
    desiredStatus: task.desiredStatus,
    createdAtMs: milliseconds(task.createdAt) ?? readAtMs,
    ...present({
      nodeId: task.containerInstanceArn === undefined ? undefined : (lastPart(task.containerInstanceArn) as NodeId),
      zone: task.availabilityZone,
      startedAtMs: milliseconds(task.startedAt),
      stoppedAtMs: milliseconds(task.stoppedAt),
      stopCode: task.stopCode,
      stoppedReason: stopCause(
        task,
        containers.map(({ reason }) => reason),
      ),
      exitCode,
      address,
      hostPorts: hostPorts.length > 0 ? Object.fromEntries(hostPorts) : undefined,
      health: task.healthStatus,
    }),
    readAtMs,
  };
}

/** A container instance on the wire in our words. */
export function seenNode(instance: WireInstance, cluster: string, readAtMs: number): NodeSighting {
  const attributes = Object.fromEntries(instance.attributes.map(({ name, value }) => [name, value]));
  return {
    nodeId: lastPart(instance.containerInstanceArn) as NodeId,
    cluster,
    ecsVersion: instance.version,
    ec2InstanceId: instance.ec2InstanceId,
    status: instance.status,
    agentConnected: instance.agentConnected,
    zone: attributes["ecs.availability-zone"] ?? "",
    attributes,
    registered: resourcesOf(instance.registeredResources),
    remaining: resourcesOf(instance.remainingResources),
    readAtMs,
  };
}

function resourcesOf(resources: WireInstance["registeredResources"]): Resources {
  const amount = (wanted: string) => resources.find(({ name }) => name === wanted)?.integerValue ?? 0;
  return { cpuUnits: amount("CPU"), memoryMib: amount("MEMORY") };
}

function milliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

/** The members that are not undefined. */
function present<T extends object>(members: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}
