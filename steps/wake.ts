import type { ServiceKey } from "../core/model/ids.ts";
import type { Ports } from "../core/ports/index.ts";

/** A wake-up that this many others led to sends none: the sweep takes over from what is stored as due. */
export const mostHops = 8;

/** Asks for a look at services. False: the lineage is used up, nothing was sent. */
export async function wakeServices(
  ports: Ports,
  keys: readonly ServiceKey[],
  hops: number,
  delaySeconds = 0,
): Promise<boolean> {
  if (hops >= mostHops) return false;
  if (keys.length > 0)
    await ports.queues.wake(
      "work",
      keys.map((key) => ({ key, hops: hops + 1 })),
      delaySeconds,
    );
  return true;
}

/** Asks for a look at a cluster's waiting services, with these as hints. False: the lineage is used up. */
export async function wakeCluster(
  ports: Ports,
  cluster: string,
  names: readonly string[],
  hops: number,
  delaySeconds = 0,
): Promise<boolean> {
  if (hops >= mostHops) return false;
  await ports.queues.wake("dispatch", [{ key: cluster, hops: hops + 1, names }], delaySeconds);
  return true;
}

/** Least delays of a chain of looks: short at first, longer as its lineage is used up; 32 s in all. */
const pace = [1, 1, 1, 2, 3, 5, 8, 12];

/**
 * Seconds until a key should be looked at again: when something is due, but no sooner than the pace of its lineage lets,
 * and at most the 15 minutes that a queue can wait.
 */
export function lookDelay(lookAtMs: number, nowMs: number, hops: number): number {
  const due = Math.ceil((lookAtMs - nowMs) / 1000);
  return Math.min(900, Math.max(pace[hops] ?? 12, due));
}
