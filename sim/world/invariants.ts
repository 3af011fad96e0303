import type { Item } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { commandInvariants } from "./command-invariants.ts";
import { leaveInvariants } from "./leave-invariants.ts";
import { recordInvariants } from "./record-invariants.ts";
import { record, recordItem } from "./recorder.ts";
import { startInvariants } from "./start-invariants.ts";
import { stopInvariants } from "./stop-invariants.ts";
import { emptyMemory, type Invariant, type Memory } from "./witness.ts";

/** Looks on at every call, and keeps what must not have happened. */
export interface Watch {
  before(site: CallSite): void;
  after(site: CallSite, answer: Answer): void;
  /** Somebody else than a handler wrote an item. */
  wrote(item: Item): void;
  readonly violations: readonly string[];
}

const everyInvariant: readonly Invariant[] = [
  ...startInvariants,
  ...leaveInvariants,
  ...stopInvariants,
  ...recordInvariants,
  ...commandInvariants,
];

/** Checks every invariant, unless told otherwise, at every call that may change anything. */
export function watchInvariants(
  world: Pick<Memory, "truth" | "aws" | "clock" | "settings">,
  invariants: readonly Invariant[] = everyInvariant,
): Watch {
  const memory = emptyMemory(world);
  const violations: string[] = [];
  const note = ({ name }: Invariant, found: string | undefined) => {
    if (found !== undefined) violations.push(`${name}: ${found}`);
  };
  return {
    violations,
    wrote: (item) => recordItem(item, memory),
    before: (site) => {
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.before?.(site, memory));
    },
    after: (site, answer) => {
      if (invariants.length > 0) record(site, answer, memory);
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.after?.(site, answer, memory));
    },
  };
}
