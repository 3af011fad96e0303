import type { Candidate, Placed, Request } from "./nouns.ts";
import { standingOf } from "./options.ts";
import { placeRequest } from "./pools.ts";

export { explain } from "./explain.ts";
export type { Candidate, Placed, Request } from "./nouns.ts";
export { placeOnZones } from "./zones.ts";

/**
 * Chooses a node for every task, or says why there is none.
 *
 * Requests are placed in the order given, each seeing what the ones before took; the tasks of one request are placed one
 * after another, each on the best node that no filter refuses. A task without a node ends its request, since the rest
 * are equal to it, but not those after it. Equal input gives equal output, and the order of the candidates changes
 * nothing.
 *
 * @param requests   One for each set; two for the same set would not see each other's tasks.
 * @param candidates Every node of the cluster, also those that take no tasks: they are part of the explanation.
 */
export function place(requests: readonly Request[], candidates: readonly Candidate[]): readonly Placed[] {
  const nodes = candidates.map(standingOf);
  return requests.map((request) => placeRequest(request, nodes));
}
