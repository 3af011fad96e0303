import type { Token } from "../../core/model/ids.ts";
import type { RunTaskInput } from "../../core/model/records.ts";
import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { Container } from "../../core/model/task-template.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { type VirtualClock, virtualClock } from "../../sim/clock.ts";
import type { EcsEngine } from "../../sim/ecs/api.ts";
import { createEcsEngine } from "../../sim/ecs/engine.ts";
import { createVirtualDriver } from "../../sim/ecs/virtual-driver.ts";
import { seededRandom } from "../../sim/random.ts";

/** An ECS whose time tests move; both implementations of the tasks port are views of one. */
export interface EcsWorld {
  readonly engine: EcsEngine;
  readonly clock: VirtualClock;
  /** Lets time pass, and everything happen that is due in it. */
  pass(ms: number): void;
}

/** An ECS that is held to the contract of tasks, whoever implements it. */
export interface EcsUnderTest {
  readonly tasks: Tasks;
  /** In which nothing runs yet. */
  readonly cluster: string;
  /** Behind an engine of ours: its tests move time, and break machines. */
  readonly world?: EcsWorld;
  /** A small definition of a task that runs, and goes on. @param service What the family is of. */
  definition(change?: DefinitionChange, service?: string): TaskDefinition;
  /** A RunTask of one task of it. */
  call(taskDefinition: string, change?: Partial<RunTaskInput>): RunTaskInput;
  /** What a time is matched by that must be that of now. */
  now(): unknown;
  /** Lets so much time pass at most, until it holds. */
  after(ms: number, check: () => Promise<void>): Promise<void>;
}

type DefinitionChange = Partial<TaskDefinition> & { readonly containers?: readonly Container[] };

/** What an implementation of the port over an engine of ours is held to the contract with. */
export function underTest(world: EcsWorld, tasks: Tasks): EcsUnderTest {
  return {
    world,
    tasks,
    cluster: "main",
    definition: (change = {}, service = "web") => aDefinition({ family: `longshore_x_shop_${service}`, ...change }),
    call: aCall,
    now: world.clock.nowMs,
    after: async (ms, check) => {
      world.pass(ms);
      await check();
    },
  };
}

/** The cluster `main` with two machines, in zones a and b, of 2048 CPU units and 4096 MiB each. */
export function anEcsWorld(): EcsWorld {
  const clock = virtualClock();
  const driver = createVirtualDriver({ nowMs: clock.nowMs, behave: () => ({ healthyAfterMs: 1_000 }) });
  const engine = createEcsEngine({
    region: "us-east-1",
    account: "000000000000",
    nowMs: clock.nowMs,
    hex: seededRandom(1).hex,
    driver,
    subnets: { "subnet-a": "us-east-1a", "subnet-b": "us-east-1b" },
  });
  engine.handle("CreateCluster", { clusterName: "main" });
  for (const letter of ["a", "b"]) {
    engine.registerInstance({
      cluster: "main",
      ec2InstanceId: `i-${letter}`,
      cpuUnits: 2048,
      memoryMib: 4096,
      zone: `us-east-1${letter}`,
      subnet: `subnet-${letter}`,
    });
  }
  const pass = (ms: number) => {
    for (const target = clock.nowMs() + ms; clock.nowMs() < target; ) {
      clock.set(Math.min(target, clock.nowMs() + 100));
      driver.advance(clock.nowMs());
      engine.advance();
    }
  };
  return { engine, clock, pass };
}

/** A small container with a port and a health check. */
export function aContainer(): Container {
  return {
    name: "app",
    image: "shop/web:1.4.2",
    entryPoint: [],
    command: ["serve"],
    cpuUnits: 256,
    memoryMib: 512,
    essential: true,
    ports: [{ name: "http", containerPort: 8080, protocol: "tcp" }],
    environment: { LOG_LEVEL: "info" },
    secrets: {},
    health: { command: ["CMD", "true"], intervalSeconds: 5, timeoutSeconds: 2, retries: 3, startPeriodSeconds: 0 },
    stopTimeoutSeconds: 30,
  };
}

/** A definition of one container, for machines and on a bridge unless told otherwise. */
export function aDefinition({ containers = [aContainer()], ...change }: DefinitionChange = {}): TaskDefinition {
  const executionRole = "arn:aws:iam::000000000000:role/execution";
  return {
    family: "longshore_x_shop_web",
    task: { cpuUnits: 256, memoryMib: 512, architecture: "x86_64", executionRole, containers },
    network: { mode: "bridge", subnets: [], securityGroups: [], publicIp: false },
    capacity: "ec2",
    tags: { "longshore:revision": "0123456789" },
    ...change,
  };
}

let calls = 0;

/** A RunTask of one task on EC2, with a token of its own. */
export function aCall(taskDefinition: string, change: Partial<RunTaskInput> = {}): RunTaskInput {
  calls += 1;
  const clientToken = `${calls}`.padStart(16, "a") as Token;
  return {
    cluster: "main",
    taskDefinition,
    count: 1,
    clientToken,
    startedBy: `${clientToken}/0123456789`,
    group: "longshore/x/shop/web",
    launchType: "EC2",
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    tags: [],
    ...change,
  };
}
