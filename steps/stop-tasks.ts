import { type Purpose, roomFor } from "../core/dispatch/budget.ts";
import { isFault } from "../core/model/fault.ts";
import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { stopText } from "../core/model/own-stops.ts";
import type { StateRecord, StopReason } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import { heedThrottle, takeBudget } from "./budget.ts";
import { describeAndMerge } from "./merge-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

const unsafe: readonly StopReason[] = ["unhealthy", "failed to start", "orphan", "returned"];
/** StopTasks that are under way at once. */
const width = 10;

/** Whose tasks are stopped, by what is on record. */
export interface Stopping {
  readonly key: ServiceKey;
  readonly cluster: string;
  /** As they are stored: why, for each task. */
  readonly stops: StateRecord["stops"];
  readonly stopwatch: Stopwatch;
}

/**
 * The due StopTasks that the budget has room for, unsafe tasks first. It is taken before they are counted as tried, a few
 * at a time, and fewer where those are refused: what it has no room for is due in the next window.
 */
export async function takeStops(
  ports: Ports,
  stops: StateRecord["stops"],
  due: readonly TaskId[],
): Promise<readonly TaskId[]> {
  const taken: TaskId[] = [];
  const byPurpose = Map.groupBy(due, (taskId) => purposeOf(stops[taskId]?.why));
  for (const purpose of ["unsafe-stop", "rollout-stop"] as const) {
    const wanted = byPurpose.get(purpose) ?? [];
    let most = Math.min(width, Math.ceil(roomFor("ecs-modify", purpose, ports.settings) / 4));
    for (let start = 0; start < wanted.length; ) {
      const few = wanted.slice(start, start + most);
      if (await takeBudget(ports, "ecs-modify", purpose, few.length)) {
        taken.push(...few);
        start += few.length;
      } else if (few.length === 1) return taken;
      else most = Math.ceil(few.length / 2);
    }
  }
  return taken;
}

function purposeOf(why: StopReason | undefined): Purpose {
  return why !== undefined && unsafe.includes(why) ? "unsafe-stop" : "rollout-stop";
}

/**
 * Sends StopTasks that are stored as due and that the budget had room for. One that is refused may have been carried out before (the first StopTask
 * deletes the tags that our permission rests on), or its task may be gone: a look settles it.
 */
export async function stopTasks(ports: Ports, stopping: Stopping, taskIds: readonly TaskId[]): Promise<void> {
  for (let start = 0; start < taskIds.length && stopping.stopwatch.isFresh(); start += width) {
    const few = taskIds.slice(start, start + width);
    await Promise.all(few.map((taskId) => stopTask(ports, stopping, taskId, stopping.stops[taskId]?.why ?? "deleted")));
  }
}

async function stopTask(ports: Ports, { key, cluster }: Stopping, taskId: TaskId, why: StopReason): Promise<void> {
  try {
    await ports.tasks.stop(cluster, taskId, stopText(why));
  } catch (error) {
    await heedThrottle(ports, "ecs-modify", error);
    if (isFault(error, "transient")) return;
    if (!isFault(error)) throw error;
    await describeAndMerge(ports, key, cluster, [taskId]);
  }
}
