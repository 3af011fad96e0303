import { describe, expect, test } from "vitest";
import type { VirtualBehaviour } from "../../../sim/ecs/virtual-driver.ts";
import { aReadyWorld, type Json, startMs, type World } from "./world.ts";

interface Wished extends VirtualBehaviour {
  readonly essential?: boolean;
  readonly check?: boolean;
  /** Containers it waits for, as `name CONDITION`. */
  readonly after?: readonly string[];
}

/** A world in which a task of these containers was asked for, and `container@ms` for each order to start one. */
function asked(drawn: Readonly<Record<string, Wished>>) {
  const started: string[] = [];
  const containerDefinitions = Object.entries(drawn).map(([name, { essential = true, check, after = [] }]) => ({
    name,
    image: name,
    memory: 16,
    essential,
    ...(check && { healthCheck: { command: ["CMD", "true"] } }),
    dependsOn: after.map((awaited) => {
      const [containerName, condition] = awaited.split(" ");
      return { containerName, condition };
    }),
  }));
  const world: World = aReadyWorld(
    {
      behave: ({ container }) => {
        started.push(`${container}@${world.nowMs() - startMs}`);
        return drawn[container] ?? {};
      },
    },
    { containerDefinitions },
  );
  world.run();
  return { world, started };
}

/** Containers of the task as `name STATUS code`. */
const shown = (world: World) =>
  world
    .task()
    .containers.map(({ name, lastStatus, exitCode }) => [name, lastStatus, exitCode ?? "-"].join(" "))
    .join(", ");

/** At what times containers came to a status, as `name@ms`, by the events of the task. */
function timesOf(world: World, status: string): readonly string[] {
  const seen = new Set<string>();
  const times: string[] = [];
  for (const { detail, "detail-type": type } of world.events) {
    if (type !== "ECS Task State Change") continue;
    for (const { name, lastStatus } of detail.containers as readonly Json[]) {
      if (lastStatus !== status || seen.has(`${name}`)) continue;
      seen.add(`${name}`);
      times.push(`${name}@${Date.parse(`${detail.updatedAt}`) - startMs}`);
    }
  }
  return times;
}

describe("containers start in the order of what they wait for", () => {
  test.for<{ name: string; drawn: Readonly<Record<string, Wished>>; started: readonly string[] }>([
    { name: "all at once without dependencies", drawn: { a: {}, b: {} }, started: ["a@0", "b@0"] },
    {
      name: "START: once it runs",
      drawn: { a: { after: ["b START"] }, b: { startsAfterMs: 200 } },
      started: ["b@0", "a@200"],
    },
    {
      name: "START: though it has exited since",
      drawn: {
        a: { after: ["b START", "c START"] },
        b: { essential: false, exitsAfterMs: 0 },
        c: { startsAfterMs: 300 },
      },
      started: ["b@0", "c@0", "a@300"],
    },
    {
      name: "HEALTHY: once its check passed",
      drawn: { a: { after: ["b HEALTHY"] }, b: { check: true, healthyAfterMs: 700 } },
      started: ["b@0", "a@700"],
    },
    {
      name: "HEALTHY: after it was unhealthy",
      drawn: { a: { after: ["b HEALTHY"] }, b: { check: true, unhealthyAfterMs: 100, healthyAfterMs: 700 } },
      started: ["b@0", "a@700"],
    },
    {
      name: "COMPLETE: once it has exited, however",
      drawn: { a: { after: ["b COMPLETE"] }, b: { essential: false, exitsAfterMs: 400, exitCode: 3 } },
      started: ["b@0", "a@400"],
    },
    {
      name: "SUCCESS: once it has exited with 0",
      drawn: { a: { after: ["b SUCCESS"] }, b: { essential: false, exitsAfterMs: 400, exitCode: 0 } },
      started: ["b@0", "a@400"],
    },
    {
      name: "one after another",
      drawn: {
        a: { after: ["b SUCCESS"] },
        b: { after: ["c START"], essential: false, exitsAfterMs: 50, exitCode: 0 },
        c: { startsAfterMs: 100 },
      },
      started: ["c@0", "b@100", "a@150"],
    },
    {
      name: "only when everything has come to pass",
      drawn: {
        a: { after: ["b START", "c COMPLETE"] },
        b: { startsAfterMs: 100 },
        c: { essential: false, exitsAfterMs: 500, exitCode: 0 },
      },
      started: ["b@0", "c@0", "a@500"],
    },
  ])("$name", ({ drawn, started }) => {
    const given = asked(drawn);
    given.world.pass(10_000);
    expect(given.started).toEqual(started);
    expect(given.world.task()).toMatchObject({ lastStatus: "RUNNING", desiredStatus: "RUNNING" });
  });

  test("and the task runs once the last of them has started", () => {
    const { world } = asked({
      app: { after: ["init SUCCESS"], startsAfterMs: 100 },
      init: { essential: false, exitsAfterMs: 400, exitCode: 0 },
    });
    world.pass(450);
    expect(world.task()).toMatchObject({ lastStatus: "ACTIVATING" });
    expect(shown(world)).toBe("app PENDING -, init STOPPED 0");
    world.pass(50);
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING", startedAtMs: startMs + 500 });
    expect(shown(world)).toBe("app RUNNING -, init STOPPED 0");
  });

  test("what an agent that is out of reach would have started waits until it is back", () => {
    const { world, started } = asked({ a: { after: ["b START"] }, b: { startsAfterMs: 100 } });
    world.pass(50);
    world.engine.setAgentConnected("c", "i-1", false);
    world.pass(1000);
    expect(started).toEqual(["b@0"]);
    world.engine.setAgentConnected("c", "i-1", true);
    world.pass(0);
    expect(started).toEqual(["b@0", "a@1050"]);
  });
});

describe("containers that wait in vain", () => {
  const why = (name: string, awaited: string) =>
    `CannotStartContainerError: container ${name} waits for ${awaited}, which has stopped`;

  test.for<{ name: string; drawn: Readonly<Record<string, Wished>>; reason: string; after: string }>([
    {
      name: "SUCCESS of one that failed",
      drawn: { a: { after: ["b SUCCESS"] }, b: { essential: false, exitsAfterMs: 400, exitCode: 3 } },
      reason: why("a", "b (SUCCESS)"),
      after: "a STOPPED 143, b STOPPED 3",
    },
    {
      name: "HEALTHY of one that has exited",
      drawn: { a: { after: ["b HEALTHY"] }, b: { essential: false, check: true, exitsAfterMs: 400, exitCode: 0 } },
      reason: why("a", "b (HEALTHY)"),
      after: "a STOPPED 143, b STOPPED 0",
    },
    ...["START", "COMPLETE", "SUCCESS"].map((condition) => ({
      name: `${condition} of one that did not start`,
      drawn: { a: { after: [`b ${condition}`] }, b: { essential: false, failsWith: "CannotPullContainerError" } },
      reason: why("a", `b (${condition})`),
      after: "a STOPPED 143, b STOPPED -",
    })),
  ])("end with their task: $name", ({ drawn, reason, after }) => {
    const { world, started } = asked(drawn);
    world.pass(10_000);
    expect(started).toEqual(["b@0"]);
    expect(shown(world)).toBe(after);
    expect(world.task()).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "TaskFailedToStart",
      stoppedReason: reason,
    });
    expect(world.task().containers[0]?.reason).toBe(reason);
    expect(world.task().startedAtMs).toBeUndefined();
  });

  test("wait as long as it may still come to pass", () => {
    const { world, started } = asked({ a: { after: ["b HEALTHY"] }, b: { check: true, unhealthyAfterMs: 100 } });
    world.pass(3_600_000);
    expect(started).toEqual(["b@0"]);
    expect(world.task()).toMatchObject({ lastStatus: "ACTIVATING", desiredStatus: "RUNNING" });
  });

  test("that are not essential end alone, and those that wait for them go on as they may", () => {
    const { world, started } = asked({
      app: {},
      side: { essential: false, after: ["init SUCCESS"] },
      last: { essential: false, after: ["side SUCCESS"] },
      init: { essential: false, exitsAfterMs: 400, exitCode: 1 },
    });
    world.pass(10_000);
    expect(started).toEqual(["app@0", "init@0"]);
    expect(shown(world)).toBe("app RUNNING -, side STOPPED 143, last STOPPED 143, init STOPPED 1");
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING", desiredStatus: "RUNNING" });
  });
});

describe("containers stop in the reverse of that order", () => {
  test("each once those that waited for it are gone", () => {
    const { world } = asked({
      app: { after: ["proxy START", "cache START"], stopsAfterMs: 300 },
      proxy: { after: ["cache START"], stopsAfterMs: 200 },
      cache: { stopsAfterMs: 100 },
      alone: { stopsAfterMs: 50 },
    });
    world.pass(1000);
    world.call("StopTask", { task: world.task().arn });
    world.pass(10_000);
    expect(timesOf(world, "STOPPED")).toEqual(["alone@1050", "app@1300", "proxy@1500", "cache@1600"]);
    expect(world.task()).toMatchObject({ lastStatus: "STOPPED", executionStoppedAtMs: startMs + 1600 });
  });

  test("an essential one that ends takes the others with it", () => {
    const { world } = asked({
      app: { after: ["proxy START"], exitsAfterMs: 500, exitCode: 9 },
      proxy: { after: ["cache START"], stopsAfterMs: 200 },
      cache: { stopsAfterMs: 100 },
    });
    world.pass(10_000);
    expect(timesOf(world, "STOPPED")).toEqual(["app@500", "proxy@700", "cache@800"]);
    expect(shown(world)).toBe("app STOPPED 9, proxy STOPPED 143, cache STOPPED 143");
    expect(world.task()).toMatchObject({ stopCode: "EssentialContainerExited" });
  });

  test("what never started is over at once, and is not started any more", () => {
    const { world, started } = asked({
      app: { after: ["init SUCCESS"] },
      init: { essential: false, exitsAfterMs: 5000, exitCode: 0, stopsAfterMs: 300 },
    });
    world.pass(1000);
    world.call("StopTask", { task: world.task().arn });
    world.pass(10_000);
    expect(started).toEqual(["init@0"]);
    expect(shown(world)).toBe("app STOPPED -, init STOPPED 143");
    expect(world.task()).toMatchObject({ lastStatus: "STOPPED", stoppedAtMs: startMs + 1300 });
  });

  test("what becomes healthy on its way out starts nothing", () => {
    const { world, started } = asked({
      app: { after: ["proxy HEALTHY"] },
      proxy: { check: true, healthyAfterMs: 1200, stopsAfterMs: 500 },
    });
    world.pass(1000);
    world.call("StopTask", { task: world.task().arn });
    world.pass(10_000);
    expect(started).toEqual(["proxy@0"]);
    expect(world.task()).toMatchObject({ lastStatus: "STOPPED" });
  });

  test("a host that is lost takes all of them, started or not", () => {
    const { world } = asked({ app: { after: ["init SUCCESS"] }, init: { essential: false } });
    world.pass(1000);
    world.engine.terminateInstance("c", "i-1");
    world.pass(1000);
    expect(world.task()).toMatchObject({ lastStatus: "STOPPED" });
    expect(world.driver.containers()).toEqual([]);
  });
});
