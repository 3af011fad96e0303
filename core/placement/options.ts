import type { Spread } from "../model/service.ts";
import { domainOf, meetsConstraints } from "./attributes.ts";
import type { Ask, Candidate, Option, Request, Standing } from "./nouns.ts";
import { scoresOf } from "./scores.ts";
import { addTo, spreadsOf, tallyOf } from "./spread.ts";

/** A node before anything is placed on it. */
export function standingOf(candidate: Candidate): Standing {
  return { candidate, free: candidate.free, taskCount: candidate.taskCount };
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
