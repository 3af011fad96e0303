import { count, inOrder } from "./counts.ts";
import type { SeedReport, Violation } from "./play-seed.ts";

/** What many seeds came to: the JSON that `npm run sim -- --json` prints. */
export interface Summary {
  readonly seeds: number;
  readonly violations: readonly (Violation & { readonly commit: string })[];
  readonly seedsPerSecond: number;
  readonly portCalls: number;
  readonly virtualHours: number;
  /** By class; one that is absent does not exist in the simulator, or was not met. */
  readonly faults: Readonly<Record<string, number>>;
  readonly guards: Readonly<Record<string, number>>;
}

/** Adds up reports. @param tookMs in real time, of all processes together @param commit what was run */
export function summaryOf(
  reports: readonly SeedReport[],
  { tookMs, commit }: { readonly tookMs: number; readonly commit: string },
): Summary {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const inSeedOrder = reports.toSorted((left, right) => left.seed - right.seed);
  return {
    seeds: reports.length,
    violations: inSeedOrder.flatMap(({ violation }) => (violation ? [{ ...violation, commit }] : [])),
    seedsPerSecond: rounded((1_000 * reports.length) / Math.max(1, tookMs)),
    portCalls: sum(reports.map(({ portCalls }) => portCalls)),
    virtualHours: rounded(sum(reports.map(({ virtualMs }) => virtualMs)) / 3_600_000),
    faults: added(reports.map(({ faults }) => faults)),
    guards: added(reports.map(({ guards }) => guards)),
  };
}

function added(records: readonly Readonly<Record<string, number>>[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const record of records) for (const [name, times] of Object.entries(record)) count(counts, name, times);
  return inOrder(counts);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
