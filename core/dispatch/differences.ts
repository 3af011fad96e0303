import type { NodeId, TaskId } from "../model/ids.ts";
import type { NodeRecord, TaskRecord } from "../model/records.ts";
import type { NodeSighting } from "../model/sightings.ts";

/** Tasks whose records a listing of those wanted running does not bear out, or that were on their way when last seen. */
export function tasksToDescribe(records: readonly TaskRecord[], listed: ReadonlySet<TaskId>): readonly TaskId[] {
  const known = new Set(records.map(({ taskId }) => taskId));
  const doubtful = records.filter(
    ({ taskId, status, desiredStatus }) =>
      status !== "STOPPED" && (status !== "RUNNING" || desiredStatus !== "RUNNING" || !listed.has(taskId)),
  );
  return [...doubtful.map(({ taskId }) => taskId), ...[...listed].filter((taskId) => !known.has(taskId))];
}

/** What is to be told of nodes: those seen that are new or changed, and as INACTIVE those on record that a describe no longer shows. */
export function nodesToReport(
  records: readonly NodeRecord[],
  seen: readonly NodeSighting[],
  cluster: string,
  readAtMs: number,
): readonly NodeSighting[] {
  const seenIds = new Set<NodeId>(seen.map(({ nodeId }) => nodeId));
  const changed = seen.filter((sighting) => {
    const record = records.find(({ nodeId }) => nodeId === sighting.nodeId);
    return (
      record === undefined || record.status !== sighting.status || record.agentConnected !== sighting.agentConnected
    );
  });
  const gone = records
    .filter(({ nodeId, status }) => status !== "INACTIVE" && !seenIds.has(nodeId))
    .map(
      ({ nodeId, ecsVersion, ec2InstanceId, zone, attributes, registered }): NodeSighting => ({
        nodeId,
        cluster,
        ecsVersion: ecsVersion + 1,
        ec2InstanceId,
        status: "INACTIVE",
        agentConnected: false,
        zone,
        attributes,
        registered,
        readAtMs,
      }),
    );
  return [...changed, ...gone];
}
