import { describe, expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import type { Faults } from "../../../sim/world/call-site.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { taskIdOf } from "../../../sim/world/truth.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { testSoon } from "../../support/soon.ts";
import {
  aRolling,
  byImage,
  complete,
  condition,
  failure,
  healthCheck,
  progressing,
  running,
  serving,
  tell,
  versions,
  withTraffic,
} from "./rolling.ts";
import { minute, trafficOf } from "./scenarios.ts";

const checked = { "spec.task.containers[0].health": healthCheck };
const shortDeadline = { "spec.rollout.progressDeadlineSeconds": 120 };

/** How many tasks of a version were started in all. */
function started(world: World, version: string): number {
  return world.tasks().filter(({ containers }) => containers.some(({ image }) => image.endsWith(`:${version}`))).length;
}

/** Runs until that is told of the rollout, and fails otherwise. */
async function tells(world: World, reason: string, mostMs = 20 * minute): Promise<void> {
  await world.run({ until: () => progressing(world) === reason, mostMs });
  expect(condition(world, "Progressing")?.reason).toBe(reason);
}

/** In the end `v1` alone runs: nothing of the other is started any more, and nothing is changed at all. */
async function comesBack(world: World, replicas: number, version: string): Promise<void> {
  await complete(world, replicas, "v1");
  await tells(world, "RolledBack");
  const count = started(world, version);
  await world.run({ mostMs: minute });
  const from = world.calls.length;
  await world.run({ mostMs: 20 * minute });
  const changes = world.calls.slice(from).filter(({ mutates }) => mutates);
  expect({ started: started(world, version), changes }).toEqual({ started: count, changes: [] });
  expect(serving(world)).toBe(replicas);
}

describe("a version that does not work is rolled back, and all the time enough of the old one serve", () => {
  test.for<{
    name: string;
    version: string;
    reason: string;
    started: number;
    says: string;
    more?: Readonly<Record<string, unknown>>;
    sick?: boolean;
  }>([
    {
      name: "it crashes",
      version: "crashes",
      reason: "BreakerTripped",
      started: 3,
      says: "exit code 1",
      more: { "spec.rollout.minReadySeconds": 2 },
    },
    {
      name: "it crashes, and one failure is enough",
      version: "crashes",
      reason: "BreakerTripped",
      started: 1,
      says: "1 task of revision",
      more: { "spec.rollout.breaker": { failures: 1 }, "spec.rollout.minReadySeconds": 2 },
    },
    {
      name: "its own check fails",
      version: "unhealthy",
      reason: "BreakerTripped",
      started: 3,
      says: "the last one: unhealthy",
      more: checked,
    },
    {
      name: "load balancers find it unhealthy",
      version: "v2",
      reason: "BreakerTripped",
      started: 3,
      says: "the last one: unhealthy",
      sick: true,
    },
    {
      name: "its own check never ends",
      version: "undecided",
      reason: "ProgressDeadlineExceeded",
      started: 1,
      says: "no progress for more than 120 seconds",
      more: { ...checked, ...shortDeadline },
    },
    { name: "there is no such image", version: "missing", reason: "ImageUnavailable", started: 1, says: "not found" },
    {
      name: "it may not read its secrets",
      version: "forbidden",
      reason: "PermissionMissing",
      started: 1,
      says: "AccessDeniedException",
    },
  ])("$name", async ({ version, reason, started: count, says, more = {}, sick = false }) => {
    const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), ...more }));
    const old = new Set(world.truth.live(shopWeb).map(taskIdOf));
    let fewest = Number.POSITIVE_INFINITY;
    world.apply(manifest(version));
    await world.run({
      until: () => {
        fewest = Math.min(fewest, serving(world));
        if (sick)
          for (const { arn } of world.truth.live(shopWeb)) if (!old.has(taskIdOf({ arn }))) world.aws.sick.add(arn);
        return failure(world) !== undefined;
      },
      mostMs: 10 * minute,
    });
    expect(failure(world)).toMatchObject({ reason, outcome: "rolled back" });
    expect(failure(world)?.message).toContain(says);
    expect({ fewest, started: started(world, version) }).toEqual({ fewest: 3, started: count });
    await comesBack(world, 3, version);
  });

  test("all of it is surge or missing: half of what ran comes back", async () => {
    const halves = { "spec.rollout.maxSurge": "50%", "spec.rollout.maxUnavailable": "50%" };
    const { world, manifest } = await running(10, (it) => ({ ...withTraffic(it), ...halves }));
    world.apply(manifest("crashes"));
    await tells(world, "RollingBack");
    await comesBack(world, 10, "crashes");
  });

  test("with recreate nothing of the old one was left: it is started again", async () => {
    const { world, manifest } = await running(3, () => ({
      "spec.rollout.strategy": "recreate",
      "spec.rollout.minReadySeconds": 2,
    }));
    world.apply(manifest("crashes"));
    await tells(world, "RollingBack");
    expect(failure(world)?.reason).toBe("BreakerTripped");
    await comesBack(world, 3, "crashes");
  });
});

describe("what ECS refuses for good ends the rollout at once", () => {
  test.for([
    {
      name: "RunTask",
      method: "run",
      code: "InvalidParameterException",
      says: "the subnet",
      reason: "ConfigurationRefused",
    },
    {
      name: "RunTask, for a role",
      method: "run",
      code: "AccessDeniedException",
      says: "iam:PassRole",
      reason: "PermissionMissing",
    },
    {
      name: "RegisterTaskDefinition",
      method: "define",
      code: "ClientException",
      says: "no such volume",
      reason: "ConfigurationRefused",
    },
    {
      name: "RegisterTaskDefinition, for a role",
      method: "define",
      code: "ClientException",
      says: "ECS was unable to assume the role",
      reason: "PermissionMissing",
    },
  ])("$name", async ({ method, code, says, reason }) => {
    const fault = new Fault("terminal", code, `${code}: ${says}`);
    let refuses = false;
    const faults: Faults = (site) => (refuses && site.method === method ? { kind: "fault", fault } : "ok");
    const { world, manifest } = await running(3, withTraffic, { faults });
    refuses = true;
    world.apply(manifest("v2"));
    await world.run({ until: () => failure(world) !== undefined, mostMs: minute });
    expect(failure(world)).toMatchObject({ reason, outcome: "rolled back" });
    expect(failure(world)?.message).toContain(says);
    const calls = () => world.calls.filter((site) => site.method === method).length;
    await comesBack(world, 3, "v2");
    const count = calls();
    await world.run({ mostMs: 30 * minute });
    expect({ calls: calls(), started: started(world, "v2") }).toEqual({ calls: count, started: 0 });
  });
});

describe("what may pass is no failure", () => {
  testSoon("no room: it waits, says so, and goes on when a node joins", async () => {
    const { world, manifest } = await running(16, withTraffic, { nodes: 1 });
    world.apply(manifest("v2"));
    await world.run({ mostMs: 5 * minute });
    expect(condition(world, "Placed")).toMatchObject({ status: "False", reason: "Unplaceable" });
    expect(condition(world, "Placed")?.message).toContain("0 of 1 nodes fit");
    expect({ failure: failure(world), serving: serving(world) }).toEqual({ failure: undefined, serving: 16 });
    world.aws.addNode();
    await complete(world, 16, "v2");
    expect(progressing(world)).toBe("Complete");
  });

  test("no room until the deadline: only then it is rolled back, and says why", async () => {
    const { world, manifest } = await running(16, (it) => ({ ...withTraffic(it), ...shortDeadline }), { nodes: 1 });
    const startMs = world.clock.nowMs();
    world.apply(manifest("v2"));
    await tells(world, "RolledBack");
    expect((failure(world)?.atMs ?? 0) - startMs).toBeGreaterThan(120_000);
    expect((failure(world)?.atMs ?? 0) - startMs).toBeLessThan(200_000);
    expect(failure(world)?.reason).toBe("ProgressDeadlineExceeded");
    expect(failure(world)?.message).toContain("not enough free CPU");
    await comesBack(world, 16, "v2");
  });

  test("throttled for minutes: it waits, and goes on", async () => {
    const fault = new Fault("transient", "ThrottlingException", "Rate exceeded", { throttled: true });
    let throttles = false;
    const faults: Faults = ({ method }) => (throttles && method === "run" ? { kind: "fault", fault } : "ok");
    const { world, manifest } = await running(3, withTraffic, { faults });
    throttles = true;
    world.apply(manifest("v2"));
    await world.run({ mostMs: 4 * minute });
    expect({ failure: failure(world), versions: versions(world) }).toEqual({
      failure: undefined,
      versions: ["v1", "v1", "v1"],
    });
    throttles = false;
    await complete(world, 3, "v2");
  });
});

describe("onFailure: pause", () => {
  const pausing = { "spec.rollout.onFailure": "pause", "spec.restart.backoffSeconds": 1 };

  test("it stays as it is; the old version is healed back up; a resume tries it again", async () => {
    let crashes = true;
    const behave = ({ image }: { readonly image: string }) => byImage({ image: crashes ? image : "shop/web:good" });
    const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), ...pausing }), { behave });
    world.apply(manifest("crashes"));
    await tells(world, "BreakerTripped");
    expect(failure(world)?.outcome).toBe("paused");
    await world.run({ mostMs: 2 * minute });
    expect({ versions: versions(world), serving: serving(world) }).toEqual({
      versions: ["v1", "v1", "v1"],
      serving: 3,
    });
    const count = started(world, "crashes");
    world.aws.crash(world.truth.live(shopWeb)[0]?.arn ?? "");
    await world.run({ mostMs: 10 * minute });
    expect({ started: started(world, "crashes"), serving: serving(world) }).toEqual({ started: count, serving: 3 });
    crashes = false;
    tell(world, "resume");
    await complete(world, 3, "crashes");
    expect(progressing(world)).toBe("Complete");
  });

  test.for([
    { name: "recreate", changes: { "spec.rollout.strategy": "recreate" } },
    { name: "all may be missing", changes: { "spec.rollout.maxSurge": 0, "spec.rollout.maxUnavailable": "100%" } },
  ])(
    "where nothing of the old version was left, it comes back, and a resume tries the other again: $name",
    async ({ changes }) => {
      const proving = { ...changes, ...pausing, "spec.rollout.minReadySeconds": 2 };
      const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), ...proving }));
      world.apply(manifest("crashes"));
      await tells(world, "BreakerTripped");
      await world.run({ until: () => serving(world) === 3, mostMs: 5 * minute });
      expect(versions(world)).toEqual(["v1", "v1", "v1"]);
      const count = started(world, "crashes");
      tell(world, "resume");
      await world.run({ until: () => started(world, "crashes") > count, mostMs: 5 * minute });
      await world.run({
        until: () => progressing(world) === "BreakerTripped" && serving(world) === 3,
        mostMs: 5 * minute,
      });
      expect(versions(world)).toEqual(["v1", "v1", "v1"]);
    },
  );

  test("what still crashes after a resume fails again", async () => {
    const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), ...pausing }));
    world.apply(manifest("crashes"));
    await tells(world, "BreakerTripped");
    const first = failure(world)?.atMs ?? 0;
    tell(world, "resume", { only: "rollout" });
    await world.run({ until: () => (failure(world)?.atMs ?? 0) > first, mostMs: 10 * minute });
    expect({ reason: failure(world)?.reason, started: started(world, "crashes") }).toEqual({
      reason: "BreakerTripped",
      started: 6,
    });
  });

  test("the old content is applied: it is complete", async () => {
    const { world, manifest } = await running(3, (it) => ({ ...withTraffic(it), ...pausing }));
    world.apply(manifest("crashes"));
    await tells(world, "BreakerTripped");
    world.apply(manifest("v1"));
    await complete(world, 3, "v1");
    expect(progressing(world)).toBe("Complete");
  });
});

describe("a first rollout that fails has nothing to go back to", () => {
  async function first(version: string, options: WorldOptions = {}, more: Readonly<Record<string, unknown>> = {}) {
    const world = createWorld({ behave: byImage, ...options });
    world.apply(aRolling(version, { "spec.traffic": [trafficOf(world)], ...more }));
    return world;
  }

  test.for([
    { version: "crashes", reason: "BreakerTripped", most: 5 },
    { version: "missing", reason: "ImageUnavailable", most: 3 },
  ])("$version: it stops, says why, and starts no more", async ({ version, reason, most }) => {
    const world = await first(version, {}, { "spec.rollout.minReadySeconds": 2 });
    await tells(world, reason);
    expect(failure(world)).toMatchObject({ reason, outcome: "paused" });
    await world.run({ mostMs: 30 * minute });
    expect(started(world, version)).toBeLessThanOrEqual(most);
    expect(versions(world)).toEqual([]);
    world.apply(aRolling("v1", { "spec.traffic": [trafficOf(world)] }));
    await complete(world, 3, "v1");
  });

  test("it is refused for good: a resume asks again", async () => {
    let refuses = true;
    const fault = new Fault("terminal", "ClientException", "the role does not exist");
    const faults: Faults = ({ method }) => (refuses && method === "run" ? { kind: "fault", fault } : "ok");
    const world = await first("v1", { faults });
    await tells(world, "ConfigurationRefused");
    expect(failure(world)?.message).toContain("the role does not exist");
    await world.run({ mostMs: 30 * minute });
    expect(world.calls.filter(({ method }) => method === "run")).toHaveLength(1);
    refuses = false;
    tell(world, "resume");
    await complete(world, 3, "v1");
  });

  test("without room it waits past its deadline, and comes about when there is some", async () => {
    const world = await first("v1", { nodes: 0 }, shortDeadline);
    await tells(world, "ProgressDeadlineExceeded");
    expect(failure(world)).toBeUndefined();
    world.aws.addNode();
    await complete(world, 3, "v1");
  });
});

describe("after it was rolled back", () => {
  async function rolledBack() {
    const { world, manifest } = await running(3, withTraffic);
    world.apply(manifest("crashes"));
    await tells(world, "RolledBack");
    return { world, manifest };
  }

  test("a resume or a scale does not try it again", async () => {
    const { world } = await rolledBack();
    const count = started(world, "crashes");
    tell(world, "resume");
    world.scale(shopWeb, 5);
    await complete(world, 5, "v1");
    await tells(world, "RolledBack");
    expect(started(world, "crashes")).toBe(count);
  });

  test("a restart does, and it fails again", async () => {
    const { world } = await rolledBack();
    const count = started(world, "crashes");
    tell(world, "restart");
    await world.run({ until: () => started(world, "crashes") > count, mostMs: 2 * minute });
    await tells(world, "RolledBack");
    await complete(world, 3, "v1");
  });

  test("another version is rolled out", async () => {
    const { world, manifest } = await rolledBack();
    world.apply(manifest("v2"));
    await complete(world, 3, "v2");
    expect(progressing(world)).toBe("Complete");
  });
});

test("a rollback that fails is not rolled back", async () => {
  let crashes = false;
  const behave = ({ image }: { readonly image: string }) =>
    byImage({ image: crashes && image.endsWith(":v1") ? "shop/web:crashes" : image });
  const { world, manifest } = await running(3, withTraffic, { behave });
  world.apply(manifest("v2"));
  await complete(world, 3, "v2");
  crashes = true;
  tell(world, "rollback");
  await tells(world, "BreakerTripped");
  expect(failure(world)?.outcome).toBe("paused");
  await world.run({ mostMs: 10 * minute });
  expect({ versions: versions(world), serving: serving(world) }).toEqual({ versions: ["v2", "v2", "v2"], serving: 3 });
});
