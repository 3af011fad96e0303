import { type Bucket, type Purpose, takeFor } from "../core/dispatch/budget.ts";
import { isFault } from "../core/model/fault.ts";
import type { Ports } from "../core/ports/index.ts";

/** How long an account that throttled us gets half as many calls. */
const halvedMs = 60_000;

/** Takes from an account's API budget for calls that follow at once; false: wait for the next window. */
export function takeBudget(ports: Ports, bucket: Bucket, purpose: Purpose, amount: number): Promise<boolean> {
  return ports.store.take(takeFor(bucket, purpose, amount, ports.settings, ports.clock.nowMs()));
}

/** Halves a budget for a minute when a call of its bucket was throttled. */
export async function heedThrottle(ports: Ports, bucket: Bucket, error: unknown): Promise<void> {
  if (!isFault(error) || !error.throttled) return;
  const nowMs = ports.clock.nowMs();
  await ports.store.halve(takeFor(bucket, "replace", 1, ports.settings, nowMs), nowMs + halvedMs);
}
