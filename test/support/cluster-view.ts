import type { ClusterView } from "../../core/dispatch/candidates.ts";
import type { NodeId } from "../../core/model/ids.ts";
import type { ClusterRecord, NodeRecord, Resources } from "../../core/model/records.ts";
import type { NodeSighting } from "../../core/model/sightings.ts";
import { nowMs } from "./service.ts";

/** The record of a node of 1024 CPU units and 2048 MiB that works; its EC2 instance is `i-<id>`. */
export function aNodeRecord(id: string, given: Partial<NodeRecord> = {}): NodeRecord {
  return {
    partition: "cluster#main",
    sort: `node#${id}`,
    schema: 1,
    version: 1,
    uid: id,
    nodeId: id as NodeId,
    ecsVersion: 1,
    ec2InstanceId: `i-${id}`,
    status: "ACTIVE",
    agentConnected: true,
    zone: "a",
    attributes: {},
    registered: { cpuUnits: 1024, memoryMib: 2048 },
    ...given,
  };
}

/** What a describe shows of a node on record, all of it free unless told. */
export function aNodeSighting(node: NodeRecord, given: Partial<NodeSighting> = {}): NodeSighting {
  const { nodeId, ecsVersion, ec2InstanceId, status, agentConnected, zone, attributes, registered } = node;
  const seen = { nodeId, ecsVersion, ec2InstanceId, status, agentConnected, zone, attributes, registered };
  return { ...seen, cluster: "main", remaining: registered, readAtMs: nowMs, ...given };
}

const marks: Readonly<Record<string, Partial<NodeRecord>>> = {
  "!": { agentConnected: false, disconnectedAtMs: nowMs - 60_000 },
  "~": { status: "DRAINING" },
  "-": { status: "INACTIVE", agentConnected: false, inactiveAtMs: nowMs - 60_000 },
};

/**
 * Nodes drawn as `"n1@a n2@b! n3~"`: its zone (`a` unless told); `!` its agent is away for a minute, `~` it is draining,
 * `-` it is gone.
 */
export function drawNodes(text: string): readonly NodeRecord[] {
  return (text === "" ? [] : text.split(" ")).map((drawing) => {
    const [, id = "", zone = "a", mark = ""] = /^(\w+)(?:@(\w*))?([!~-])?$/.exec(drawing) ?? [];
    return aNodeRecord(id, { zone, ...marks[mark] });
  });
}

/** What dispatch decided about nodes before. */
export function aClusterRecord(given: Partial<ClusterRecord> = {}): ClusterRecord {
  return {
    partition: "cluster#main",
    sort: "state",
    schema: 1,
    version: 1,
    uid: "main",
    lost: {},
    lastLossAtMs: 0,
    ...given,
  };
}

/** What a test says about a cluster: its nodes as `drawNodes` reads them, of which each that takes tasks was described. */
export interface Clustered {
  readonly nodes?: string;
  /** What remains of a node; those that are not named are free. */
  readonly remaining?: Readonly<Record<string, Resources>>;
  /** What a describe shows of a node that its record does not; `none`: it does not show it. */
  readonly seen?: Readonly<Record<string, Partial<NodeSighting> | "none">>;
  /** Nodes that were given up. */
  readonly lost?: readonly string[];
}

/** A cluster as placement sees it. */
export function aCluster({ nodes = "n1", remaining = {}, seen = {}, lost = [] }: Clustered = {}): ClusterView {
  const records = drawNodes(nodes);
  const sightings = records
    .filter(({ status, agentConnected, nodeId }) => status === "ACTIVE" && agentConnected && !lost.includes(nodeId))
    .flatMap((node) => {
      const given = seen[node.nodeId];
      if (given === "none") return [];
      return [aNodeSighting(node, { remaining: remaining[node.nodeId] ?? node.registered, ...given })];
    });
  return {
    nodes: records,
    sightings: new Map(sightings.map((sighting) => [sighting.nodeId, sighting])),
    state: aClusterRecord({ lost: Object.fromEntries(lost.map((id) => [id, nowMs])) }),
  };
}
