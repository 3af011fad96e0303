import { invariant } from "../model/fault.ts";
import type { NodeId } from "../model/ids.ts";
import { lastingRefusal, refusal } from "./filters.ts";
import { type Heap, heapOf, pop, sinkTop, top } from "./heap.ts";
import type { Ask, Option, Placed, Request, Standing } from "./nouns.ts";
import { askFor, takeOption } from "./options.ts";
import { compareOptions } from "./scores.ts";

/**
 * Places one request, and takes from the nodes what it got.
 *
 * Nodes that agree in every domain the request spreads over form a pool, ordered by a heap, so a task costs a look at the
 * top of each pool and one sift, not a scan of all nodes.
 */
export function placeRequest(request: Request, nodes: readonly Standing[]): Placed {
  invariant(request.count >= 0, `count must be 0 or more, got ${request.count}`);
  const ask = askFor(request, nodes);
  const pools = poolsOf(ask);
  const chosen: NodeId[] = [];
  while (chosen.length < request.count) {
    const pool = bestPool(ask, pools);
    const option = pool && top(pool);
    if (!option) return { nodes: chosen, unplaced: request.count - chosen.length, rejections: rejectionsOf(ask) };
    takeOption(ask, option);
    if (lastingRefusal(ask, option) === undefined) sinkTop(pool);
    else pop(pool);
    chosen.push(option.node.candidate.nodeId);
  }
  return { nodes: chosen, unplaced: 0, rejections: new Map() };
}

/** The nodes that may still take a task, by the domains that they share. */
function poolsOf(ask: Ask): readonly Heap<Option>[] {
  const usable = ask.options.filter((option) => lastingRefusal(ask, option) === undefined);
  const pools = Map.groupBy(usable, (option) => option.pool);
  return [...pools.values()].map((options) => heapOf(options, (a, b) => compareOptions(ask, a, b)));
}

/**
 * The pool whose top is the best node now. A top that a passing filter refuses speaks for its whole pool: the others
 * share its domains and have no fewer tasks of the set.
 */
function bestPool(ask: Ask, pools: readonly Heap<Option>[]): Heap<Option> | undefined {
  let best: { readonly pool: Heap<Option>; readonly option: Option } | undefined;
  for (const pool of pools) {
    const option = top(pool);
    if (!option || refusal(ask, option) !== undefined) continue;
    if (!best || compareOptions(ask, option, best.option) < 0) best = { pool, option };
  }
  return best?.pool;
}

function rejectionsOf(ask: Ask): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const option of ask.options) {
    const reason = refusal(ask, option);
    invariant(reason !== undefined, `${option.node.candidate.nodeId} fits and was not chosen`);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
}
