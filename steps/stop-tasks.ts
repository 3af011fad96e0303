import type { Purpose } from "../core/dispatch/budget.ts";
import { isFault } from "../core/model/fault.ts";
import type { ServiceKey, TaskId } from "../core/model/ids.ts";
import { stopText } from "../core/model/own-stops.ts";
import type { StateRecord, StopReason } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { TrafficChange } from "../core/reconcile/traffic.ts";
import { heedThrottle, takeBudget } from "./budget.ts";
import { describeAndMerge } from "./merge-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

const unsafe: readonly StopReason[] = ["unhealthy", "failed to start", "orphan", "returned"];

/**
 * Registers and deregisters targets, leaving first. What the budget refuses, or what is no longer fresh, the next look
 * asks again.
 */
export async function moveTraffic(
  ports: Ports,
  changes: readonly TrafficChange[],
  stopwatch: Stopwatch,
): Promise<void> {
  const mayCall = async () => (await takeRegistration(ports)) && stopwatch.isFresh();
  for (const { targetGroup, register, deregister } of changes) {
    if (deregister.length > 0 && (await mayCall()))
      await heeding(ports, "elb", () => ports.targets.deregister(targetGroup, deregister));
    if (register.length > 0 && (await mayCall()))
      await heeding(ports, "elb", () => ports.targets.register(targetGroup, register));
  }
}

/** Whose tasks are stopped, by what is on record. */
export interface Stopping {
  readonly key: ServiceKey;
  readonly cluster: string;
  /** As they are stored: why, for each task. */
  readonly stops: StateRecord["stops"];
  readonly stopwatch: Stopwatch;
}

/**
 * Sends the StopTasks that are stored as due. One that is refused may have been carried out before (the first StopTask
 * deletes the tags that our permission rests on), or its task may be gone: a look settles it.
 */
export async function stopTasks(ports: Ports, stopping: Stopping, taskIds: readonly TaskId[]): Promise<void> {
  for (const taskId of taskIds) {
    const why = stopping.stops[taskId]?.why ?? "deleted";
    const purpose: Purpose = unsafe.includes(why) ? "unsafe-stop" : "rollout";
    if (!(await takeBudget(ports, "ecs-modify", purpose, 1)) || !stopping.stopwatch.isFresh()) return;
    await stopTask(ports, stopping, taskId, why);
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
