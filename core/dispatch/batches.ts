import type { NodeId } from "../model/ids.ts";

/** RunTask starts at most this many tasks a call. */
const callSize = 10;

/** A task that has a place: a node, or on Fargate a zone. */
export interface PlacedSlot {
  readonly slot: number;
  readonly nodeId?: NodeId;
  readonly zone?: string;
}

/** Tasks of one set that travel in one call. */
export interface Batch {
  readonly nodeId?: NodeId;
  readonly zone?: string;
  /** Rising, 1 to 10. */
  readonly slots: readonly number[];
}

/** How much may start now. */
export interface BatchLimits {
  /** Tasks, such as the launch ramp lets; more wait for the next pass. */
  readonly most: number;
  /** Tasks that a call may have, 1 to 10: fewer than 10 where a budget has no room for so many at once. */
  readonly perCall?: number;
  /** Of more than may start, those that were decided first start, so that what runs keeps to a spread that refuses. */
  readonly inOrder?: boolean;
}

/**
 * Which calls start the tasks of one set: those that go to one node, or to one zone, share a call. Of more than may start,
 * one place after the other gets all of its tasks, as long as there are any left, so that few calls start them; what runs
 * is spread evenly again as soon as the rest has started.
 *
 * @param placed In the order of decision.
 * @returns Calls in the order in which their places were decided first.
 */
export function batchCalls(placed: readonly PlacedSlot[], limits: BatchLimits): readonly Batch[] {
  const most = Math.max(0, limits.most);
  const perCall = Math.max(1, Math.min(callSize, limits.perCall ?? callSize));
  const now = limits.inOrder ? placed.slice(0, most) : togetherByPlace(placed).flat().slice(0, most);
  return togetherByPlace(now).flatMap((together) => {
    const slots = together.map(({ slot }) => slot).sort((a, b) => a - b);
    return chunksOf(slots, perCall).map((chunk) => ({ ...placeOf(together), slots: chunk }));
  });
}

function togetherByPlace(placed: readonly PlacedSlot[]): readonly (readonly PlacedSlot[])[] {
  return [...Map.groupBy(placed, ({ nodeId, zone }) => JSON.stringify([nodeId, zone])).values()];
}

function placeOf([first]: readonly PlacedSlot[]): Omit<Batch, "slots"> {
  return {
    ...(first?.nodeId !== undefined && { nodeId: first.nodeId }),
    ...(first?.zone !== undefined && { zone: first.zone }),
  };
}

function chunksOf(slots: readonly number[], size: number): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(slots.length / size) }, (_, index) =>
    slots.slice(index * size, (index + 1) * size),
  );
}
