import { describe, expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import type { Faults } from "../../../sim/world/call-site.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aManifestWith } from "../../support/manifests.ts";

const minute = 60_000;
const image = (tag: string) => ({ "spec.task.containers[0].image": `shop/web:${tag}` });

/** What sweeps told of: each kind of trouble with what it was about. */
function told(world: World): readonly string[] {
  return [...new Set(world.troubles.map(({ kind, about }) => `${kind}: ${about}`))];
}

/** Runs on for half an hour. */
const on = (world: World) => world.run({ mostMs: 30 * minute });

async function running(options: Parameters<typeof createWorld>[0] = {}, changes = {}) {
  const world = createWorld(options);
  world.apply(aManifestWith({ "spec.replicas": 3, ...changes }));
  await world.run({ until: () => world.isConverged(shopWeb, 3), mostMs: 10 * minute });
  return world;
}

describe("the ordinary life of a service is no trouble", () => {
  const broken = {
    behave: ({ image: named }: { readonly image: string }) => ({
      startsAfterMs: 500,
      ...(named.endsWith("bad") ? { exitsAfterMs: 500 } : {}),
    }),
  };
  test.for<{ name: string; options?: Parameters<typeof createWorld>[0]; happens: (world: World) => unknown }>([
    { name: "rest", happens: () => {} },
    { name: "a rollout", happens: (world) => world.apply(aManifestWith({ "spec.replicas": 3, ...image("2") })) },
    { name: "a scale out and in", happens: (world) => [world.scale(shopWeb, 9), world.scale(shopWeb, 2)] },
    { name: "a delete", happens: (world) => world.delete(shopWeb) },
    {
      name: "a delete, and an apply during it",
      happens: (world) => [world.delete(shopWeb), world.apply(aManifestWith({ "spec.replicas": 2 }))],
    },
    { name: "a pause for longer than everything", happens: (world) => world.pause(shopWeb, true) },
    {
      name: "a command while it is paused",
      happens: async (world) => [await world.pause(shopWeb, true), world.scale(shopWeb, 5)],
    },
    { name: "a crash", happens: (world) => world.aws.crash(world.truth.live(shopWeb)[0]?.arn ?? "") },
    {
      name: "a rollout that is rolled back",
      options: broken,
      happens: (world) => world.apply(aManifestWith({ "spec.replicas": 3, ...image("bad") })),
    },
    {
      name: "a rollout that failed, and stays as it is",
      options: broken,
      happens: (world) =>
        world.apply(aManifestWith({ "spec.replicas": 3, "spec.rollout.onFailure": "pause", ...image("bad") })),
    },
    {
      name: "a node that is gone",
      happens: (world) => world.aws.engine.terminateInstance("main", world.truth.live(shopWeb)[0]?.ec2InstanceId ?? ""),
    },
    {
      name: "an agent that is away",
      happens: (world) =>
        world.aws.engine.setAgentConnected("main", world.truth.live(shopWeb)[0]?.ec2InstanceId ?? "", false),
    },
  ])("$name", async ({ options, happens }) => {
    const world = await running(options);
    await happens(world);
    await on(world);
    expect(told(world)).toEqual([]);
  });

  test("a rollout that takes longer than its deadline, and goes on", async () => {
    const slow = {
      "spec.replicas": 12,
      "spec.rollout.maxSurge": 1,
      "spec.rollout.minReadySeconds": 120,
      "spec.rollout.progressDeadlineSeconds": 300,
    };
    const world = createWorld();
    world.apply(aManifestWith(slow));
    await world.run({ until: () => world.isConverged(shopWeb, 12), mostMs: 20 * minute });
    world.apply(aManifestWith({ ...slow, ...image("2") }));
    await world.run({ mostMs: 40 * minute });
    expect(world.isConverged(shopWeb, 12)).toBe(true);
    expect(told(world)).toEqual([]);
  });

  test("no event at all", async () => {
    const world = await running({ events: false });
    world.apply(aManifestWith({ "spec.replicas": 3, ...image("2") }));
    await on(world);
    expect(told(world)).toEqual([]);
  });
});

describe("told is", () => {
  test("a task that nobody may stop", async () => {
    const denied = new Fault("terminal", "AccessDeniedException", "not authorized to perform: ecs:StopTask");
    const faults: Faults = ({ method }) => (method === "stop" ? { kind: "fault", fault: denied } : "ok");
    const world = await running({ faults });
    world.scale(shopWeb, 2);
    await world.run({ mostMs: 5 * minute });
    expect(told(world)).toEqual([]);
    await on(world);
    expect(told(world)).toEqual(["stuck stop: shop/web"]);
  });

  test("a rollout that has no room, once it is past its deadline, and no longer once it has", async () => {
    const world = createWorld({ nodes: 1 });
    world.apply(aManifestWith({ "spec.replicas": 18, "spec.rollout.progressDeadlineSeconds": 600 }));
    await world.run({ mostMs: 11 * minute });
    expect(told(world)).toEqual([]);
    await world.run({ mostMs: 5 * minute });
    expect(told(world)).toEqual(["stuck rollout: shop/web"]);
    expect(world.troubles.at(-1)?.message).toContain("2 of 18 tasks have no place");
    world.aws.addNode();
    await world.run({ mostMs: 5 * minute });
    const before = world.troubles.length;
    await on(world);
    expect(world.troubles).toHaveLength(before);
  });

  test("an account that throttles", async () => {
    let throttles = true;
    const throttled = new Fault("transient", "ThrottlingException", "Rate exceeded", { throttled: true });
    const faults: Faults = ({ method }) => (throttles && method === "run" ? { kind: "fault", fault: throttled } : "ok");
    const world = createWorld({ faults });
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await world.run({ mostMs: 3 * minute });
    expect(told(world)).toEqual(["throttled: ecs-modify"]);
    throttles = false;
    await world.run({ mostMs: 10 * minute });
    const before = world.troubles.length;
    await on(world);
    expect(world.isConverged(shopWeb, 3)).toBe(true);
    expect(world.troubles).toHaveLength(before);
  });

  test("a command that no pass can decide about", async () => {
    const faults: Faults = ({ handler, method }) =>
      handler === "reconcile" && method === "query" ? "not applied" : "ok";
    const world = createWorld({ faults });
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await on(world);
    expect(told(world)).toEqual(["behind: shop/web", "dead letters: work-dead"]);
  });
});
