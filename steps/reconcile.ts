import type { ServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Wakeup } from "../core/ports/queues.ts";
import { type Decision, decide } from "../core/reconcile/reconcile.ts";
import type { Snapshot } from "../core/reconcile/snapshot.ts";
import { carryOut, isIdle } from "./carry-out.ts";
import { withLease } from "./lease.ts";
import { stopLeftovers } from "./leftovers.ts";
import { loadSnapshot } from "./load.ts";
import { releaseEntry } from "./quota.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { lookDelay, wakeCluster, wakeServices } from "./wake.ts";

/** Steps of a pass follow one another (define, plan, seal, finish); what needs more waits for the next wake-up. */
const mostRounds = 6;

/** Looks at one service: decides, and where there is something to do takes its lease, decides again and does it. */
export async function reconcileService(wakeup: Wakeup, ports: Ports): Promise<void> {
  const key = wakeup.key as ServiceKey;
  let look = await lookAt(key, ports);
  if (look === undefined) return;
  if (!isIdle(look.decision)) {
    const outcome = await withLease(ports, keys.lease(key), [], async () => {
      look = (await act(key, ports, wakeup.hops)) ?? look;
    });
    if (outcome === "busy") return;
    if (outcome === "again") await wakeServices(ports, [key], wakeup.hops);
  }
  await askForMore(look, wakeup.hops, ports);
}

/** Whether nothing is to be done for a service now: what the sweep asks before it wakes anybody. */
export async function isAtRest(key: ServiceKey, ports: Ports): Promise<boolean> {
  const look = await lookAt(key, ports);
  return look === undefined || (isIdle(look.decision) && !look.decision.wakeCluster);
}

interface Look {
  readonly snapshot: Snapshot;
  readonly decision: Decision;
  /** Since its reads began. */
  readonly stopwatch: Stopwatch;
}

/** Reads and decides, and does nothing; undefined: there is nothing that this code may decide about. */
async function lookAt(key: ServiceKey, ports: Ports, evidence = false): Promise<Look | undefined> {
  const stopwatch = startStopwatch(ports.clock);
  const snapshot = await loadSnapshot(ports, key, evidence);
  if ("unsound" in snapshot) {
    ports.log.write({ level: "error", message: "left a service alone", service: key, reason: snapshot.unsound });
    return undefined;
  }
  if (snapshot.spec === undefined) {
    await stopLeftovers(ports, snapshot, stopwatch);
    await releaseEntry(ports, snapshot);
    return undefined;
  }
  return snapshot.paused ? undefined : { snapshot, decision: decide(snapshot), stopwatch };
}

/** Under the lease: decide and do until nothing is left to do now. */
async function act(key: ServiceKey, ports: Ports, hops: number): Promise<Look | undefined> {
  let look: Look | undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    look = await lookAt(key, ports);
    if (look?.decision.needsEvidence) look = await lookAt(key, ports, true);
    if (look === undefined || isIdle(look.decision)) return look;
    const goOn = await carryOut(ports, look, hops);
    if (!goOn) return look;
  }
  return look;
}

/** Wakes the cluster when something may start, and itself when something has to be looked at later. */
async function askForMore({ snapshot, decision }: Look, hops: number, ports: Ports): Promise<void> {
  if (decision.wakeCluster) await wakeCluster(ports, decision.next.cluster, [snapshot.key], hops);
  if (decision.lookAtMs === undefined) return;
  await wakeServices(ports, [snapshot.key], hops, lookDelay(decision.lookAtMs, ports.clock.nowMs(), hops));
}
