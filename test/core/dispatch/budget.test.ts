import { describe, expect, test } from "vitest";
import { type Bucket, type Purpose, roomFor, takeFor, takeStops } from "../../../core/dispatch/budget.ts";

const half = { accountShare: 0.5, region: "eu-central-1" };

describe("room in a bucket of the account", () => {
  test.for<{ name: string; bucket: Bucket; purpose: Purpose; accountShare: number; room: number }>([
    {
      name: "all of its part for unsafe stops",
      bucket: "ecs-modify",
      purpose: "unsafe-stop",
      accountShare: 0.5,
      room: 40,
    },
    { name: "90 % for replacements", bucket: "ecs-modify", purpose: "replace", accountShare: 0.5, room: 36 },
    { name: "85 % for scaling out", bucket: "ecs-modify", purpose: "scale-out", accountShare: 0.5, room: 34 },
    { name: "80 % for starts of rollouts", bucket: "ecs-modify", purpose: "rollout", accountShare: 0.5, room: 32 },
    { name: "65 % for their stops", bucket: "ecs-modify", purpose: "rollout-stop", accountShare: 0.5, room: 26 },
    { name: "60 % for rebalancing", bucket: "ecs-modify", purpose: "rebalance", accountShare: 0.5, room: 24 },
    { name: "reads", bucket: "ecs-read", purpose: "unsafe-stop", accountShare: 0.5, room: 10 },
    { name: "launches on Fargate", bucket: "fargate-launches", purpose: "replace", accountShare: 0.5, room: 9 },
    {
      name: "registrations, rounded down",
      bucket: "elb-registrations",
      purpose: "rollout",
      accountShare: 0.3,
      room: 4,
    },
    { name: "the whole account", bucket: "elb-registrations", purpose: "unsafe-stop", accountShare: 1, room: 20 },
    {
      name: "definitions, in windows of twenty seconds: one a second, of which half is ours, and 80 % of that for rollouts",
      bucket: "task-definitions",
      purpose: "rollout",
      accountShare: 0.5,
      room: 8,
    },
    { name: "one however small the share", bucket: "ecs-modify", purpose: "rebalance", accountShare: 0.001, room: 1 },
  ])("$name", ({ bucket, purpose, accountShare, room }) => {
    expect(roomFor(bucket, purpose, { accountShare })).toBe(room);
  });
});

test("a take names the bucket and the window it is in", () => {
  expect(takeFor("ecs-modify", "replace", 3, half, 12_999)).toEqual({
    partition: "account#eu-central-1",
    sort: "budget#ecs-modify",
    amount: 3,
    room: 36,
    windowMs: 12_000,
    nowMs: 12_999,
  });
});

test("a slow bucket is counted in a long window", () => {
  expect(takeFor("task-definitions", "rollout", 1, half, 12_999)).toMatchObject({ room: 8, windowMs: 0 });
});

describe("voluntary stops of a cluster", () => {
  test.for([
    { name: "a tenth", managed: 50, room: 5 },
    { name: "rounded down", managed: 59, room: 5 },
    { name: "at least one", managed: 3, room: 1 },
    { name: "exact where floating point is not", managed: 70, room: 7 },
  ])("$name", ({ managed, room }) => {
    expect(takeStops("main", managed, 1, 0).room).toBe(room);
  });

  test("in windows of ten minutes", () => {
    expect(takeStops("main", 50, 2, 1_799_999)).toEqual({
      partition: "cluster#main",
      sort: "stops",
      amount: 2,
      room: 5,
      windowMs: 1_200_000,
      nowMs: 1_799_999,
    });
  });
});
