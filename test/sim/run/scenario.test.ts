import { expect, test } from "vitest";
import { drawScenario } from "../../../sim/run/scenario.ts";

const seeds = Array.from({ length: 300 }, (_, index) => index);
const drawn = seeds.map(drawScenario);

test("the same seed draws the same, and another one something else", () => {
  expect(seeds.map(drawScenario)).toEqual(drawn);
  expect(new Set(drawn.map((scenario) => JSON.stringify({ ...scenario, seed: 0 }))).size).toBe(seeds.length);
});

test("a scenario is plain data: what is printed is all there is", () => {
  expect(JSON.parse(JSON.stringify(drawn))).toEqual(drawn);
});

test.for<{ name: string; is: (scenario: (typeof drawn)[number]) => boolean }>([
  { name: "with traffic", is: ({ services }) => services.some(({ hasTraffic }) => hasTraffic) },
  { name: "with a health check", is: ({ services }) => services.some(({ hasHealthCheck }) => hasHealthCheck) },
  { name: "that is autoscaled", is: ({ services }) => services.some(({ autoscaling }) => autoscaling !== undefined) },
  { name: "that is recreated", is: ({ services }) => services.some(({ strategy }) => strategy === "recreate") },
  { name: "beside others", is: ({ services }) => services.length > 1 },
  { name: "without any fault of a call", is: ({ rates }) => Object.values(rates).every((rate) => rate === 0) },
  { name: "with some kinds of faults on, and others off", is: ({ rates }) => isMixed(Object.values(rates)) },
  { name: "with an outage", is: ({ outages }) => outages.length > 0 },
  { name: "without events", is: ({ events }) => events === false },
  { name: "with passes at once", is: ({ parallel }) => parallel > 1 },
])("some seeds draw a service $name, and others do not", ({ is }) => {
  const share = drawn.filter(is).length / drawn.length;
  expect(share).toBeGreaterThan(0.02);
  expect(share).toBeLessThan(0.98);
});

function isMixed(rates: readonly number[]): boolean {
  return rates.includes(0) && rates.some((rate) => rate > 0);
}
