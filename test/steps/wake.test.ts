import { describe, expect, test } from "vitest";
import type { ServiceKey } from "../../core/model/ids.ts";
import { lookDelay, wakeCluster, wakeServices } from "../../steps/wake.ts";
import { aStage, sent } from "../support/stage.ts";

const keys = ["shop/web", "shop/api"] as ServiceKey[];

describe("a wake-up", () => {
  test("of services names each, one step further in its lineage", async () => {
    const stage = aStage();
    expect(await wakeServices(stage.ports, keys, 3)).toBe(true);
    expect(sent(stage, "work")).toEqual([
      { key: "shop/web", hops: 4 },
      { key: "shop/api", hops: 4 },
    ]);
  });

  test("of no service is none", async () => {
    const stage = aStage();
    expect(await wakeServices(stage.ports, [], 0)).toBe(true);
    expect(sent(stage, "work")).toEqual([]);
  });

  test("of a cluster names the services to look at", async () => {
    const stage = aStage();
    expect(await wakeCluster(stage.ports, "main", ["shop/web"], 0)).toBe(true);
    expect(sent(stage, "dispatch")).toEqual([{ key: "main", hops: 1, names: ["shop/web"] }]);
  });

  test("of a cluster need not name any", async () => {
    const stage = aStage();
    await wakeCluster(stage.ports, "main", [], 0);
    expect(sent(stage, "dispatch")).toEqual([{ key: "main", hops: 1, names: [] }]);
  });

  test.for([
    { hops: 7, is: true },
    { hops: 8, is: false },
    { hops: 9, is: false },
  ])("after $hops others is sent: $is", async ({ hops, is }) => {
    const stage = aStage();
    expect(await wakeServices(stage.ports, keys, hops)).toBe(is);
    expect(await wakeCluster(stage.ports, "main", [], hops)).toBe(is);
    expect([sent(stage, "work").length, sent(stage, "dispatch").length]).toEqual(is ? [2, 1] : [0, 0]);
  });

  test("may come later", async () => {
    const stage = aStage();
    await wakeServices(stage.ports, keys, 0, 5);
    await wakeCluster(stage.ports, "main", [], 0, 5);
    stage.clock.advance(4_999);
    expect([sent(stage, "work").length, sent(stage, "dispatch").length]).toEqual([0, 0]);
    stage.clock.advance(1);
    expect([sent(stage, "work").length, sent(stage, "dispatch").length]).toEqual([2, 1]);
  });
});

describe("a look is due", () => {
  test.for([
    { name: "when something is due", inMs: 30_000, hops: 0, seconds: 30 },
    { name: "in whole seconds, not before", inMs: 30_001, hops: 0, seconds: 31 },
    { name: "no sooner than a second", inMs: 10, hops: 0, seconds: 1 },
    { name: "no sooner than a second, though it is overdue", inMs: -90_000, hops: 2, seconds: 1 },
    { name: "more slowly as the lineage is used up", inMs: 0, hops: 3, seconds: 2 },
    { name: "and more", inMs: 0, hops: 4, seconds: 3 },
    { name: "and more", inMs: 0, hops: 5, seconds: 5 },
    { name: "and more", inMs: 0, hops: 6, seconds: 8 },
    { name: "and more", inMs: 0, hops: 7, seconds: 12 },
    { name: "and no further", inMs: 0, hops: 8, seconds: 12 },
    { name: "as late as it is due", inMs: 13_000, hops: 7, seconds: 13 },
    { name: "no later than a queue can wait", inMs: 3_600_000, hops: 0, seconds: 900 },
    { name: "no later than that, though nothing is due", inMs: Number.POSITIVE_INFINITY, hops: 0, seconds: 900 },
  ])("$name: $seconds s", ({ inMs, hops, seconds }) => {
    expect(lookDelay(1_000_000 + inMs, 1_000_000, hops)).toBe(seconds);
  });
});
