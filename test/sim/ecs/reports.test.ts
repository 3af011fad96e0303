import { describe, expect, test } from "vitest";
import type { VirtualBehaviour } from "../../../sim/ecs/virtual-driver.ts";
import { aReadyWorld, ending, type Json, startMs, taskHistory, type World } from "./world.ts";

const check = { healthCheck: { command: ["CMD", "true"] } };

/** A world with one task of one container that behaves so, 10 s later. */
function ran(behaviour: VirtualBehaviour, container: Json = {}, ms = 10_000): World {
  const world = aReadyWorld({ behave: () => behaviour }, {}, container);
  world.run();
  world.pass(ms);
  return world;
}

/** A world with one running task of containers with these names, those in `optional` not essential. */
function several(
  names: readonly string[],
  optional: readonly string[],
  behave: (name: string) => VirtualBehaviour,
  more: Json = {},
) {
  const containerDefinitions = names.map((name) => ({
    name,
    image: name,
    memory: 16,
    essential: !optional.includes(name),
    ...more,
  }));
  const world = aReadyWorld({ behave: ({ container }) => behave(container) }, { containerDefinitions });
  world.run();
  world.pass(10_000);
  return world;
}

describe("how tasks end by themselves", () => {
  test.for<{ name: string; behaviour: VirtualBehaviour; ended: string }>([
    {
      name: "it exits",
      behaviour: { exitsAfterMs: 100, exitCode: 3 },
      ended: "EssentialContainerExited | Essential container in task exited | 3",
    },
    {
      name: "it is done",
      behaviour: { exitsAfterMs: 100, exitCode: 0 },
      ended: "EssentialContainerExited | Essential container in task exited | 0",
    },
    {
      name: "it does not start",
      behaviour: { failsWith: "CannotPullContainerError: no such image" },
      ended: "TaskFailedToStart | CannotPullContainerError: no such image | -",
    },
    { name: "it runs", behaviour: {}, ended: "- | - | -" },
  ])("$name", ({ behaviour, ended }) => {
    expect(ending(ran(behaviour).task())).toBe(ended);
  });

  test("out of memory is the container's reason", () => {
    const world = ran({ exitsAfterMs: 100, exitCode: 137, outOfMemory: true });
    expect(world.described().containers).toMatchObject([
      { exitCode: 137, reason: "OutOfMemoryError: Container killed due to memory usage", lastStatus: "STOPPED" },
    ]);
    expect(ran({ exitsAfterMs: 100 }).described().containers).not.toMatchObject([{ reason: expect.anything() }]);
  });

  test("the reason of a failed start is the container's too", () => {
    expect(ran({ failsWith: "why" }).described().containers).toMatchObject([{ reason: "why", lastStatus: "STOPPED" }]);
  });

  test("through every status, with its times", () => {
    const world = ran({ startsAfterMs: 200, exitsAfterMs: 300 });
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING RUNNING RUNNING! DEACTIVATING! STOPPING! STOPPED!");
    const at = startMs / 1000;
    expect(world.described()).toMatchObject({
      createdAt: at,
      connectivity: "CONNECTED",
      connectivityAt: at,
      pullStartedAt: at,
      pullStoppedAt: at + 0.2,
      startedAt: at + 0.2,
      stoppingAt: at + 0.5,
      executionStoppedAt: at + 0.5,
      stoppedAt: at + 0.5,
      version: 7,
    });
  });

  test("a failed start never runs", () => {
    expect(taskHistory(ran({ failsWith: "why" }).events)).toBe(
      "PENDING ACTIVATING ACTIVATING! DEACTIVATING! STOPPING! STOPPED!",
    );
  });
});

describe("tasks of several containers", () => {
  test("run once all have started; each start is an event", () => {
    const world = several(["a", "b"], [], (name) => ({ startsAfterMs: name === "a" ? 100 : 5000 }));
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING ACTIVATING RUNNING");
    const startedAtMs = startMs + 5000;
    expect(world.task()).toMatchObject({ startedAtMs });
    expect(world.described()).toMatchObject({ pullStoppedAt: startMs / 1000 + 0.1 });
  });

  test("stop as a whole when an essential one exits; the others are stopped", () => {
    const world = several(["a", "b"], ["b"], (name) =>
      name === "a" ? { exitsAfterMs: 100, exitCode: 7 } : { stopsAfterMs: 500 },
    );
    expect(world.task().containers).toMatchObject([{ exitCode: 7 }, { exitCode: 143 }]);
    expect(world.task()).toMatchObject({
      stopCode: "EssentialContainerExited",
      stoppingAtMs: startMs + 100,
      executionStoppedAtMs: startMs + 600,
      stoppedAtMs: startMs + 600,
    });
  });

  test("run on without one that is not essential", () => {
    const world = several(["a", "b"], ["b"], (name) => (name === "b" ? { exitsAfterMs: 100, exitCode: 7 } : {}));
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING", desiredStatus: "RUNNING" });
    expect(world.task().containers).toMatchObject([{ lastStatus: "RUNNING" }, { lastStatus: "STOPPED", exitCode: 7 }]);
    expect(world.task().executionStoppedAtMs).toBeUndefined();
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING ACTIVATING RUNNING RUNNING");
  });

  test("run without one that is not essential and did not start", () => {
    const world = several(["a", "b"], ["b"], (name) => (name === "b" ? { startsAfterMs: 100, failsWith: "why" } : {}));
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING ACTIVATING RUNNING");
    expect(world.task().stopCode).toBeUndefined();
  });

  test("wait for those that have yet to start, though another ends meanwhile", () => {
    const world = several(["a", "b", "c"], ["b"], (name) =>
      name === "c" ? { startsAfterMs: 60_000 } : name === "b" ? { exitsAfterMs: 100 } : {},
    );
    expect(world.task()).toMatchObject({ lastStatus: "ACTIVATING", desiredStatus: "RUNNING" });
    expect(world.task().containers.map(({ lastStatus }) => lastStatus)).toEqual(["RUNNING", "STOPPED", "PENDING"]);
  });

  test("stop when an essential one ends before the others have started", () => {
    const world = several(["a", "b"], [], (name) => (name === "a" ? { exitsAfterMs: 100 } : { startsAfterMs: 60_000 }));
    expect(taskHistory(world.events)).toBe(
      "PENDING ACTIVATING ACTIVATING ACTIVATING! DEACTIVATING! STOPPING! STOPPED!",
    );
    expect(world.task().startedAtMs).toBeUndefined();
    expect(world.driver.containers()).toEqual([]);
  });

  test("keep their first cause", () => {
    const world = several(["a", "b"], [], (name) => ({
      exitsAfterMs: name === "a" ? 100 : 200,
      ignoresSigterm: true,
      exitCode: 9,
    }));
    expect(world.task()).toMatchObject({
      stoppingAtMs: startMs + 100,
      stoppedAtMs: startMs + 200,
      stopCode: "EssentialContainerExited",
    });
  });
});

describe("health", () => {
  test.for<{ name: string; behaviour: VirtualBehaviour; container: Json; health: string }>([
    { name: "no check", behaviour: { healthyAfterMs: 10 }, container: {}, health: "UNKNOWN" },
    { name: "not yet known", behaviour: {}, container: check, health: "UNKNOWN" },
    { name: "healthy", behaviour: { healthyAfterMs: 10 }, container: check, health: "HEALTHY" },
    {
      name: "unhealthy later",
      behaviour: { healthyAfterMs: 10, unhealthyAfterMs: 20 },
      container: check,
      health: "UNHEALTHY",
    },
    {
      name: "healthy again",
      behaviour: { healthyAfterMs: 30, unhealthyAfterMs: 20 },
      container: check,
      health: "HEALTHY",
    },
  ])("$name: $health", ({ behaviour, container, health }) => {
    const world = ran(behaviour, container);
    expect(world.described()).toMatchObject({ healthStatus: health, containers: [{ healthStatus: health }] });
  });

  test("changes neither version nor anything that is told", () => {
    const world = ran({ healthyAfterMs: 20, unhealthyAfterMs: 30 }, check, 10);
    const told = world.events.length;
    const { version } = world.task();
    world.pass(100);
    expect(world.task()).toMatchObject({
      health: "UNHEALTHY",
      version,
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
    });
    expect(world.events).toHaveLength(told);
  });

  test.for<{ name: string; healths: Readonly<Record<string, string>>; health: string }>([
    { name: "any unhealthy", healths: { a: "HEALTHY", b: "UNHEALTHY", c: "" }, health: "UNHEALTHY" },
    { name: "any unknown", healths: { a: "HEALTHY", b: "", c: "" }, health: "UNKNOWN" },
    { name: "all healthy", healths: { a: "HEALTHY", b: "HEALTHY", c: "" }, health: "HEALTHY" },
    {
      name: "one that is not essential does not count",
      healths: { a: "HEALTHY", b: "HEALTHY", c: "UNHEALTHY" },
      health: "HEALTHY",
    },
  ])("of several containers, c not essential: $name", ({ healths, health }) => {
    const behave = (name: string): VirtualBehaviour =>
      healths[name] === "HEALTHY"
        ? { healthyAfterMs: 5 }
        : healths[name] === "UNHEALTHY"
          ? { unhealthyAfterMs: 5 }
          : {};
    expect(several(["a", "b", "c"], ["c"], behave, check).task().health).toBe(health);
  });

  test("of containers without a check does not count", () => {
    const containerDefinitions = [
      { name: "a", image: "a", memory: 16, ...check },
      { name: "b", image: "b", memory: 16 },
    ];
    const world = aReadyWorld({ behave: () => ({ healthyAfterMs: 5 }) }, { containerDefinitions });
    world.run();
    world.pass(10);
    expect(world.task().health).toBe("HEALTHY");
  });
});

describe("a disconnected agent", () => {
  const cutOff = (behaviour: VirtualBehaviour, atMs = 50) => {
    const world = aReadyWorld({ behave: () => behaviour }, {}, { ...check, portMappings: [{ containerPort: 80 }] });
    world.run();
    world.pass(atMs);
    world.engine.setAgentConnected("c", "i-1", false);
    return world;
  };

  test("freezes what is seen, then tells it all, dated when ECS learned it but for the end itself", () => {
    const world = cutOff({ healthyAfterMs: 10, unhealthyAfterMs: 100, exitsAfterMs: 200, exitCode: 5 });
    world.pass(60_000);
    expect(world.task()).toMatchObject({
      lastStatus: "RUNNING",
      desiredStatus: "RUNNING",
      health: "HEALTHY",
      version: 3,
    });
    world.engine.setAgentConnected("c", "i-1", true);
    expect(ending(world.task())).toBe("EssentialContainerExited | Essential container in task exited | 5");
    expect(world.task()).toMatchObject({
      executionStoppedAtMs: startMs + 200,
      stoppedAtMs: startMs + 60_050,
      health: "UNHEALTHY",
    });
  });

  test("a start is seen only afterwards", () => {
    const world = cutOff({ startsAfterMs: 1000 });
    world.pass(5000);
    expect(world.task()).toMatchObject({ lastStatus: "ACTIVATING" });
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING", startedAtMs: startMs + 5050 });
  });

  test("the task runs on, and is reached, until it really ends", () => {
    const world = cutOff({ exitsAfterMs: 200 });
    const target = { id: "i-1", port: world.task().containers[0]?.hostPorts[80] ?? 0 };
    world.pass(100);
    expect(world.engine.hostEndpoint(target)).toBe(target.port);
    world.pass(100);
    expect(world.engine.hostEndpoint(target)).toBeUndefined();
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING" });
  });

  test("a stop is wanted at once and carried out when the agent is back", () => {
    const world = cutOff({});
    world.call("StopTask", { task: world.task().arn });
    world.pass(60_000);
    expect(world.task()).toMatchObject({ lastStatus: "RUNNING", desiredStatus: "STOPPED", stopCode: "UserInitiated" });
    expect(world.driver.containers()).toHaveLength(1);
    expect(world.engine.nextDueMs()).toBeUndefined();
    world.engine.setAgentConnected("c", "i-1", true);
    world.pass(0);
    expect(ending(world.task())).toBe("UserInitiated | Task stopped by user | 143");
  });

  test("what it missed of a task that was lost meanwhile is of no interest", () => {
    const world = cutOff({ exitsAfterMs: 100 });
    world.pass(1000);
    world.engine.terminateInstance("c", "i-1");
    expect(ending(world.task())).toBe("TerminationNotice | Host EC2 (instance i-1) terminated. | -");
  });

  test("a stop is carried out after whatever it missed", () => {
    const world = several(["a", "b"], ["b"], (name) => (name === "b" ? { exitsAfterMs: 20_000 } : {}));
    world.engine.setAgentConnected("c", "i-1", false);
    world.call("StopTask", { task: world.task().arn });
    world.pass(20_000);
    world.engine.setAgentConnected("c", "i-1", true);
    world.pass(0);
    expect(world.task()).toMatchObject({ lastStatus: "STOPPED", stopCode: "UserInitiated" });
  });

  test("tells each thing once", () => {
    const world = cutOff({ unhealthyAfterMs: 100, healthyAfterMs: 200 });
    world.pass(60);
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.task().health).toBe("UNHEALTHY");
    world.pass(100);
    world.engine.setAgentConnected("c", "i-1", false);
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.task().health).toBe("HEALTHY");
  });

  test("no container is ordered before it is back", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.run();
    world.engine.setAgentConnected("c", "i-1", false);
    world.pass(1000);
    expect(world.task().lastStatus).toBe("PENDING");
    expect(world.orders).toEqual([]);
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.task().lastStatus).toBe("ACTIVATING");
  });

  test("agents of other instances report as ever", () => {
    const world = aReadyWorld();
    world.node("i-2");
    world.engine.setAgentConnected("c", "i-1", false);
    world.run({ placementConstraints: [{ type: "memberOf", expression: "ec2InstanceId == i-2" }] });
    world.pass(0);
    expect(world.task().lastStatus).toBe("RUNNING");
  });
});
