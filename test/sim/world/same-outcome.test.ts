import { describe, expect, test } from "vitest";
import { travel } from "./journey.ts";

/** However events come, the same things come about in the end: only later. */
describe("a rollout, a rollback and a scale come to the same", () => {
  const expected = travel({ seed: 1 });

  test("where every event comes at once", async () => {
    const { versions, serving, failure, commands } = await expected;
    expect({ versions, serving, commands }).toEqual({ versions: Array(5).fill("v2"), serving: 5, commands: [] });
    expect(failure).toMatchObject({ reason: "BreakerTripped", outcome: "rolled back" });
  });

  test("where every event and message comes twice, late and out of order: 100 seeds", {
    timeout: 120_000,
  }, async () => {
    for (let seed = 1; seed <= 100; seed += 1)
      expect({ seed, ...(await travel({ seed, events: "doubled and shuffled", deliveries: 2 })) }).toEqual({
        seed,
        ...(await expected),
      });
  });

  test("where no event comes at all: 10 seeds", { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 10; seed += 1)
      expect({ seed, ...(await travel({ seed, events: false, parallel: 1 + (seed % 3) })) }).toEqual({
        seed,
        ...(await expected),
      });
  });
});
