import { expect, test } from "vitest";
import { virtualClock } from "../../sim/clock.ts";

test.for([
  { name: "advance moves both clocks", act: "advance", by: 500, wallMs: 1_500, monotonicMs: 500 },
  { name: "set to a later time lets time pass", act: "set", by: 500, wallMs: 1_500, monotonicMs: 500 },
  { name: "set to an earlier time turns the wall clock back alone", act: "set", by: -500, wallMs: 500, monotonicMs: 0 },
  { name: "jump forward moves the wall clock alone", act: "jump", by: 500, wallMs: 1_500, monotonicMs: 0 },
  { name: "jump back moves the wall clock alone", act: "jump", by: -500, wallMs: 500, monotonicMs: 0 },
] as const)("$name", ({ act, by, wallMs, monotonicMs }) => {
  const clock = virtualClock(1_000);
  clock[act](act === "set" ? 1_000 + by : by);
  expect({ wallMs: clock.nowMs(), monotonicMs: clock.monotonicMs() }).toEqual({ wallMs, monotonicMs });
});

test("time does not pass backwards", () => {
  expect(() => virtualClock().advance(-1)).toThrow("ms must be 0 or more, got -1");
});
