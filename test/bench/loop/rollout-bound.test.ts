import { expect, test } from "vitest";
import { rolloutBound } from "../../../bench/loop/rollout-bound.ts";

const terms = {
  replicas: 100,
  surge: 25,
  nodes: 5,
  readyMs: 2_000,
  stopMs: 300,
  stopsAWindow: 1_000,
  callsAWindow: 1_000,
  windowMs: 1_000,
};

test.for([
  { name: "four batches, each started and then stopped", given: {}, ms: 4 * 2_300, binding: "batches" },
  { name: "a last batch that is not full", given: { surge: 30 }, ms: 4 * 2_300, binding: "batches" },
  { name: "all at once", given: { surge: 100 }, ms: 2_300, binding: "batches" },
  {
    name: "25 stops of a batch in 13 a second: a window more",
    given: { stopsAWindow: 13 },
    ms: 4 * 2_300 + 1_000,
    binding: "batches",
  },
  {
    name: "those of a batch that is not full: the others were waited for meanwhile",
    given: { surge: 30, readyMs: 20_000, stopsAWindow: 9 },
    ms: 4 * 20_300 + 1_000,
    binding: "batches",
  },
  {
    name: "100 stops in 10 a second: nine windows after the first, which begins when the first task is ready",
    given: { stopsAWindow: 10 },
    ms: 2_000 + 9 * 1_000 + 300,
    binding: "call budget",
  },
  {
    name: "with 15 starts, one a node in each batch but the first, 115 calls in 13 a second",
    given: { callsAWindow: 13 },
    ms: 2_000 + 8 * 1_000 + 300,
    binding: "call budget",
  },
  {
    name: "no more starts than tasks: 75",
    given: { callsAWindow: 13, nodes: 40 },
    ms: 2_000 + 13 * 1_000 + 300,
    binding: "call budget",
  },
  {
    name: "ten tasks a start at most: 9",
    given: { callsAWindow: 9, nodes: 1 },
    ms: 2_000 + 12 * 1_000 + 300,
    binding: "call budget",
  },
  {
    name: "fewer starts of a batch that is not full: 60",
    given: { callsAWindow: 13, surge: 30, nodes: 25 },
    ms: 2_000 + 12 * 1_000 + 300,
    binding: "call budget",
  },
  { name: "a budget that is no tighter than the batches", given: { callsAWindow: 20 }, ms: 9_200, binding: "batches" },
  {
    name: "a thousand tasks in windows of two seconds",
    given: { replicas: 1_000, surge: 250, nodes: 82, stopsAWindow: 28, callsAWindow: 32, windowMs: 2_000 },
    ms: 2_000 + 38 * 2_000 + 300,
    binding: "call budget",
  },
] as const)("$name", ({ given, ms, binding }) => {
  expect(rolloutBound({ ...terms, ...given })).toEqual({ ms, binding });
});
