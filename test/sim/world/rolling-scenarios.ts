import { shopWeb, type World } from "../../../sim/world.ts";
import { aRolling, byImage, complete, notYet, progressing, withTraffic } from "./rolling.ts";
import { type Scenario, unsettledCommands } from "./scenarios.ts";

const manifest = (world: World, version: string) =>
  aRolling(version, {
    "spec.replicas": 2,
    "spec.rollout.breaker": { failures: 1 },
    "spec.rollout.minReadySeconds": 2,
    ...withTraffic(world),
  });

const prepare = async (world: World) => {
  world.apply(manifest(world, "v1"));
  await complete(world, 2, "v1");
};

/** Rollouts of two tasks with traffic: one that is complete in the end, and one that is rolled back. */
export const rollouts: readonly Scenario[] = [
  {
    name: "a rollout with traffic",
    options: { behave: byImage },
    isLong: true,
    prepare,
    act: (world) => void world.apply(manifest(world, "v2")),
    differs: (world) => [...notYet(world, 2, "v2"), ...unsettledCommands(world)],
  },
  {
    name: "a rollout that is rolled back",
    options: { behave: byImage },
    isLong: true,
    prepare,
    act: (world) => void world.apply(manifest(world, "crashes")),
    differs: (world) => [
      ...(world.service(shopWeb).spec?.generation === 2 && progressing(world) === "RolledBack"
        ? []
        : ["not rolled back"]),
      ...notYet(world, 2, "v1"),
      ...unsettledCommands(world),
    ],
  },
];
