import { describe, expect, test } from "vitest";
import { playScenario, playSeed } from "../../../sim/run/play-seed.ts";
import { drawScenario } from "../../../sim/run/scenario.ts";

/** A scenario of a seed that is soon played: nothing fails, and one act happens. */
const short = (act: "apply v2" | "a crash" | "a lost node" | "scale to 0 without confirming") => {
  const drawn = drawScenario(3);
  const service = { ...drawn.services[0], replicas: 4, end: "stays" } as (typeof drawn.services)[number];
  const once = { act, service: 0, fraction: 0.5, thenMs: 60_000 };
  return { ...drawn, services: [service], nodes: 3, outages: [], acts: [once], copies: 1, restMs: 60_000 };
};

const eighth = playSeed(8);

describe("a seed", () => {
  test("is played the same again: every call, its arguments and what became of it", async () => {
    const [first, second] = [await eighth, await playSeed(8)];
    expect(first.violation).toBeUndefined();
    expect(second).toEqual(first);
    expect(first.portCalls).toBeGreaterThan(1_000);
    expect(first.traceHash).toMatch(/^[0-9a-f]{64}$/);
  });

  test.for([13, 26, 29])("%i breaks nothing, and has a trace of its own", async (seed) => {
    const { violation, traceHash } = await playSeed(seed);
    expect(violation).toBeUndefined();
    expect(traceHash).not.toBe((await eighth).traceHash);
  });
});

describe("what is met is counted", () => {
  test("a class of faults, by its id", async () => {
    const { faults } = await playScenario(short("a lost node"));
    expect(faults).toMatchObject({ F42: 1 });
  });

  test("a guard that engages, by its name", async () => {
    const { guards } = await playScenario(short("scale to 0 without confirming"));
    expect(guards).toMatchObject({ "Large change": 1 });
  });

  test("what is not met is absent", async () => {
    const { faults, guards } = await playScenario(short("apply v2"));
    expect(faults).not.toHaveProperty("F42");
    expect(guards).not.toHaveProperty("Large change");
  });
});

test("what does not come right is a violation, with what was drawn and what happened last", async () => {
  const scenario = short("a crash");
  const refused = scenario.services.map((service) => ({ ...service, priority: 101 }));
  const { violation } = await playScenario({ ...scenario, services: refused });
  expect(violation).toMatchObject({ seed: 3, scenario: { services: refused } });
  expect(violation?.what).toMatch(/^L1 what runs is not what is wanted: shop\/web: there is no spec/);
  const trace = violation?.trace.join("\n");
  expect(trace).toMatch(/^0:00:00\.000 {2}the world begins, with 3 nodes$/m);
  expect(trace).toMatch(/ {2}accept \(pass \d+\) answers apply of shop\/web: refused: .*priority/);
});
