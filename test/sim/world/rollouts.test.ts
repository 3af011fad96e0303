import { describe, expect, test } from "vitest";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { taskIdOf } from "../../../sim/world/truth.ts";
import { shopWeb, type World } from "../../../sim/world.ts";
import { testSoon } from "../../support/soon.ts";
import { complete, extremes, healthCheck, notYet, running, versions, withTraffic } from "./rolling.ts";
import { minute, trafficOf } from "./scenarios.ts";

const isDone = (world: World, replicas: number, version = "v2") => {
  const { generation } = world.service(shopWeb).spec ?? {};
  return () => world.service(shopWeb).state?.generation === generation && notYet(world, replicas, version).length === 0;
};

/** Rolls `v2` out over `v1`, and tells how few served and how many lived meanwhile. */
async function rollOut(replicas: number, changes: Readonly<Record<string, unknown>>, options: WorldOptions = {}) {
  const { world, manifest } = await running(replicas, (it) => ({ ...withTraffic(it), ...changes }), options);
  world.apply(manifest("v2"));
  await world.run({ until: () => world.service(shopWeb).spec?.generation === 2 });
  const seen = await extremes(world, isDone(world, replicas));
  return { world, ...seen };
}

describe("a rolling update keeps its bounds, by what really serves and lives", () => {
  const bounds = (maxSurge: number | string, maxUnavailable: number | string) => ({
    "spec.rollout.maxSurge": maxSurge,
    "spec.rollout.maxUnavailable": maxUnavailable,
  });
  test.for([
    { name: "3 tasks, one above", replicas: 3, changes: bounds(1, 0), fewest: 3, most: 4 },
    { name: "10 tasks, a quarter above", replicas: 10, changes: bounds("25%", 0), fewest: 10, most: 13 },
    { name: "10 tasks, one above and one below", replicas: 10, changes: bounds(1, 1), fewest: 9, most: 11 },
    { name: "10 tasks, a quarter below", replicas: 10, changes: bounds(0, "25%"), fewest: 8, most: 10 },
    { name: "10 tasks, all at once above", replicas: 10, changes: bounds("100%", 0), fewest: 10, most: 20 },
    { name: "4 tasks, all below", replicas: 4, changes: bounds(0, "100%"), fewest: 0, most: 4 },
    { name: "3 tasks, none above and one below", replicas: 3, changes: bounds(0, 1), fewest: 2, most: 3 },
    { name: "3 tasks, neither: one below", replicas: 3, changes: bounds(0, 0), fewest: 2, most: 3 },
    { name: "one task, one above", replicas: 1, changes: bounds(1, 0), fewest: 1, most: 2 },
    { name: "one task, one below", replicas: 1, changes: bounds(0, 1), fewest: 0, most: 1 },
    { name: "one task, neither: one below", replicas: 1, changes: bounds(0, 0), fewest: 0, most: 1 },
    { name: "one task, a quarter above", replicas: 1, changes: bounds("25%", "25%"), fewest: 1, most: 2 },
  ])("$name", async ({ replicas, changes, fewest, most }) => {
    const { world, fewestServing, mostLive } = await rollOut(replicas, changes);
    expect({ fewestServing, mostLive }).toEqual({ fewestServing: fewest, mostLive: most });
    expect(versions(world)).toEqual(Array(replicas).fill("v2"));
  });
});

test("recreate: nothing new lives before everything old is gone", async () => {
  const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), "spec.rollout.strategy": "recreate" }));
  world.apply(manifest("v2"));
  await world.run({ until: () => world.service(shopWeb).spec?.generation === 2 });
  let mixed = 0;
  const { fewestServing, mostLive } = await extremes(world, () => {
    mixed += new Set(versions(world)).size > 1 ? 1 : 0;
    return isDone(world, 3)();
  });
  expect({ mixed, fewestServing, mostLive }).toEqual({ mixed: 0, fewestServing: 0, mostLive: 3 });
});

describe("a task is available once it was ready for minReadySeconds", () => {
  test.for([
    { name: "with traffic", changes: withTraffic },
    { name: "with a health check", changes: () => ({ "spec.task.containers[0].health": healthCheck }) },
    { name: "without either", changes: () => ({}) },
  ])("an old task leaves no sooner: $name", async ({ changes }) => {
    const minReady = { "spec.rollout.minReadySeconds": 40 };
    const { world, manifest } = await running(2, (it) => ({ ...changes(it), ...minReady }));
    const old = new Set(world.truth.live(shopWeb).map(taskIdOf));
    world.apply(manifest("v2"));
    let readyMs: number | undefined;
    await world.run({
      until: () => {
        if (world.serving(shopWeb).some((task) => !old.has(taskIdOf(task)))) readyMs ??= world.clock.nowMs();
        return Object.keys(world.service(shopWeb).state?.stops ?? {}).length > 0;
      },
      mostMs: 5 * minute,
    });
    expect(world.clock.nowMs() - (readyMs ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(40_000);
    await complete(world, 2, "v2");
  });
});

describe("traffic that changes to another target group", () => {
  /** Another group of instances, behind a listener of its own. */
  function anotherGroup({ aws }: World): string {
    const healthCheck = { intervalSeconds: 5, timeoutSeconds: 2 };
    const { arn } = aws.elb.createTargetGroup({ name: "other", targetType: "instance", port: 80, healthCheck });
    const loadBalancer = aws.elb.loadBalancers()[0]?.arn ?? "";
    aws.elb.createListener({ loadBalancer, port: 82, targetGroup: arn });
    aws.elb.setDeregistrationDelay(arn, 30);
    return arn;
  }
  const healthyIn = (world: World, group: string) =>
    world.aws.elb.targetHealth(group).filter(({ state }) => state === "healthy").length;

  test.for([
    { name: "with the same image", version: "v1", fewest: 3 },
    { name: "with a new image", version: "v2", fewest: 3 },
  ])("nobody leaves the old one before enough serve in the new one: $name", async ({ version, fewest }) => {
    const { world, manifest } = await running(3, withTraffic);
    const before = world.aws.targetGroups.instance;
    const after = anotherGroup(world);
    world.apply(manifest(version, { "spec.traffic": [{ ...trafficOf(world), targetGroup: after }] }));
    await world.run({ until: () => world.service(shopWeb).spec?.generation === 2 });
    let fewestHealthy = Number.POSITIVE_INFINITY;
    await extremes(world, () => {
      const isTaken = healthyIn(world, after) >= 3;
      fewestHealthy = isTaken ? fewestHealthy : Math.min(fewestHealthy, healthyIn(world, before));
      return world.isConverged(shopWeb, 3);
    });
    expect(fewestHealthy).toBeGreaterThanOrEqual(fewest);
    await complete(world, 3, version);
    expect(world.aws.elb.targetHealth(before)).toEqual([]);
  });

  test("a group that never finds them healthy is not left for", async () => {
    const { world, manifest } = await running(3, withTraffic);
    const after = anotherGroup(world);
    world.aws.elb.modifyHealthCheck(after, { matcher: "418" });
    world.apply(manifest("v1", { "spec.traffic": [{ ...trafficOf(world), targetGroup: after }] }));
    await world.run({ mostMs: 5 * minute });
    expect(healthyIn(world, world.aws.targetGroups.instance)).toBe(3);
    expect(world.serving(shopWeb)).toHaveLength(3);
  });
});

describe("other things happen in the middle", () => {
  const isMidway = (world: World) => () => new Set(versions(world)).size === 2 && versions(world).includes("v2");
  /** `v2` on its way over ten tasks of `v1`. */
  async function midway(options: WorldOptions = {}) {
    const { world, manifest } = await running(10, withTraffic, options);
    world.apply(manifest("v2"));
    await world.run({ until: isMidway(world), mostMs: 5 * minute });
    await world.run({ mostMs: 15_000 });
    expect(new Set(versions(world))).toEqual(new Set(["v1", "v2"]));
    return { world, manifest };
  }

  testSoon.for([14, 5, 1, 0])("it is scaled to %i, and ends", async (replicas) => {
    const { world } = await midway();
    world.scale(shopWeb, replicas);
    await world.run({ until: () => world.service(shopWeb).spec?.generation === 3 });
    const { fewestServing } = await extremes(world, isDone(world, replicas));
    expect(fewestServing).toBeGreaterThanOrEqual(Math.min(replicas, 10));
  });

  testSoon("another version is applied: what was on its way goes, and what served serves on", async () => {
    const { world, manifest } = await midway();
    world.apply(manifest("v3"));
    await world.run({ until: () => world.service(shopWeb).spec?.generation === 3 });
    const { fewestServing, mostLive } = await extremes(world, isDone(world, 10, "v3"));
    expect({ fewestServing, mostLive }).toEqual({ fewestServing: 10, mostLive: 11 });
  });

  test("the old content is applied: it goes back, and nothing that serves is lost", async () => {
    const { world, manifest } = await midway();
    const old = new Set(world.serving(shopWeb).filter(isOf("v1")).map(taskIdOf));
    world.apply(manifest("v1"));
    await world.run({ until: () => world.service(shopWeb).spec?.generation === 3 });
    const { fewestServing } = await extremes(world, isDone(world, 10, "v1"));
    expect(fewestServing).toBe(10);
    expect(world.truth.live(shopWeb).filter((task) => old.has(taskIdOf(task))).length).toBeGreaterThanOrEqual(
      old.size - 1,
    );
  });

  test("it is deleted", async () => {
    const { world } = await midway();
    world.delete(shopWeb);
    expect(await world.run({ until: () => world.isDeleted(shopWeb), mostMs: 10 * minute })).toBe(true);
  });

  test.for([true, false])("a node is lost (events: %s)", async (events) => {
    const { world } = await midway({ events, nodes: 4 });
    world.aws.engine.terminateInstance("main", world.truth.live(shopWeb)[0]?.ec2InstanceId ?? "");
    // Without events each step waits for a sweep.
    await complete(world, 10, "v2", 60 * minute);
  });

  test("an old task crashes while the new ones cannot serve: the old version fills its place", async () => {
    const { world, manifest } = await running(3, withTraffic, { fraction: 1 });
    world.apply(manifest("undecided", { "spec.task.containers[0].health": healthCheck }));
    await world.run({ until: () => versions(world).includes("undecided"), mostMs: minute });
    await world.run({ mostMs: 20_000 });
    world.aws.crash(world.truth.live(shopWeb).find(isOf("v1"))?.arn ?? "");
    await world.run({ mostMs: 2 * minute });
    expect(versions(world)).toEqual(["undecided", "v1", "v1", "v1"]);
    expect(world.serving(shopWeb)).toHaveLength(3);
  });
});

function isOf(version: string) {
  return ({ containers }: { readonly containers: readonly { readonly image: string }[] }) =>
    containers.some(({ image }) => image.endsWith(`:${version}`));
}

test("a task on a node out of reach pays for none that serves", async () => {
  const { world, manifest } = await running(2, () => ({
    "spec.task.containers[0].health": healthCheck,
    "spec.rollout.minReadySeconds": 20,
  }));
  const [silent] = world.truth.live(shopWeb);
  world.aws.engine.setAgentConnected("main", silent?.ec2InstanceId ?? "", false);
  await world.run({ mostMs: 20_000 });
  world.apply(manifest("v2"));
  await world.run({ mostMs: 12 * minute });
  const [v1, ...others] = world.truth.live(shopWeb).filter(({ containers }) => containers[0]?.image === "shop/web:v1");
  expect([v1?.arn, others]).toEqual([silent?.arn, []]);
});
