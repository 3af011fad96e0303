import type { NodeId, ServiceKey } from "../model/ids.ts";
import type { Placement } from "../model/service.ts";
import type { Candidate } from "./nouns.ts";
import { standingOf } from "./options.ts";
import { placeRequest } from "./pools.ts";

/** `count` equal tasks of one set that want a zone on Fargate. */
export interface ZoneRequest {
  /** Services whose zones are equally good do not all begin with the same one. */
  readonly key: ServiceKey;
  readonly count: number;
  readonly placement: Placement;
  /** Zone → live tasks of the same set and members of its open calls. */
  readonly placed: ReadonlyMap<string, number>;
}

/** What became of it: one zone per task, in order of decision; `rejections` as for nodes. */
export interface PlacedOnZones {
  readonly zones: readonly string[];
  readonly unplaced: number;
  readonly rejections: ReadonlyMap<string, number>;
}

/**
 * Chooses a zone for every Fargate task by the rules for nodes: a zone is a node without end, that has no attribute but
 * `zone`. Each Fargate task has a machine of its own, so a spread by `node` asks for no more than one by zone.
 *
 * @param zones Those that the service has subnets in, without repetition, in any order.
 */
export function placeOnZones(request: ZoneRequest, zones: readonly string[]): PlacedOnZones {
  const { key, count, placement } = request;
  const nothing = { cpuUnits: 0, memoryMib: 0 };
  const candidates = zones.map(
    (zone): Candidate => ({
      nodeId: zone as NodeId,
      zone,
      attributes: {},
      schedulable: true,
      registered: nothing,
      free: nothing,
      taskCount: drawFrom(`${zone} ${key}`),
    }),
  );
  const { nodes, unplaced, rejections } = placeRequest(
    {
      key,
      count,
      need: nothing,
      placement,
      placed: request.placed as ReadonlyMap<NodeId, number>,
      excluded: new Map(),
    },
    candidates.map(standingOf),
  );
  return { zones: nodes, unplaced, rejections };
}

/**
 * A whole number from 0 to 2³² - 1 that looks random and is always the same for a text.
 * @see FNV-1a, then the last steps of MurmurHash3, without which texts that differ in one character stay close
 */
function drawFrom(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
