import { type ServiceKey, serviceKey, splitServiceKey } from "../core/model/ids.ts";
import { keys, shardsOf } from "../core/model/names.ts";
import type {
  EventRecord,
  InstallRecord,
  NamespaceRecord,
  NodeRecord,
  RevisionRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
} from "../core/model/records.ts";
import type { Scope } from "../core/model/scope.ts";
import type { Connection } from "./connection.ts";

type Reads = Connection["store"];

/** The wish of a service, and what was decided for it; one that nobody described has neither. */
export interface ServiceRecords {
  readonly key: ServiceKey;
  readonly spec?: SpecRecord;
  readonly state?: StateRecord;
  /** Whether the kill switch of more than this service holds it, and which. */
  readonly pausedAbove?: "install" | "namespace";
}

/** Services that are read at once. */
const lanes = 16;

/** Reads a service's spec and state, and what pauses it from above; a tombstone counts as no state. */
export async function readService(
  store: Reads,
  key: ServiceKey,
  pauses: Pauses = readPauses(store),
): Promise<ServiceRecords> {
  const [spec, state, pausedAbove] = await Promise.all([
    store.get<SpecRecord>(keys.spec(key)),
    store.get<StateRecord>(keys.state(key)),
    pauses(splitServiceKey(key).namespace),
  ]);
  return {
    key,
    ...(spec && { spec }),
    ...(state && !state.tombstone && { state }),
    ...(pausedAbove && { pausedAbove }),
  };
}

/** What pauses a namespace as a whole. */
type Pauses = (namespace: string) => Promise<"install" | "namespace" | undefined>;

/** Reads the install, and each namespace, when it is asked for first, and once. */
function readPauses(store: Reads): Pauses {
  const found = new Map<string, ReturnType<Pauses>>();
  let install: Promise<InstallRecord | undefined> | undefined;
  const read = async (namespace: string) => {
    install ??= store.get<InstallRecord>(keys.install());
    const [whole, part] = await Promise.all([install, store.get<NamespaceRecord>(keys.namespace(namespace))]);
    return whole?.paused ? "install" : part?.paused ? "namespace" : undefined;
  };
  return (namespace) => {
    const pause = found.get(namespace) ?? read(namespace);
    found.set(namespace, pause);
    return pause;
  };
}

/** Reads every service that is described and that `isMeant`, ordered by its key. */
export async function readServices(
  store: Reads,
  isMeant: (key: ServiceKey) => boolean,
): Promise<readonly ServiceRecords[]> {
  const rows = await Promise.all(shardsOf("Service").map((shard) => store.list("byKind", shard)));
  const found = rows.flat().filter(({ sort }) => sort === "spec");
  const names = found.map(({ partition }) => partition.slice("service#".length) as ServiceKey);
  const pauses = readPauses(store);
  const services = await eachOf(names.filter(isMeant).toSorted(), (key) => readService(store, key, pauses));
  return services.filter(({ spec }) => spec !== undefined);
}

/** Reads every task of a service that is on record, stopped ones too, oldest first. */
export async function readTasks(store: Reads, key: ServiceKey): Promise<readonly TaskRecord[]> {
  const tasks = await store.query<TaskRecord>(keys.service(key), "task#");
  return tasks.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.taskId < b.taskId ? -1 : 1));
}

/** Reads every revision of a service that is on record, in no order. */
export async function readRevisions(store: Reads, key: ServiceKey): Promise<readonly RevisionRecord[]> {
  return store.query<RevisionRecord>(keys.service(key), "revision#");
}

/** Reads the last lines of the history of a service, a namespace or the install, oldest first. */
export async function readEvents(store: Reads, of: ServiceKey | Scope, most: number): Promise<readonly EventRecord[]> {
  return (await store.query<EventRecord>(keys.events(of))).slice(-most);
}

/**
 * Reads such a history around a moment: a quarter of an hour back at least, and as much ahead, since clocks
 * differ. However long the history is, it reads no more of it.
 */
export async function readEventsNear(
  store: Reads,
  of: ServiceKey | Scope,
  nowMs: number,
): Promise<readonly EventRecord[]> {
  // Sort keys begin with 14 digits of milliseconds: the first eight name a window of 1,000 seconds.
  const windows = [-1, 0, 1].map((offset) => String(Math.floor(nowMs / 1_000_000) + offset).padStart(8, "0"));
  const found = await Promise.all(windows.map((prefix) => store.query<EventRecord>(keys.events(of), prefix)));
  return found.flat();
}

/** Reads the nodes of a cluster, by zone. */
export async function readNodes(store: Reads, cluster: string): Promise<readonly NodeRecord[]> {
  const nodes = await store.query<NodeRecord>(keys.cluster(cluster), "node#");
  return nodes.toSorted((a, b) => (`${a.zone} ${a.nodeId}` < `${b.zone} ${b.nodeId}` ? -1 : 1));
}

/** Works on each, a few at a time, and answers in their order. */
export async function eachOf<From, To>(
  all: readonly From[],
  work: (each: From) => Promise<To>,
): Promise<readonly To[]> {
  const done: To[] = [];
  for (let start = 0; start < all.length; start += lanes)
    done.push(...(await Promise.all(all.slice(start, start + lanes).map(work))));
  return done;
}

/** The key that `<namespace>/<name>` stands for, or a name beside its namespace; undefined: neither, or of two namespaces. */
export function keyFrom(name: string, namespace: string | undefined): ServiceKey | undefined {
  const [first = "", second, ...rest] = name.split("/");
  if (rest.length > 0 || first === "" || second === "") return undefined;
  if (second !== undefined) return (namespace ?? first) === first ? serviceKey(first, second) : undefined;
  return namespace === undefined ? undefined : serviceKey(namespace, first);
}
