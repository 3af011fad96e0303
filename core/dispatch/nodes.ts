import type { NodeId } from "../model/ids.ts";
import type { ClusterRecord, NodeRecord } from "../model/records.ts";

/** An agent may be away this long: agents lose their connection several times an hour and come back. */
const disconnectGraceMs = 5 * 60_000;
/** One node in ten seconds; one in a hundred where most of a large zone is away. */
const normalSpacingMs = 10_000;
const slowSpacingMs = 100_000;
const sickZonePercent = 55;
const largeZone = 50;

/** What a pass of dispatch finds of the nodes: only what changed. */
export interface NodeVerdicts {
  /** Given up now: their tasks are to be replaced. */
  readonly lost: readonly { readonly nodeId: NodeId; readonly why: "node lost" | "node gone" }[];
  /** Given up before, and back. */
  readonly returned: readonly NodeId[];
}

/**
 * Decides which nodes are given up and which are back. An instance that is gone counts at once. A disconnected agent has
 * five minutes, and then goes at a bounded rate: more slowly, or not at all, where most of a zone is away but not the
 * whole of it, and not at all when every node is (then it is us who cannot see).
 */
export function judgeNodes(
  nodes: readonly NodeRecord[],
  cluster: ClusterRecord | undefined,
  nowMs: number,
): NodeVerdicts {
  const given = cluster?.lost ?? {};
  const gone = nodes.filter((node) => node.status === "INACTIVE" && given[node.nodeId] === undefined);
  const present = nodes.filter(({ status }) => status !== "INACTIVE");
  const returned = present.filter((node) => node.agentConnected && given[node.nodeId] !== undefined);
  const allAway = present.every(({ agentConnected }) => !agentConnected);
  const overdue = allAway
    ? []
    : present.filter((node) => given[node.nodeId] === undefined && isOverdue(node, nowMs)).toSorted(longestFirst);
  const next = overdue.find((node) => nowMs - (cluster?.lastLossAtMs ?? 0) >= spacingOf(node.zone, present));
  return {
    lost: [
      ...gone.map(({ nodeId }) => ({ nodeId, why: "node gone" as const })),
      ...(next ? [{ nodeId: next.nodeId, why: "node lost" as const }] : []),
    ],
    returned: returned.map(({ nodeId }) => nodeId),
  };
}

/** Whether a node is out of reach and not given up yet, or given up and in reach again: whoever dispatches has to look. */
export function awaitsVerdict(
  { nodeId, status, agentConnected }: NodeRecord,
  cluster: ClusterRecord | undefined,
): boolean {
  const isGivenUp = cluster?.lost[nodeId] !== undefined;
  return isGivenUp ? agentConnected : !agentConnected || status === "INACTIVE";
}

/** Whether a node takes new tasks, and if not, why not. */
export function whyUnschedulable(node: NodeRecord, cluster: ClusterRecord | undefined): string | undefined {
  if (node.status !== "ACTIVE") return node.status.toLowerCase().replaceAll("_", " ");
  if (!node.agentConnected) return "agent disconnected";
  return cluster?.lost[node.nodeId] === undefined ? undefined : "lost";
}

function isOverdue({ agentConnected, disconnectedAtMs }: NodeRecord, nowMs: number): boolean {
  return !agentConnected && disconnectedAtMs !== undefined && nowMs - disconnectedAtMs >= disconnectGraceMs;
}

function spacingOf(zone: string, nodes: readonly NodeRecord[]): number {
  const inZone = nodes.filter((node) => node.zone === zone);
  const away = inZone.filter(({ agentConnected }) => !agentConnected).length;
  const isSick = away * 100 > inZone.length * sickZonePercent && away < inZone.length;
  if (!isSick) return normalSpacingMs;
  return inZone.length > largeZone ? slowSpacingMs : Number.POSITIVE_INFINITY;
}

function longestFirst(a: NodeRecord, b: NodeRecord): number {
  return (a.disconnectedAtMs ?? 0) - (b.disconnectedAtMs ?? 0) || (a.nodeId < b.nodeId ? -1 : 1);
}
