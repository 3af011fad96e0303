import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { costPage } from "../../bench/cost/page.ts";
import { countStack } from "../../bench/cost/stack.ts";
import { costWorld } from "../../bench/cost/world.ts";
import { measured } from "../../cli/cost/measured.ts";
import { type Load, monthOf, totalOf, usedAtRest } from "../../cli/cost/month.ts";

test("docs/cost.md is what was measured, at the prices of the table: npm run bench:cost -- --page writes it", () => {
  expect(readFileSync(new URL("../../docs/cost.md", import.meta.url), "utf8")).toBe(costPage(measured));
});

test("one of what has a price is told as one", () => {
  const told = costPage(measured).match(/\| 1 \S+/g) ?? [];
  expect(told).toContain("| 1 alarm");
  expect(told.filter((text) => text.endsWith("s"))).toEqual([]);
});

test("what costs by its mere being there is what is deployed: npm run bench:cost counts it", () => {
  expect(countStack()).toEqual(measured.stack);
}, 120_000);

test("an install at rest uses what was measured: npm run bench:cost measures it", async () => {
  const { memoryMib } = measured.stack;
  const { meter, run } = await costWorld([], { memoryMib, clientMs: measured.clientMs });
  const from = meter.read();
  await run(10);
  const { readUnits, writeUnits, requests, invocations, logBytes } = measured.perMinute.install;
  const minute = { readUnits, writeUnits, requests, invocations, logBytes };
  const tenfold = Object.fromEntries(Object.entries(minute).map(([name, amount]) => [name, 10 * amount]));
  expect(meter.since(from)).toMatchObject(tenfold);
});

test("the sum of the parts is what the whole was measured to use, within a tenth", () => {
  const { services, tasks, queueServices, used } = measured.whole;
  const sum = usedAtRest(
    {
      services,
      tasks,
      queueServices,
      backlogsPerDay: 0,
      targetGroupServices: services - queueServices,
      rolloutsPerDay: 0,
    },
    measured,
  );
  for (const name of ["readUnits", "requests", "invocations", "gbSeconds"] as const)
    expect(Math.abs(sum[name] / used[name] - 1)).toBeLessThan(0.1);
});

describe("a month costs", () => {
  const none: Load = {
    services: 0,
    tasks: 0,
    rolloutsPerDay: 0,
    queueServices: 0,
    backlogsPerDay: 0,
    targetGroupServices: 0,
  };
  test.for<{ name: string; load: Load; most: number }>([
    { name: "without services", load: none, most: 1 },
    {
      name: "of 100 services, 1,000 tasks, 10 rollouts a day",
      load: {
        services: 100,
        tasks: 1_000,
        rolloutsPerDay: 10,
        queueServices: 10,
        backlogsPerDay: 0,
        targetGroupServices: 90,
      },
      most: 5,
    },
  ])("at most $most dollars $name", ({ load, most }) => {
    expect(totalOf(monthOf(load, measured))).toBeLessThanOrEqual(most);
  });
});
