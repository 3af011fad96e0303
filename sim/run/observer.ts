import { createHash } from "node:crypto";
import type { NoticeRecord } from "../../core/model/records.ts";
import type { CallSite, Faults, Outcome } from "../world/call-site.ts";
import type { Answer } from "../world/calls.ts";
import { nameOf, written } from "../world/witness.ts";
import { type Counts, count } from "./counts.ts";
import { classOf, type FaultClass } from "./fault-classes.ts";
import { engagedIn } from "./guards.ts";
import type { Scenario } from "./scenario.ts";
import type { Story } from "./story.ts";

/** Looks on at a whole run: counts, tells and hashes; changes nothing. */
export interface Observer {
  /** The same faults, seen. */
  watched(faults: Faults): Faults;
  answered(site: CallSite, answer: Answer): void;
  happened(fault: FaultClass): void;
  readonly faults: Counts;
  readonly guards: Counts;
  /** Of every call so far, its arguments and what became of it: equal for equal runs. 64 hex digits. */
  traceHash(): string;
}

/** Looks on at the run of a scenario. */
export function observer({ deliveries }: Scenario, story: () => Story): Observer {
  const hash = createHash("sha256");
  const faults: Counts = new Map();
  const guards: Counts = new Map();
  const seen = (site: CallSite, outcome: Outcome) => {
    hash.update(`${site.pass} ${site.atMs} ${nameOf(site)} ${JSON.stringify(site.args)} ${wordOf(outcome)}\n`);
    const found = classOf(site, outcome);
    if (found !== undefined) count(faults, found);
    if (site.port === "queues" && site.mutates && deliveries === 2) count(faults, "F7");
    story().suffered(site, outcome);
  };
  return {
    faults,
    guards,
    watched: (given) => (site) => {
      const outcome = given(site);
      seen(site, outcome);
      return outcome;
    },
    answered: (site, answer) => {
      hash.update(`${answer.kind}\n`);
      for (const name of engagedIn(site, answer)) count(guards, name);
      if (isHeldByAnother(site, answer)) count(faults, "F4");
      if (hasNoPlace(site, answer)) count(faults, "F47");
      story().answered(site, answer);
    },
    happened: (fault) => count(faults, fault),
    traceHash: () => hash.copy().digest("hex"),
  };
}

/** A pass found that another has the lease of its key. */
function isHeldByAnother(site: CallSite, answer: Answer): boolean {
  const item = site.method === "swap" ? written(site, answer) : undefined;
  const wanted = (some: unknown) => (some as { readonly wanted?: number }).wanted ?? 0;
  return item?.sort === "lease" && wanted(item) > wanted(site.args[0]);
}

function hasNoPlace(site: CallSite, answer: Answer): boolean {
  const item = written(site, answer);
  if (!item?.sort.startsWith("notice#") || (item as NoticeRecord).unplaced === undefined) return false;
  return site.method === "create" || (site.args[0] as NoticeRecord).unplaced === undefined;
}

function wordOf(outcome: Outcome): string {
  return typeof outcome === "string" ? outcome : outcome.kind;
}
