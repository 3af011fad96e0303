import type { Resources } from "../model/records.ts";
import { meets } from "./attributes.ts";
import type { Ask, Option } from "./nouns.ts";
import { skewOf, type Tally } from "./spread.ts";

/** One reason why a node may not take the next task of a request. */
interface Filter {
  readonly name: string;
  /** Whether what it refuses once stays refused until the request is placed: tasks only ever take room away. */
  readonly lasting: boolean;
  /**
   * Undefined: it may take it. Else what refused it, said of several nodes so that `4 …` is a clause; `explain` puts its
   * first word into the singular where it must.
   */
  readonly refusal: (ask: Ask, option: Option) => string | undefined;
}

/**
 * Cheapest first: the first filter to refuse a node is the one counted in the explanation.
 *
 * The spread is Kubernetes' hard topology spread. Which domains count does not depend on whether a node takes tasks now:
 * nodes that meet the constraints and have a domain for every spread that refuses are eligible, draining, lost or full
 * ones too, so a zone that is out of order still holds the others down, until its nodes are gone from the cluster.
 */
const filters: readonly Filter[] = [
  {
    name: "schedulable",
    lasting: true,
    refusal: (_, { node }) => (node.candidate.schedulable ? undefined : whyNot(node.candidate.unschedulable)),
  },
  {
    name: "not excluded",
    lasting: true,
    refusal: ({ request }, { node }) => {
      const reason = request.excluded.get(node.candidate.nodeId);
      return reason && `refused this service lately: ${reason}`;
    },
  },
  {
    name: "constraints",
    lasting: true,
    refusal: ({ request }, { node }) => {
      const unmet = request.placement.constraints.find((constraint) => !meets(node.candidate, constraint));
      return unmet && `do not match the constraint on ${unmet.attribute}`;
    },
  },
  {
    name: "size",
    lasting: true,
    refusal: ({ request }, { node }) => tooSmall(request.need, node.candidate.registered),
  },
  {
    name: "cpu",
    lasting: true,
    refusal: ({ request: { need } }, { node: { free } }) =>
      need.cpuUnits <= free.cpuUnits ? undefined : `have not enough free CPU: ${need.cpuUnits} units wanted`,
  },
  {
    name: "memory",
    lasting: true,
    refusal: ({ request: { need } }, { node: { free } }) =>
      need.memoryMib <= free.memoryMib ? undefined : `have not enough free memory: ${need.memoryMib} MiB wanted`,
  },
  { name: "spread", lasting: false, refusal: spreadRefusal },
];

const lastingFilters = filters.filter((filter) => filter.lasting);

/** What refuses the next task of a request on a node now; undefined: it fits. */
export function refusal(ask: Ask, option: Option): string | undefined {
  return firstRefusal(filters, ask, option);
}

/** What refuses every further task of a request on a node; undefined: nothing yet. */
export function lastingRefusal(ask: Ask, option: Option): string | undefined {
  return firstRefusal(lastingFilters, ask, option);
}

function firstRefusal(rows: readonly Filter[], ask: Ask, option: Option): string | undefined {
  for (const row of rows) {
    const reason = row.refusal(ask, option);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function whyNot(reason: string | undefined): string {
  if (reason === undefined) return "are not schedulable";
  return reason === "agent disconnected" ? "have a disconnected agent" : `are ${reason}`;
}

/** Waiting for room on such a node is in vain, whatever leaves it: said before what is free is asked. */
function tooSmall(need: Resources, registered: Resources): string | undefined {
  if (need.cpuUnits > registered.cpuUnits) return `are too small: ${need.cpuUnits} CPU units wanted`;
  return need.memoryMib > registered.memoryMib ? `are too small: ${need.memoryMib} MiB wanted` : undefined;
}

function spreadRefusal(ask: Ask, option: Option): string | undefined {
  for (const [index, tally] of ask.tallies.entries()) {
    const reason = skewRefusal(tally, option.domains[index]);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function skewRefusal(tally: Tally, domain: string | undefined): string | undefined {
  const { by, maxSkew, whenUnsatisfiable } = tally.spread;
  if (whenUnsatisfiable === "prefer") return undefined;
  if (domain === undefined) return `have no ${by} to spread by`;
  return skewOf(tally, domain) > maxSkew ? `would exceed a skew of ${maxSkew} by ${by}` : undefined;
}
