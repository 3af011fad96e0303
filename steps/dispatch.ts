import { firstReplayMs } from "../core/dispatch/calls.ts";
import { type ClusterPlan, isIdle, nextLook, planCluster, unreadMs } from "../core/dispatch/cluster-plan.ts";
import type { ServiceStarts } from "../core/dispatch/starts.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { isOpen } from "../core/model/living.ts";
import { keys } from "../core/model/names.ts";
import type { CallRecord } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Wakeup } from "../core/ports/queues.ts";
import { plural } from "../core/words/plural.ts";
import { takeBudget } from "./budget.ts";
import { confirmLost } from "./confirm-lost.ts";
import { tell } from "./history.ts";
import { type Names, withLease } from "./lease.ts";
import { loadCluster } from "./load-cluster.ts";
import { announceNodes, writeNotice } from "./notices.ts";
import { appendCall, type Caller, sendCall } from "./send-call.ts";
import { settleCall } from "./settle-call.ts";
import { startStopwatch } from "./stopwatch.ts";
import { lookDelay, wakeCluster, wakeServices } from "./wake.ts";

/** A set that starts well doubles each round: 1, 2, 4 … */
const mostRounds = 12;
/** How soon a budget that had no room is asked again: its windows are a second or a few. */
const noRoomMs = 1_000;
/** Calls that are under way at once. */
const width = 10;
/** A pass ends well before its function does. */
const mostMs = 20_000;

/** Looks at a cluster: settles open calls, gives up or takes back nodes, and starts what may start, in order of priority. */
export async function dispatchCluster(wakeup: Wakeup, ports: Ports): Promise<void> {
  const cluster = wakeup.key;
  const hints: Names = wakeup.names ?? [];
  const first = await plan(ports, cluster, hints);
  if (!isIdle(first)) {
    const outcome = await withLease(ports, keys.clusterLease(cluster), hints, (names) =>
      act(ports, cluster, names, wakeup.hops),
    );
    if (outcome === "busy") return;
    if (outcome === "again") await wakeCluster(ports, cluster, [], wakeup.hops);
  }
  const lookAtMs = nextLook(first, ports.clock.nowMs());
  if (isIdle(first) && lookAtMs < Number.POSITIVE_INFINITY) await lookAgain(ports, cluster, lookAtMs, wakeup.hops);
}

/** Reads and decides; does nothing. */
async function plan(ports: Ports, cluster: string, names: Names): Promise<ClusterPlan> {
  const snapshot = await loadCluster(ports, cluster, names);
  return planCluster(snapshot, ports.settings, ports.clock.nowMs());
}

/** Under the lease: settle, judge, start, until nothing more may start now. */
async function act(ports: Ports, cluster: string, names: Names, hops: number): Promise<void> {
  const touched = new Set<ServiceKey>();
  const whole = startStopwatch(ports.clock);
  let lookAtMs = Number.POSITIVE_INFINITY;
  const lookAfter = (ms: number) => {
    lookAtMs = Math.min(lookAtMs, ports.clock.nowMs() + ms);
  };
  for (let round = 0; round < mostRounds && whole.elapsedMs() < mostMs; round += 1) {
    const stopwatch = startStopwatch(ports.clock);
    const decided = await plan(ports, cluster, names);
    if (isIdle(decided)) break;
    const { snapshot } = decided;
    if (snapshot.sightings === undefined) lookAfter(unreadMs);
    const verdicts = await confirmLost(ports, cluster, decided.verdicts);
    if (stopwatch.isFresh())
      for (const key of await announceNodes(ports, cluster, snapshot, verdicts)) touched.add(key);
    for (const call of decided.forget) await ports.store.remove(call);
    for (const { view, call, step } of decided.steps) {
      const after = await settleCall(ports, { view, installId: snapshot.installId, cluster, stopwatch }, call, step);
      if (!isOpen(after)) touched.add(view.key);
      else lookAfter(firstReplayMs);
    }
    for (const key of await changeNotices(ports, cluster, decided)) touched.add(key);
    const started = await startAll(ports, cluster, decided, stopwatch, touched);
    if (started.open) lookAfter(firstReplayMs);
    if (started.refused) lookAfter(noRoomMs);
    if (started.calls === 0) break;
  }
  await wakeServices(ports, [...touched], hops);
  if (lookAtMs < Number.POSITIVE_INFINITY) await lookAgain(ports, cluster, lookAtMs, hops);
}

interface Started {
  readonly calls: number;
  /** A call was left without an answer. */
  readonly open: boolean;
  /** The budget had no room. */
  readonly refused: boolean;
}

async function startAll(
  ports: Ports,
  cluster: string,
  decided: ClusterPlan,
  stopwatch: Caller["stopwatch"],
  touched: Set<ServiceKey>,
): Promise<Started> {
  let calls = 0;
  let open = false;
  let refused = false;
  for (const { key, starts } of decided.starts) {
    const view = decided.snapshot.views.find((each) => each.key === key);
    if (view === undefined) continue;
    const caller: Caller = { view, installId: decided.snapshot.installId, cluster, stopwatch };
    let known = view.calls;
    for (let start = 0; start < starts.length; start += width) {
      const appended = await appendAll(ports, caller, known, starts.slice(start, start + width));
      const sent = await Promise.all(appended.calls.map((call) => sendCall(ports, caller, call)));
      known = [...known, ...sent];
      calls += sent.length;
      open ||= sent.some(isOpen);
      if (sent.length > 0) touched.add(key);
      for (const call of sent) await report(ports, key, call);
      if (appended.end === "stale") return { calls, open, refused: false };
      if (appended.end === "refused") return { calls, open, refused: true };
      refused ||= appended.end === "postponed";
      if (appended.end !== undefined) break;
    }
  }
  return { calls, open, refused };
}

/** Why a service's calls end: its reads are old, the budget has no room, or none for calls that can wait; somebody else took the number. */
type Ending = "stale" | "refused" | "postponed" | "lost";

/** Records calls one after another, since each takes the next number; what ends that ends the calls of the service. */
async function appendAll(
  ports: Ports,
  caller: Caller,
  known: readonly CallRecord[],
  starts: ServiceStarts["starts"],
): Promise<{ readonly calls: readonly CallRecord[]; readonly end?: Ending }> {
  const calls: CallRecord[] = [];
  for (const start of starts) {
    if (!caller.stopwatch.isFresh()) return { calls, end: "stale" };
    if (!(await takeRoom(ports, start))) return { calls, end: start.isGrowing ? "postponed" : "refused" };
    const appended = await appendCall(ports, caller, [...known, ...calls], start);
    if (appended === undefined) return { calls, end: "lost" };
    calls.push(appended);
  }
  return { calls };
}

async function takeRoom(
  ports: Ports,
  { set, slots, purpose, isGrowing }: ServiceStarts["starts"][number],
): Promise<boolean> {
  if (!(await takeBudget(ports, "ecs-modify", isGrowing ? "growing" : purpose, 1))) return false;
  return set.capacity !== "fargate" || takeBudget(ports, "fargate-launches", purpose, slots.length);
}

async function report(ports: Ports, key: ServiceKey, { phase, members, refusal, setId }: CallRecord): Promise<void> {
  const started = members.filter(({ taskId }) => taskId !== undefined).length;
  const failures = [...new Set(members.flatMap(({ failure }) => failure ?? []))];
  if (started > 0)
    await tell(ports, key, [
      {
        type: "normal",
        reason: "Started",
        message: `started ${plural(started, "task")} of ${setId}`,
      },
    ]);
  if (failures.length > 0)
    await tell(ports, key, [
      {
        type: "warning",
        reason: "NotStarted",
        message: `ECS did not start ${members.length - started}: ${failures.join(", ")}`,
      },
    ]);
  if (refusal !== undefined)
    await tell(ports, key, [
      { type: "warning", reason: "Refused", message: `ECS refused to start ${members.length}: ${refusal}` },
    ]);
  ports.log.write({
    level: refusal ? "warn" : "info",
    message: "dispatched",
    service: key,
    phase,
    started,
    failures,
    counts: { TasksStarted: started },
  });
}

async function changeNotices(
  ports: Ports,
  cluster: string,
  { snapshot, notices }: ClusterPlan,
): Promise<readonly ServiceKey[]> {
  const changed: ServiceKey[] = [];
  for (const { key, unplaced } of notices) {
    const before = snapshot.notices.get(key);
    const parts = { tasks: before?.tasks ?? {}, ...(unplaced ? { unplaced } : {}) };
    if (await writeNotice(ports, cluster, key, before, parts)) changed.push(key);
  }
  return changed;
}

async function lookAgain(ports: Ports, cluster: string, atMs: number, hops: number): Promise<void> {
  await wakeCluster(ports, cluster, [], hops, lookDelay(atMs, ports.clock.nowMs(), hops));
}
