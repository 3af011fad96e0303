import { expect, test } from "vitest";
import { rolloutBound } from "../../../bench/loop/rollout-bound.ts";

const terms = { replicas: 100, surge: 25, readyMs: 2_000, stopMs: 300, callsAWindow: 1_000, windowMs: 1_000 };

test.for([
  { name: "four batches, each started and then stopped", given: {}, ms: 4 * 2_300, binding: "batches" },
  { name: "a last batch that is not full", given: { surge: 30 }, ms: 4 * 2_300, binding: "batches" },
  { name: "all at once", given: { surge: 100 }, ms: 2_300, binding: "batches" },
  {
    name: "108 calls in 14 a second: seven windows after the first, which begins when the first task is ready",
    given: { callsAWindow: 14 },
    ms: 2_000 + 7 * 1_000 + 300,
    binding: "call budget",
  },
  { name: "a budget that is no tighter than the batches", given: { callsAWindow: 20 }, ms: 9_200, binding: "batches" },
  {
    name: "longer windows that hold as much",
    given: { replicas: 1_000, surge: 250, callsAWindow: 28, windowMs: 2_000 },
    ms: 2_000 + 38 * 2_000 + 300,
    binding: "call budget",
  },
] as const)("$name", ({ given, ms, binding }) => {
  expect(rolloutBound({ ...terms, ...given })).toEqual({ ms, binding });
});
