import { describeBreach, type Verdict } from "./validate.ts";

/** What was looked at so far in this process, and what was wrong with it. */
export interface Ledger {
  /** By subject, such as `ecs RunTask request`. */
  readonly seen: Map<string, Seen>;
  /** What nobody has been told of yet. */
  readonly faults: string[];
}

/** How often a subject was looked at, and the paths of the members that it ever had. */
export interface Seen {
  times: number;
  readonly members: Set<string>;
}

// Test files of one worker have modules of their own, and the clients that are watched do not.
const symbol = Symbol.for("longshore.models.ledger");
const shared = globalThis as { [symbol]?: Ledger };

/** The ledger of this process. */
export const ledger: Ledger = shared[symbol] ?? { seen: new Map(), faults: [] };
shared[symbol] = ledger;

/** Counts what was looked at, and keeps what is wrong with it until somebody takes it. */
export function enter({ subject, members, breaches }: Verdict): void {
  const entry = ledger.seen.get(subject) ?? { times: 0, members: new Set() };
  ledger.seen.set(subject, entry);
  entry.times += 1;
  for (const member of members) entry.members.add(member);
  for (const breach of breaches) ledger.faults.push(describeBreach(subject, breach));
}

/** What was wrong since the last time, each once. */
export function takeFaults(): readonly string[] {
  return [...new Set(ledger.faults.splice(0))];
}

/** Lets go of what a test provoked on purpose, to see it refused; whatever else is wrong still fails it. */
export function forgive(meant: RegExp): void {
  ledger.faults.push(...ledger.faults.splice(0).filter((fault) => !meant.test(fault)));
}
