import { describe, expect, test } from "vitest";
import { aQueue, aScale, type Course, lookAt } from "../../support/autoscaling.ts";

const two = [aQueue("jobs"), aQueue("mails")];

describe("why there are so many", () => {
  test.for<{ name: string; given?: Course; looks: string; kind: string; message: string }>([
    {
      name: "as many as are wanted",
      looks: "0:50",
      kind: "following",
      message: "queue jobs wants 10 tasks (1 to 20 allowed)",
    },
    {
      name: "one",
      given: { min: 0 },
      looks: "0:3",
      kind: "following",
      message: "queue jobs wants 1 task (0 to 20 allowed)",
    },
    {
      name: "as many as one of several wants",
      given: { metrics: two },
      looks: "0:50/20",
      kind: "following",
      message: "the busiest metric wants 10 tasks (1 to 20 allowed)",
    },
    {
      name: "held by the pace out",
      given: { scaleOut: { windowSeconds: 0, percentPerMinute: 10 } },
      looks: "0:70",
      kind: "following",
      message: "queue jobs wants 14 tasks (1 to 20 allowed): 11 tasks for now, by scaleOut (10 % a minute)",
    },
    {
      name: "held by the window in",
      given: { metrics: two, scaleIn: { windowSeconds: 60 } },
      looks: "0:20/25",
      kind: "following",
      message: "queue mails wants 5 tasks (1 to 20 allowed): 10 tasks for now, by scaleIn (over 60 s)",
    },
    {
      name: "held by the shortest window",
      given: { scaleIn: { windowSeconds: 1 } },
      looks: "0:5",
      kind: "following",
      message: "queue jobs wants 1 task (1 to 20 allowed): 10 tasks for now, by scaleIn (over 1 s)",
    },
    {
      name: "held by both",
      given: { scaleIn: { windowSeconds: 60, percentPerMinute: 10 } },
      looks: "0:5",
      kind: "following",
      message: "queue jobs wants 1 task (1 to 20 allowed): 10 tasks for now, by scaleIn (over 60 s, 10 % a minute)",
    },
    {
      name: "max",
      looks: "0:500",
      kind: "at maximum",
      message: "queue jobs wants 20 tasks or more, and max is 20",
    },
    {
      name: "on the way to max",
      given: { scaleOut: { windowSeconds: 60 } },
      looks: "0:500",
      kind: "following",
      message: "queue jobs wants 20 tasks (1 to 20 allowed): 10 tasks for now, by scaleOut (over 60 s)",
    },
    {
      name: "min",
      looks: "0:0",
      kind: "at minimum",
      message: "queue jobs wants 1 task or fewer, and min is 1",
    },
    {
      name: "no work",
      given: { min: 0, first: 0, activation: 7 },
      looks: "0:7",
      kind: "at minimum",
      message: "no metric is above 7: no task",
    },
    {
      name: "no work for a while",
      given: { min: 0, first: 1, cooldownSeconds: 60 },
      looks: "0:0 30:0",
      kind: "cooling down",
      message: "no metric is above 0: 1 task for now, none after 60 s of that",
    },
    {
      name: "no work for long enough",
      given: { min: 0, first: 1, cooldownSeconds: 60 },
      looks: "0:0 60:0",
      kind: "at minimum",
      message: "no metric is above 0: no task",
    },
    {
      name: "nothing to follow",
      looks: "0:-",
      kind: "metric missing",
      message: "cannot read queue jobs (no such queue): 10 tasks, and no change until that is read",
    },
    {
      name: "one of two to follow",
      given: { metrics: two },
      looks: "0:500/-",
      kind: "metric missing",
      message: "cannot read queue mails (no such queue): 20 tasks, and none is taken away until that is read",
    },
    {
      name: "two of two missing",
      given: { metrics: two, min: 0, first: 0 },
      looks: "0:-/NaN",
      kind: "metric missing",
      message:
        "cannot read queue jobs (no such queue) and queue mails (what it shows is no count): 0 tasks, and no change until that is read",
    },
  ])("$name", ({ given, looks, kind, message }) => {
    expect(lookAt(looks, given).at(-1)?.why).toEqual({ kind, message });
  });
});

describe("a backlog that wobbles says nothing new", () => {
  test.for<{ name: string; given?: Course; looks: string }>([
    { name: "within the tolerance", looks: "0:50 30:52 60:47" },
    { name: "of two queues in turn", given: { metrics: two }, looks: "0:50/20 30:20/50 60:50/50" },
    { name: "beyond max", looks: "0:105 30:500 60:94" },
    { name: "of two queues beyond max", given: { metrics: two }, looks: "0:500/0 30:0/500" },
    { name: "below min", given: { min: 5 }, looks: "0:0 30:25 60:7" },
    { name: "below the activation", given: { min: 0, first: 0, activation: 9 }, looks: "0:0 30:9" },
    { name: "while it cools down", given: { min: 0, first: 1, activation: 9 }, looks: "0:0 30:9 299:3" },
    {
      name: "while a window holds",
      given: { scaleIn: { windowSeconds: 600 }, previous: aScale(10) },
      looks: "0:25 30:23 60:21",
    },
  ])("$name", ({ given, looks }) => {
    const told = new Set(lookAt(looks, given).map(({ why }) => `${why.kind}: ${why.message}`));
    expect([...told]).toHaveLength(1);
  });
});
