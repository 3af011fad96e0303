import type { Placement, Spread } from "../model/service.ts";

/** How many tasks of a set each domain of one spread has. Only eligible nodes make domains and are counted. */
export interface Tally {
  readonly spread: Spread;
  readonly counts: Map<string, number>;
  /** Fewest tasks in any domain; 0 when there is none. */
  least: number;
  /** How many domains have that few. */
  domainsAtLeast: number;
}

/** What a service that says nothing is spread by: over zones as evenly as it goes; over nodes every service is. */
const byDefault: readonly Spread[] = [{ by: "zone", maxSkew: 1, whenUnsatisfiable: "prefer" }];

/** The spreads of a placement, the most important first: those it names, or the default when it names none. */
export function spreadsOf(placement: Placement): readonly Spread[] {
  return placement.spread.length > 0 ? placement.spread : byDefault;
}

/** Counts the tasks of a set by domain; a node without a domain counts nowhere. */
export function tallyOf(
  spread: Spread,
  nodes: readonly { readonly domain: string | undefined; readonly tasks: number }[],
): Tally {
  const counts = new Map<string, number>();
  for (const { domain, tasks } of nodes)
    if (domain !== undefined) counts.set(domain, (counts.get(domain) ?? 0) + tasks);
  const tally: Tally = { spread, counts, least: 0, domainsAtLeast: 0 };
  findLeast(tally);
  return tally;
}

/** One task more in a domain. The least is looked for only when its last domain has left it. */
export function addTo(tally: Tally, domain: string | undefined): void {
  if (domain === undefined) return;
  const before = tally.counts.get(domain) ?? 0;
  tally.counts.set(domain, before + 1);
  if (before !== tally.least) return;
  tally.domainsAtLeast -= 1;
  if (tally.domainsAtLeast === 0) findLeast(tally);
}

/**
 * How far a domain would lie above the emptiest eligible one with one task more.
 * @see reference Kubernetes, topology spread constraints: count + 1 - least
 */
export function skewOf(tally: Tally, domain: string): number {
  return (tally.counts.get(domain) ?? 0) + 1 - tally.least;
}

function findLeast(tally: Tally): void {
  let least = Number.POSITIVE_INFINITY;
  let domains = 0;
  for (const count of tally.counts.values()) {
    if (count < least) [least, domains] = [count, 0];
    if (count === least) domains += 1;
  }
  tally.least = domains === 0 ? 0 : least;
  tally.domainsAtLeast = domains;
}
