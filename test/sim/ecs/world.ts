import {
  type ContainerOrder,
  type EcsEngine,
  EcsError,
  type EngineTask,
  type EventEnvelope,
  type InstanceInput,
} from "../../../sim/ecs/api.ts";
import { createEcsEngine } from "../../../sim/ecs/engine.ts";
import { createVirtualDriver, type VirtualBehaviour, type VirtualDriver } from "../../../sim/ecs/virtual-driver.ts";

export type Json = Record<string, unknown>;

interface WorldOptions {
  readonly behave?: (order: ContainerOrder) => VirtualBehaviour;
  readonly listLagMs?: number;
  readonly stepMs?: number;
  /** Where the hex counter starts. */
  readonly seed?: number;
}

/** Start of a world's clock. */
export const startMs = Date.UTC(2026, 0, 1);

/** An engine with a virtual driver and clock, the cluster `c`, and subnets `s1` to `s3` in zones `z1` to `z3`. */
export function aWorld({ behave = () => ({}), seed = 0, ...options }: WorldOptions = {}) {
  let nowMs = startMs;
  let drawn = seed;
  const orders: ContainerOrder[] = [];
  const driver: VirtualDriver = createVirtualDriver({
    nowMs: () => nowMs,
    behave: (order) => {
      orders.push(order);
      return behave(order);
    },
  });
  const engine: EcsEngine = createEcsEngine({
    region: "eu-west-1",
    account: "123456789012",
    nowMs: () => nowMs,
    hex: (digits) => {
      drawn += 1;
      return drawn.toString(16).padStart(digits, "0").slice(-digits);
    },
    driver,
    subnets: { s1: "z1", s2: "z2", s3: "z3" },
    ...options,
  });
  const events: EventEnvelope[] = [];
  engine.onEvent((event) => events.push(event));
  engine.handle("CreateCluster", { clusterName: "c" });
  const call = (action: string, input: Json = {}) => engine.handle(action, { cluster: "c", ...input }) as Json;
  return {
    engine,
    driver,
    events,
    orders,
    call,
    nowMs: () => nowMs,
    /** Lets time pass, and everything happen in its order. */
    pass: (ms: number) => {
      const untilMs = nowMs + ms;
      for (;;) {
        const next = Math.min(driver.nextDueMs() ?? untilMs, engine.nextDueMs() ?? untilMs, untilMs);
        nowMs = Math.max(nowMs, next);
        driver.advance(nowMs);
        engine.advance();
        const more = Math.min(driver.nextDueMs() ?? untilMs + 1, engine.nextDueMs() ?? untilMs + 1);
        if (nowMs >= untilMs && more > untilMs) return;
      }
    },
    /** Moves the clock alone. */
    jump: (ms: number) => {
      nowMs += ms;
    },
    node: (ec2InstanceId: string, more: Partial<InstanceInput> = {}) =>
      engine.registerInstance({
        cluster: "c",
        ec2InstanceId,
        cpuUnits: 1024,
        memoryMib: 2048,
        zone: "z1",
        subnet: "s1",
        ...more,
      }),
    /** Registers a definition of one container `app` of 256 CPU units and 256 MiB, on a bridge unless told otherwise. */
    define: (more: Json = {}, container: Json = {}) =>
      engine.handle("RegisterTaskDefinition", {
        family: "web",
        containerDefinitions: [{ name: "app", image: "shop/web", cpu: 256, memory: 256, ...container }],
        ...more,
      }),
    run: (input: Json = {}) => call("RunTask", { taskDefinition: "web", ...input }) as unknown as RunResult,
    /** The only task, or the one at that index. */
    task: (index = 0): EngineTask => {
      const task = engine.tasks()[index];
      if (task === undefined) throw new Error(`there is no task ${index}`);
      return task;
    },
    described: (index = 0): Json => {
      const { tasks } = call("DescribeTasks", { tasks: [engine.tasks()[index]?.arn], include: ["TAGS"] });
      return (tasks as Json[])[0] ?? {};
    },
  };
}

export type World = ReturnType<typeof aWorld>;

export interface RunResult {
  readonly tasks: readonly (Json & { readonly taskArn: string })[];
  readonly failures: readonly { readonly reason: string; readonly arn: string }[];
}

/** A world with one node `i-1`, the family `web`, and whatever else is given. */
export function aReadyWorld(options: WorldOptions = {}, definition: Json = {}, container: Json = {}): World {
  const world = aWorld(options);
  world.node("i-1");
  world.define(definition, container);
  return world;
}

/** The definition of a task with an interface of its own. */
export const awsvpc: Json = { networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512" };

/** The network of a request. */
export function inSubnets(...subnets: readonly string[]): Json {
  return { networkConfiguration: { awsvpcConfiguration: { subnets } } };
}

/** `CODE: message` of what is thrown; `-` when nothing is. */
export function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof EcsError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "-";
}

/** Task events as `STATUS`, followed by `!` once STOPPED is wanted, in one line. */
export function taskHistory(events: readonly EventEnvelope[]): string {
  return events
    .filter((event) => event["detail-type"] === "ECS Task State Change")
    .map(({ detail }) => `${detail.lastStatus}${detail.desiredStatus === "STOPPED" ? "!" : ""}`)
    .join(" ");
}

/** How a task ended: `CODE | reason | exit code of its first container`. */
export function ending(task: EngineTask): string {
  return [task.stopCode, task.stoppedReason, task.containers[0]?.exitCode].map((part) => part ?? "-").join(" | ");
}
