import type { Resources } from "../model/records.ts";
import type { Ask, Option } from "./nouns.ts";

/** What a node's own scores may look at. */
type Scored = Pick<Option, "node" | "placed">;

/** How well a node suits the next task of a request: 0 to 1, more is better. */
interface Score {
  readonly name: string;
  readonly of: (need: Resources, option: Scored) => number;
}

/**
 * Most important first; a later score only decides between nodes that are equal in all before it. An order, not a
 * weighted mean: users can tell which node is next by reading down, and no sum of small things outweighs a large one.
 * Before them come the request's spreads. The first row stays first: pools of nodes rest on it.
 */
const scores: readonly Score[] = [
  { name: "fewest tasks of the set", of: (_, { placed }) => fewest(placed) },
  { name: "largest free share", of: (need, { node }) => freeShare(need, node.free, node.candidate.registered) },
  { name: "fewest tasks", of: (_, { node }) => fewest(node.taskCount) },
];

/** A node's own scores, in the order of the table. */
export function scoresOf(need: Resources, option: Scored): readonly number[] {
  return scores.map((score) => score.of(need, option));
}

/**
 * Negative: `a` is the better place for the next task. First the request's spreads in the order given: the domain with
 * fewest tasks of the set wins, whether the spread refuses or prefers and whatever its `maxSkew`; a node without a domain
 * comes last. Then the nodes' own scores, then the lower id, so that no two nodes are equal.
 */
export function compareOptions(ask: Ask, a: Option, b: Option): number {
  for (const [index, { counts }] of ask.tallies.entries()) {
    const difference = domainScore(counts, b.domains[index]) - domainScore(counts, a.domains[index]);
    if (difference !== 0) return difference;
  }
  for (const [index, score] of a.scores.entries()) {
    const difference = (b.scores[index] ?? 0) - score;
    if (difference !== 0) return difference;
  }
  return a.node.candidate.nodeId < b.node.candidate.nodeId ? -1 : 1;
}

function domainScore(counts: ReadonlyMap<string, number>, domain: string | undefined): number {
  return domain === undefined ? 0 : fewest(counts.get(domain) ?? 0);
}

function fewest(count: number): number {
  return 1 / (1 + count);
}

/**
 * Part of the node that stays free with the task on it, as the mean over the resources that the task asks for; none: 0. It is asked
 * of nodes where the task fits alone, so it is 0 to 1.
 * Least allocated first: machines are paid for anyway, and an even load leaves each service room to grow in place.
 */
function freeShare(need: Resources, free: Resources, registered: Resources): number {
  const shares = (["cpuUnits", "memoryMib"] as const)
    .filter((resource) => need[resource] > 0)
    .map((resource) => (free[resource] - need[resource]) / registered[resource]);
  return shares.length === 0 ? 0 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}
