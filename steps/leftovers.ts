import type { Ports } from "../core/ports/index.ts";
import { holdsEntry, leftoversOf } from "../core/reconcile/leftovers.ts";
import type { Snapshot } from "../core/reconcile/snapshot.ts";
import { writeEntry } from "./quota.ts";
import { stopTasks, takeStops } from "./stop-tasks.ts";
import type { Stopwatch } from "./stopwatch.ts";

/** Stops what outlived its service, and gives back the quota that it still holds. */
export async function clearUp(ports: Ports, snapshot: Snapshot, stopwatch: Stopwatch): Promise<void> {
  const { key, state } = snapshot;
  const leftovers = leftoversOf(snapshot);
  if (leftovers.length > 0 && state) {
    await stopTasks(
      ports,
      { key, cluster: state.cluster, stops: {}, stopwatch },
      await takeStops(ports, {}, leftovers),
    );
    const message = "stopped tasks that outlived their service";
    ports.log.write({ level: "warn", message, service: key, tasks: leftovers.length });
  }
  if (holdsEntry(snapshot)) await writeEntry(ports, snapshot, { tasks: 0, cpuUnits: 0, memoryMib: 0 }, 0);
}
