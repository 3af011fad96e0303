import type { ClusterSnapshot } from "../core/dispatch/cluster-plan.ts";
import type { NodeVerdicts } from "../core/dispatch/nodes.ts";
import { isFault } from "../core/model/fault.ts";
import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { keys, serviceOfGroup } from "../core/model/names.ts";
import { type ClusterRecord, type NoticeRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";

type NoticeParts = Pick<NoticeRecord, "tasks" | "unplaced">;

/** Changes a service's notice; one that says nothing is removed. False: somebody else changed it. */
export async function writeNotice(
  ports: Ports,
  cluster: string,
  key: ServiceKey,
  before: NoticeRecord | undefined,
  parts: NoticeParts,
): Promise<boolean> {
  if (Object.keys(parts.tasks).length === 0 && parts.unplaced === undefined)
    return before === undefined || ports.store.remove(before);
  if (before === undefined)
    return (
      (await ports.store.create<NoticeRecord>({ ...keys.notice(cluster, key), schema, uid: key, ...parts })) !==
      undefined
    );
  return (await ports.store.swap(before, { tasks: parts.tasks, unplaced: parts.unplaced })) !== undefined;
}

/**
 * Tells services which of their tasks are on nodes that are given up, and takes it back for nodes that returned or are no
 * longer on record. The notices come first: the cluster's state, written after them, says that they are complete, and is
 * not written when one of them is not.
 *
 * @returns The services whose notice changed.
 */
export async function announceNodes(
  ports: Ports,
  cluster: string,
  snapshot: ClusterSnapshot,
  verdicts: NodeVerdicts,
): Promise<readonly ServiceKey[]> {
  const changed = new Set<ServiceKey>();
  let isComplete = true;
  const isOver = endedFor(snapshot, verdicts);
  const write = async (key: ServiceKey, before: NoticeRecord | undefined, told: NoticeRecord["tasks"]) => {
    const kept = Object.entries(before?.tasks ?? {}).filter(([, { nodeId }]) => !isOver(nodeId));
    const tasks = { ...Object.fromEntries(kept), ...told };
    if (await writeNotice(ports, cluster, key, before, { ...before, tasks })) changed.add(key);
    else isComplete = false;
  };
  for (const loss of verdicts.lost)
    for (const [key, taskIds] of await tasksOn(ports, cluster, snapshot.installId, loss)) {
      const before = await ports.store.get<NoticeRecord>(keys.notice(cluster, key));
      const told = taskIds.map((taskId) => [taskId, { ...loss, atMs: ports.clock.nowMs() }] as const);
      await write(key, before, Object.fromEntries(told));
    }
  for (const [key, notice] of snapshot.notices)
    if (!changed.has(key) && Object.values(notice.tasks).some(({ nodeId }) => isOver(nodeId)))
      await write(key, notice, {});
  if (isComplete) await swapState(ports, cluster, snapshot, verdicts);
  return [...changed];
}

/** This install's tasks on a node, by service. A node that ECS no longer knows has none. */
async function tasksOn(
  ports: Ports,
  cluster: string,
  installId: string,
  { nodeId, why }: NodeVerdicts["lost"][number],
): Promise<ReadonlyMap<ServiceKey, readonly TaskId[]>> {
  const listed = await ports.tasks.list(cluster, { nodeId }).catch((error: unknown) => {
    if (why === "node gone" && isFault(error, "terminal") && error.code === "InvalidParameterException") return [];
    throw error;
  });
  const tasks = new Map<ServiceKey, readonly TaskId[]>();
  for (const sighting of listed.length === 0 ? [] : await ports.tasks.describe(cluster, listed)) {
    const key = sighting.kind === "seen" ? serviceOfGroup(installId, sighting.group) : undefined;
    if (key !== undefined) tasks.set(key, [...(tasks.get(key) ?? []), sighting.taskId]);
  }
  return tasks;
}

/** Tells of which nodes nothing need be said any more: those that returned, and those that no record is kept of. */
function endedFor({ nodes }: ClusterSnapshot, { returned }: NodeVerdicts): (nodeId: string) => boolean {
  const known = new Set<string>(nodes.map(({ nodeId }) => nodeId));
  return (nodeId) => !known.has(nodeId) || returned.some((each) => each === nodeId);
}

async function swapState(
  ports: Ports,
  cluster: string,
  snapshot: ClusterSnapshot,
  verdicts: NodeVerdicts,
): Promise<void> {
  const { state } = snapshot;
  const { lost, returned } = verdicts;
  if (lost.length + returned.length === 0) return;
  const nowMs = ports.clock.nowMs();
  const isOver = endedFor(snapshot, verdicts);
  const kept = Object.entries(state?.lost ?? {}).filter(([nodeId]) => !isOver(nodeId));
  const next = {
    lost: Object.fromEntries([...kept, ...lost.map(({ nodeId }) => [nodeId, nowMs] as const)]),
    lastLossAtMs: lost.some(({ why }) => why === "node lost") ? nowMs : (state?.lastLossAtMs ?? 0),
  };
  if (state) await ports.store.swap(state, next);
  else await ports.store.create<ClusterRecord>({ ...keys.clusterState(cluster), schema, uid: cluster, ...next });
}
