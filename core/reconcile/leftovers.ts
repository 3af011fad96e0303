import type { TaskId } from "../model/ids.ts";
import { isLive } from "../model/living.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * Tasks that outlived their service: those of calls that the tombstone stands over. The closed call without them, or of the
 * life that ended, is the stored authorisation to stop them. A task that no call on record started is left alone.
 */
export function leftoversOf({ state, calls, tasks, paused }: Snapshot): readonly TaskId[] {
  if (state?.tombstone !== true || paused) return [];
  const tokens = new Set<string>(calls.map(({ token }) => token));
  return tasks
    .filter((task) => isLive(task) && task.desiredStatus === "RUNNING" && tokens.has(task.token))
    .map(({ taskId }) => taskId);
}

/** Whether a service that is gone still holds quota: a pass that stood still may have raised its entry after the delete. */
export function holdsEntry({ key, state, usage }: Snapshot): boolean {
  return (state === undefined || state.tombstone) && usage?.entries[key] !== undefined;
}
