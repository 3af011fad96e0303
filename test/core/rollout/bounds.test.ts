import { assert, constantFrom, integer, property } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Amount, Rollout } from "../../../core/model/service.ts";
import { resolveBounds } from "../../../core/rollout/bounds.ts";

function aRollout(maxSurge: Amount, maxUnavailable: Amount, strategy: Rollout["strategy"] = "rolling"): Rollout {
  return {
    strategy,
    maxSurge,
    maxUnavailable,
    minReadySeconds: 0,
    progressDeadlineSeconds: 600,
    breaker: { percent: 50 },
    onFailure: "rollback",
  };
}

describe("how far tasks may be above and below those wanted", () => {
  test.for<{
    readonly name: string;
    readonly surge: Amount;
    readonly unavailable: Amount;
    readonly replicas: number;
    readonly strategy?: Rollout["strategy"];
    readonly bounds: readonly [surge: number, unavailable: number];
  }>([
    { name: "counts are taken as they are", surge: 2, unavailable: 3, replicas: 10, bounds: [2, 3] },
    { name: "as many above as missing", surge: 3, unavailable: 3, replicas: 10, bounds: [3, 3] },
    { name: "shares that come out even", surge: "20%", unavailable: "30%", replicas: 10, bounds: [2, 3] },
    { name: "surge rounds up", surge: "25%", unavailable: 0, replicas: 10, bounds: [3, 0] },
    { name: "unavailable rounds down", surge: 1, unavailable: "25%", replicas: 10, bounds: [1, 2] },
    { name: "a quarter of one task is one above", surge: "25%", unavailable: "25%", replicas: 1, bounds: [1, 0] },
    { name: "surge may be above those wanted", surge: 5, unavailable: 0, replicas: 2, bounds: [5, 0] },
    { name: "all of them above", surge: "100%", unavailable: 0, replicas: 7, bounds: [7, 0] },
    { name: "unavailable is at most all of them", surge: 0, unavailable: 9, replicas: 4, bounds: [0, 4] },
    { name: "all of them may be missing", surge: 0, unavailable: "100%", replicas: 4, bounds: [0, 4] },
    { name: "with neither one may be missing", surge: 0, unavailable: 0, replicas: 4, bounds: [0, 1] },
    { name: "a share below one task is neither", surge: 0, unavailable: "25%", replicas: 3, bounds: [0, 1] },
    { name: "no task wanted, none missing", surge: "25%", unavailable: "25%", replicas: 0, bounds: [0, 0] },
    { name: "no task wanted, a count of surge is left", surge: 2, unavailable: 1, replicas: 0, bounds: [2, 0] },
    {
      name: "55 % of 100 is 55, not 56 by a float's error",
      surge: "55%",
      unavailable: 0,
      replicas: 100,
      bounds: [55, 0],
    },
    { name: "29 % of 100 is 29, not 28", surge: 0, unavailable: "29%", replicas: 100, bounds: [0, 29] },
    { name: "recreate", surge: 3, unavailable: 0, replicas: 5, strategy: "recreate", bounds: [0, 5] },
    { name: "recreate nothing", surge: 3, unavailable: 0, replicas: 0, strategy: "recreate", bounds: [0, 0] },
  ])("$name", ({ surge, unavailable, replicas, strategy, bounds }) => {
    expect(resolveBounds(aRollout(surge, unavailable, strategy), replicas)).toEqual({
      surge: bounds[0],
      unavailable: bounds[1],
    });
  });

  test("a share is rounded from its exact value, and something can always move", () => {
    const percent = integer({ min: 0, max: 100 });
    assert(
      property(percent, percent, integer({ min: 1, max: 5000 }), (above, below, replicas) => {
        const { surge, unavailable } = resolveBounds(aRollout(`${above}%`, `${below}%`), replicas);
        const inHundredths = { above: BigInt(above) * BigInt(replicas), below: BigInt(below) * BigInt(replicas) };
        expect(surge).toBe(Number((inHundredths.above + 99n) / 100n));
        expect(unavailable).toBe(
          surge === 0 ? Math.max(Number(inHundredths.below / 100n), 1) : Number(inHundredths.below / 100n),
        );
        expect(surge + unavailable).toBeGreaterThan(0);
      }),
    );
  });

  test("no bound is negative, and no more may be missing than are wanted", () => {
    const amount = integer({ min: 0, max: 5000 });
    assert(
      property(amount, amount, amount, constantFrom("rolling", "recreate"), (above, below, replicas, strategy) => {
        const { surge, unavailable } = resolveBounds(aRollout(above, below, strategy), replicas);
        expect(surge).toBeGreaterThanOrEqual(0);
        expect(unavailable).toBeGreaterThanOrEqual(0);
        expect(unavailable).toBeLessThanOrEqual(replicas);
      }),
    );
  });
});
