import { expect, test } from "vitest";
import type { SeedReport } from "../../../sim/run/play-seed.ts";
import { drawScenario } from "../../../sim/run/scenario.ts";
import { summaryOf } from "../../../sim/run/tally.ts";
import { toldViolation } from "../../../sim/run/told-violation.ts";

const scenario = drawScenario(2);
const violation = { seed: 2, what: "S2 too many: 5 live", scenario, trace: ["0:00:01.000  faults begin"] };
const reports: readonly SeedReport[] = [
  { seed: 2, violation, traceHash: "b", portCalls: 10, virtualMs: 5_400_000, faults: { F10: 1, F2: 4 }, guards: {} },
  { seed: 1, traceHash: "a", portCalls: 5, virtualMs: 3_600_000, faults: { F2: 1 }, guards: { "Kill switch": 2 } },
];

test("reports are added up: absent stays absent, and violations come in the order of their seeds", () => {
  expect(summaryOf(reports, { tookMs: 4_000, commit: "abc" })).toEqual({
    seeds: 2,
    violations: [{ ...violation, commit: "abc" }],
    seedsPerSecond: 0.5,
    portCalls: 15,
    virtualHours: 2.5,
    faults: { F2: 5, F10: 1 },
    guards: { "Kill switch": 2 },
  });
});

test("a violation tells what was broken, how to see it again, what was drawn and what happened", () => {
  const told = toldViolation({ ...violation, commit: "abc" });
  expect(told).toContain("seed 2 at commit abc: S2 too many: 5 live");
  expect(told).toContain("npm run sim -- --seed 2");
  expect(told).toContain(`"nodes":${scenario.nodes}`);
  for (const { act } of scenario.acts) expect(told).toContain(act);
  expect(told).toContain("0:00:01.000  faults begin");
});
