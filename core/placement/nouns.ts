import type { NodeId, ServiceKey } from "../model/ids.ts";
import type { Resources } from "../model/records.ts";
import type { Placement } from "../model/service.ts";
import type { Tally } from "./spread.ts";

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
  /** Nodes that refused this set lately, with ECS's word for why. */
  readonly excluded: ReadonlyMap<NodeId, string>;
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

/** A node while places are handed out: what is left of it. Shared by all requests. */
export interface Standing {
  readonly candidate: Candidate;
  free: Resources;
  taskCount: number;
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
