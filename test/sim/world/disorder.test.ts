import { describe, expect, test } from "vitest";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { drawRates, swarm } from "../../../sim/world/swarm.ts";
import { createWorld } from "../../../sim/world.ts";
import { minute, play, scenarios, withoutLeases } from "./scenarios.ts";

const deliveries = [true, false, "doubled", "shuffled"] as const;

/** One seed plays every scenario: what it draws is what is tried. */
const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const ways: readonly { readonly name: string; readonly options: (seed: number) => WorldOptions }[] = [
  { name: "two passes of each handler at once", options: () => ({ copies: 2 }) },
  { name: "every event and message twice", options: () => ({ copies: 2, deliveries: 2, events: "doubled" }) },
  { name: "events late and out of order", options: () => ({ parallel: 4, deliveries: 2, events: "shuffled" }) },
  { name: "no event at all", options: (seed) => ({ events: false, parallel: 1 + (seed % 4) }) },
  { name: "two passes of each handler at once, without leases", options: () => ({ copies: 2, faults: withoutLeases }) },
  {
    name: "many passes at once, without leases, every message twice",
    options: () => ({ parallel: 6, deliveries: 2, events: "doubled", callMs: 20, faults: withoutLeases }),
  },
  { name: "slow calls", options: () => ({ parallel: 3, copies: 2, callMs: 40 }) },
];

describe.for(ways)("$name", ({ options }) => {
  test.for(scenarios)("$name", async (scenario) => {
    for (const seed of seeds(6)) {
      const { differs } = await play(scenario, { ...options(seed), seed });
      expect({ seed, differs }).toEqual({ seed, differs: [] });
    }
  });
});

describe("passes that fail, die or stand still anywhere, for some minutes", () => {
  test.for(scenarios)("$name", { timeout: 60_000 }, async (scenario) => {
    for (const seed of seeds(12)) {
      let faulty = false;
      const world = createWorld({
        ...scenario.options,
        seed,
        events: deliveries[seed % 4] ?? true,
        deliveries: seed % 3 === 0 ? 2 : 1,
        copies: seed % 5 === 0 ? 2 : 1,
        parallel: 1 + (seed % 3),
        callMs: 2 + (seed % 4) * 10,
        drainsWholeDelay: seed % 2 === 0,
        faults: swarm(seed, drawRates(seed, 0.03), () => faulty),
      });
      await scenario.prepare?.(world);
      faulty = true;
      await scenario.act(world);
      await world.run({ mostMs: (seed % 7) * minute + 20_000 });
      faulty = false;
      await world.run({ until: () => scenario.differs(world).length === 0, mostMs: 100 * minute });
      await world.run({ mostMs: 12 * minute });
      expect({ seed, differs: scenario.differs(world) }).toEqual({ seed, differs: [] });
    }
  });
});
