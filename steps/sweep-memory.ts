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
  /** Records of tasks as they were read. */
  readonly tasks: Memory<readonly TaskRecord[]>;
  /** What looks that found a service at rest were told of the world outside. */
  readonly looks: Memory<OutsideLook>;
}

/** What was found of services, each with how it stood in the index then. */
export type Memory<T> = Map<ServiceKey, { readonly row: ServiceRow; readonly found: T }>;

/** The memory of a process that has just started. */
export function sweepMemory(): SweepMemory {
  return { tasks: new Map(), looks: new Map() };
}

/** What is remembered of a service, if that may still be so; undefined: look. */
export function recall<T>(memory: Memory<T>, row: ServiceRow, nowMs: number): T | undefined {
  const known = memory.get(row.key);
  return known !== undefined && mayRecall(known.row, row, nowMs) ? known.found : undefined;
}

/** Forgets services that are gone. */
export function keepOnly({ tasks, looks }: SweepMemory, services: readonly ServiceRow[]): void {
  const there = new Set(services.map(({ key }) => key));
  for (const memory of [tasks, looks]) for (const key of memory.keys()) if (!there.has(key)) memory.delete(key);
}
