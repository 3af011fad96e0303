import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { NodeRecord, TaskRecord } from "../../core/model/records.ts";
import type { MissingTask, NodeSighting, SeenTask } from "../../core/model/sightings.ts";
import type { Changes } from "../../core/ports/store.ts";
import { nodeId } from "./service.ts";

/** When the tasks of these sightings were created. */
export const createdAtMs = 1_000_000;

/** One sighting of task `t1`, running, read 10 seconds after it was created. */
export function seen(given: Partial<SeenTask> = {}): SeenTask {
  return {
    kind: "seen",
    taskId: "t1" as TaskId,
    cluster: "main",
    group: "longshore/local000/shop/web",
    startedBy: "ABCDEFGHIJKLMNOP/main",
    taskDefinition: "td/v1",
    ecsVersion: 3,
    status: "RUNNING",
    desiredStatus: "RUNNING",
    createdAtMs,
    readAtMs: createdAtMs + 10_000,
    ...given,
  };
}

/** A describe that did not find `t1`. */
export function missing(readAtMs: number): MissingTask {
  return { kind: "missing", taskId: "t1" as TaskId, cluster: "main", readAtMs };
}

/** One sighting of node `n1`, active and connected. */
export function seenNode(given: Partial<NodeSighting> = {}): NodeSighting {
  return {
    nodeId,
    cluster: "main",
    ecsVersion: 1,
    ec2InstanceId: "i-1",
    status: "ACTIVE",
    agentConnected: true,
    zone: "a",
    attributes: { "ecs.os-type": "linux" },
    registered: { cpuUnits: 2048, memoryMib: 4096 },
    readAtMs: createdAtMs,
    ...given,
  };
}

/** What every stored record carries besides its own fields. */
export function stored<Fields>(
  fields: Fields,
): Fields & Pick<TaskRecord, "partition" | "sort" | "schema" | "version" | "uid"> {
  return { partition: "p", sort: "s", schema: 1, version: 1, uid: "u1", ...fields };
}

/** A record after a swap: what is undefined is removed. */
export function swapped<R extends TaskRecord | NodeRecord>(record: R, changes: Changes<R> | undefined): R {
  const all = { ...record, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as unknown as R;
}

/** Another node than `n1`. */
export const otherNode = "n2" as NodeId;
