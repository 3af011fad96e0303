import type { ServiceRow } from "../dispatch/due.ts";
import type { ServiceKey } from "../model/ids.ts";
import type { Stop } from "../model/records.ts";

/** What is unsettled for no longer than this is on its way. */
export const longMs = 5 * 60_000;
/** Services looked into by one sweep: each costs a few reads. */
const mostSuspects = 50;
/** StopTask is sent again after 2, 4, 8 … 60 s: this often, it was sent for five minutes, besides those that containers take to end. */
const mostTries = 10;

/**
 * Services worth a look into their records, those that have waited longest first: what was accepted and not looked at yet,
 * and what has been unsettled for long. Of services at rest there are none, so that this costs nothing.
 */
export function suspectsAmong(services: readonly ServiceRow[], nowMs: number): readonly ServiceKey[] {
  return services
    .filter((service) => isBehind(service) || (service.dueAtMs !== undefined && nowMs - service.dueAtMs > longMs))
    .toSorted((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0) || (a.key < b.key ? -1 : 1))
    .slice(0, mostSuspects)
    .map(({ key }) => key);
}

/** Whether its spec is newer than its state. */
export function isBehind({ generation, observed }: ServiceRow): boolean {
  return generation !== undefined && generation !== observed;
}

/**
 * A StopTask that was sent so often that it is not the containers that take their time.
 * @param more Tries that fall into the time which they may take.
 */
export function isStuck({ phase, tries }: Stop, more = 0): boolean {
  return phase === "stopping" && tries >= mostTries + more;
}
