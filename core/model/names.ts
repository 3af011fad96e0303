import type { ItemKey } from "../ports/store.ts";
import { type ServiceKey, serviceKey, type Token } from "./ids.ts";
import type { Scope } from "./scope.ts";

/** Shards of each index: enough for a thousand writes a second to each of sixteen. */
export const indexShards = 16;

/** `longshore/<install>/<namespace>/<service>`: the group of every task of a service, by which it is known to be ours. */
export function groupOf(installId: string, key: ServiceKey): string {
  return `longshore/${installId}/${key}`;
}

/** The service that a group names, if it is one of this install's. */
export function serviceOfGroup(installId: string, group: string): ServiceKey | undefined {
  const [head, install, namespace, name, ...rest] = group.split("/");
  if (head !== "longshore" || install !== installId || !namespace || !name || rest.length > 0) return undefined;
  return serviceKey(namespace, name);
}

/** `longshore_<install>_<namespace>_<service>`: the family of a service's task definitions. */
export function familyOf(installId: string, key: ServiceKey): string {
  return `longshore_${installId}_${key.replace("/", "_")}`;
}

/** `<token>/<set>`: at most 36 characters. */
export function startedByOf(token: Token, setId: string): string {
  return `${token}/${setId}`;
}

/** Token and set that a task was started by; a `startedBy` of another form has the whole of it as token. */
export function splitStartedBy(startedBy: string): { readonly token: Token; readonly setId: string } {
  const slash = startedBy.indexOf("/");
  if (slash < 0) return { token: startedBy as Token, setId: "" };
  return { token: startedBy.slice(0, slash) as Token, setId: startedBy.slice(slash + 1) };
}

/** A small even hash of a key, for shards only. FNV-1a. */
export function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % indexShards;
}

/** Shard of index "byKind" that a service's spec and state stand in, side by side. */
export function kindShardOf(key: ServiceKey): string {
  return `Service#${shardOf(key)}`;
}

/** Shard of index "byKind" that the namespaces stand in which somebody granted something: there are few. */
export const namespaceShard = "Namespace";

/** Every shard of an index partition. */
export function shardsOf(prefix: string): readonly string[] {
  return Array.from({ length: indexShards }, (_, shard) => `${prefix}#${shard}`);
}

/** Where each record lies. */
export const keys = {
  install: (): ItemKey => ({ partition: "install", sort: "spec" }),
  service: (key: ServiceKey): string => `service#${key}`,
  spec: (key: ServiceKey): ItemKey => ({ partition: `service#${key}`, sort: "spec" }),
  state: (key: ServiceKey): ItemKey => ({ partition: `service#${key}`, sort: "state" }),
  lease: (key: ServiceKey): ItemKey => ({ partition: `service#${key}`, sort: "lease" }),
  revision: (key: ServiceKey, revision: string): ItemKey => ({
    partition: `service#${key}`,
    sort: `revision#${revision}`,
  }),
  /** Ten digits, so that sort keys order as numbers do. */
  call: (key: ServiceKey, seq: number): ItemKey => ({
    partition: `service#${key}`,
    sort: `call#${String(seq).padStart(10, "0")}`,
  }),
  task: (key: ServiceKey, taskId: string): ItemKey => ({ partition: `service#${key}`, sort: `task#${taskId}` }),
  cluster: (cluster: string): string => `cluster#${cluster}`,
  clusterState: (cluster: string): ItemKey => ({ partition: `cluster#${cluster}`, sort: "state" }),
  clusterLease: (cluster: string): ItemKey => ({ partition: `cluster#${cluster}`, sort: "lease" }),
  node: (cluster: string, nodeId: string): ItemKey => ({ partition: `cluster#${cluster}`, sort: `node#${nodeId}` }),
  notice: (cluster: string, key: ServiceKey): ItemKey => ({ partition: `cluster#${cluster}`, sort: `notice#${key}` }),
  namespace: (namespace: string): ItemKey => ({ partition: `namespace#${namespace}`, sort: "spec" }),
  usage: (namespace: string): ItemKey => ({ partition: `namespace#${namespace}`, sort: "usage" }),
  command: (hash: string): ItemKey => ({ partition: `command#${hash}`, sort: "result" }),
  /** No name holds a slash or a star: no namespace's history is a service's, or the install's. */
  events: (of: ServiceKey | Scope): string => {
    if (typeof of === "string") return `events#${of}`;
    return of.kind === "Namespace" ? `events#${of.name}` : "events#*";
  },
} as const;
