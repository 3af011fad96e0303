import { describe, expect, test } from "vitest";
import { type CallSite, type Outcome, siteName } from "../../../sim/world/call-site.ts";
import { onlyAt, play, scenarios } from "./scenarios.ts";

const mutating: readonly Outcome[] = ["not applied", "dies after", "answer lost", "dies before"];
const reading: readonly Outcome[] = ["not applied", "dies before"];

/** Every call of a run, by its site and number: those that may change anything with each outcome, reads with one by turns. */
function killsOf(sites: readonly CallSite[]): readonly { readonly name: string; readonly outcome: Outcome }[] {
  const named = (some: readonly CallSite[]) => [...new Set(some.map(siteName))];
  const writes = named(sites.filter(({ mutates }) => mutates)).flatMap((name) =>
    mutating.map((outcome) => ({ name, outcome })),
  );
  const reads = named(sites.filter(({ mutates }) => !mutates)).map((name, index) => ({
    name,
    outcome: reading[index % reading.length] ?? "ok",
  }));
  return [...writes, ...reads];
}

describe.for(scenarios)("$name, with any one call failing, lost or the last of its pass", (scenario) => {
  test("comes right, and breaks no invariant on the way", { timeout: 120_000 }, async () => {
    const { sites, differs } = await play(scenario);
    expect(differs).toEqual([]);
    const kills = killsOf(sites);
    const missed: string[] = [];
    const wrong: string[] = [];
    for (const { name, outcome } of kills) {
      const hits = { count: 0 };
      const played = await play(scenario, { faults: onlyAt(name, outcome, hits) });
      if (hits.count !== 1) missed.push(name);
      if (played.differs.length > 0) wrong.push(`${name}, ${String(outcome)}: ${played.differs.join(", ")}`);
    }
    expect({ missed, wrong }).toEqual({ missed: [], wrong: [] });
    expect(kills.length).toBeGreaterThan(200);
  });
});
