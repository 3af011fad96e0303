import type { NodeId, ServiceKey } from "../model/ids.ts";
import type { Resources } from "../model/records.ts";
import type { Placement } from "../model/service.ts";
import { standingOf } from "./options.ts";
import { placeRequest } from "./pools.ts";

export { explain } from "./explain.ts";
export { placeOnZones } from "./zones.ts";

/** A node as placement sees it. */
export interface Candidate {
  readonly nodeId: NodeId;
  /** Empty when it is not known: the node is then in no zone. */
  readonly zone: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly schedulable: boolean;
  /** Why not, when it is not: `draining`, `agent disconnected`, `lost`, `cordoned`. */
  readonly unschedulable?: string;
  /** What the node has for tasks in all: free shares are parts of it. */
  readonly registered: Resources;
  /** What is free, at most what is registered, members of open calls already taken off. */
  readonly free: Resources;
  /** Tasks of any service on it, members of open calls included; decides ties. */
  readonly taskCount: number;
}

/** `count` equal tasks of one set that want a place. */
export interface Request {
  readonly key: ServiceKey;
  readonly count: number;
  readonly need: Resources;
  readonly placement: Placement;
  /** Where live tasks of the same set and members of its open calls already are. */
  readonly placed: ReadonlyMap<NodeId, number>;
  /** Nodes that refused this set lately. */
  readonly excluded: ReadonlySet<NodeId>;
}

/** What became of one request. */
export interface Placed {
  /** One per task, in order of decision. */
  readonly nodes: readonly NodeId[];
  readonly unplaced: number;
  /**
   * What refused the first task that found no node, as `explain` reads it → how many nodes; each node is counted once,
   * at its first refusal. Empty when every task has a node.
   */
  readonly rejections: ReadonlyMap<string, number>;
}

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
