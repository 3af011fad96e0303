import { nodesToReport, tasksToDescribe } from "../core/dispatch/differences.ts";
import { attentionFor, isAuditTurn, joinRows, type ServiceRow } from "../core/dispatch/due.ts";
import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { keys, serviceOfGroup, shardOf, shardsOf } from "../core/model/names.ts";
import type { ClusterRecord, NodeRecord, TaskRecord } from "../core/model/records.ts";
import type { TaskSighting } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Observation } from "../core/ports/queues.ts";
import { readInstall } from "./install.ts";
import { isAtRest } from "./reconcile.ts";
import { wakeCluster, wakeServices } from "./wake.ts";

/** Looks taken at once. */
const width = 8;
/** A service on its way is looked at twice a minute at least; each look asks for the next within its lineage. */
const chaseSeconds = [0, 30];

/**
 * Looks for what is due and what was missed: with no event at all, this alone converges. It changes nothing itself: it
 * wakes services and clusters, and reports to observe where ECS and the records differ.
 */
export async function sweep(ports: Ports): Promise<void> {
  const nowMs = ports.clock.nowMs();
  const rows = (await Promise.all(shardsOf("Service").map((shard) => ports.store.list("byKind", shard)))).flat();
  const services = joinRows(rows.map(({ row }) => row));
  const by = (wanted: string) => services.filter((service) => attentionFor(service, nowMs) === wanted);
  for (const delay of chaseSeconds) await wakeServices(ports, keysOf(by("chase")), 0, delay);
  await wakeServices(ports, keysOf(by("wake")), 0);
  const audited = by("rest").filter(({ key }) => isAuditTurn(shardOf(key), nowMs));
  const looks = await inTurns([...by("poll"), ...audited], async ({ key }) =>
    (await isAtRest(key, ports)) ? [] : [key],
  );
  await wakeServices(ports, looks.flat(), 0);
  await compareCluster(ports, ports.settings.cluster, keysOf(services));
}

/** Compares what ECS shows of a cluster with what is recorded, and reports the difference. */
async function compareCluster(ports: Ports, cluster: string, services: readonly ServiceKey[]): Promise<void> {
  // Listed first: a task that is recorded meanwhile is not taken for missing.
  const listed = new Set(await ports.tasks.list(cluster, { desiredStatus: "RUNNING" }));
  const records = await inTurns(services, async (key) =>
    (await ports.store.query<TaskRecord>(keys.service(key), "task#")).map((task) => ({ key, task })),
  );
  const ownerOf = new Map<TaskId, ServiceKey>(records.flat().map(({ key, task }) => [task.taskId, key] as const));
  const doubtful = tasksToDescribe(
    records.flat().map(({ task }) => task),
    listed,
  );
  const sightings = doubtful.length === 0 ? [] : await ports.tasks.describe(cluster, doubtful);
  const tasks = sightings.map((sighting): Observation => {
    const service = ownerOf.get(sighting.taskId);
    return { kind: "task", sighting: sighting.kind === "missing" && service ? { ...sighting, service } : sighting };
  });
  const nodes = await compareNodes(ports, cluster);
  const { installId } = await readInstall(ports);
  const observations = [...tasks.filter((each) => isNews(each, records.flat(), installId)), ...nodes];
  if (observations.length > 0) await ports.queues.report(observations, 0);
  await wakeServices(ports, ownersOfStrays(sightings, ownerOf, installId), 0);
}

/**
 * Services of tasks that run and that are on record with no service we know. A service that was deleted is in no index:
 * this alone makes it look again at what outlived it.
 */
function ownersOfStrays(
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

/** Whether a sighting may change what is recorded; one that cannot is not worth a message. */
function isNews(
  observation: Observation,
  records: readonly { readonly task: TaskRecord }[],
  installId: string,
): boolean {
  if (observation.kind !== "task") return true;
  const { sighting } = observation;
  const record = records.find(({ task }) => task.taskId === sighting.taskId)?.task;
  if (sighting.kind === "missing") return record !== undefined;
  return record === undefined
    ? serviceOfGroup(installId, sighting.group) !== undefined
    : sighting.ecsVersion > record.ecsVersion || (sighting.health ?? record.health) !== record.health;
}

async function compareNodes(ports: Ports, cluster: string): Promise<readonly Observation[]> {
  const readAtMs = ports.clock.nowMs();
  const listed = await ports.tasks.listNodes(cluster);
  const records = await ports.store.query<NodeRecord>(keys.cluster(cluster), "node#");
  const ids = [
    ...new Set([...listed, ...records.filter(({ status }) => status !== "INACTIVE").map(({ nodeId }) => nodeId)]),
  ];
  const seen = ids.length === 0 ? [] : await ports.tasks.describeNodes(cluster, ids);
  await wakeWaiting(ports, cluster, records);
  return nodesToReport(records, seen, cluster, readAtMs).map((sighting) => ({ kind: "node", sighting }));
}

/** A cluster is looked at while services wait there, and while nodes are out of reach or were given up. */
async function wakeWaiting(ports: Ports, cluster: string, nodes: readonly NodeRecord[]): Promise<void> {
  const waiting = (await Promise.all(shardsOf(cluster).map((shard) => ports.store.list("waiting", shard)))).flat();
  const state = await ports.store.get<ClusterRecord>(keys.clusterState(cluster));
  const away = nodes.some(
    (node) => (!node.agentConnected || node.status === "INACTIVE") && state?.lost[node.nodeId] === undefined,
  );
  const back = nodes.some((node) => node.agentConnected && state?.lost[node.nodeId] !== undefined);
  if (waiting.length > 0 || away || back) await wakeCluster(ports, cluster, [], 0);
}

function keysOf(services: readonly ServiceRow[]): readonly ServiceKey[] {
  return services.map(({ key }) => key);
}

/** Does something for each, a few at once, answers in order. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += width)
    results.push(...(await Promise.all(items.slice(start, start + width).map(work))));
  return results;
}
