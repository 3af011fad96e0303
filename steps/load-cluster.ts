import type { ClusterSnapshot } from "../core/dispatch/cluster-plan.ts";
import { whyUnschedulable } from "../core/dispatch/nodes.ts";
import type { ServiceView } from "../core/dispatch/service-view.ts";
import { startable } from "../core/dispatch/service-view.ts";
import { isFault } from "../core/model/fault.ts";
import type { NodeId, ServiceKey } from "../core/model/ids.ts";
import { keys, shardsOf } from "../core/model/names.ts";
import type { ClusterRecord, Item, NodeRecord, NoticeRecord } from "../core/model/records.ts";
import type { NodeSighting } from "../core/model/sightings.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import { readInstall } from "./install.ts";
import type { Names } from "./lease.ts";
import { readService, recordsOf } from "./load.ts";

/** Services looked at in one round, the most urgent first; the rest follow in the next pass. */
const mostServices = 100;

/** Reads a cluster's records, its waiting services and those hinted at, and what remains of its nodes where that matters. */
export async function loadCluster(ports: Ports, cluster: string, names: Names): Promise<ClusterSnapshot> {
  const [items, { installId }] = await Promise.all([
    ports.store.query<Item>(keys.cluster(cluster)),
    readInstall(ports),
  ]);
  // A damaged node takes no tasks, a damaged notice tells nothing: neither holds up the cluster.
  const sound = items.filter((item) => whyUnsound(item) === undefined);
  const [state] = recordsOf<ClusterRecord>(sound, "state");
  const nodes = recordsOf<NodeRecord>(sound, "node#");
  const notices = new Map(
    recordsOf<NoticeRecord>(sound, "notice#").map((notice) => [
      notice.sort.slice("notice#".length) as ServiceKey,
      notice,
    ]),
  );
  const candidates = await candidateKeys(ports, cluster, names);
  const read = await Promise.all(candidates.map((key) => readView(ports, key, cluster)));
  const views = read.flatMap((view) => view ?? []);
  const wantsNodes = views.some((view) =>
    startable(view, ports.clock.nowMs()).some(({ set }) => set.capacity === "ec2"),
  );
  const sightings = wantsNodes
    ? await seeNodes(
        ports,
        cluster,
        nodes.filter((node) => whyUnschedulable(node, state) === undefined),
      )
    : [];
  return {
    installId,
    views,
    notices,
    nodes,
    state,
    sightings: sightings && new Map(sightings.map((sighting) => [sighting.nodeId, sighting] as const)),
  };
}

/** Hints first, then what waits by priority; sorted, each once. */
async function candidateKeys(ports: Ports, cluster: string, names: Names): Promise<readonly ServiceKey[]> {
  const rows = (await Promise.all(shardsOf(cluster).map((shard) => ports.store.list("waiting", shard)))).flat();
  const waiting = rows
    .toSorted((a, b) => (a.row < b.row ? -1 : 1))
    .map(({ row }) => row.slice(row.indexOf("#") + 1) as ServiceKey);
  const hinted = names === "all" ? [] : (names as readonly ServiceKey[]);
  return [...new Set([...hinted, ...waiting])].slice(0, mostServices);
}

async function readView(ports: Ports, key: ServiceKey, cluster: string): Promise<ServiceView | undefined> {
  const readAtMs = ports.clock.nowMs();
  const { paused, spec, state, revisions, calls, tasks, unsound } = await readService(ports, key);
  // One that is not sound holds up nobody else; reconcile says so.
  if (state === undefined || unsound !== undefined || state.cluster !== cluster) return undefined;
  const restart = spec && { restart: spec.manifest.spec.restart };
  return { key, readAtMs, paused, state, revisions, calls, tasks, ...restart };
}

/** What remains of nodes; undefined: ECS cannot be asked now, and what wants a node waits. */
async function seeNodes(
  ports: Ports,
  cluster: string,
  nodes: readonly NodeRecord[],
): Promise<readonly NodeSighting[] | undefined> {
  const ids: readonly NodeId[] = nodes.map(({ nodeId }) => nodeId);
  try {
    return ids.length === 0 ? [] : await ports.tasks.describeNodes(cluster, ids);
  } catch (error) {
    if (isFault(error, "transient")) return undefined;
    throw error;
  }
}
