import { describe, expect, test } from "vitest";
import { type CallSite, type Outcome, siteName } from "../../../sim/world/call-site.ts";
import { rollouts } from "./rolling-scenarios.ts";
import { onlyAt, play, scenarios } from "./scenarios.ts";

const mutating: readonly Outcome[] = ["not applied", "dies after", "answer lost", "dies before"];
const reading: readonly Outcome[] = ["not applied", "dies before"];

interface Kill {
  readonly name: string;
  readonly outcome: Outcome;
}

/** Every call of a run, by its site and number: those that may change anything with each outcome, reads with one by turns. */
function killsOf(sites: readonly CallSite[]): readonly Kill[] {
  const { writes, reads } = namesOf(sites);
  return [...writes.flatMap((name) => mutating.map((outcome) => ({ name, outcome }))), ...byTurns(reads, reading)];
}

/** Of a longer run every call that may change anything with one outcome, and every fourth read. */
function someKillsOf(sites: readonly CallSite[]): readonly Kill[] {
  const { writes, reads } = namesOf(sites);
  const someReads = reads.filter((_, index) => index % 4 === 0);
  return [...byTurns(writes, mutating), ...byTurns(someReads, reading)];
}

function namesOf(sites: readonly CallSite[]) {
  const named = (some: readonly CallSite[]) => [...new Set(some.map(siteName))];
  return {
    writes: named(sites.filter(({ mutates }) => mutates)),
    reads: named(sites.filter(({ mutates }) => !mutates)),
  };
}

function byTurns(names: readonly string[], outcomes: readonly Outcome[]): readonly Kill[] {
  return names.map((name, index) => ({ name, outcome: outcomes[index % outcomes.length] ?? "ok" }));
}

describe.for([...scenarios, ...rollouts])(
  "$name, with any one call failing, lost or the last of its pass",
  (scenario) => {
    test("comes right, and breaks no invariant on the way", { timeout: 120_000 }, async () => {
      const { sites, differs } = await play(scenario);
      expect(differs).toEqual([]);
      const kills = scenario.isLong ? someKillsOf(sites) : killsOf(sites);
      const missed: string[] = [];
      const wrong: string[] = [];
      for (const { name, outcome } of kills) {
        const hits = { count: 0 };
        const played = await play(scenario, { faults: onlyAt(name, outcome, hits) });
        if (hits.count !== 1) missed.push(name);
        if (played.differs.length > 0) wrong.push(`${name}, ${String(outcome)}: ${played.differs.join(", ")}`);
      }
      expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
      expect(kills.length).toBeGreaterThan(scenario.isLong ? 100 : 200);
    });
  },
);
