import { expect, test } from "vitest";
import { shopWeb, type World } from "../../../sim/world.ts";
import { complete, extremes, running, withTraffic } from "./rolling.ts";
import { trafficOf } from "./scenarios.ts";

const container = "spec.task.containers[0]";
const healthyIn = (world: World, group: string) =>
  world.aws.elb.targetHealth(group).filter(({ state }) => state === "healthy").length;

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
