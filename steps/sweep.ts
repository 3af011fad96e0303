import { isNews, nodesToReport, ownersOfStrays, tasksToDescribe } from "../core/dispatch/differences.ts";
import { attentionFor, isAuditTurn, joinRows, type ServiceRow, wakeDelays } from "../core/dispatch/due.ts";
import { awaitsVerdict } from "../core/dispatch/nodes.ts";
import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { keys, serviceOfGroup, shardOf, shardsOf } from "../core/model/names.ts";
import type { ClusterRecord, NodeRecord, NoticeRecord, TaskRecord } from "../core/model/records.ts";
import type { TaskSighting } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Observation } from "../core/ports/queues.ts";
import { readInstall } from "./install.ts";
import { isAtRest } from "./reconcile.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { wakeCluster, wakeServices } from "./wake.ts";

/** Looks taken at once. */
const width = 8;
/** No look begins later than this share of the function's time: the rest is for those under way and for the wake-ups. */
const shareForLooks = 0.5;

/**
 * Looks for what is due and what was missed: with no event at all, this alone converges. Beyond what it sees of
 * tasks while it looks, it writes nothing: it wakes services and clusters, and reports to observe where ECS and the records differ.
 *
 * Its own looks come last, whatever became of the rest: each reads what may be slow to answer, and detection waits for none.
 */
export async function sweep(ports: Ports): Promise<void> {
  const stopwatch = startStopwatch(ports.clock);
  const nowMs = ports.clock.nowMs();
  const rows = (await Promise.all(shardsOf("Service").map((shard) => ports.store.list("byKind", shard)))).flat();
  const services = joinRows(rows.map(({ row }) => row));
  const by = (wanted: string) => services.filter((service) => attentionFor(service, nowMs) === wanted);
  const wakes = services.flatMap((service) => wakeDelays(service, nowMs).map((delay) => ({ delay, service })));
  await inTurns([...Map.groupBy(wakes, ({ delay }) => delay)], ([delay, woken]) =>
    wakeServices(ports, keysOf(woken.map(({ service }) => service)), 0, delay),
  );
  const audited = by("rest").filter(({ key }) => isAuditTurn(shardOf(key), nowMs));
  const { cluster } = ports.settings;
  const looks = new Set([...keysOf([...by("poll"), ...audited]), ...(await noticed(ports, cluster))]);
  try {
    await compareCluster(ports, cluster, keysOf(services));
  } finally {
    await wakeRestless(ports, looks, stopwatch);
  }
}

/** Wakes those for which something is to be done, and each for which there was no time to look. */
async function wakeRestless(ports: Ports, services: ReadonlySet<ServiceKey>, stopwatch: Stopwatch): Promise<void> {
  const mostMs = ports.settings.functionTimeoutMs * shareForLooks;
  const restless = await inTurns([...services], async (key) =>
    stopwatch.elapsedMs() < mostMs && (await rests(key, ports)) ? [] : [key],
  );
  await wakeServices(ports, restless.flat(), 0);
}

/** One that cannot be looked at is woken: its own pass fails then, and holds up nobody else. */
async function rests(key: ServiceKey, ports: Ports): Promise<boolean> {
  try {
    return await isAtRest(key, ports);
  } catch (error) {
    ports.log.write({
      level: "error",
      message: "a service could not be looked at",
      service: key,
      reason: String(error),
    });
    return false;
  }
}

/** Compares what ECS shows of a cluster with what is recorded, and reports the difference. */
async function compareCluster(ports: Ports, cluster: string, services: readonly ServiceKey[]): Promise<void> {
  // Listed first: a task that is recorded meanwhile is not taken for missing.
  const listed = new Set(await ports.tasks.list(cluster, { desiredStatus: "RUNNING" }));
  const records = await inTurns(services, async (key) =>
    (await ports.store.query<TaskRecord>(keys.service(key), "task#")).map((task) => ({ key, task })),
  );
  const known = records.flat();
  const ownerOf = new Map<TaskId, ServiceKey>(known.map(({ key, task }) => [task.taskId, key] as const));
  const recordOf = new Map<TaskId, TaskRecord>(known.map(({ task }) => [task.taskId, task] as const));
  const doubtful = tasksToDescribe([...recordOf.values()], listed);
  const { installId } = await readInstall(ports);
  const described = doubtful.length === 0 ? [] : await ports.tasks.describe(cluster, doubtful);
  const sightings = described.filter((each) => recordOf.has(each.taskId) || isOurs(each, installId));
  const news = sightings.filter((sighting) => isNews(sighting, recordOf.get(sighting.taskId)));
  const tasks = news.map((sighting): Observation => {
    const service = ownerOf.get(sighting.taskId);
    return { kind: "task", sighting: sighting.kind === "missing" && service ? { ...sighting, service } : sighting };
  });
  const nodes = await compareNodes(ports, cluster);
  const observations = [...tasks, ...nodes];
  if (observations.length > 0) await ports.queues.report(observations, 0);
  await wakeServices(ports, ownersOfStrays(sightings, ownerOf, installId), 0);
}

function isOurs(sighting: TaskSighting, installId: string): boolean {
  return sighting.kind === "seen" && serviceOfGroup(installId, sighting.group) !== undefined;
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
  if (waiting.length > 0 || nodes.some((node) => awaitsVerdict(node, state))) await wakeCluster(ports, cluster, [], 0);
}

/** A service whose tasks are on nodes that were given up hears of it again until it has given them up. */
async function noticed(ports: Ports, cluster: string): Promise<readonly ServiceKey[]> {
  const notices = await ports.store.query<NoticeRecord>(keys.cluster(cluster), "notice#");
  const told = notices.filter(({ tasks }) => Object.keys(tasks).length > 0);
  return told.map(({ sort }) => sort.slice("notice#".length) as ServiceKey);
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
