import { describe, expect, test } from "vitest";
import type { Breaker } from "../../../core/model/service.ts";
import { breakerThreshold } from "../../../core/rollout/breaker.ts";

describe("how many tasks have to fail", () => {
  test.for<{ readonly name: string; readonly breaker: Breaker; readonly replicas: number; readonly threshold: number }>(
    [
      { name: "a share of those wanted", breaker: { percent: 50 }, replicas: 20, threshold: 10 },
      { name: "a share rounds up", breaker: { percent: 50 }, replicas: 9, threshold: 5 },
      { name: "a share is at least 3", breaker: { percent: 50 }, replicas: 2, threshold: 3 },
      { name: "at least 3 of no task", breaker: { percent: 50 }, replicas: 0, threshold: 3 },
      { name: "a share is at most 200", breaker: { percent: 50 }, replicas: 5000, threshold: 200 },
      { name: "just below 200", breaker: { percent: 50 }, replicas: 397, threshold: 199 },
      { name: "a share that comes out even", breaker: { percent: 7 }, replicas: 100, threshold: 7 },
      { name: "a count is not held", breaker: { failures: 1 }, replicas: 5000, threshold: 1 },
      { name: "a count is no share", breaker: { failures: 200 }, replicas: 1, threshold: 200 },
    ],
  )("$name", ({ breaker, replicas, threshold }) => {
    expect(breakerThreshold(breaker, replicas)).toBe(threshold);
  });
});
