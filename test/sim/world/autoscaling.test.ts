import { describe, expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { testSoon } from "../../support/soon.ts";
import { aRolling, byImage, condition, extremes, serving, tell, versions, withTraffic } from "./rolling.ts";
import { minute } from "./scenarios.ts";

const queue = "arn:aws:sqs:us-east-1:000000000000:orders";
const following = {
  "spec.autoscaling": {
    min: 0,
    max: 8,
    metrics: [{ type: "queue", queue, messagesPerTask: 10 }],
    cooldownSeconds: 120,
    scaleIn: { windowSeconds: 60, percentPerMinute: 100 },
  },
};

async function deployed(more: Readonly<Record<string, unknown>> = {}) {
  const world = createWorld({ behave: byImage, drainsWholeDelay: true });
  world.metrics.setQueue(queue, {});
  const manifest = (version: string) =>
    aRolling(version, { "spec.replicas": 0, ...withTraffic(world), ...following, ...more });
  world.apply(manifest("v1"));
  await world.run({ mostMs: 3 * minute });
  return { world, manifest };
}

const reaches = (world: World, count: number, mostMs = 10 * minute) =>
  world.run({ until: () => serving(world) === count && world.truth.live(shopWeb).length === count, mostMs });

const told = (world: World) => condition(world, "ScalingActive");

test("from nothing to the most and back to nothing", async () => {
  const { world } = await deployed();
  expect(world.tasks()).toEqual([]);
  world.metrics.setQueue(queue, { visible: 35 });
  expect(await reaches(world, 4, 2 * minute)).toBe(true);
  world.metrics.setQueue(queue, { visible: 500, inFlight: 20 });
  expect(await reaches(world, 8, 2 * minute)).toBe(true);
  expect(told(world)).toMatchObject({ status: "True", reason: "AtMaximum" });
  world.metrics.setQueue(queue, { inFlight: 20 });
  expect(await reaches(world, 2)).toBe(true);
  world.metrics.setQueue(queue, {});
  const emptyMs = world.clock.nowMs();
  expect(await reaches(world, 0)).toBe(true);
  expect(world.clock.nowMs() - emptyMs).toBeGreaterThanOrEqual(120_000);
  expect(told(world)).toMatchObject({ status: "True", reason: "AtMinimum" });
});

test("at rest nothing is written, however its backlog wobbles within the tolerance", async () => {
  const { world } = await deployed();
  world.metrics.setQueue(queue, { visible: 50 });
  expect(await reaches(world, 5)).toBe(true);
  await world.run({ mostMs: 10 * minute });
  const from = world.calls.length;
  for (const visible of [48, 50, 47, 49]) {
    world.metrics.setQueue(queue, { visible });
    await world.run({ mostMs: 5 * minute });
  }
  const writes = world.calls.slice(from).filter(({ port, mutates }) => port !== "queues" && mutates);
  const isLease = (args: readonly unknown[]) => (args[0] as { readonly sort?: string }).sort === "lease";
  expect(writes.filter(({ args }) => !isLease(args)).map(({ method, args }) => [method, args[0]])).toEqual([]);
});

test.for<{ name: string; backlog: Fault | "missing" }>([
  { name: "there is no such queue", backlog: "missing" },
  { name: "it cannot be read", backlog: new Fault("transient", "Timeout", "not answered") },
])("a metric that is missing takes no task away, and is told of: $name", async ({ backlog }) => {
  const { world } = await deployed();
  world.metrics.setQueue(queue, { visible: 50 });
  expect(await reaches(world, 5)).toBe(true);
  world.metrics.setQueue(queue, backlog);
  const { fewestServing } = await extremes(world, () => false, 30 * minute).catch(() => ({
    fewestServing: serving(world),
  }));
  expect(fewestServing).toBe(5);
  expect(told(world)).toMatchObject({ status: "False", reason: "MetricMissing" });
  world.metrics.setQueue(queue, { visible: 50 });
  await world.run({ mostMs: 2 * minute });
  expect(told(world)).toMatchObject({ status: "True", reason: "Following" });
});

describe("during a rollout", () => {
  testSoon("it scales out and in, and the rollout ends", async () => {
    const { world, manifest } = await deployed();
    world.metrics.setQueue(queue, { visible: 40 });
    expect(await reaches(world, 4)).toBe(true);
    world.apply(manifest("v2"));
    await world.run({ until: () => versions(world).includes("v2"), mostMs: minute });
    world.metrics.setQueue(queue, { visible: 80 });
    let fewest = Number.POSITIVE_INFINITY;
    const isRolled = () => {
      fewest = Math.min(fewest, serving(world));
      return serving(world) === 8 && !versions(world).includes("v1");
    };
    expect(await world.run({ until: isRolled, mostMs: 20 * minute })).toBe(true);
    expect(fewest).toBeGreaterThanOrEqual(4);
    await world.run({ mostMs: 2 * minute });
    world.apply(manifest("v3"));
    await world.run({ until: () => versions(world).includes("v3"), mostMs: minute });
    world.metrics.setQueue(queue, { visible: 20 });
    expect(await reaches(world, 2, 20 * minute)).toBe(true);
    expect(versions(world)).toEqual(["v3", "v3"]);
  });

  test("a version that crashes is rolled back at the scale of then", async () => {
    const { world, manifest } = await deployed({ "spec.rollout.minReadySeconds": 2 });
    world.metrics.setQueue(queue, { visible: 40 });
    expect(await reaches(world, 4)).toBe(true);
    await world.run({ mostMs: minute });
    world.apply(manifest("crashes"));
    await world.run({ until: () => versions(world).includes("crashes"), mostMs: minute });
    world.metrics.setQueue(queue, { visible: 60 });
    await world.run({ until: () => condition(world, "Progressing")?.reason === "RolledBack", mostMs: 20 * minute });
    expect(await reaches(world, 6)).toBe(true);
    expect(versions(world)).toEqual(Array(6).fill("v1"));
  });
});

test("a scale is refused, and a paused rollout is scaled all the same", async () => {
  const { world } = await deployed();
  world.metrics.setQueue(queue, { visible: 40 });
  expect(await reaches(world, 4)).toBe(true);
  world.scale(shopWeb, 7);
  await world.run({ mostMs: 5_000 });
  expect(world.truth.commands().find(({ type }) => type.endsWith("scale"))?.phase).toBe("refused");
  tell(world, "pause", { only: "rollout" });
  world.metrics.setQueue(queue, { visible: 60 });
  expect(await reaches(world, 6)).toBe(true);
});
