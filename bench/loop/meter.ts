import type { HandlerName } from "../../sim/world/call-site.ts";

/** Sums by handler and name, such as `ecs RunTask` or `write units`. */
export type Counts = ReadonlyMap<string, number>;

/** Counts what passes do. */
export interface Meter {
  /** @param name What is counted: a call of AWS, units of the table, messages. */
  add(handler: HandlerName, name: string, amount?: number): void;
  /** Everything so far. */
  read(): Counts;
}

/** A meter that has counted nothing. */
export function createMeter(): Meter {
  const counts = new Map<string, number>();
  return {
    add: (handler, name, amount = 1) => {
      const key = keyOf(handler, name);
      counts.set(key, (counts.get(key) ?? 0) + amount);
    },
    read: () => new Map(counts),
  };
}

/** What was counted after one reading until the next. */
export function between(before: Counts, after: Counts): Counts {
  return new Map(
    [...after].flatMap(([key, count]) => {
      const more = count - (before.get(key) ?? 0);
      return more === 0 ? [] : [[key, more] as const];
    }),
  );
}

/** The sum of several. */
export function together(all: readonly Counts[]): Counts {
  const sums = new Map<string, number>();
  for (const counts of all) for (const [key, count] of counts) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

/** Sums by name alone, of all handlers or of those that are asked for, most first. */
export function byName(counts: Counts, matches: (handler: string) => boolean = () => true): Counts {
  const sums = new Map<string, number>();
  for (const [key, count] of counts) {
    const [handler = "", name = ""] = key.split("\t");
    if (matches(handler)) sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return new Map([...sums].sort((a, b) => b[1] - a[1]));
}

function keyOf(handler: HandlerName, name: string): string {
  return `${handler}\t${name}`;
}
