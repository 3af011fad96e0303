import { isFault } from "../core/model/fault.ts";
import type { NodeId, ServiceKey, TaskId } from "../core/model/ids.ts";
import { splitServiceKey } from "../core/model/ids.ts";
import { isLive } from "../core/model/living.ts";
import { keys } from "../core/model/names.ts";
import type {
  CallRecord,
  InstallRecord,
  Item,
  NamespaceRecord,
  NodeRecord,
  NoticeRecord,
  RevisionRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
  UsageRecord,
} from "../core/model/records.ts";
import { revisionContent } from "../core/model/revision.ts";
import type { Metric, Traffic } from "../core/model/service.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import type { MetricReading } from "../core/ports/metrics.ts";
import { traffic } from "../core/reconcile/serving.ts";
import type { Snapshot, TargetReading } from "../core/reconcile/snapshot.ts";
import { revisionOf } from "./digest.ts";
import { readInstall } from "./install.ts";
import { type Described, describeAndMerge } from "./merge-tasks.ts";

/** One service's partition, sorted into its kinds. */
export interface ServiceRecords {
  readonly install: InstallRecord;
  /** The install, the namespace or the service is paused. */
  readonly paused: boolean;
  /** When the last pause of any of them ended; 0: there was none. */
  readonly resumedAtMs: number;
  readonly spec?: SpecRecord;
  readonly state?: StateRecord;
  readonly revisions: readonly RevisionRecord[];
  readonly calls: readonly CallRecord[];
  readonly tasks: readonly TaskRecord[];
  /** Why this code neither acts on the service nor rewrites it: a record of a newer Longshore, or a damaged one. */
  readonly unsound?: string;
}

/**
 * Reads a service: its partition first, which fixes the highest call that we know of; `state` and the pauses after it,
 * so that no plan is older than the calls it is compared with; and the spec once more where `state` is ahead of it.
 */
export async function readService(ports: Ports, key: ServiceKey): Promise<ServiceRecords> {
  const items = await ports.store.query<Item>(keys.service(key));
  const [state, install, namespace] = await Promise.all([
    ports.store.get<StateRecord>(keys.state(key)),
    readInstall(ports),
    ports.store.get<NamespaceRecord>(keys.namespace(splitServiceKey(key).namespace)),
  ]);
  const [read] = recordsOf<SpecRecord>(items, "spec");
  const spec = isAhead(state, read) ? await ports.store.get<SpecRecord>(keys.spec(key)) : read;
  const [unsound] = [...items, ...(state ? [state] : []), ...(spec ? [spec] : [])].flatMap(
    (item) => whyUnsound(item) ?? [],
  );
  const pausable = [install, namespace, spec];
  return {
    install,
    paused: pausable.some((record) => record?.paused === true),
    resumedAtMs: Math.max(...pausable.map((record) => record?.resumedAtMs ?? 0)),
    ...(unsound === undefined ? {} : { unsound }),
    ...(spec ? { spec } : {}),
    ...(state ? { state } : {}),
    revisions: recordsOf<RevisionRecord>(items, "revision#"),
    calls: recordsOf<CallRecord>(items, "call#"),
    tasks: recordsOf<TaskRecord>(items, "task#"),
  };
}

/** The records of one kind, told by how their sort keys begin. */
export function recordsOf<R extends Item>(items: readonly Item[], prefix: string): readonly R[] {
  return items.filter(({ sort }) => sort.startsWith(prefix)) as unknown as readonly R[];
}

/**
 * Whether `state` was decided from a later spec than the one that was read before it: by that older one, what lives now
 * would be taken for what a delete has ended.
 */
function isAhead(state: StateRecord | undefined, spec: SpecRecord | undefined): boolean {
  if (state === undefined) return false;
  if (spec === undefined) return !state.tombstone;
  return state.generation > spec.generation || (!state.tombstone && state.uid !== spec.uid);
}

/**
 * Everything that a pass over a service decides from.
 * @param evidence Describe every live task now, rather than only those whose health no event tells.
 */
export async function loadSnapshot(
  ports: Ports,
  key: ServiceKey,
  evidence: boolean,
): Promise<Snapshot | { readonly unsound: string }> {
  const nowMs = ports.clock.nowMs();
  const records = await readService(ports, key);
  if (records.unsound !== undefined) return { unsound: records.unsound };
  const { spec, state, install } = records;
  const content = spec && revisionContent(spec, ports.settings);
  const wanted = content && { revision: revisionOf(content), content };
  const entries = trafficOf({ ...records, ...(wanted ? { wanted } : {}) });
  const cluster = state && !state.tombstone ? state.cluster : ports.settings.cluster;
  const [notice, usage, targets, metrics, nodes, described] = await Promise.all([
    ports.store.get<NoticeRecord>(keys.notice(cluster, key)),
    ports.store.get<UsageRecord>(keys.usage(splitServiceKey(key).namespace)),
    readTargets(ports, entries),
    Promise.all((spec?.manifest.spec.autoscaling?.metrics ?? []).map((metric) => readMetric(ports, metric))),
    evidence ? readNodes(ports, cluster) : entries.length === 0 ? [] : readNodesOf(ports, cluster, records),
    describe(ports, key, cluster, toDescribe(records, evidence)),
  ]);
  const tasks = records.tasks.map((task) => described.merged.get(task.taskId) ?? task);
  const away = new Set(nodes.flatMap(({ nodeId, agentConnected }) => (agentConnected ? [] : [nodeId])));
  return {
    ...records,
    key,
    nowMs,
    settings: ports.settings,
    installId: install.installId,
    ...(wanted ? { wanted } : {}),
    ...(notice ? { notice } : {}),
    ...(usage ? { usage } : {}),
    tasks,
    described: new Set(described.merged.keys()),
    // Evidence needs every node: which of them are out of reach is not known of those that were not read.
    seen: new Set(evidence ? tasks.flatMap((task) => (isSeen(task, described, away) ? [task.taskId] : [])) : []),
    targets,
    metrics,
    instances: new Map(nodes.map(({ nodeId, ec2InstanceId }) => [nodeId, ec2InstanceId])),
    jitter: ports.random.fraction(),
  };
}

/** What cannot be described now gives no evidence: it moves nothing. */
async function describe(
  ports: Ports,
  key: ServiceKey,
  cluster: string,
  taskIds: readonly TaskId[],
): Promise<Described> {
  try {
    return await describeAndMerge(ports, key, cluster, taskIds);
  } catch (error) {
    if (isFault(error, "transient")) return { merged: new Map(), seen: new Set() };
    throw error;
  }
}

/** Live tasks whose health has to be asked for, or all of them when evidence is needed. */
function toDescribe({ tasks, revisions }: ServiceRecords, evidence: boolean): readonly TaskId[] {
  const checked = new Set(
    revisions
      .filter(({ content }) => content.task.containers.some(({ health }) => health !== undefined))
      .map(({ revision }) => revision),
  );
  return tasks
    .filter(
      (task) =>
        isLive(task) &&
        (evidence || (task.status === "RUNNING" && task.revision !== undefined && checked.has(task.revision))),
    )
    .map(({ taskId }) => taskId);
}

/** The traffic that is wished for, and what tasks of ours may still be registered in. */
function trafficOf({ spec, state, wanted }: Pick<Snapshot, "spec" | "state" | "wanted">): readonly Traffic[] {
  const wished = spec && wanted ? traffic({ spec, wanted, ...(state ? { state } : {}) }) : [];
  return [...wished, ...(state?.traffic ?? [])];
}

async function readTargets(ports: Ports, entries: readonly Traffic[]): Promise<ReadonlyMap<string, TargetReading>> {
  const groups = [...new Set(entries.map(({ targetGroup }) => targetGroup))];
  return new Map(await Promise.all(groups.map(async (group) => [group, await readTargetGroup(ports, group)] as const)));
}

/** A group that does not exist is a fact; one that cannot be read is unknown, and moves nothing. */
async function readTargetGroup(ports: Ports, group: string): Promise<TargetReading> {
  try {
    return { kind: "read", targets: await ports.targets.health(group) };
  } catch (error) {
    if (isFault(error, "terminal") && error.code.startsWith("TargetGroupNotFound")) return { kind: "absent" };
    if (isFault(error)) return { kind: "unread" };
    throw error;
  }
}

/** A metric that cannot be read is missing: it takes no task away. */
async function readMetric(ports: Ports, metric: Metric): Promise<MetricReading> {
  try {
    return { kind: "read", sample: await ports.metrics.read(metric) };
  } catch (error) {
    if (isFault(error)) return { kind: "missing", reason: error.message };
    throw error;
  }
}

function readNodes(ports: Ports, cluster: string): Promise<readonly NodeRecord[]> {
  return ports.store.query<NodeRecord>(keys.cluster(cluster), "node#");
}

/** Up to so many nodes are read one by one, more in one query of the whole cluster. */
const fewNodes = 25;

/** The nodes by whose EC2 instances load balancers reach tasks: those on which one has host ports. */
async function readNodesOf(ports: Ports, cluster: string, records: ServiceRecords): Promise<readonly NodeRecord[]> {
  const nodeIds = new Set(records.tasks.flatMap(({ nodeId, hostPorts }) => (nodeId && hostPorts ? [nodeId] : [])));
  if (nodeIds.size > fewNodes) return readNodes(ports, cluster);
  const nodes = await Promise.all(
    [...nodeIds].map((nodeId) => ports.store.get<NodeRecord>(keys.node(cluster, nodeId))),
  );
  return nodes.flatMap((node) => node ?? []);
}

/** It ran within reach when it was described, and its node is none of those out of reach. */
function isSeen({ taskId, nodeId }: TaskRecord, { seen }: Described, away: ReadonlySet<NodeId>): boolean {
  return seen.has(taskId) && !(nodeId !== undefined && away.has(nodeId));
}
