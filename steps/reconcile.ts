import type { ServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Wakeup } from "../core/ports/queues.ts";
import { holdsEntry, leftoversOf } from "../core/reconcile/leftovers.ts";
import { type Decision, decide } from "../core/reconcile/reconcile.ts";
import { isPlanned, type Planned, type Snapshot } from "../core/reconcile/snapshot.ts";
import { carryOut, isIdle, needsLease } from "./carry-out.ts";
import { withLease } from "./lease.ts";
import { clearUp } from "./leftovers.ts";
import { loadSnapshot } from "./load.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { lookDelay, wakeCluster, wakeServices } from "./wake.ts";

/** Steps of a pass follow one another (define, plan, seal, finish); what needs more waits for the next wake-up. */
const mostRounds = 6;

/** Looks at one service: decides, and where there is something to do takes its lease, decides again and does it. */
export async function reconcileService(wakeup: Wakeup, ports: Ports): Promise<void> {
  const key = wakeup.key as ServiceKey;
  const look = await lookAt(key, ports);
  if (look.kind === "alone") return;
  if (look.kind === "gone") return clearUp(ports, look.snapshot, look.stopwatch);
  await carryOn(key, look, wakeup.hops, ports);
}

/**
 * What the sweep asks before it wakes anybody: whether nothing is to be done for a service now. `left alone`: nothing may
 * be done, for as long as it is paused or its records are damaged.
 */
export async function howItRests(key: ServiceKey, ports: Ports): Promise<"at rest" | "left alone" | "restless"> {
  const look = await lookAt(key, ports);
  if (look.kind === "alone") return "left alone";
  const rests =
    look.kind === "gone"
      ? leftoversOf(look.snapshot).length === 0 && !holdsEntry(look.snapshot)
      : isIdle(look.decision) && !look.decision.wakeCluster;
  return rests ? "at rest" : "restless";
}

interface Look {
  readonly kind: "decided";
  readonly snapshot: Planned;
  readonly decision: Decision;
  /** Since its reads began. */
  readonly stopwatch: Stopwatch;
}

/** What a look found: a service to decide about, what is left of one that is gone, or one that is to be left alone. */
type Found =
  | Look
  | { readonly kind: "gone"; readonly snapshot: Snapshot; readonly stopwatch: Stopwatch }
  | { readonly kind: "alone" };

/** Reads and decides, and acts on nothing. */
async function lookAt(key: ServiceKey, ports: Ports, evidence = false): Promise<Found> {
  const stopwatch = startStopwatch(ports.clock);
  const snapshot = await loadSnapshot(ports, key, evidence);
  if ("unsound" in snapshot) {
    ports.log.write({ level: "error", message: "left a service alone", service: key, reason: snapshot.unsound });
    return { kind: "alone" };
  }
  if (!isPlanned(snapshot)) return { kind: "gone", snapshot, stopwatch };
  return snapshot.paused ? { kind: "alone" } : { kind: "decided", snapshot, decision: decide(snapshot), stopwatch };
}

/** Does what was decided, if anything, and asks for what has to come later. */
async function carryOn(key: ServiceKey, first: Look, hops: number, ports: Ports): Promise<void> {
  let look = await actAlone(key, first, hops, ports);
  if (look !== undefined && needsLease(look.decision)) {
    const outcome = await withLease(ports, keys.lease(key), [], async () => {
      look = (await act(key, ports, hops)) ?? look;
    });
    if (outcome === "busy") return;
    if (outcome === "again") await wakeServices(ports, [key], hops);
  }
  if (look !== undefined) await askForMore(look, hops, ports);
}

/**
 * Decides and does for as long as that needs no lease: of two swaps at once one is lost, and looks again as this one does.
 * @returns The last look; undefined: there is nothing to decide about any more.
 */
async function actAlone(key: ServiceKey, first: Look, hops: number, ports: Ports): Promise<Look | undefined> {
  let look: Found = first;
  let told = false;
  for (let round = 0; round < mostRounds && look.kind === "decided"; round += 1) {
    const { decision } = look;
    if (isIdle(decision) || needsLease(decision)) return look;
    // A load balancer may show at once what it was told. Where it does not, it is not told again and again.
    const tells: boolean = !told && decision.traffic.length > 0;
    if (!(await carryOut(ports, look, hops)) && !tells) return look;
    told ||= tells;
    look = await lookAt(key, ports);
  }
  return look.kind === "decided" ? look : undefined;
}

/** Under the lease: decide and do until nothing is left to do now; undefined: there is nothing to decide about any more. */
async function act(key: ServiceKey, ports: Ports, hops: number): Promise<Look | undefined> {
  let last: Look | undefined;
  for (let round = 0; round < mostRounds; round += 1) {
    let look = await lookAt(key, ports);
    if (look.kind === "decided" && look.decision.needsEvidence) look = await lookAt(key, ports, true);
    if (look.kind !== "decided") return undefined;
    last = look;
    if (isIdle(look.decision) || !(await carryOut(ports, look, hops))) return look;
  }
  return last;
}

/** Wakes the cluster when something may start, and itself when something has to be looked at later. */
async function askForMore({ snapshot, decision }: Look, hops: number, ports: Ports): Promise<void> {
  if (decision.wakeCluster) await wakeCluster(ports, decision.next.cluster, [snapshot.key], hops);
  if (decision.lookAtMs === undefined) return;
  await wakeServices(ports, [snapshot.key], hops, lookDelay(decision.lookAtMs, ports.clock.nowMs(), hops));
}
