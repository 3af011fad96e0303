import { describe, expect, test } from "vitest";
import type { ConditionType } from "../../../core/model/conditions.ts";
import type { ServiceKey } from "../../../core/model/ids.ts";
import type { WorldOptions } from "../../../sim/world/options.ts";
import { taskIdOf } from "../../../sim/world/truth.ts";
import { createWorld, shopWeb, type World } from "../../../sim/world.ts";
import { aManifestWith } from "../../support/manifests.ts";
import { testSoon } from "../../support/soon.ts";

const minute = 60_000;

/** Runs until that many tasks serve, and says why not if they do not. */
async function converges(world: World, replicas: number, key: ServiceKey = shopWeb, mostMs = 10 * minute) {
  await world.run({ until: () => world.isConverged(key, replicas), mostMs });
  expect(world.differences(key, replicas)).toEqual([]);
}

const trafficOf = (world: World) => ({
  targetGroup: world.aws.targetGroups.instance,
  container: "app",
  port: "http",
  drainSeconds: 10,
});
const healthCheck = { command: ["CMD", "true"], intervalSeconds: 5, timeoutSeconds: 2, retries: 3 };

/** At rest nothing is written and nobody is woken, for half an hour. */
async function rests(world: World) {
  await world.run({ mostMs: minute });
  const from = world.calls.length;
  await world.run({ mostMs: 30 * minute });
  expect(
    world.calls
      .slice(from)
      .flatMap(({ mutates, handler, port, method, args }) =>
        mutates || handler !== "sweep" ? [`${handler} ${port}.${method} ${JSON.stringify(args)}`] : [],
      ),
  ).toEqual([]);
  expect(
    ["work", "dispatch", "observations", "commands"].flatMap((queue) => world.queues.dead(queue as "work")),
  ).toEqual([]);
}

const shapes: readonly { name: string; change: (world: World) => Record<string, unknown> }[] = [
  { name: "a service that only has to run", change: () => ({}) },
  { name: "a service with traffic", change: (world) => ({ "spec.traffic": [trafficOf(world)] }) },
  { name: "a service with a health check", change: () => ({ "spec.task.containers[0].health": healthCheck }) },
  {
    name: "a service with both, each task proved for 15 s",
    change: (world) => ({
      "spec.traffic": [trafficOf(world)],
      "spec.task.containers[0].health": healthCheck,
      "spec.rollout.minReadySeconds": 15,
    }),
  },
];

describe.for(shapes)("$name", ({ change }) => {
  const deploy = async (replicas: number, options: WorldOptions = {}) => {
    const world = createWorld(options);
    const manifest = (more: Record<string, unknown> = {}) =>
      aManifestWith({ "spec.replicas": replicas, ...change(world), ...more });
    world.apply(manifest());
    await converges(world, replicas);
    return { world, manifest };
  };

  test("starts, and rests", async () => {
    const { world } = await deploy(3);
    await rests(world);
  });

  test("scales out and in, and rests", async () => {
    const { world } = await deploy(3);
    world.scale(shopWeb, 5);
    await world.run({ mostMs: 1000 });
    await converges(world, 5);
    world.scale(shopWeb, 2);
    await world.run({ mostMs: 1000 });
    await converges(world, 2);
    await rests(world);
  });

  test("is rolled out when its content changes", async () => {
    const { world, manifest } = await deploy(3);
    const before = new Set(world.tasks().map(taskIdOf));
    world.apply(manifest({ "spec.task.containers[0].image": "shop/web:2" }));
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
    expect(world.truth.live(shopWeb).filter((task) => before.has(taskIdOf(task)))).toEqual([]);
    await rests(world);
  });

  test("is deleted", async () => {
    const { world } = await deploy(3);
    world.delete(shopWeb);
    expect(await world.run({ until: () => world.isDeleted(shopWeb), mostMs: 10 * minute })).toBe(true);
    await rests(world);
  });

  test("comes back when it is applied after its delete", async () => {
    const { world, manifest } = await deploy(3);
    world.delete(shopWeb);
    await world.run({ until: () => world.isDeleted(shopWeb), mostMs: 10 * minute });
    world.apply(manifest());
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
    await rests(world);
  });

  test("comes back when it is applied during its delete", async () => {
    const { world, manifest } = await deploy(3);
    const uid = world.service(shopWeb).spec?.uid;
    world.delete(shopWeb);
    world.apply(manifest({ "spec.replicas": 2 }));
    await world.run({ mostMs: 1000 });
    await converges(world, 2);
    expect(world.service(shopWeb).spec?.uid).not.toBe(uid);
    await rests(world);
  });

  testSoon("loses a task, and has it replaced after its back-off", async () => {
    const { world } = await deploy(3, { fraction: 1 });
    const [first] = world.truth.live(shopWeb);
    const crashedAtMs = world.clock.nowMs();
    world.aws.crash(first?.arn ?? "");
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
    const created = Math.max(...world.truth.live(shopWeb).map(({ createdAtMs }) => createdAtMs));
    expect((created - crashedAtMs) / 1000).toBeGreaterThanOrEqual(10);
    expect((created - crashedAtMs) / 1000).toBeLessThan(13);
    await rests(world);
  });
});

const condition = (world: World, type: ConditionType) =>
  world.service(shopWeb).state?.conditions.find((each) => each.type === type);

test("a task that serves leaves its traffic, and is stopped once its requests had time to end", async () => {
  const world = createWorld({ drainsWholeDelay: true });
  world.apply(aManifestWith({ "spec.replicas": 2, "spec.traffic": [trafficOf(world)] }));
  await converges(world, 2);
  world.scale(shopWeb, 1);
  await world.run({ until: () => world.calls.some(({ method }) => method === "stop"), mostMs: minute });
  const [left = 0, stopped = 0] = ["deregister", "stop"].map((name) => {
    return world.calls.find(({ method }) => method === name)?.atMs;
  });
  expect(stopped - left).toBeGreaterThanOrEqual(10_000);
  expect(stopped - left).toBeLessThan(13_000);
  await converges(world, 1);
});

describe("what goes wrong", () => {
  testSoon("a crash loop backs off: 10 s doubling to 5 min", async () => {
    const world = createWorld({ fraction: 1, behave: () => ({ startsAfterMs: 500, exitsAfterMs: 500 }) });
    world.apply(aManifestWith({ "spec.replicas": 1 }));
    await world.run({ mostMs: 40 * minute });
    const starts = world.calls.filter(({ method }) => method === "run").map(({ atMs }) => atMs);
    const gaps = starts.slice(1).map((atMs, index) => Math.round((atMs - (starts[index] ?? 0)) / 1000));
    for (const [index, least] of [10, 20, 40, 80, 160, 300, 300].entries()) {
      expect(gaps[index]).toBeGreaterThanOrEqual(least);
      expect(gaps[index]).toBeLessThan(least + 5);
    }
    expect(condition(world, "Available")?.message).toContain(
      "the next start waits 300 s after the failure; the last one stopped with: Essential",
    );
  });

  testSoon("a task that cannot start is tried again after its back-off, and the user is told why", async () => {
    let broken = false;
    const world = createWorld({
      fraction: 1,
      behave: () => (broken ? { failsWith: "CannotStartContainerError: no space left" } : { startsAfterMs: 500 }),
    });
    world.apply(aManifestWith({ "spec.replicas": 2 }));
    await converges(world, 2);
    broken = true;
    for (const { arn } of world.truth.live(shopWeb)) world.aws.crash(arn);
    await world.run({ mostMs: 2 * minute });
    expect(condition(world, "Available")?.message).toContain("CannotStartContainerError");
    broken = false;
    await converges(world, 2);
    await rests(world);
  });

  test("an unhealthy container is replaced", async () => {
    const world = createWorld({ fraction: 1 });
    world.apply(aManifestWith({ "spec.replicas": 3, "spec.task.containers[0].health": healthCheck }));
    await converges(world, 3);
    const [first] = world.truth.live(shopWeb);
    world.aws.report(first?.arn ?? "", "UNHEALTHY");
    await world.run({
      until: () => !world.truth.live(shopWeb).some(({ arn }) => arn === first?.arn),
      mostMs: 2 * minute,
    });
    expect(world.calls.findLast(({ method }) => method === "stop")?.args[2]).toBe("longshore: unhealthy");
    await converges(world, 3);
    await rests(world);
  });

  test("a task whose target fails is replaced", async () => {
    const world = createWorld({ fraction: 1 });
    world.apply(aManifestWith({ "spec.replicas": 3, "spec.traffic": [trafficOf(world)] }));
    await converges(world, 3);
    const [first] = world.truth.live(shopWeb);
    world.aws.sick.add(first?.arn ?? "");
    await world.run({
      until: () => !world.truth.live(shopWeb).some(({ arn }) => arn === first?.arn),
      mostMs: 3 * minute,
    });
    await converges(world, 3);
    await rests(world);
  });

  test.for([true, false])("a terminated instance is replaced elsewhere (events: %s)", async (events) => {
    const world = createWorld({ events });
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await converges(world, 3);
    const gone = world.truth.live(shopWeb)[0]?.ec2InstanceId ?? "";
    world.aws.engine.terminateInstance("main", gone);
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
    expect(world.truth.live(shopWeb).map(({ ec2InstanceId }) => ec2InstanceId)).not.toContain(gone);
    await rests(world);
  });

  test("an agent that is away for less than 5 minutes costs nothing", async () => {
    const world = createWorld();
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await converges(world, 3);
    const from = world.calls.length;
    const away = world.truth.live(shopWeb)[0]?.ec2InstanceId ?? "";
    world.aws.engine.setAgentConnected("main", away, false);
    await world.run({ mostMs: 4.5 * minute });
    world.aws.engine.setAgentConnected("main", away, true);
    await world.run({ mostMs: 10 * minute });
    expect(world.calls.slice(from).filter(({ method }) => method === "run" || method === "stop")).toEqual([]);
    await rests(world);
  });

  test.for([true, false])(
    "a node that stays away is replaced, and its task stopped when it returns (events: %s)",
    async (events) => {
      const world = createWorld({ events });
      world.apply(aManifestWith({ "spec.replicas": 3 }));
      await converges(world, 3);
      const [task] = world.truth.live(shopWeb);
      const away = task?.ec2InstanceId ?? "";
      const lost = world.truth.live(shopWeb).filter(({ ec2InstanceId }) => ec2InstanceId === away);
      world.aws.engine.setAgentConnected("main", away, false);
      await world.run({ mostMs: 4.9 * minute });
      expect(world.truth.live(shopWeb)).toHaveLength(3);
      await world.run({ mostMs: 4 * minute });
      expect(world.truth.live(shopWeb)).toHaveLength(3 + lost.length);
      world.aws.engine.setAgentConnected("main", away, true);
      await world.run({ mostMs: 10_000 });
      await converges(world, 3);
      expect(world.truth.live(shopWeb).map(({ arn }) => arn)).not.toContain(task?.arn);
      await rests(world);
    },
  );
});

describe("room", () => {
  test("what does not fit is explained, and placed once a node joins", async () => {
    const world = createWorld({ nodes: 1 });
    world.apply(aManifestWith({ "spec.replicas": 18 }));
    await world.run({ mostMs: 2 * minute });
    expect(world.truth.live(shopWeb)).toHaveLength(16);
    expect(condition(world, "Placed")).toMatchObject({ status: "False", reason: "Unplaceable" });
    expect(condition(world, "Placed")?.message).toContain(
      "0 of 1 nodes fit: 1 has not enough free CPU: 256 units wanted",
    );
    world.aws.addNode();
    await world.run({ mostMs: 1000 });
    await converges(world, 18);
    expect(condition(world, "Placed")).toMatchObject({ status: "True" });
    await rests(world);
  });

  test("what does not fit is no longer told of once it is not wanted", async () => {
    const world = createWorld({ nodes: 1 });
    world.apply(aManifestWith({ "spec.replicas": 18 }));
    await world.run({ mostMs: 2 * minute });
    world.scale(shopWeb, 16);
    await world.run({ mostMs: 1000 });
    await converges(world, 16);
    expect(condition(world, "Placed")).toMatchObject({ status: "True" });
    await rests(world);
  });

  test("when it is short, the higher priority is placed", async () => {
    const world = createWorld({ nodes: 0 });
    const of = (name: string, priority: number) =>
      aManifestWith({ "metadata.name": name, "spec.priority": priority, "spec.replicas": 10 });
    world.apply(of("low", 10));
    world.apply(of("high", 90));
    await world.run({ mostMs: minute });
    world.aws.addNode();
    await world.run({ mostMs: 5 * minute });
    expect(world.truth.live("shop/high" as ServiceKey)).toHaveLength(10);
    expect(world.truth.live("shop/low" as ServiceKey)).toHaveLength(6);
  });

  test("a quota is kept, told of, and given back", async () => {
    const world = createWorld({ quota: { tasks: 6 } });
    world.apply(aManifestWith({ "spec.replicas": 4, "metadata.name": "other" }));
    await world.run({ mostMs: minute });
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await world.run({ mostMs: 2 * minute });
    expect(world.truth.live(shopWeb)).toHaveLength(1);
    expect(condition(world, "Placed")).toMatchObject({ status: "False", reason: "QuotaExceeded" });
    world.delete("shop/other" as ServiceKey);
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
    await rests(world);
  });

  test("paused, nothing is changed; resumed, everything is", async () => {
    const world = createWorld();
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await converges(world, 3);
    await world.pause(shopWeb, true);
    const from = world.calls.length;
    world.scale(shopWeb, 5);
    world.aws.crash(world.truth.live(shopWeb)[0]?.arn ?? "");
    await world.run({ mostMs: 10 * minute });
    expect(world.calls.slice(from).filter(({ port, mutates }) => port === "tasks" && mutates)).toEqual([]);
    expect(world.truth.live(shopWeb)).toHaveLength(2);
    await world.pause(shopWeb, false);
    await world.run({ mostMs: 1000 });
    await converges(world, 5);
    await rests(world);
  });

  test("paused while it waits for a place, nothing starts when there is one", async () => {
    const world = createWorld({ nodes: 0 });
    world.apply(aManifestWith({ "spec.replicas": 3 }));
    await world.run({ mostMs: minute });
    await world.pause(shopWeb, true);
    await world.run({ mostMs: 10_000 });
    world.aws.addNode();
    await world.run({ mostMs: 5 * minute });
    expect(world.tasks()).toEqual([]);
    await world.pause(shopWeb, false);
    await world.run({ mostMs: 1000 });
    await converges(world, 3);
  });

  test("tasks of others in the cluster are left alone", async () => {
    const world = createWorld();
    world.apply(aManifestWith({ "spec.replicas": 2 }));
    await converges(world, 2);
    const taskDefinition = world.truth.live(shopWeb)[0]?.taskDefinition;
    const run = (group: string) =>
      world.aws.engine.handle("RunTask", { cluster: "main", taskDefinition, count: 1, launchType: "EC2", group });
    run("family:somebody");
    run("longshore/another0/shop/web");
    await world.run({ mostMs: 10 * minute });
    expect(world.tasks().filter(({ lastStatus }) => lastStatus === "RUNNING")).toHaveLength(4);
    await rests(world);
  });
});
