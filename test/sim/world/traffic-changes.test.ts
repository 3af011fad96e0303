import { describe, expect, test } from "vitest";
import { shopWeb, type World } from "../../../sim/world.ts";
import { complete, condition, extremes, failure, progressing, running, withTraffic } from "./rolling.ts";
import { minute, trafficOf } from "./scenarios.ts";

const container = "spec.task.containers[0]";
const healthyIn = (world: World, group: string) =>
  world.aws.elb.targetHealth(group).filter(({ state }) => state === "healthy").length;

/** A group that finds no task healthy. */
function badGroup(world: World): string {
  const { arn } = world.aws.elb.createTargetGroup({
    name: "other",
    targetType: "instance",
    port: 80,
    healthCheck: { intervalSeconds: 5, timeoutSeconds: 2 },
  });
  const loadBalancer = world.aws.elb.loadBalancers()[0]?.arn ?? "";
  world.aws.elb.createListener({ loadBalancer, port: 82, targetGroup: arn });
  world.aws.elb.modifyHealthCheck(arn, { matcher: "418" });
  return arn;
}

/** Runs until a version is complete, and tells the fewest targets that were healthy in the first group meanwhile. */
async function fewestHealthy(world: World, replicas: number, version: string): Promise<number> {
  const group = world.aws.targetGroups.instance;
  let fewest = healthyIn(world, group);
  await extremes(world, () => {
    fewest = Math.min(fewest, healthyIn(world, group));
    return world.service(shopWeb).state?.generation === 2 && world.isConverged(shopWeb, replicas);
  });
  await complete(world, replicas, version);
  return fewest;
}

test.for([
  {
    name: "a port",
    changes: (world: World) => ({
      [`${container}.ports`]: [{ name: "web", containerPort: 80 }],
      "spec.traffic": [{ ...trafficOf(world), port: "web" }],
    }),
  },
  {
    name: "a container",
    changes: (world: World) => ({
      [`${container}.name`]: "web",
      "spec.traffic": [{ ...trafficOf(world), container: "web" }],
    }),
  },
])("renaming $name leaves as many in the traffic as have to be available", async ({ changes }) => {
  const { world, manifest } = await running(3, withTraffic);
  world.apply(manifest("v2", changes(world)));
  expect(await fewestHealthy(world, 3, "v2")).toBe(3);
});

describe("a rollout that is rolled back goes back to the traffic of before", () => {
  test.for([
    {
      name: "where a port was renamed",
      version: "crashes",
      changes: (world: World) => ({
        [`${container}.ports`]: [{ name: "web", containerPort: 80 }],
        "spec.traffic": [{ ...trafficOf(world), port: "web" }],
      }),
    },
    {
      name: "where another group refuses them",
      version: "v2",
      changes: (world: World) => ({ "spec.traffic": [{ ...trafficOf(world), targetGroup: badGroup(world) }] }),
    },
    {
      name: "where a group was added that refuses them",
      version: "v2",
      changes: (world: World) => ({
        "spec.traffic": [trafficOf(world), { ...trafficOf(world), targetGroup: badGroup(world) }],
      }),
    },
  ])("$name", async ({ version, changes }) => {
    const { world, manifest } = await running(3, withTraffic);
    const group = world.aws.targetGroups.instance;
    world.apply(manifest(version, changes(world)));
    await world.run({ until: () => failure(world)?.outcome === "rolled back", mostMs: 30 * minute });
    await complete(world, 3, "v1");
    expect(healthyIn(world, group)).toBe(3);
    for (const { arn } of world.truth.live(shopWeb)) {
      world.aws.crash(arn);
      await complete(world, 3, "v1");
    }
    expect(healthyIn(world, group)).toBe(3);
    expect(progressing(world)).toBe("RolledBack");
    expect(world.service(shopWeb).state?.dueAtMs).toBeUndefined();
  });
});

test("nobody is stopped for a group that was added and refuses everybody, and it is joined once it is mended", async () => {
  const { world, manifest } = await running(3, withTraffic);
  const added = badGroup(world);
  const before = world.truth.live(shopWeb).map(({ arn }) => arn);
  world.apply(manifest("v1", { "spec.traffic": [trafficOf(world), { ...trafficOf(world), targetGroup: added }] }));
  await world.run({ mostMs: 20 * minute });
  expect(world.truth.live(shopWeb).map(({ arn }) => arn)).toEqual(before);
  expect(healthyIn(world, world.aws.targetGroups.instance)).toBe(3);
  expect(condition(world, "Available")?.status).toBe("False");
  world.aws.elb.modifyHealthCheck(added, { matcher: "200" });
  await complete(world, 3, "v1");
  expect(world.truth.live(shopWeb).map(({ arn }) => arn)).toEqual(before);
  expect(healthyIn(world, added)).toBe(3);
});
