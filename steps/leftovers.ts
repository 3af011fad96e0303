import type { Ports } from "../core/ports/index.ts";
import type { Snapshot } from "../core/reconcile/snapshot.ts";
import { isLive } from "../core/reconcile/snapshot.ts";
import { stopTasks } from "./stop-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

/**
 * Stops what turns up after a delete: tasks of calls that the tombstone stands over. The closed call without them, or of
 * the life that ended, is the stored authorisation. A task that no call on record started is left alone.
 */
export async function stopLeftovers(ports: Ports, snapshot: Snapshot, stopwatch: Stopwatch): Promise<void> {
  const { key, state, calls, tasks } = snapshot;
  if (state?.tombstone !== true || snapshot.paused) return;
  const tokens = new Set<string>(calls.map(({ token }) => token));
  const leftovers = tasks.filter((task) => isLive(task) && task.desiredStatus === "RUNNING" && tokens.has(task.token));
  if (leftovers.length === 0) return;
  await stopTasks(
    ports,
    { key, cluster: state.cluster, stops: {}, stopwatch },
    leftovers.map(({ taskId }) => taskId),
  );
  ports.log.write({
    level: "warn",
    message: "stopped tasks that outlived their service",
    service: key,
    tasks: leftovers.length,
  });
}
