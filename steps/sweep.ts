import { attentionFor, isAuditTurn, joinRows, type ServiceRow, wakeDelays } from "../core/dispatch/due.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import { keys, shardOf, shardsOf } from "../core/model/names.ts";
import type { NoticeRecord } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { Trouble } from "../core/trouble/trouble.ts";
import { compareCluster } from "./compare-cluster.ts";
import { findTroubles } from "./find-troubles.ts";
import { inTurns } from "./in-turns.ts";
import { isStillSo, watchOutside } from "./outside-look.ts";
import { howItRests } from "./reconcile.ts";
import { type Stopwatch, startStopwatch } from "./stopwatch.ts";
import { keepFresh, recall, type SweepMemory, sweepMemory } from "./sweep-memory.ts";
import { wakeServices } from "./wake.ts";

/** No look begins later than this share of the function's time: the rest is for those under way and for the wake-ups. */
const shareForLooks = 0.5;

/**
 * Looks for what is due and what was missed: with no event at all, this alone converges. Beyond what it sees of
 * tasks while it looks, it writes nothing: it wakes services and clusters, and reports to observe where ECS and the records differ.
 *
 * Its own looks come last, whatever became of the rest: each reads what may be slow to answer, and detection waits for none.
 *
 * @param memory Of the process that sweeps: what it spares is reads, and nothing else.
 * @returns What deserves a person.
 */
export async function sweep(ports: Ports, memory: SweepMemory = sweepMemory()): Promise<readonly Trouble[]> {
  const stopwatch = startStopwatch(ports.clock);
  const nowMs = ports.clock.nowMs();
  const rows = (await Promise.all(shardsOf("Service").map((shard) => ports.store.list("byKind", shard)))).flat();
  const services = joinRows(rows.map(({ row }) => row));
  keepFresh(memory, services, nowMs);
  const wakes = services.flatMap((service) => wakeDelays(service, nowMs).map((delay) => ({ delay, service })));
  await inTurns([...Map.groupBy(wakes, ({ delay }) => delay)], ([delay, woken]) =>
    wakeServices(
      ports,
      woken.map(({ service }) => service.key),
      0,
      delay,
    ),
  );
  const { cluster } = ports.settings;
  const looks = looksOf(services, nowMs, await noticed(ports, cluster));
  try {
    await compareCluster(ports, { cluster, services, memory: memory.tasks });
  } finally {
    await wakeRestless({ ports, memory, stopwatch, nowMs }, looks);
  }
  return findTroubles(ports, services);
}

/** A service that the sweep looks at itself. */
interface Look {
  readonly key: ServiceKey;
  /** How it stands in the index, where it is only polled: then a look that is remembered may do. */
  readonly polled?: ServiceRow;
}

function looksOf(services: readonly ServiceRow[], nowMs: number, told: readonly ServiceKey[]): readonly Look[] {
  const by = (wanted: string) => services.filter((service) => attentionFor(service, nowMs) === wanted);
  const audited = by("rest").filter(({ key }) => isAuditTurn(shardOf(key), nowMs));
  const whole = new Set([...audited.map(({ key }) => key), ...told]);
  const polled = by("poll").filter(({ key }) => !whole.has(key));
  return [...polled.map((row) => ({ key: row.key, polled: row })), ...[...whole].map((key) => ({ key }))];
}

/** What a sweep looks with. */
interface Looking {
  readonly ports: Ports;
  readonly memory: SweepMemory;
  readonly stopwatch: Stopwatch;
  readonly nowMs: number;
}

/** Wakes those for which something is to be done, and each for which there was no time to look. */
async function wakeRestless(looking: Looking, looks: readonly Look[]): Promise<void> {
  const { ports, stopwatch } = looking;
  const mostMs = ports.settings.functionTimeoutMs * shareForLooks;
  const restless = await inTurns(looks, async (look) =>
    stopwatch.elapsedMs() < mostMs && (await rests(look, looking)) ? [] : [look.key],
  );
  await wakeServices(ports, restless.flat(), 0);
}

/** One that cannot be looked at is woken: its own pass fails then, and holds up nobody else. */
async function rests({ key, polled }: Look, { ports, memory, nowMs }: Looking): Promise<boolean> {
  const before = polled && recall(memory.looks, polled, nowMs);
  if (before !== undefined && (await isStillSo(ports, before))) return true;
  memory.looks.delete(key);
  const watch = watchOutside(ports);
  try {
    const found = await howItRests(key, watch.ports);
    if (found === "at rest" && polled !== undefined) memory.looks.set(key, { row: polled, found: watch.found() });
    return found !== "restless";
  } catch (error) {
    ports.log.write({
      level: "error",
      message: "a service could not be looked at",
      service: key,
      reason: String(error),
    });
    return false;
  }
}

/** A service whose tasks are on nodes that were given up hears of it again until it has given them up. */
async function noticed(ports: Ports, cluster: string): Promise<readonly ServiceKey[]> {
  const notices = await ports.store.query<NoticeRecord>(keys.cluster(cluster), "notice#");
  const told = notices.filter(({ tasks }) => Object.keys(tasks).length > 0);
  return told.map(({ sort }) => sort.slice("notice#".length) as ServiceKey);
}
