import { describe, expect, test } from "vitest";
import type { ContainerOrder } from "../../../sim/ecs/api.ts";
import { createVirtualDriver, type VirtualBehaviour } from "../../../sim/ecs/virtual-driver.ts";

const order: ContainerOrder = {
  taskArn: "t",
  cluster: "c",
  container: "app",
  image: "x",
  entryPoint: [],
  command: [],
  environment: {},
  ports: [],
  stopTimeoutSeconds: 30,
  attempt: 1,
};
const health = { command: ["CMD"], intervalSeconds: 5, timeoutSeconds: 2, retries: 1, startPeriodSeconds: 0 };

/** A driver whose reports are noted as `<time> <task> <what>`. */
function noted(behave: (order: ContainerOrder) => VirtualBehaviour) {
  let nowMs = 0;
  const told: string[] = [];
  const note = (taskArn: string, what: string) => told.push(`${nowMs} ${taskArn} ${what}`);
  const driver = createVirtualDriver({ nowMs: () => nowMs, behave });
  driver.connect({
    started: (taskArn, _, hostPorts) => note(taskArn, `started ${JSON.stringify(hostPorts)}`),
    failed: (taskArn, _, reason) => note(taskArn, `failed ${reason}`),
    exited: (taskArn, _, { code, outOfMemory }) =>
      note(taskArn, `exited ${code}${outOfMemory ? " out of memory" : ""}`),
    health: (taskArn, _, state) => note(taskArn, state),
  });
  return {
    driver,
    told,
    /** Moves from event to event, as a simulator does. */
    until: (ms: number) => {
      for (let next = driver.nextDueMs(); next !== undefined && next <= ms; next = driver.nextDueMs()) {
        nowMs = Math.max(nowMs, next);
        driver.advance(nowMs);
      }
      nowMs = ms;
    },
  };
}

describe("a container by itself", () => {
  test.for<{ name: string; behaviour: VirtualBehaviour; told: readonly string[] }>([
    { name: "starts at once and runs", behaviour: {}, told: ["0 t started {}"] },
    { name: "starts later", behaviour: { startsAfterMs: 50 }, told: ["50 t started {}"] },
    { name: "does not start", behaviour: { startsAfterMs: 50, failsWith: "no" }, told: ["50 t failed no"] },
    { name: "crashes", behaviour: { startsAfterMs: 50, exitsAfterMs: 20 }, told: ["50 t started {}", "70 t exited 1"] },
    { name: "is done", behaviour: { exitsAfterMs: 20, exitCode: 0 }, told: ["0 t started {}", "20 t exited 0"] },
    {
      name: "runs out of memory",
      behaviour: { exitsAfterMs: 20, outOfMemory: true },
      told: ["0 t started {}", "20 t exited 1 out of memory"],
    },
    { name: "has no check to tell of", behaviour: { healthyAfterMs: 5 }, told: ["0 t started {}"] },
  ])("$name", ({ behaviour, told }) => {
    const world = noted(() => behaviour);
    world.driver.start(order);
    world.until(1000);
    expect(world.told).toEqual(told);
  });

  test("tells its health in the order of the moments", () => {
    const world = noted(() => ({ startsAfterMs: 10, healthyAfterMs: 30, unhealthyAfterMs: 20, exitsAfterMs: 40 }));
    world.driver.start({ ...order, health });
    world.until(1000);
    expect(world.told).toEqual(["10 t started {}", "30 t UNHEALTHY", "40 t HEALTHY", "50 t exited 1"]);
  });

  test("is ordered once", () => {
    const world = noted(() => ({}));
    world.driver.start(order);
    world.driver.start(order);
    world.until(10);
    world.driver.start(order);
    world.until(20);
    expect(world.told).toHaveLength(1);
  });
});

describe("a container that is stopped after 100 ms", () => {
  test.for<{ name: string; behaviour: VirtualBehaviour; told: readonly string[] }>([
    { name: "ends at once", behaviour: {}, told: ["0 t started {}", "100 t exited 143"] },
    { name: "takes its time", behaviour: { stopsAfterMs: 500 }, told: ["0 t started {}", "600 t exited 143"] },
    {
      name: "takes as long as it may",
      behaviour: { stopsAfterMs: 30_000 },
      told: ["0 t started {}", "30100 t exited 143"],
    },
    { name: "takes too long", behaviour: { stopsAfterMs: 30_001 }, told: ["0 t started {}", "30100 t exited 137"] },
    { name: "ignores it", behaviour: { ignoresSigterm: true }, told: ["0 t started {}", "30100 t exited 137"] },
    {
      name: "crashes meanwhile",
      behaviour: { ignoresSigterm: true, exitsAfterMs: 200, exitCode: 3 },
      told: ["0 t started {}", "200 t exited 3"],
    },
    { name: "has not started yet", behaviour: { startsAfterMs: 5000 }, told: ["100 t exited 137"] },
  ])("$name", ({ behaviour, told }) => {
    const world = noted(() => behaviour);
    world.driver.start(order);
    world.until(100);
    world.driver.stop("t", "app");
    world.until(200);
    world.driver.stop("t", "app");
    world.until(100_000);
    expect(world.told).toEqual(told);
    expect(world.driver.containers()).toEqual([]);
  });

  test("is seen to be stopping until it has ended", () => {
    const world = noted(() => ({ stopsAfterMs: 500 }));
    world.driver.start(order);
    world.until(100);
    expect(world.driver.containers()).toMatchObject([{ started: true, stopping: false }]);
    world.driver.stop("t", "app");
    expect(world.driver.containers()).toMatchObject([{ started: true, stopping: true }]);
  });

  test("a container that is killed tells nothing", () => {
    const world = noted(() => ({ exitsAfterMs: 500 }));
    world.driver.start(order);
    world.until(100);
    world.driver.kill("t", "app");
    world.until(1000);
    expect(world.told).toEqual(["0 t started {}"]);
  });

  test("an unknown one is ignored", () => {
    const world = noted(() => ({}));
    world.driver.stop("t", "app");
    world.driver.kill("t", "app");
    expect(world.driver.nextDueMs()).toBeUndefined();
  });
});

describe("several containers", () => {
  test("each by its own order, those of one moment by the order they were ordered in", () => {
    const world = noted(({ taskArn }) => ({ startsAfterMs: taskArn === "b" ? 10 : 20 }));
    for (const taskArn of ["a", "b", "c"]) world.driver.start({ ...order, taskArn });
    expect(world.driver.nextDueMs()).toBe(10);
    expect(world.driver.containers().map(({ order: { taskArn }, started }) => `${taskArn} ${started}`)).toEqual([
      "a false",
      "b false",
      "c false",
    ]);
    world.until(100);
    expect(world.told).toEqual(["10 b started {}", "20 a started {}", "20 c started {}"]);
    expect(world.driver.containers().every(({ started }) => started)).toBe(true);
  });

  test("get ports that no other has, up to 60000 and from 20000 again", () => {
    const world = noted(() => ({}));
    const two = [
      { containerPort: 80, protocol: "tcp" },
      { containerPort: 81, protocol: "tcp" },
    ];
    world.driver.start({ ...order, ports: two });
    world.driver.start({ ...order, taskArn: "u", ports: two });
    world.until(0);
    expect(world.told).toEqual([`0 t started {"80":20001,"81":20002}`, `0 u started {"80":20003,"81":20004}`]);
    const many = Array.from({ length: 39_996 }, (_, containerPort) => ({ containerPort, protocol: "tcp" }));
    world.driver.start({ ...order, taskArn: "v", ports: many });
    world.driver.start({ ...order, taskArn: "w", ports: two });
    world.until(0);
    expect(world.told.at(-2)).toContain(`"39995":60000}`);
    expect(world.told.at(-1)).toBe(`0 w started {"80":20000,"81":20001}`);
  });

  test("advance reports no more than what has happened by then", () => {
    const world = noted(() => ({ startsAfterMs: 10, exitsAfterMs: 10 }));
    world.driver.start(order);
    world.driver.advance(9);
    expect(world.told).toEqual([]);
    world.driver.advance(10);
    expect(world.told).toEqual(["0 t started {}"]);
    world.driver.advance(100);
    expect(world.told).toHaveLength(2);
  });
});
