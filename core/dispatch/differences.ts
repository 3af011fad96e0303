import { canonicalJson } from "../model/canonical.ts";
import type { NodeId, ServiceKey, TaskId } from "../model/ids.ts";
import { mergeTask } from "../model/merge.ts";
import { serviceOfGroup } from "../model/names.ts";
import type { NodeRecord, TaskRecord } from "../model/records.ts";
import type { NodeSighting, TaskSighting } from "../model/sightings.ts";

/** Tasks whose records a listing of those wanted running does not bear out, or that were on their way when last seen. */
export function tasksToDescribe(records: readonly TaskRecord[], listed: ReadonlySet<TaskId>): readonly TaskId[] {
  const known = new Set(records.map(({ taskId }) => taskId));
  const doubtful = records.filter(
    ({ taskId, status, desiredStatus, missingAtMs }) =>
      status !== "STOPPED" &&
      (status !== "RUNNING" || desiredStatus !== "RUNNING" || missingAtMs !== undefined || !listed.has(taskId)),
  );
  return [...doubtful.map(({ taskId }) => taskId), ...[...listed].filter((taskId) => !known.has(taskId))];
}

/** Whether a sighting may change what is recorded of a task; one that cannot is not worth a message. */
export function isNews(sighting: TaskSighting, record: TaskRecord | undefined): boolean {
  if (record === undefined) return sighting.kind === "seen";
  return mergeTask(record, sighting) !== undefined;
}

/**
 * Services of tasks that run and that are on record with no service we know. A service that was deleted is in no index:
 * this alone makes it look again at what outlived it.
 */
export function ownersOfStrays(
  sightings: readonly TaskSighting[],
  ownerOf: ReadonlyMap<TaskId, ServiceKey>,
  installId: string,
): readonly ServiceKey[] {
  const owners = sightings.flatMap((sighting) => {
    if (sighting.kind === "missing" || ownerOf.has(sighting.taskId)) return [];
    return serviceOfGroup(installId, sighting.group) ?? [];
  });
  return [...new Set(owners)];
}

/** What is to be told of nodes: those seen that are new or changed, and as missing those on record that a describe did not show. */
export function nodesToReport(
  records: readonly NodeRecord[],
  seen: readonly NodeSighting[],
  cluster: string,
  readAtMs: number,
): readonly NodeSighting[] {
  const recordOf = new Map(records.map((record) => [record.nodeId, record]));
  const seenIds = new Set<NodeId>(seen.map(({ nodeId }) => nodeId));
  const changed = seen.filter((sighting) => isChanged(recordOf.get(sighting.nodeId), sighting));
  const missing = records
    .filter(({ nodeId, status }) => status !== "INACTIVE" && !seenIds.has(nodeId))
    .map((record): NodeSighting => ({ ...keptOf(record), cluster, missing: true, readAtMs }));
  return [...changed, ...missing];
}

/** INACTIVE is final: whatever is seen of a node after that changes nothing. */
function isChanged(record: NodeRecord | undefined, sighting: NodeSighting): boolean {
  if (record === undefined) return true;
  if (record.status === "INACTIVE") return false;
  const { ecsVersion: _, ...before } = keptOf(record);
  const { ecsVersion: __, ...now } = keptOf(sighting);
  return record.missingAtMs !== undefined || canonicalJson(before) !== canonicalJson(now);
}

/** What a record keeps of a node. */
function keptOf(node: NodeRecord | NodeSighting) {
  const { nodeId, ecsVersion, ec2InstanceId, status, agentConnected, zone, attributes, registered } = node;
  return { nodeId, ecsVersion, ec2InstanceId, status, agentConnected, zone, attributes, registered };
}
