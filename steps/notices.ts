import type { NodeVerdicts } from "../core/dispatch/nodes.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys, serviceOfGroup } from "../core/model/names.ts";
import { type ClusterRecord, type NoticeRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { ClusterSnapshot } from "./load-cluster.ts";

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
 * Tells services which of their tasks are on nodes that are given up, and takes it back for nodes that returned. The
 * notices come first: the cluster's state, written after them, says that they are complete.
 *
 * @returns The services whose notice changed.
 */
export async function announceNodes(
  ports: Ports,
  cluster: string,
  snapshot: ClusterSnapshot,
  verdicts: NodeVerdicts,
): Promise<readonly ServiceKey[]> {
  const changed: ServiceKey[] = [];
  for (const { nodeId, why } of verdicts.lost) {
    const listed = await ports.tasks.list(cluster, { nodeId });
    for (const sighting of listed.length === 0 ? [] : await ports.tasks.describe(cluster, listed)) {
      const key = sighting.kind === "seen" ? serviceOfGroup(snapshot.installId, sighting.group) : undefined;
      if (key === undefined) continue;
      const before = await ports.store.get<NoticeRecord>(keys.notice(cluster, key));
      const tasks = { ...before?.tasks, [sighting.taskId]: { why, nodeId, atMs: ports.clock.nowMs() } };
      if (await writeNotice(ports, cluster, key, before, { ...before, tasks })) changed.push(key);
    }
  }
  for (const [key, notice] of snapshot.notices) {
    const tasks = Object.fromEntries(
      Object.entries(notice.tasks).filter(([, { nodeId }]) => !verdicts.returned.includes(nodeId)),
    );
    if (Object.keys(tasks).length === Object.keys(notice.tasks).length) continue;
    if (await writeNotice(ports, cluster, key, notice, { ...notice, tasks })) changed.push(key);
  }
  await swapState(ports, cluster, snapshot, verdicts);
  return [...new Set(changed)];
}

async function swapState(
  ports: Ports,
  cluster: string,
  { state }: ClusterSnapshot,
  { lost, returned }: NodeVerdicts,
): Promise<void> {
  if (lost.length + returned.length === 0) return;
  const nowMs = ports.clock.nowMs();
  const kept = Object.entries(state?.lost ?? {}).filter(([nodeId]) => !returned.some((each) => each === nodeId));
  const next = {
    lost: Object.fromEntries([...kept, ...lost.map(({ nodeId }) => [nodeId, nowMs] as const)]),
    lastLossAtMs: lost.some(({ why }) => why === "node lost") ? nowMs : (state?.lastLossAtMs ?? 0),
  };
  if (state) await ports.store.swap(state, next);
  else await ports.store.create<ClusterRecord>({ ...keys.clusterState(cluster), schema, uid: cluster, ...next });
}
