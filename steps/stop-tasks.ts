import type { Purpose } from "../core/dispatch/budget.ts";
import { isFault } from "../core/model/fault.ts";
import type { TaskId } from "../core/model/ids.ts";
import type { StopReason } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Snapshot } from "../core/reconcile/snapshot.ts";
import type { TrafficChange } from "../core/reconcile/traffic.ts";
import { heedThrottle, takeBudget } from "./budget.ts";
import { describeAndMerge } from "./merge-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

const unsafe: readonly (StopReason | undefined)[] = ["unhealthy", "failed to start", "orphan", "returned"];

/** Registers and deregisters targets, leaving first. What the budget refuses, the next look asks again. */
export async function moveTraffic(ports: Ports, changes: readonly TrafficChange[]): Promise<void> {
  for (const { targetGroup, register, deregister } of changes) {
    if (deregister.length > 0 && (await takeRegistration(ports)))
      await heeding(ports, "elb", () => ports.targets.deregister(targetGroup, deregister));
    if (register.length > 0 && (await takeRegistration(ports)))
      await heeding(ports, "elb", () => ports.targets.register(targetGroup, register));
  }
}

/**
 * Sends the StopTasks that are stored as due. One that is refused may have been carried out before (the first StopTask
 * deletes the tags that our permission rests on), or its task may be gone: a look settles it.
 */
export async function stopTasks(
  ports: Ports,
  snapshot: Snapshot,
  taskIds: readonly TaskId[],
  stopwatch: Stopwatch,
): Promise<void> {
  const cluster = snapshot.state?.cluster ?? snapshot.settings.cluster;
  for (const taskId of taskIds) {
    const why = snapshot.state?.stops[taskId]?.why;
    const purpose: Purpose = unsafe.includes(why) ? "unsafe-stop" : "rollout";
    if (!(await takeBudget(ports, "ecs-modify", purpose, 1)) || !stopwatch.isFresh()) return;
    await stopTask(ports, snapshot, cluster, taskId, why ?? "surplus");
  }
}

async function stopTask(
  ports: Ports,
  { key }: Snapshot,
  cluster: string,
  taskId: TaskId,
  why: StopReason,
): Promise<void> {
  try {
    await ports.tasks.stop(cluster, taskId, `longshore: ${why}`);
  } catch (error) {
    await heedThrottle(ports, "ecs-modify", error);
    if (isFault(error, "transient")) return;
    if (!isFault(error)) throw error;
    await describeAndMerge(ports, key, cluster, [taskId]);
  }
}

async function takeRegistration(ports: Ports): Promise<boolean> {
  return (await takeBudget(ports, "elb", "replace", 1)) && (await takeBudget(ports, "elb-registrations", "replace", 1));
}

/** A call that may be repeated: what fails for a time is asked again at the next look. */
async function heeding(ports: Ports, bucket: "elb", call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    await heedThrottle(ports, bucket, error);
    if (!isFault(error)) throw error;
  }
}
