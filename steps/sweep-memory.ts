import type { ServiceRow } from "../core/dispatch/due.ts";
import { mayRecall } from "../core/dispatch/recall.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import type { TaskRecord } from "../core/model/records.ts";
import type { OutsideLook } from "./outside-look.ts";

/**
 * What a process remembers from one sweep to the next, so that a service at rest is not read again each minute. Nothing
 * leans on it: what was remembered is compared with what ECS, load balancers and queues show now, read again at the least
 * difference, and at each turn of the audit. A process that has just started remembers nothing, and reads everything.
 */
export interface SweepMemory {
  /** When the last sweep began that could use it. */
  sweptAtMs: number;
  /** Records of tasks as they were read. */
  readonly tasks: Memory<readonly TaskRecord[]>;
  /** What looks that found a service at rest were told of the world outside. */
  readonly looks: Memory<OutsideLook>;
}

/** A sweep a minute; this long after the last one, one is missing. */
const unbrokenMs = 90_000;

/** What was found of services, each with how it stood in the index then. */
export type Memory<T> = Map<ServiceKey, { readonly row: ServiceRow; readonly found: T }>;

/** The memory of a process that has just started. */
export function sweepMemory(): SweepMemory {
  return { sweptAtMs: 0, tasks: new Map(), looks: new Map() };
}

/** What is remembered of a service, if that may still be so; undefined: look. */
export function recall<T>(memory: Memory<T>, row: ServiceRow, nowMs: number): T | undefined {
  const known = memory.get(row.key);
  return known !== undefined && mayRecall(known.row, row, nowMs) ? known.found : undefined;
}

/**
 * Forgets services that are gone; and everything, where another process swept meanwhile or nobody did: what is the same
 * again may have been otherwise between.
 */
export function keepFresh(memory: SweepMemory, services: readonly ServiceRow[], nowMs: number): void {
  const isUnbroken = Math.abs(nowMs - memory.sweptAtMs) < unbrokenMs;
  memory.sweptAtMs = nowMs;
  const there = new Set(services.map(({ key }) => key));
  for (const each of [memory.tasks, memory.looks])
    for (const key of each.keys()) if (!isUnbroken || !there.has(key)) each.delete(key);
}
