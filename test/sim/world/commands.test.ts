import { describe, expect, test } from "vitest";
import { taskIdOf } from "../../../sim/world/truth.ts";
import { shopWeb, type World } from "../../../sim/world.ts";
import { testSoon } from "../../support/soon.ts";
import {
  complete,
  condition,
  extremes,
  failure,
  notYet,
  progressing,
  running,
  serving,
  tell,
  versions,
  withTraffic,
} from "./rolling.ts";
import { minute } from "./scenarios.ts";

/** What became of the last command of a type. */
function result(world: World, type: string) {
  const [last] = world.truth
    .commands()
    .filter((command) => command.type.endsWith(type))
    .toSorted((a, b) => b.receivedAtMs - a.receivedAtMs);
  return last;
}

const live = (world: World) => world.truth.live(shopWeb).map(taskIdOf).toSorted();
const generation = (world: World) => world.service(shopWeb).spec?.generation;
const count = (world: World, version: string) => versions(world).filter((each) => each === version).length;

/** `v2` on its way over ten tasks of `v1`: some of each serve. */
async function midway(more: Readonly<Record<string, unknown>> = {}) {
  const { world, manifest } = await running(10, (it) => ({ ...withTraffic(it), ...more }));
  world.apply(manifest("v2"));
  await world.run({ until: () => count(world, "v2") === 4, mostMs: 10 * minute });
  expect(count(world, "v2")).toBe(4);
  return { world, manifest };
}

test("restart: each task is replaced by one of the same version, as in a rollout", async () => {
  const { world } = await running(3, withTraffic);
  const before = live(world);
  tell(world, "restart");
  await world.run({ until: () => generation(world) === 2 });
  const isDone = () => notYet(world, 3, "v1").length === 0 && !live(world).some((id) => before.includes(id));
  expect(await extremes(world, isDone)).toMatchObject({ fewestServing: 3, mostLive: 4 });
  expect(progressing(world)).toBe("Complete");
});

describe("rollback", () => {
  /** Three versions, one after the other. */
  async function third() {
    const { world, manifest } = await running(3, withTraffic);
    for (const version of ["v2", "v3"]) {
      world.apply(manifest(version));
      await complete(world, 3, version);
    }
    return world;
  }
  const revisionOf = (world: World, from: number) =>
    world.service(shopWeb).revisions.find((each) => each.generation === from)?.revision ?? "";

  test.for([
    { name: "to the version before, unless told", to: () => ({}), version: "v2" },
    { name: "to a generation", to: () => ({ to: 1 }), version: "v1" },
    {
      name: "to a revision by the start of its name",
      to: (world: World) => ({ to: revisionOf(world, 1).slice(0, 6) }),
      version: "v1",
    },
  ])("$name: enough serve all the time", async ({ to, version }) => {
    const world = await third();
    tell(world, "rollback", to(world));
    await world.run({ until: () => generation(world) === 4 });
    const isDone = () => notYet(world, 3, version).length === 0;
    expect(await extremes(world, isDone)).toMatchObject({ fewestServing: 3, mostLive: 4 });
    expect(progressing(world)).toBe("Complete");
  });

  test("in the middle of a rollout", async () => {
    const { world } = await midway();
    tell(world, "rollback");
    await world.run({ until: () => generation(world) === 3 });
    const { fewestServing } = await extremes(world, () => notYet(world, 10, "v1").length === 0);
    expect(fewestServing).toBe(10);
  });

  test("to what is not there is refused", async () => {
    const world = await third();
    tell(world, "rollback", { to: 77 });
    await world.run({ mostMs: minute });
    expect(result(world, "rollback")?.phase).toBe("refused");
    expect(result(world, "rollback")?.issues?.[0]?.message).toContain("no revision of generation 77");
    expect([generation(world), notYet(world, 3, "v3")]).toEqual([3, []]);
  });
});

describe("a rollout that is paused in the middle", () => {
  async function paused(more: Readonly<Record<string, unknown>> = {}) {
    const { world, manifest } = await midway(more);
    tell(world, "pause", { only: "rollout" });
    await world.run({ until: () => progressing(world) === "RolloutPaused", mostMs: minute });
    await world.run({ mostMs: 2 * minute });
    return { world, manifest };
  }

  test("stays at its mix, however long, and goes on when it is resumed", async () => {
    const { world } = await paused({ "spec.rollout.progressDeadlineSeconds": 60 });
    const before = live(world);
    await world.run({ mostMs: 30 * minute });
    expect({ live: live(world), failure: failure(world) }).toEqual({ live: before, failure: undefined });
    expect(condition(world, "Progressing")).toMatchObject({ status: "Unknown", reason: "RolloutPaused" });
    tell(world, "resume", { only: "rollout" });
    await complete(world, 10, "v2");
  });

  test("replaces what crashes, each by its own version", async () => {
    const { world } = await paused();
    const before = versions(world);
    for (const version of ["v1", "v2"]) {
      const victim = world.truth
        .live(shopWeb)
        .find(({ containers }) => containers.some(({ image }) => image.endsWith(version)));
      world.aws.crash(victim?.arn ?? "");
    }
    await world.run({ mostMs: 5 * minute });
    expect({ versions: versions(world), serving: serving(world) }).toEqual({
      versions: before,
      serving: before.length,
    });
  });

  test("scales out and in at about the same mix", async () => {
    const { world } = await paused();
    world.scale(shopWeb, 20);
    await world.run({ mostMs: 5 * minute });
    expect(versions(world).length).toBeGreaterThanOrEqual(20);
    expect(serving(world)).toBeGreaterThanOrEqual(20);
    expect(count(world, "v2")).toBeGreaterThanOrEqual(6);
    expect(count(world, "v1")).toBeGreaterThanOrEqual(10);
    world.scale(shopWeb, 5);
    await world.run({ mostMs: 5 * minute });
    expect(serving(world)).toBeGreaterThanOrEqual(5);
    expect([count(world, "v1"), count(world, "v2")].every((each) => each >= 1)).toBe(true);
    tell(world, "resume", { only: "rollout" });
    await complete(world, 5, "v2");
  });

  testSoon("and a version applied meanwhile waits, too", async () => {
    const { world, manifest } = await paused();
    world.apply(manifest("v3"));
    await world.run({ mostMs: 5 * minute });
    expect({ v3: count(world, "v3"), serving: serving(world) >= 10 }).toEqual({ v3: 0, serving: true });
    tell(world, "resume", { only: "rollout" });
    await complete(world, 10, "v3");
  });
});

describe("cancel", () => {
  test("in the middle: what ran before comes back, and enough serve all the time", async () => {
    const { world } = await midway();
    tell(world, "cancel");
    await world.run({ until: () => failure(world) !== undefined, mostMs: minute });
    expect(failure(world)).toMatchObject({ reason: "Cancelled", outcome: "rolled back" });
    const { fewestServing } = await extremes(world, () => notYet(world, 10, "v1").length === 0);
    expect(fewestServing).toBe(10);
    expect(progressing(world)).toBe("RolledBack");
    expect(generation(world)).toBe(2);
  });

  test("also where a failure would only pause it", async () => {
    const { world } = await midway({ "spec.rollout.onFailure": "pause" });
    tell(world, "cancel");
    await complete(world, 10, "v1");
  });

  test("with nothing under way it is refused", async () => {
    const { world } = await running(3, withTraffic);
    tell(world, "cancel");
    await world.run({ mostMs: minute });
    expect(result(world, "cancel")?.phase).toBe("refused");
    expect(notYet(world, 3, "v1")).toEqual([]);
  });
});

describe("the kill switch", () => {
  const scopes: readonly { name: string; object: object }[] = [
    { name: "a service", object: { kind: "Service", metadata: { namespace: "shop", name: "web" } } },
    { name: "a namespace", object: { kind: "Namespace", metadata: { name: "shop" } } },
    { name: "the install", object: { kind: "Install" } },
  ];

  test.for(scopes)(
    "of $name in the middle of a rollout: nothing is changed until it is resumed",
    async ({ object }) => {
      const { world } = await midway({ "spec.rollout.progressDeadlineSeconds": 60 });
      world.send("pause", object);
      await world.run({ until: () => result(world, "pause")?.phase === "applied", mostMs: minute });
      const pausedMs = world.clock.nowMs();
      await world.run({ mostMs: 30 * minute });
      const changes = world.calls.filter(
        ({ port, mutates, atMs }) => (port === "tasks" || port === "targets") && mutates && atMs > pausedMs + 5_000,
      );
      expect({ changes, failure: failure(world) }).toEqual({ changes: [], failure: undefined });
      world.send("resume", object);
      await complete(world, 10, "v2");
      expect(progressing(world)).toBe("Complete");
    },
  );

  test.for(scopes)("of $name: the time that it lasts counts for no deadline", async ({ object }) => {
    const { world, manifest } = await running(
      16,
      (it) => ({ ...withTraffic(it), "spec.rollout.progressDeadlineSeconds": 120 }),
      { nodes: 1 },
    );
    world.apply(manifest("v2"));
    await world.run({ mostMs: minute });
    world.send("pause", object);
    await world.run({ mostMs: 20 * minute });
    const resumedMs = world.clock.nowMs();
    world.send("resume", object);
    await world.run({ until: () => failure(world) !== undefined, mostMs: 10 * minute });
    expect((failure(world)?.atMs ?? 0) - resumedMs).toBeGreaterThan(120_000);
    expect((failure(world)?.atMs ?? 0) - resumedMs).toBeLessThan(200_000);
  });
});
