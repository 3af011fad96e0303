import type { NodeId, ServiceKey, TaskId } from "../core/model/ids.ts";
import { mergeNode, recordNode } from "../core/model/merge.ts";
import { keys, serviceOfGroup } from "../core/model/names.ts";
import { type NodeRecord, schema, type TaskRecord } from "../core/model/records.ts";
import type { NodeSighting, SeenTask, TaskSighting } from "../core/model/sightings.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Observation } from "../core/ports/queues.ts";
import { readInstall } from "./install.ts";
import { mergeSighting } from "./merge-tasks.ts";
import { wakeCluster, wakeServices } from "./wake.ts";

const mostTries = 5;
/** A node that is gone is remembered for so long. */
const goneKeptSeconds = 48 * 3600;

/**
 * Merges what was seen into the records of tasks and nodes, by version: lost, doubled and reordered events cost time,
 * never correctness. One wake-up per service whose records changed, and one per cluster whose nodes or room did.
 */
export async function observe(observations: readonly Observation[], hops: number, ports: Ports): Promise<void> {
  const { installId } = await readInstall(ports);
  const services = new Set<ServiceKey>();
  const clusters = new Set<string>();
  const sightings = observations.flatMap((observation) => (observation.kind === "task" ? [observation.sighting] : []));
  for (const { key, sighting } of await owned(ports, installId, latestOf(sightings))) {
    const merged = await mergeSighting(ports, key, sighting);
    if (merged === undefined || !(merged.changed || isRepeated(sightings, merged.record))) continue;
    services.add(key);
    // What stopped gave its place back: others may be waiting for it.
    if (merged.record.status === "STOPPED") clusters.add(sighting.cluster);
  }
  for (const observation of observations)
    if (observation.kind === "node" && (await mergeNodeSighting(ports, observation.sighting)))
      clusters.add(observation.sighting.cluster);
  await wakeServices(ports, [...services], hops);
  for (const cluster of clusters) await wakeCluster(ports, cluster, [], hops);
}

/** Of several events of one task the latest version alone: it says all that those before it said. */
function latestOf(sightings: readonly TaskSighting[]): readonly TaskSighting[] {
  const versions = new Map<string, number>();
  for (const sighting of sightings)
    if (sighting.kind === "seen")
      versions.set(sighting.taskId, Math.max(versions.get(sighting.taskId) ?? 0, sighting.ecsVersion));
  return sightings.filter(
    (sighting) =>
      sighting.kind === "missing" ||
      sighting.health !== undefined ||
      sighting.ecsVersion === versions.get(sighting.taskId),
  );
}

/** What the record shows already may be the second try of a batch that merged it and then could not wake anybody. */
function isRepeated(sightings: readonly TaskSighting[], { taskId, ecsVersion }: TaskRecord): boolean {
  return sightings.some((each) => each.kind === "seen" && each.taskId === taskId && each.ecsVersion === ecsVersion);
}

interface Owned {
  readonly key: ServiceKey;
  readonly sighting: TaskSighting;
}

/**
 * The sightings of this install's tasks, with the service of each. One that is not on record is only a hint: what counts
 * is what a describe of ours shows.
 */
async function owned(ports: Ports, installId: string, sightings: readonly TaskSighting[]): Promise<readonly Owned[]> {
  const known: Owned[] = [];
  const hints = new Map<string, TaskId[]>();
  for (const sighting of sightings) {
    // Somebody who misses a task has to say whose it is: it is known by its record alone.
    const key =
      sighting.kind === "seen"
        ? serviceOfGroup(installId, sighting.group)
        : (sighting.service as ServiceKey | undefined);
    if (key === undefined) continue;
    const isKnown = (await ports.store.get<TaskRecord>(keys.task(key, sighting.taskId))) !== undefined;
    if (isKnown) known.push({ key, sighting });
    else hints.set(sighting.cluster, [...(hints.get(sighting.cluster) ?? []), sighting.taskId]);
  }
  for (const [cluster, taskIds] of hints)
    known.push(...(await describeHints(ports, installId, cluster, [...new Set(taskIds)])));
  return known;
}

async function describeHints(
  ports: Ports,
  installId: string,
  cluster: string,
  taskIds: readonly TaskId[],
): Promise<readonly Owned[]> {
  const seen = (await ports.tasks.describe(cluster, taskIds)).filter(
    (sighting): sighting is SeenTask => sighting.kind === "seen",
  );
  return seen.flatMap((sighting) => {
    const key = serviceOfGroup(installId, sighting.group);
    return key === undefined ? [] : [{ key, sighting }];
  });
}

/** Whether the sighting changed what is recorded of the node. */
async function mergeNodeSighting(ports: Ports, sighting: NodeSighting): Promise<boolean> {
  const place = keys.node(sighting.cluster, sighting.nodeId satisfies NodeId);
  for (let tries = 0; tries < mostTries; tries += 1) {
    const record = await ports.store.get<NodeRecord>(place);
    if (record === undefined) {
      if (sighting.status === "INACTIVE" || sighting.missing) return false;
      if (await ports.store.create<NodeRecord>({ ...place, schema, uid: sighting.nodeId, ...recordNode(sighting) }))
        return true;
      continue;
    }
    const changes = mergeNode(record, sighting);
    if (changes === undefined) return false;
    const gone =
      changes.status === "INACTIVE" ? { expiresAt: Math.floor(ports.clock.nowMs() / 1000) + goneKeptSeconds } : {};
    if (await ports.store.swap(record, { ...changes, ...gone })) return true;
  }
  return false;
}
