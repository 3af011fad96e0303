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

/**
 * Which calls start the tasks of one set: those that go to one node, or to one zone, share a call.
 *
 * @param placed In the order of decision: of more than may start, the first are started, so that what runs is spread as
 *   well as it can be for so few.
 * @param limits.most    Tasks that may start now, such as the launch ramp lets; more wait for the next pass.
 * @param limits.perCall Tasks a call may have, 1 to 10: fewer than 10 where a budget has no room for so many at once.
 * @returns Calls in the order in which their places were decided first.
 */
export function batchCalls(
  placed: readonly PlacedSlot[],
  limits: { readonly most: number; readonly perCall?: number },
): readonly Batch[] {
  const now = placed.slice(0, Math.max(0, limits.most));
  const perCall = Math.max(1, Math.min(callSize, limits.perCall ?? callSize));
  const places = Map.groupBy(now, ({ nodeId, zone }) => JSON.stringify([nodeId, zone]));
  return [...places.values()].flatMap((together) => {
    const slots = together.map(({ slot }) => slot).sort((a, b) => a - b);
    return chunksOf(slots, perCall).map((chunk) => ({ ...placeOf(together), slots: chunk }));
  });
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
