import type { Changes } from "../ports/store.ts";
import { canonicalJson } from "./canonical.ts";
import { isBeforeRunning, isStopping } from "./lifecycle.ts";
import { splitStartedBy } from "./names.ts";
import type { Fields, NodeRecord, TaskRecord } from "./records.ts";
import type { NodeSighting, SeenTask, TaskSighting } from "./sightings.ts";
import { skewMs } from "./skew.ts";

/** A describe may miss a task that is new; only later than this is MISSING evidence. */
const missingAfterMs = 5 * 60_000;
/** Two reads that miss a task, a minute apart whoever made them, prove that it is gone. */
const missingTwiceMs = 60_000 + skewMs;
const reasonLength = 400;
/** A node that describes have not shown for so long is gone; one alone may be stale, or older than the node. */
const missingNodeMs = 5 * 60_000;

/** What a first sighting is stored as. */
export function recordTask(seen: SeenTask): Omit<Fields<TaskRecord>, "call" | "slot" | "revision"> {
  return {
    taskId: seen.taskId,
    ...splitStartedBy(seen.startedBy),
    ...ecsFields(seen),
    health: seen.health ?? "UNKNOWN",
    // What told no health must not outdate a read that did.
    healthAtMs: seen.health === undefined ? 0 : seen.readAtMs,
  };
}

/**
 * Merges one sighting into what is recorded: a higher ECS version wins, health and MISSING count by a later start of
 * read, STOPPED is final. What follows ECS's version is the same after any order and any number of the same sightings.
 * A read that shows what is recorded already is not written, so one of health or MISSING that comes after a later read of
 * the same health may stand until the next read.
 *
 * @returns What to swap; undefined: nothing new.
 */
export function mergeTask(record: TaskRecord, sighting: TaskSighting): Changes<TaskRecord> | undefined {
  if (record.status === "STOPPED") return undefined;
  return sighting.kind === "missing" ? mergeMissing(record, sighting.readAtMs) : mergeSeen(record, sighting);
}

function mergeSeen(record: TaskRecord, seen: SeenTask): Changes<TaskRecord> | undefined {
  if (seen.ecsVersion < record.ecsVersion) return undefined;
  const health = seen.health !== undefined && seen.health !== record.health && seen.readAtMs > record.healthAtMs;
  const found = record.missingAtMs !== undefined && seen.readAtMs > record.missingAtMs;
  const newer = seen.ecsVersion > record.ecsVersion;
  if (!health && !found && !(newer && showsMore(record, seen))) return undefined;
  return {
    ...(newer ? ecsFields(seen) : {}),
    ...(health ? { health: seen.health, healthAtMs: seen.readAtMs } : {}),
    ...(found ? { missingAtMs: undefined } : {}),
  };
}

/** Whether anything that is kept of a task differs: its version rises also where nothing does. */
function showsMore(record: TaskRecord, seen: SeenTask): boolean {
  const { ecsVersion: _, ...kept } = ecsFields(seen);
  return Object.entries(kept).some(
    ([name, value]) => canonicalJson(value) !== canonicalJson(record[name as keyof typeof kept]),
  );
}

function mergeMissing(record: TaskRecord, readAtMs: number): Changes<TaskRecord> | undefined {
  if (readAtMs <= record.createdAtMs + missingAfterMs) return undefined;
  if (record.missingAtMs === undefined) return { missingAtMs: readAtMs };
  if (readAtMs < record.missingAtMs + missingTwiceMs) return undefined;
  return {
    status: "STOPPED",
    desiredStatus: "STOPPED",
    stoppedAtMs: readAtMs,
    stoppedReason: "ECS no longer knows it",
  };
}

/** The fields that follow ECS's version. The steps on the way to RUNNING, and from there to STOPPED, are one to us each. */
function ecsFields(seen: SeenTask) {
  return {
    taskDefinition: seen.taskDefinition,
    ecsVersion: seen.ecsVersion,
    status: isBeforeRunning(seen.status) ? "PENDING" : isStopping(seen.status) ? "STOPPING" : seen.status,
    desiredStatus: seen.desiredStatus,
    createdAtMs: seen.createdAtMs,
    ...present({
      nodeId: seen.nodeId,
      zone: seen.zone,
      startedAtMs: seen.startedAtMs,
      stoppedAtMs: seen.stoppedAtMs ?? (seen.status === "STOPPED" ? seen.readAtMs : undefined),
      stopCode: seen.stopCode,
      stoppedReason: seen.stoppedReason?.slice(0, reasonLength),
      exitCode: seen.exitCode,
      address: seen.address,
      hostPorts: seen.hostPorts,
    }),
  };
}

/** What of a node is recorded. */
export function recordNode(seen: NodeSighting): Fields<NodeRecord> {
  return {
    nodeId: seen.nodeId,
    ecsVersion: seen.ecsVersion,
    ec2InstanceId: seen.ec2InstanceId,
    status: seen.status,
    agentConnected: seen.agentConnected,
    zone: seen.zone,
    attributes: seen.attributes,
    registered: seen.registered,
    ...(seen.agentConnected ? {} : { disconnectedAtMs: seen.readAtMs }),
    ...(seen.status === "INACTIVE" ? { inactiveAtMs: seen.readAtMs } : {}),
  };
}

/**
 * Merges one sighting of a node: a higher version wins, and INACTIVE is final. Versions rise with every task that starts
 * or stops there, so a sighting that changes nothing we keep is not written. Unknown is not gone: only describes that
 * have not shown it for five minutes make it INACTIVE.
 */
export function mergeNode(record: NodeRecord, seen: NodeSighting): Changes<NodeRecord> | undefined {
  if (record.status === "INACTIVE") return undefined;
  if (seen.missing) return mergeMissingNode(record, seen.readAtMs);
  const isBack = record.missingAtMs !== undefined && seen.readAtMs > record.missingAtMs;
  const changes = mergeSeenNode(record, seen);
  return isBack ? { ...changes, missingAtMs: undefined } : changes;
}

function mergeMissingNode({ missingAtMs }: NodeRecord, readAtMs: number): Changes<NodeRecord> | undefined {
  if (missingAtMs === undefined) return { missingAtMs: readAtMs };
  if (readAtMs < missingAtMs + missingNodeMs) return undefined;
  return { status: "INACTIVE", agentConnected: false, inactiveAtMs: readAtMs };
}

function mergeSeenNode(record: NodeRecord, seen: NodeSighting): Changes<NodeRecord> | undefined {
  if (seen.ecsVersion <= record.ecsVersion) return undefined;
  const fresh = recordNode(seen);
  const same =
    fresh.status === record.status &&
    fresh.agentConnected === record.agentConnected &&
    fresh.zone === record.zone &&
    canonicalJson([fresh.attributes, fresh.registered]) === canonicalJson([record.attributes, record.registered]);
  if (same) return undefined;
  return { ...fresh, disconnectedAtMs: seen.agentConnected ? undefined : (record.disconnectedAtMs ?? seen.readAtMs) };
}

/** The entries that have a value. */
function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
