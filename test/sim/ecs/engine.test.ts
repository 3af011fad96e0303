import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContainerDriver, ContainerOrder, ContainerReports } from "../../../sim/ecs/api.ts";
import { createEcsEngine } from "../../../sim/ecs/engine.ts";
import {
  aReadyWorld,
  aWorld,
  awsvpc,
  inSubnets,
  type Json,
  refusal,
  startMs,
  taskHistory,
  type World,
} from "./world.ts";

/** An engine whose driver is played by the test. */
function byHand(react: (order: ContainerOrder, reports: ContainerReports) => void = () => undefined, stepMs = 0) {
  const stops: string[] = [];
  const kills: string[] = [];
  let drawn = 0;
  let nowMs = startMs;
  let reports: ContainerReports | undefined;
  const told = (): ContainerReports => {
    if (reports === undefined) throw new Error("the driver was not connected");
    return reports;
  };
  const driver: ContainerDriver = {
    connect: (given) => {
      reports = given;
    },
    start: (order) => react(order, told()),
    stop: (_, container) => stops.push(container),
    kill: (_, container) => kills.push(container),
  };
  const engine = createEcsEngine({
    region: "r",
    account: "1",
    nowMs: () => nowMs,
    hex: (digits) => {
      drawn += 1;
      return drawn.toString(16).padStart(digits, "0");
    },
    driver,
    subnets: { s1: "z1" },
    stepMs,
  });
  const events: Parameters<Parameters<typeof engine.onEvent>[0]>[0][] = [];
  engine.onEvent((event) => events.push(event));
  engine.handle("CreateCluster", {});
  engine.registerInstance({
    cluster: "default",
    ec2InstanceId: "i-1",
    cpuUnits: 1024,
    memoryMib: 1024,
    zone: "z1",
    subnet: "s1",
  });
  const healthCheck = { command: ["CMD", "true"] };
  const containerDefinitions = ["a", "b"].map((name) => ({ name, image: name, memory: 16, healthCheck }));
  engine.handle("RegisterTaskDefinition", { family: "web", containerDefinitions });
  engine.handle("RunTask", { taskDefinition: "web" });
  const task = () => {
    const [only] = engine.tasks();
    if (only === undefined) throw new Error("there is no task");
    return only;
  };
  return { engine, events, stops, kills, task, reports: told(), pass: (ms: number) => (nowMs += ms), arn: task().arn };
}

describe("a driver", () => {
  test("may report in the middle of an order", () => {
    const world = byHand(({ taskArn, container }, reports) => reports.started(taskArn, container, {}));
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING ACTIVATING RUNNING");
  });

  test("may report at any time, and what follows is done at once", () => {
    const world = byHand();
    world.reports.started(world.arn, "a", {});
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING ACTIVATING");
    world.reports.exited(world.arn, "a", { code: 1 });
    expect(world.task()).toMatchObject({ lastStatus: "STOPPING", stopCode: "EssentialContainerExited" });
    expect(world.stops).toEqual(["b"]);
    world.reports.exited(world.arn, "b", { code: 137, outOfMemory: true });
    expect(world.task()).toMatchObject({
      lastStatus: "STOPPED",
      containers: [{ exitCode: 1 }, { exitCode: 137, reason: expect.stringContaining("OutOfMemoryError") }],
    });
  });

  test.for<{
    name: string;
    before: (reports: ContainerReports, arn: string) => void;
    report: (reports: ContainerReports, arn: string) => void;
  }>([
    { name: "for an unknown task", before: () => undefined, report: (reports) => reports.started("arn:none", "a", {}) },
    {
      name: "for an unknown container",
      before: () => undefined,
      report: (reports, arn) => reports.started(arn, "c", {}),
    },
    {
      name: "of a second start",
      before: (reports, arn) => reports.started(arn, "a", {}),
      report: (reports, arn) => reports.started(arn, "a", { 80: 1 }),
    },
    {
      name: "of a failed start once it runs",
      before: (reports, arn) => reports.started(arn, "a", {}),
      report: (reports, arn) => reports.failed(arn, "a", "why"),
    },
    {
      name: "of health before it runs",
      before: () => undefined,
      report: (reports, arn) => reports.health(arn, "a", "HEALTHY"),
    },
    {
      name: "of a second end",
      before: (reports, arn) => reports.exited(arn, "a", { code: 1 }),
      report: (reports, arn) => reports.exited(arn, "a", { code: 2 }),
    },
    {
      name: "of a start after the end",
      before: (reports, arn) => reports.exited(arn, "a", { code: 1 }),
      report: (reports, arn) => reports.started(arn, "a", {}),
    },
    {
      name: "of health after the end",
      before: (reports, arn) => reports.exited(arn, "a", { code: 1 }),
      report: (reports, arn) => reports.health(arn, "a", "HEALTHY"),
    },
    {
      name: "for a task that is over",
      before: (reports, arn) => {
        reports.exited(arn, "a", { code: 1 });
        reports.exited(arn, "b", { code: 1 });
      },
      report: (reports, arn) => reports.started(arn, "b", {}),
    },
  ])("is not believed $name", ({ before, report }) => {
    const world = byHand();
    before(world.reports, world.arn);
    const [task, told] = [world.task(), world.events.length];
    report(world.reports, world.arn);
    expect(world.task()).toEqual(task);
    expect(world.events).toHaveLength(told);
  });

  test("that starts a container of a task on its way out is noted; the task goes on its way", () => {
    const world = byHand();
    world.engine.handle("StopTask", { task: world.arn });
    world.reports.started(world.arn, "a", {});
    world.reports.started(world.arn, "b", {});
    expect(world.task()).toMatchObject({
      lastStatus: "STOPPING",
      containers: [{ lastStatus: "RUNNING" }, { lastStatus: "RUNNING" }],
    });
    expect(world.task().startedAtMs).toBeUndefined();
  });

  test("that fails to start one of a task on its way out ends it", () => {
    const world = byHand();
    world.engine.handle("StopTask", { task: world.arn });
    world.reports.failed(world.arn, "a", "why");
    world.reports.exited(world.arn, "b", { code: 0 });
    expect(world.task()).toMatchObject({
      lastStatus: "STOPPED",
      stopCode: "UserInitiated",
      stoppedReason: "Task stopped by user",
    });
  });

  test("is told to kill what a lost machine ran, and is asked for no report", () => {
    const world = byHand();
    world.engine.terminateInstance("default", "i-1");
    expect(world.kills).toEqual(["a", "b"]);
    expect(world.stops).toEqual([]);
  });

  test("may not call the engine from inside an order", () => {
    const world: World = aWorld({
      behave: () => {
        world.call("ListTasks");
        return {};
      },
    });
    world.node("i-1");
    world.define();
    expect(() => world.run()).toThrow("broken invariant: the engine was called from inside an order to its driver");
  });

  test("that throws leaves an engine that can go on", () => {
    let broken = true;
    const world = aReadyWorld({
      behave: () => {
        if (broken) throw new Error("no more memory");
        return {};
      },
    });
    expect(() => world.run()).toThrow("no more memory");
    broken = false;
    world.run();
    world.pass(0);
    expect(world.task(1).lastStatus).toBe("RUNNING");
  });
});

describe("time", () => {
  test("is told of in advance, and steps wait for it", () => {
    const world = aWorld({ stepMs: 100 });
    world.define(awsvpc);
    world.run({ launchType: "FARGATE", ...inSubnets("s1") });
    expect(world.engine.nextDueMs()).toBe(startMs + 100);
    world.jump(99);
    world.engine.advance();
    expect(world.task().lastStatus).toBe("PROVISIONING");
    world.jump(1);
    world.engine.advance();
    expect(world.task().lastStatus).toBe("PENDING");
    expect(world.engine.nextDueMs()).toBe(startMs + 200);
    world.pass(100);
    expect(world.engine.nextDueMs()).toBeUndefined();
  });

  test("the earliest of several steps is the next", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.run();
    world.pass(50);
    world.run();
    expect(world.engine.nextDueMs()).toBe(startMs + 100);
  });

  test("steps that are due together are taken in the order of their times", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.run();
    world.pass(50);
    world.run();
    world.jump(1000);
    world.engine.advance();
    expect(world.orders.map(({ taskArn }) => taskArn)).toEqual([world.task(0).arn, world.task(1).arn]);
  });

  test("also when the task that was created first steps later", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.define({ ...awsvpc, family: "far" });
    world.run({ taskDefinition: "far", launchType: "FARGATE", ...inSubnets("s1") });
    world.pass(50);
    world.run();
    world.pass(50);
    world.jump(1000);
    world.engine.advance();
    expect(world.orders.map(({ taskArn }) => taskArn)).toEqual([world.task(1).arn, world.task(0).arn]);
  });

  test("what is due happens before a request is answered", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.run();
    world.jump(100);
    expect(world.described().lastStatus).toBe("ACTIVATING");
  });
});

describe("a listener", () => {
  test("may call the engine; every listener still hears every event in order", () => {
    const world = aReadyWorld();
    const heard: unknown[] = [];
    let asked = false;
    world.engine.onEvent(() => {
      if (asked) return;
      asked = true;
      world.run();
    });
    world.engine.onEvent(({ id }) => heard.push(id));
    const before = world.events.length;
    world.run();
    world.pass(0);
    expect(world.engine.tasks()).toHaveLength(2);
    expect(heard).toEqual(world.events.slice(before).map(({ id }) => id));
  });

  test("that throws does not keep later events from being told", () => {
    const world = aReadyWorld();
    let broken = true;
    world.engine.onEvent(() => {
      if (broken) throw new Error("not now");
    });
    expect(() => world.run()).toThrow("not now");
    broken = false;
    world.engine.advance();
    expect(taskHistory(world.events)).toBe("PENDING ACTIVATING");
  });
});

describe("a request", () => {
  test.for(["CreateService", "toString", ""])("for %s is unknown", (action) => {
    expect(refusal(() => aWorld().engine.handle(action, {}))).toBe(
      `UnknownOperationException: action ${action} is not part of this ECS`,
    );
  });

  test("that is none at all is an empty one", () => {
    expect(aWorld().engine.handle("ListClusters", undefined)).toEqual({
      clusterArns: ["arn:aws:ecs:eu-west-1:123456789012:cluster/c"],
    });
  });

  test.for<{ action: string; input: unknown; refused: RegExp }>([
    { action: "RunTask", input: {}, refused: /^InvalidParameterException: taskDefinition: / },
    { action: "RunTask", input: { taskDefinition: "web", count: 1.5 }, refused: /^InvalidParameterException: count: / },
    { action: "RunTask", input: "x", refused: /^InvalidParameterException: RunTask: / },
    { action: "ListTasks", input: { desiredStatus: "GONE" }, refused: /^InvalidParameterException: desiredStatus: / },
  ])("$action $input is refused by its shape", ({ action, input, refused }) => {
    expect(refusal(() => aWorld().engine.handle(action, input))).toMatch(refused);
  });
});

type Step = { readonly kind: "run" | "stop" | "agent" | "terminate" | "node" | "pass"; readonly size: number };

const steps = fc.array(
  fc.record({
    kind: fc.constantFrom<Step["kind"]>("run", "stop", "agent", "terminate", "node", "pass"),
    size: fc.nat(9),
  }),
  { maxLength: 40 },
);

/** Plays a script and answers all that was said: answers, refusals, events, and what is left in the end. */
function play(script: readonly Step[]) {
  const world = aReadyWorld({
    stepMs: 50,
    behave: ({ taskArn }) => {
      const dice = Number.parseInt(taskArn.slice(-2), 16) % 5;
      return {
        startsAfterMs: 20 * dice,
        ...(dice === 1 && { exitsAfterMs: 300 }),
        ...(dice === 2 && { failsWith: "no" }),
        stopsAfterMs: dice * 100,
      };
    },
  });
  const said: unknown[] = [];
  const say = (act: () => unknown) => {
    let answer: unknown;
    const refused = refusal(() => {
      answer = act();
    });
    said.push(refused === "-" ? answer : refused);
  };
  let nodes = 1;
  const rows: Record<Step["kind"], (size: number) => void> = {
    run: (size) => say(() => world.run({ count: (size % 3) + 1, placementStrategy: [{ type: "random" }] })),
    stop: (size) => say(() => world.call("StopTask", { task: world.engine.tasks().at(-1 - size)?.arn ?? "none" })),
    agent: (size) => say(() => world.engine.setAgentConnected("c", `i-${(size % nodes) + 1}`, size % 2 === 0)),
    terminate: (size) => size === 9 && say(() => world.engine.terminateInstance("c", `i-${nodes}`)),
    node: () => {
      nodes += 1;
      world.node(`i-${nodes}`);
    },
    pass: (size) => world.pass(size * 40),
  };
  for (const { kind, size } of script) rows[kind](size);
  return { world, said };
}

describe("whatever happens", () => {
  test("the same script has the same answers and the same events", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const [first, second] = [play(script), play(script)];
        expect(second.said).toEqual(first.said);
        expect(second.world.events).toEqual(first.world.events);
      }),
      { numRuns: 50 },
    );
  });

  test("versions rise by one with each event, statuses only move on, and room is accounted for", () => {
    fc.assert(
      fc.property(steps, (script) => {
        const { world } = play(script);
        checkVersions(world.events);
        checkRoom(world);
        for (const { ec2InstanceId } of world.engine.instances())
          world.engine.setAgentConnected("c", ec2InstanceId, true);
        for (const { arn } of world.engine.tasks()) world.call("StopTask", { task: arn });
        world.pass(60_000);
        expect(world.engine.tasks().filter(({ lastStatus }) => lastStatus !== "STOPPED")).toEqual([]);
        checkRoom(world);
        expect(world.driver.containers()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

const order = [
  "PROVISIONING",
  "PENDING",
  "ACTIVATING",
  "RUNNING",
  "DEACTIVATING",
  "STOPPING",
  "DEPROVISIONING",
  "STOPPED",
];

function checkVersions(
  events: readonly { readonly resources: readonly string[]; readonly detail: Readonly<Json> }[],
): void {
  const last = new Map<string, Readonly<Json>>();
  for (const { resources, detail } of events) {
    const key = resources[0] ?? "";
    const before = last.get(key);
    expect(detail.version).toBe(Number(before?.version ?? 0) + 1);
    if (before?.lastStatus) {
      expect(order.indexOf(`${detail.lastStatus}`)).toBeGreaterThanOrEqual(order.indexOf(`${before.lastStatus}`));
    }
    last.set(key, detail);
  }
}

function checkRoom({ engine }: ReturnType<typeof aWorld>): void {
  for (const instance of engine.instances().filter(({ status }) => status === "ACTIVE")) {
    const held = engine
      .tasks()
      .filter(({ instanceArn, lastStatus }) => instanceArn === instance.arn && lastStatus !== "STOPPED");
    expect(instance.remaining).toEqual({
      cpuUnits: instance.registered.cpuUnits - 256 * held.length,
      memoryMib: instance.registered.memoryMib - 256 * held.length,
    });
    expect(instance.remaining.cpuUnits).toBeGreaterThanOrEqual(0);
  }
}
