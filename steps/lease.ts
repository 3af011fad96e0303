import type { Lease } from "../core/model/records.ts";
import { schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import type { ItemKey } from "../core/ports/store.ts";
import { startStopwatch } from "./stopwatch.ts";

/** What a pass is asked to look at: names, or everything. */
export type Names = readonly string[] | "all";

/** How a pass under a lease ended: `busy`: somebody else holds it and was asked to look again; `again`: a wake-up is due. */
export type LeaseOutcome = "done" | "busy" | "again";

const mostNames = 100;
const mostRounds = 3;
const mostTries = 5;
/** Of its function's time: who has used up so much of it leaves another look to others, before he is cut off in the middle. */
const shareOfTime = 1 / 3;
/** A lease outlives the function that holds it. */
const beyondTimeoutMs = 10_000;

/**
 * Runs a pass while nobody else runs one for the same key. It saves work: nothing breaks when two do.
 *
 * Whoever finds the lease held adds what he wants looked at; the holder looks again before he lets go, three times at
 * most and while there is time, and then asks for a wake-up.
 */
export async function withLease(
  ports: Ports,
  key: ItemKey,
  names: Names,
  pass: (names: Names) => Promise<void>,
): Promise<LeaseOutcome> {
  const taken = await acquire(ports, key, names);
  if (taken === "busy" || taken === "again") return taken;
  let lease = taken;
  const stopwatch = startStopwatch(ports.clock);
  const hasTime = () => stopwatch.elapsedMs() < ports.settings.functionTimeoutMs * shareOfTime;
  for (let round = 1; ; round += 1) {
    await passUnder(ports, lease, pass);
    const left = await release(ports, lease, round < mostRounds && hasTime());
    if (left === "released") return "done";
    if (left === "lost") return "again";
    lease = left;
  }
}

/** A pass that fails lets go at once: nobody should wait for a lease whose holder is done. */
async function passUnder(ports: Ports, lease: Lease, pass: (names: Names) => Promise<void>): Promise<void> {
  try {
    await pass(lease.names);
  } catch (error) {
    // What the pass failed of is what has to be told; the lease ends by itself.
    await release(ports, lease, false).catch(() => undefined);
    throw error;
  }
}

/** The lease, taken; `busy` when somebody holds it, who now knows what we wanted; `again` when too many wrote it to tell. */
async function acquire(ports: Ports, key: ItemKey, names: Names): Promise<Lease | "busy" | "again"> {
  const holder = ports.random.uid();
  for (let tries = 0; tries < mostTries; tries += 1) {
    const nowMs = ports.clock.nowMs();
    const untilMs = nowMs + ports.settings.functionTimeoutMs + beyondTimeoutMs;
    const mine = { holder, untilMs, wanted: 0, names, expiresAt: Math.ceil(untilMs / 1000) };
    const found = await ports.store.get<Lease>(key);
    // Our own write, whose answer was lost.
    if (found?.holder === holder) return found;
    if (found === undefined) {
      const created = await ports.store.create<Lease>({ ...key, schema, uid: "lease", ...mine });
      if (created) return created;
    } else if (found.untilMs <= nowMs) {
      const taken = await ports.store.swap(found, mine);
      if (taken) return taken;
    } else if (await ports.store.swap(found, { wanted: found.wanted + 1, names: join(found.names, names) })) {
      return "busy";
    }
  }
  return "again";
}

/** Lets go, unless somebody wanted something meanwhile: then the lease, with what he wants, when there is a round left. */
async function release(ports: Ports, lease: Lease, mayGoOn: boolean): Promise<"released" | "lost" | Lease> {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = await ports.store.get<Lease>(lease);
    if (found === undefined || found.holder !== lease.holder) return "lost";
    if (found.wanted === 0 || !mayGoOn) {
      if (await ports.store.remove(found)) return found.wanted === 0 ? "released" : "lost";
    } else {
      const next = await ports.store.swap(found, { wanted: 0 });
      if (next) return { ...next, names: found.names };
    }
  }
  return "lost";
}

function join(one: Names, other: Names): Names {
  if (one === "all" || other === "all") return "all";
  const both = [...new Set([...one, ...other])];
  return both.length > mostNames ? "all" : both;
}
