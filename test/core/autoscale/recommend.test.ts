import { describe, expect, test } from "vitest";
import { readDemands, recommend } from "../../../core/autoscale/recommend.ts";
import type { Autoscaling } from "../../../core/model/service.ts";
import { anAutoscaling, aQueue, readings } from "../../support/autoscaling.ts";

const two = [aQueue("jobs"), aQueue("mails", 2)];

describe("what each metric shows", () => {
  test.for<{ name: string; given?: Partial<Autoscaling>; drawn: string; demands: readonly unknown[] }>([
    {
      name: "work for a share of a task",
      drawn: "12",
      demands: [{ kind: "read", metric: "queue jobs", isActive: true, tasks: 2.4 }],
    },
    {
      name: "no work",
      drawn: "0",
      demands: [{ kind: "read", metric: "queue jobs", isActive: false, tasks: 0 }],
    },
    {
      name: "each by its own name and target",
      given: { metrics: two },
      drawn: "10/10",
      demands: [
        { kind: "read", metric: "queue jobs", isActive: true, tasks: 2 },
        { kind: "read", metric: "queue mails", isActive: true, tasks: 5 },
      ],
    },
    {
      name: "nothing, with its reason",
      drawn: "-",
      demands: [{ kind: "missing", metric: "queue jobs", why: "no such queue" }],
    },
    {
      name: "nothing, where nobody looked",
      given: { metrics: two },
      drawn: "0",
      demands: [
        { kind: "read", metric: "queue jobs", isActive: false, tasks: 0 },
        { kind: "missing", metric: "queue mails", why: "it was not looked at" },
      ],
    },
    ...["NaN", "-1", "Infinity"].map((drawn) => ({
      name: `nothing in ${drawn}`,
      drawn,
      demands: [{ kind: "missing", metric: "queue jobs", why: "what it shows is no count" }],
    })),
    {
      name: "a name where the queue is no ARN",
      given: { metrics: [{ ...aQueue("jobs"), queue: "jobs" }] },
      drawn: "-",
      demands: [{ kind: "missing", metric: "queue jobs", why: "no such queue" }],
    },
  ])("$name", ({ given, drawn, demands }) => {
    expect(readDemands(anAutoscaling(given), readings(drawn))).toEqual(demands);
  });
});

describe("what they recommend together", () => {
  test.for<{ name: string; given?: Partial<Autoscaling>; drawn: string; recommended: unknown }>([
    { name: "the largest", drawn: "40/30", recommended: { replicas: 15, by: "queue mails" } },
    { name: "the first of equals", drawn: "40/16", recommended: { replicas: 8, by: "queue jobs" } },
    { name: "the first of those beyond max", drawn: "400/4000", recommended: { replicas: 20, by: "queue jobs" } },
    {
      name: "the first of those below min",
      given: { min: 9 },
      drawn: "5/10",
      recommended: { replicas: 9, by: "queue jobs" },
    },
    { name: "what can be read", drawn: "-/30", recommended: { replicas: 15, by: "queue mails" } },
    { name: "nothing where nothing can", drawn: "-/-", recommended: undefined },
  ])("$name", ({ given, drawn, recommended }) => {
    const autoscaling = anAutoscaling({ metrics: two, ...given });
    expect(recommend(readDemands(autoscaling, readings(drawn)), 10, autoscaling)).toEqual(recommended);
  });
});

describe("the tolerance ends where it says, whatever fractions lose", () => {
  test.for([
    { tolerance: 0.29, replicas: 100, value: 129, wanted: 100 },
    { tolerance: 0.29, replicas: 100, value: 130, wanted: 130 },
    { tolerance: 0.57, replicas: 100, value: 43, wanted: 100 },
    { tolerance: 0.57, replicas: 100, value: 42, wanted: 42 },
    { tolerance: 0.7, replicas: 10, value: 3, wanted: 10 },
    { tolerance: 0.9, replicas: 10, value: 1, wanted: 10 },
    { tolerance: 0.01, replicas: 5000, value: 5050, wanted: 5000 },
    { tolerance: 0.01, replicas: 5000, value: 5051, wanted: 5051 },
    { tolerance: 0, replicas: 4999, messagesPerTask: 1_000_000, value: 4_999_000_000, wanted: 4999 },
    { tolerance: 0, replicas: 4999, messagesPerTask: 1_000_000, value: 4_999_000_001, wanted: 5000 },
    { tolerance: 0.1, replicas: 4000, messagesPerTask: 1_000_000, value: 4_400_000_000, wanted: 4000 },
    { tolerance: 0.1, replicas: 4000, messagesPerTask: 1_000_000, value: 4_400_000_001, wanted: 4401 },
    { tolerance: 1, replicas: 10, value: 20, wanted: 10 },
    { tolerance: 1, replicas: 10, value: 21, wanted: 21 },
  ])("$tolerance of $replicas with $value: $wanted", ({ tolerance, replicas, messagesPerTask = 1, value, wanted }) => {
    const autoscaling = anAutoscaling({ min: 0, max: 6000, tolerance, metrics: [aQueue("jobs", messagesPerTask)] });
    expect(recommend(readDemands(autoscaling, readings(String(value))), replicas, autoscaling)?.replicas).toBe(wanted);
  });
});
