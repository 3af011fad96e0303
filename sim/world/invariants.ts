import type { ServiceKey } from "../../core/model/ids.ts";
import type { Settings } from "../../core/model/settings.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { recordInvariants } from "./record-invariants.ts";
import { startInvariants } from "./start-invariants.ts";
import { stopInvariants } from "./stop-invariants.ts";
import type { Truth } from "./truth.ts";
import type { Invariant, Memory } from "./witness.ts";

/** Looks on at every call, and keeps what must not have happened. */
export interface Watch {
  before(site: CallSite): void;
  after(site: CallSite, answer: Answer): void;
  /** From now on nothing may be changed in AWS for this service (5 s late at most); undefined: no longer. */
  paused(key: ServiceKey, atMs: number | undefined): void;
  readonly violations: readonly string[];
}

const everyInvariant: readonly Invariant[] = [...startInvariants, ...stopInvariants, ...recordInvariants];

/** Checks every invariant, unless told otherwise, at every call that may change anything. */
export function watchInvariants(
  truth: Truth,
  clock: Pick<Clock, "nowMs">,
  settings: Settings,
  invariants: readonly Invariant[] = everyInvariant,
): Watch {
  const memory: Memory = { truth, clock, settings, allowed: new Map(), sent: new Map(), pausedAtMs: new Map() };
  const violations: string[] = [];
  const note = ({ name }: Invariant, found: string | undefined) => {
    if (found !== undefined) violations.push(`${name}: ${found}`);
  };
  return {
    violations,
    paused: (key, atMs) => {
      if (atMs === undefined) memory.pausedAtMs.delete(key);
      else memory.pausedAtMs.set(key, atMs);
    },
    before: (site) => {
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.before?.(site, memory));
    },
    after: (site, answer) => {
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.after?.(site, answer, memory));
    },
  };
}
