import { isNews, nodesToReport, ownersOfStrays, tasksToDescribe } from "../core/dispatch/differences.ts";
import type { ServiceRow } from "../core/dispatch/due.ts";
import { awaitsVerdict } from "../core/dispatch/nodes.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys, serviceOfGroup, shardsOf } from "../core/model/names.ts";
import type { ClusterRecord, NodeRecord, TaskRecord } from "../core/model/records.ts";
import type { TaskSighting } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Observation } from "../core/ports/queues.ts";
import { inTurns } from "./in-turns.ts";
import { readInstall } from "./install.ts";
import { type Memory, recall } from "./sweep-memory.ts";
import { wakeCluster, wakeServices } from "./wake.ts";

/** What is compared. */
interface Compared {
  readonly cluster: string;
  /** Every service, as it stands in the index. */
  readonly services: readonly ServiceRow[];
  readonly memory: Memory<readonly TaskRecord[]>;
}

/** Compares what ECS shows of a cluster with what is recorded, and reports the difference. */
export async function compareCluster(ports: Ports, compared: Compared): Promise<void> {
  const { cluster, services } = compared;
  const { installId } = await readInstall(ports);
  const { sightings, tasks } = await compareTasks(ports, compared, installId);
  const recordOf = new Map(tasks.map(({ task }) => [task.taskId, task]));
  const ownerOf = new Map(tasks.map(({ key, task }) => [task.taskId, key]));
  const news = sightings.filter((sighting) => isNews(sighting, recordOf.get(sighting.taskId)));
  const observed = news.map((sighting): Observation => {
    const service = ownerOf.get(sighting.taskId);
    return { kind: "task", sighting: sighting.kind === "missing" && service ? { ...sighting, service } : sighting };
  });
  const nodes = await compareNodes(ports, cluster, services);
  const observations = [...observed, ...nodes];
  if (observations.length > 0) await ports.queues.report(observations, 0);
  await wakeServices(ports, ownersOfStrays(sightings, ownerOf, installId), 0);
}

/** One task on record, and whose it is. */
interface Owned {
  readonly key: ServiceKey;
  readonly task: TaskRecord;
}

/**
 * Sightings of tasks whose records ECS's list does not bear out, or that were on their way, and what is on record of all.
 * Services at rest are read again only where the list differs from what is remembered of them.
 */
async function compareTasks(
  ports: Ports,
  { cluster, services, memory }: Compared,
  installId: string,
): Promise<{ readonly sightings: readonly TaskSighting[]; readonly tasks: readonly Owned[] }> {
  // Listed first: a task that is recorded meanwhile is not taken for missing.
  const listed = new Set(await ports.tasks.list(cluster, { desiredStatus: "RUNNING" }));
  const nowMs = ports.clock.nowMs();
  const remembered = new Set(services.flatMap((row) => (recall(memory, row, nowMs) ? [row.key] : [])));
  const read = (rows: readonly ServiceRow[]) => readTasks(ports, rows, memory, remembered);
  const onRecord = () => services.flatMap(({ key }) => ownedBy(key, memory));
  const doubtful = () =>
    new Set(
      tasksToDescribe(
        onRecord().map(({ task }) => task),
        listed,
      ),
    );

  await read(services.filter(({ key }) => !remembered.has(key)));
  const first = doubtful();
  const changed = new Set(onRecord().flatMap(({ key, task }) => (first.has(task.taskId) ? [key] : [])));
  await read(services.filter(({ key }) => remembered.has(key) && changed.has(key)));
  const described = [...doubtful()];
  const seen = described.length === 0 ? [] : await ports.tasks.describe(cluster, described);
  const owners = new Set(seen.map((sighting) => ownerBy(sighting, installId)));
  await read(services.filter(({ key }) => remembered.has(key) && owners.has(key)));
  const tasks = onRecord();
  const known = new Set(tasks.map(({ task }) => task.taskId));
  return { sightings: seen.filter((each) => known.has(each.taskId) || ownerBy(each, installId) !== undefined), tasks };
}

/** Reads what is on record of the tasks of services, and remembers it. */
async function readTasks(
  ports: Ports,
  services: readonly ServiceRow[],
  memory: Compared["memory"],
  remembered: Set<ServiceKey>,
): Promise<void> {
  await inTurns(services, async (row) => {
    memory.set(row.key, { row, found: await ports.store.query<TaskRecord>(keys.service(row.key), "task#") });
    remembered.delete(row.key);
  });
}

function ownedBy(key: ServiceKey, memory: Compared["memory"]): readonly Owned[] {
  return (memory.get(key)?.found ?? []).map((task) => ({ key, task }));
}

/** The service that a task's group names, where it is one of ours. */
function ownerBy(sighting: TaskSighting, installId: string): ServiceKey | undefined {
  return sighting.kind === "seen" ? serviceOfGroup(installId, sighting.group) : undefined;
}

async function compareNodes(
  ports: Ports,
  cluster: string,
  services: readonly ServiceRow[],
): Promise<readonly Observation[]> {
  const readAtMs = ports.clock.nowMs();
  const listed = await ports.tasks.listNodes(cluster);
  const records = await ports.store.query<NodeRecord>(keys.cluster(cluster), "node#");
  const ids = [
    ...new Set([...listed, ...records.filter(({ status }) => status !== "INACTIVE").map(({ nodeId }) => nodeId)]),
  ];
  const seen = ids.length === 0 ? [] : await ports.tasks.describeNodes(cluster, ids);
  await wakeWaiting(ports, cluster, services, records);
  return nodesToReport(records, seen, cluster, readAtMs).map((sighting) => ({ kind: "node", sighting }));
}

/** A cluster is looked at while services wait there, and while nodes are out of reach or were given up. */
async function wakeWaiting(
  ports: Ports,
  cluster: string,
  services: readonly ServiceRow[],
  nodes: readonly NodeRecord[],
): Promise<void> {
  const state = await ports.store.get<ClusterRecord>(keys.clusterState(cluster));
  const wakes = nodes.some((node) => awaitsVerdict(node, state)) || (await someWait(ports, cluster, services));
  if (wakes) await wakeCluster(ports, cluster, [], 0);
}

/** Whoever waits for its cluster is due: where nobody is, the index of those that wait is not read. */
async function someWait(ports: Ports, cluster: string, services: readonly ServiceRow[]): Promise<boolean> {
  if (services.every(({ dueAtMs }) => dueAtMs === undefined)) return false;
  const shards = await Promise.all(shardsOf(cluster).map((shard) => ports.store.list("waiting", shard)));
  return shards.flat().length > 0;
}
