import type { Resources } from "../model/records.ts";
import type { Spread } from "../model/service.ts";
import { domainOf, meetsConstraints } from "./attributes.ts";
import type { Candidate, Request } from "./place.ts";
import { scoresOf } from "./scores.ts";
import { addTo, spreadsOf, type Tally, tallyOf } from "./spread.ts";

/** A node while places are handed out: what is left of it. Shared by all requests. */
export interface Standing {
  readonly candidate: Candidate;
  free: Resources;
  taskCount: number;
}

/** A node before anything is placed on it. */
export function standingOf(candidate: Candidate): Standing {
  return { candidate, free: candidate.free, taskCount: candidate.taskCount };
}

/** A node as one request sees it. */
export interface Option {
  readonly node: Standing;
  /** Its domain for each spread of the request, in their order; undefined: it has none. */
  readonly domains: readonly (string | undefined)[];
  /** Equal for nodes that agree in every domain but `node`. */
  readonly pool: string;
  /** Whether its domains and its tasks count for spreads. */
  readonly eligible: boolean;
  /** Tasks of the set on it. */
  placed: number;
  /** Its own scores, in the order of their table. */
  scores: readonly number[];
}

/** One request on its way: how its tasks are spread so far, and every node as it sees it. */
export interface Ask {
  readonly request: Request;
  readonly tallies: readonly Tally[];
  readonly options: readonly Option[];
}

/** Looks at every node once for a request. */
export function askFor(request: Request, nodes: readonly Standing[]): Ask {
  const spreads = spreadsOf(request.placement);
  const options = nodes.map((node) => optionOf(request, spreads, node));
  const eligible = options.filter((option) => option.eligible);
  const tallies = spreads.map((spread, index) =>
    tallyOf(
      spread,
      eligible.map((option) => ({ domain: option.domains[index], tasks: option.placed })),
    ),
  );
  return { request, tallies, options };
}

/** Puts one task of the request on a node. */
export function takeOption(ask: Ask, option: Option): void {
  const { need } = ask.request;
  const { node } = option;
  node.free = { cpuUnits: node.free.cpuUnits - need.cpuUnits, memoryMib: node.free.memoryMib - need.memoryMib };
  node.taskCount += 1;
  option.placed += 1;
  option.scores = scoresOf(need, option);
  for (const [index, tally] of ask.tallies.entries()) addTo(tally, option.domains[index]);
}

function optionOf(request: Request, spreads: readonly Spread[], node: Standing): Option {
  const { candidate } = node;
  const domains = spreads.map((spread) => domainOf(candidate, spread.by));
  const placed = request.placed.get(candidate.nodeId) ?? 0;
  return {
    node,
    domains,
    pool: JSON.stringify(domains.filter((_, index) => spreads[index]?.by !== "node")),
    eligible:
      meetsConstraints(candidate, request.placement.constraints) &&
      spreads.every((spread, index) => spread.whenUnsatisfiable === "prefer" || domains[index] !== undefined),
    placed,
    scores: scoresOf(request.need, { node, placed }),
  };
}
