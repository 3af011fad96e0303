import type { Wakeup } from "../core/ports/queues.ts";
import { mostHops } from "../steps/wake.ts";

/** The wake-up that a message's body is, or undefined when it is none: no JSON, no key, or hops outside 1 to `mostHops`. */
export function wakeupFrom(body: string): Wakeup | undefined {
  const value = parseObject(body);
  if (!value) return undefined;
  const { key, hops, names } = value;
  if (typeof key !== "string" || key === "") return undefined;
  if (typeof hops !== "number" || !Number.isInteger(hops) || hops < 1 || hops > mostHops) return undefined;
  if (names === undefined) return { key, hops };
  return isStrings(names) ? { key, hops, names } : undefined;
}

/** One wake-up for several of the same key: the longest lineage, since the guard against loops must hold, and every name. */
export function mergeWakeups(first: Wakeup, second: Wakeup): Wakeup {
  const names = new Set([...(first.names ?? []), ...(second.names ?? [])]);
  const merged = { key: first.key, hops: Math.max(first.hops, second.hops) };
  return names.size === 0 ? merged : { ...merged, names: [...names] };
}

/** How many wake-ups led to the observations in a message's body; what AWS itself sends has no lineage: 0. */
export function hopsOf(body: string): number {
  const hops = parseObject(body)?.hops;
  return typeof hops === "number" && Number.isInteger(hops) && hops > 0 ? Math.min(hops, mostHops) : 0;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}
