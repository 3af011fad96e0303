import { beforeEach, describe, expect, test } from "vitest";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { RunTaskInput } from "../../core/model/records.ts";
import type { SeenTask } from "../../core/model/sightings.ts";
import type { Container } from "../../core/model/task-template.ts";
import type { TaskFilter } from "../../core/ports/tasks.ts";
import { forgive } from "../models/ledger.ts";
import type { Need } from "../targets/probe/probe.ts";
import type { EcsUnderTest, EcsWorld } from "./ecs-world.ts";
import { testOfEngine, testThatNeeds } from "./needs.ts";

/** What all implementations of the tasks port do; each test has a cluster of its own. */
export function tasksContract(name: string, make: () => Promise<EcsUnderTest>): void {
  describe(`${name} keep the contract of tasks`, () => {
    let ecs: EcsUnderTest;
    beforeEach(async () => {
      ecs = await make();
    });
    const underTest = () => ecs;

    describe("a call", () => callContract(underTest));
    describe("a task", () => taskContract(underTest));
    describe("a list", () => listContract(underTest));
    describe("a task definition", () => definitionContract(underTest));
    describe("a node", () => nodeContract(underTest));
  });
}

type UnderTest = () => EcsUnderTest;

/** Defines a task and starts some, which must succeed. */
async function started(ecs: EcsUnderTest, change: Partial<RunTaskInput> = {}): Promise<readonly SeenTask[]> {
  const { tasks, definition, call } = ecs;
  const answer = await tasks.run(call(await tasks.define(definition()), change));
  expect(answer.failures).toEqual([]);
  return answer.tasks;
}

/** The world behind an engine of ours. */
function worldOf({ world }: EcsUnderTest): EcsWorld {
  if (!world) throw new Error("a test of the engine needs one");
  return world;
}

/** The one thing that there must be. */
function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) throw new Error(`there must be one, got ${list.length}`);
  return first;
}

/** Shows a task now: it must be known. */
async function shown({ tasks, cluster }: EcsUnderTest, { taskId }: SeenTask): Promise<SeenTask> {
  const sighting = only(await tasks.describe(cluster, [taskId]));
  if (sighting.kind === "missing") throw new Error(`task ${taskId} is missing`);
  return sighting;
}

function callContract(underTest: UnderTest): void {
  testThatNeeds("RunTask on Fargate")("starts tasks that carry its marks, dated by the start of our read", async () => {
    const { tasks, cluster, definition, call, now } = underTest();
    const taskDefinition = await tasks.define(definition());
    const input = call(taskDefinition, { count: 2 });
    const answer = await tasks.run(input);
    expect(answer.failures).toEqual([]);
    expect(answer.tasks).toHaveLength(2);
    for (const task of answer.tasks) {
      expect(task).toMatchObject({
        kind: "seen",
        taskId: expect.stringMatching(/^[0-9a-f-]{32,36}$/),
        cluster,
        group: input.group,
        startedBy: input.startedBy,
        taskDefinition,
        desiredStatus: "RUNNING",
        createdAtMs: now(),
        readAtMs: now(),
      });
    }
  });

  testOfEngine("container instances", "memberOf chooses the machine")("goes to the node that it names", async () => {
    const { tasks } = underTest();
    const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-b" };
    const seen = await started(underTest(), { count: 3, placementConstraints: [constraint] });
    const nodes = await tasks.describeNodes("main", await tasks.listNodes("main"));
    const wanted = nodes.find(({ ec2InstanceId }) => ec2InstanceId === "i-b");
    expect(seen.map(({ nodeId, zone }) => ({ nodeId, zone }))).toEqual(
      Array.from({ length: 3 }, () => ({ nodeId: wanted?.nodeId, zone: "us-east-1b" })),
    );
  });

  testThatNeeds("clientToken replays the first answer")(
    "sent again is answered from the first time, and starts nothing",
    async () => {
      const { tasks, cluster, definition, call } = underTest();
      const input = call(await tasks.define(definition()), { count: 2 });
      const ids = async () => (await tasks.run(input)).tasks.map(({ taskId }) => taskId).toSorted();
      expect(await ids()).toEqual(await ids());
      expect(await tasks.list(cluster, { desiredStatus: "RUNNING" })).toHaveLength(2);
    },
  );

  testThatNeeds("clientToken replays the first answer")(
    "sent again shows a task that stopped meanwhile, with the marks of the call",
    async () => {
      const { tasks, cluster, definition, call, after } = underTest();
      const input = call(await tasks.define(definition()));
      const { group, startedBy } = input;
      const { taskId } = only((await tasks.run(input)).tasks);
      await tasks.stop(cluster, taskId, "surplus");
      await after(1_000, async () => {
        expect((await tasks.run(input)).tasks).toMatchObject([
          { taskId, status: "STOPPED", group, startedBy, cluster },
        ]);
      });
    },
  );

  testThatNeeds("clientToken refuses another request")(
    "with the token of another is a conflict that names what that started",
    async () => {
      const { tasks, definition, call } = underTest();
      const input = call(await tasks.define(definition()));
      const { tasks: first } = await tasks.run(input);
      await expect(tasks.run({ ...input, count: 2 })).rejects.toMatchObject({
        name: "Fault",
        kind: "conflict",
        taskIds: first.map(({ taskId }) => taskId),
      });
    },
  );

  testOfEngine(
    "container instances",
    "memberOf chooses the machine",
    "failures[] of what finds no room",
  )("starts what fits, and says why the rest does not", async () => {
    const { tasks, definition, call } = underTest();
    const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
    const answer = await tasks.run(
      call(await tasks.define(definition()), { count: 10, placementConstraints: [constraint] }),
    );
    expect(answer.tasks.length).toBeGreaterThan(0);
    expect(answer.tasks.length).toBeLessThan(10);
    expect(answer.failures.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^RESOURCE:(CPU|MEMORY)$/),
    );
  });

  const refusals: readonly { readonly name: string; readonly need: Need; readonly change: Partial<RunTaskInput> }[] = [
    { name: "no such cluster", need: "an unknown cluster is refused", change: { cluster: "none" } },
    {
      name: "no such task definition",
      need: "an unknown task definition is refused",
      change: { taskDefinition: "longshore_x_shop_none:1" },
    },
    { name: "more than ten", need: "more than ten tasks in a call are refused", change: { count: 11 } },
  ];
  for (const { name, need, change } of refusals) {
    testThatNeeds(need)(`is refused for good: ${name}`, async () => {
      const { tasks, cluster, definition, call } = underTest();
      const input = call(await tasks.define(definition()));
      await expect(tasks.run({ ...input, ...change })).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
      forgive(/count must be 1 to 10, got 11/);
      expect(await tasks.list(cluster, { desiredStatus: "RUNNING" })).toEqual([]);
    });
  }
}

const versions = "versions that tell which sighting is later";
const newestFirst = "task definitions newest first";
const unknown = "0".repeat(32) as TaskId;
const ofItsOwn = { mode: "awsvpc", subnets: ["subnet-a"], securityGroups: [], publicIp: false } as const;
const inSubnetA = {
  awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: [], assignPublicIp: "DISABLED" },
} as const;
const anAddress = expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/);

function taskContract(underTest: UnderTest): void {
  testOfEngine(
    "container instances",
    "container health",
    versions,
  )("runs, becomes healthy, and on a bridge has a port of its host", async () => {
    const ecs = underTest();
    const task = only(await started(ecs));
    worldOf(ecs).pass(5_000);
    const seen = await shown(ecs, task);
    expect(seen).toMatchObject({
      kind: "seen",
      status: "RUNNING",
      desiredStatus: "RUNNING",
      health: "HEALTHY",
      nodeId: task.nodeId,
      zone: task.zone,
      startedAtMs: expect.any(Number),
      hostPorts: { "app:8080": expect.any(Number) },
      readAtMs: ecs.now(),
    });
    expect(seen).not.toHaveProperty("stoppedAtMs");
    expect(seen).not.toHaveProperty("address");
    expect(seen.ecsVersion).toBeGreaterThan(task.ecsVersion);
  });

  testThatNeeds(versions)("without a health check has no known health", async () => {
    const { tasks, definition, call, after } = underTest();
    const [{ health: _, ...container }] = definition().task.containers as [Container];
    const arn = await tasks.define(definition({ containers: [container] }));
    const task = only((await tasks.run(call(arn))).tasks);
    await after(5_000, async () => {
      expect(await shown(underTest(), task)).toMatchObject({ status: "RUNNING", health: "UNKNOWN" });
    });
  });

  testOfEngine("container instances", versions)("with an interface of its own on a node has an address", async () => {
    const { tasks, definition, call, after } = underTest();
    const arn = await tasks.define(definition({ network: ofItsOwn }));
    const task = only((await tasks.run(call(arn, { networkConfiguration: inSubnetA }))).tasks);
    await after(5_000, async () => {
      const seen = await shown(underTest(), task);
      expect(seen).toMatchObject({
        status: "RUNNING",
        zone: "us-east-1a",
        address: anAddress,
        nodeId: expect.any(String),
      });
      expect(seen).not.toHaveProperty("hostPorts");
    });
  });

  testThatNeeds(
    "RunTask on Fargate",
    "a task on Fargate is on no container instance",
    versions,
  )("on Fargate has an address, and no node", async () => {
    const { world, tasks, definition, call, after } = underTest();
    const onFargate = world && { capacity: "fargate" as const, network: ofItsOwn };
    const started = world && { launchType: "FARGATE" as const, networkConfiguration: inSubnetA };
    const task = only((await tasks.run(call(await tasks.define(definition(onFargate)), started))).tasks);
    await after(5_000, async () => {
      const seen = await shown(underTest(), task);
      expect(seen).toMatchObject({ status: "RUNNING", zone: expect.any(String), address: anAddress });
      if (world) expect(seen.zone).toBe("us-east-1a");
      expect(seen).not.toHaveProperty("hostPorts");
      expect(seen).not.toHaveProperty("nodeId");
    });
  });

  testThatNeeds(
    versions,
    "the reason of a stop",
    "the exit code of a stop",
  )("is stopped, with our reason, and may be stopped again", async () => {
    const { tasks, cluster, after } = underTest();
    const task = only(await started(underTest()));
    await after(5_000, async () => expect(await shown(underTest(), task)).toMatchObject({ status: "RUNNING" }));
    await tasks.stop(cluster, task.taskId, "longshore: surplus");
    await tasks.stop(cluster, task.taskId, "longshore: surplus");
    await after(60_000, async () => {
      expect(await shown(underTest(), task)).toMatchObject({
        status: "STOPPED",
        desiredStatus: "STOPPED",
        stopCode: "UserInitiated",
        stoppedReason: "longshore: surplus",
        stoppedAtMs: expect.any(Number),
        exitCode: 143,
      });
    });
  });

  testThatNeeds("a stop of a task that nobody knows is refused")("that nobody knows cannot be stopped", async () => {
    const { tasks, cluster } = underTest();
    await expect(tasks.stop(cluster, unknown, "why")).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
  });

  testThatNeeds("a task that nobody knows is MISSING", versions)("that nobody knows is missing", async () => {
    const { tasks, cluster, now } = underTest();
    const task = only(await started(underTest()));
    const sightings = await tasks.describe(cluster, [unknown, task.taskId]);
    expect(sightings).toHaveLength(2);
    expect(sightings.find(({ kind }) => kind === "missing")).toEqual({
      kind: "missing",
      taskId: unknown,
      cluster,
      readAtMs: now(),
    });
    expect(sightings.find(({ kind }) => kind === "seen")).toMatchObject({ taskId: task.taskId });
  });

  testThatNeeds("a task that nobody knows is MISSING")("is one of any number that are described", async () => {
    const { tasks, cluster } = underTest();
    const ids = Array.from({ length: 230 }, (_, index) => String(index).padStart(32, "0") as TaskId);
    const sightings = await tasks.describe(cluster, ids);
    expect(sightings.map(({ taskId }) => taskId)).toEqual(ids);
    expect(await tasks.describe(cluster, [])).toEqual([]);
  });
}

function listContract(underTest: UnderTest): void {
  testOfEngine(
    "container instances",
    "memberOf chooses the machine",
    versions,
  )("is filtered by call, node, family and wanted status", async () => {
    const { tasks, definition, call } = underTest();
    const world = worldOf(underTest());
    const pinned = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
    const first = only(await started(underTest(), { placementConstraints: [pinned] }));
    const other = await tasks.define(definition({}, "cart"));
    const elsewhere = { type: "memberOf" as const, expression: "ec2InstanceId == i-b" };
    const second = only((await tasks.run(call(other, { placementConstraints: [elsewhere] }))).tasks);
    const [firstNode, secondNode] = [first.nodeId as NodeId, second.nodeId as NodeId];
    world.pass(5_000);
    await tasks.stop("main", second.taskId, "why");
    world.pass(60_000);
    const list = (filter: TaskFilter) => tasks.list("main", filter);

    expect(await list({ startedBy: first.startedBy })).toEqual([first.taskId]);
    expect(await list({ startedBy: second.startedBy })).toEqual([]);
    expect(await list({ desiredStatus: "RUNNING" })).toEqual([first.taskId]);
    expect(await list({ desiredStatus: "STOPPED" })).toEqual([second.taskId]);
    expect(await list({ family: "longshore_x_shop_web" })).toEqual([first.taskId]);
    expect(await list({ family: "longshore_x_shop_cart" })).toEqual([]);
    expect(await list({ family: "longshore_x_shop_cart", desiredStatus: "STOPPED" })).toEqual([second.taskId]);
    expect(await list({ nodeId: firstNode })).toEqual([first.taskId]);
    expect(await list({ nodeId: secondNode, desiredStatus: "STOPPED" })).toEqual([second.taskId]);
  });

  testOfEngine("container instances")("follows every page", async () => {
    const { tasks, definition, call } = underTest();
    const world = worldOf(underTest());
    for (let machine = 0; machine < 20; machine++) {
      world.engine.registerInstance({
        cluster: "main",
        ec2InstanceId: `i-${machine}`,
        cpuUnits: 4096,
        memoryMib: 8192,
        zone: "us-east-1a",
        subnet: "subnet-a",
      });
    }
    const arn = await tasks.define(definition());
    const ids: TaskId[] = [];
    for (let calls = 0; calls < 23; calls++) {
      ids.push(...(await tasks.run(call(arn, { count: 10 }))).tasks.map(({ taskId }) => taskId));
    }
    expect(ids).toHaveLength(230);
    expect((await tasks.list("main", { desiredStatus: "RUNNING" })).toSorted()).toEqual(ids.toSorted());
  });

  testThatNeeds("versions that tell which sighting is later")(
    "has what was started by a call, and what is wanted to run",
    async () => {
      const { tasks, cluster, after } = underTest();
      const [first, second] = [only(await started(underTest())), only(await started(underTest()))];
      expect(await tasks.list(cluster, { startedBy: first.startedBy })).toEqual([first.taskId]);
      await tasks.stop(cluster, second.taskId, "why");
      await after(60_000, async () => {
        expect(await tasks.list(cluster, { desiredStatus: "RUNNING" })).toEqual([first.taskId]);
        expect(await tasks.list(cluster, { desiredStatus: "STOPPED" })).toEqual([second.taskId]);
        expect(await tasks.list(cluster, { startedBy: second.startedBy })).toEqual([]);
      });
    },
  );

  testThatNeeds("an unknown cluster is refused")("of an unknown cluster is refused for good", async () => {
    const listing = underTest().tasks.list("none", { desiredStatus: "RUNNING" });
    await expect(listing).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
  });
}

function definitionContract(underTest: UnderTest): void {
  const define = (revision: string, service?: string) => {
    const { tasks, definition } = underTest();
    return tasks.define(definition({ tags: { "longshore:revision": revision } }, service));
  };
  const find = (revision: string, service?: string) => {
    const { tasks, definition } = underTest();
    return tasks.findDefinition(definition({}, service).family, revision);
  };

  test("is registered with its revision in its ARN, and found again by its tag", async () => {
    const arn = await define("aaaaaaaaaa");
    expect(arn).toMatch(new RegExp(`:task-definition/${underTest().definition().family}:1$`));
    expect(await find("aaaaaaaaaa")).toBe(arn);
    expect(await find("bbbbbbbbbb")).toBeUndefined();
    expect(await find("aaaaaaaaaa", "none")).toBeUndefined();
  });

  testThatNeeds(newestFirst)("of several with one tag the newest is found", async () => {
    await define("aaaaaaaaaa");
    const newest = await define("aaaaaaaaaa");
    await define("bbbbbbbbbb");
    expect(await find("aaaaaaaaaa")).toBe(newest);
  });

  testThatNeeds(newestFirst)("is found among the last ten of its own family alone", async () => {
    const old = await define("aaaaaaaaaa");
    await define("cccccccccc", "web-admin");
    for (let count = 0; count < 9; count++) await define("bbbbbbbbbb");
    expect(await find("aaaaaaaaaa")).toBe(old);
    expect(await find("cccccccccc")).toBeUndefined();
    await define("bbbbbbbbbb");
    expect(await find("aaaaaaaaaa")).toBeUndefined();
  });

  testThatNeeds("names that are none are refused")("that ECS does not take is refused for good", async () => {
    const { tasks, definition } = underTest();
    const refused = tasks.define(definition({ family: "not a family" }));
    await expect(refused).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
    forgive(/family must be/);
  });
}

function nodeContract(underTest: UnderTest): void {
  testOfEngine("container instances", "memberOf chooses the machine")(
    "is described with what it has and what remains of it",
    async () => {
      const { tasks, now } = underTest();
      const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
      await started(underTest(), { placementConstraints: [constraint] });
      const nodes = await tasks.describeNodes("main", await tasks.listNodes("main"));
      expect(nodes.map(({ ec2InstanceId }) => ec2InstanceId).toSorted()).toEqual(["i-a", "i-b"]);
      expect(nodes.find(({ ec2InstanceId }) => ec2InstanceId === "i-a")).toMatchObject({
        nodeId: expect.stringMatching(/^[0-9a-f]{32}$/),
        cluster: "main",
        ecsVersion: expect.any(Number),
        status: "ACTIVE",
        agentConnected: true,
        zone: "us-east-1a",
        attributes: expect.objectContaining({ "ecs.availability-zone": "us-east-1a" }),
        registered: { cpuUnits: 2048, memoryMib: 4096 },
        remaining: { cpuUnits: 1792, memoryMib: 3584 },
        readAtMs: now(),
      });
    },
  );

  testOfEngine("container instances")("whose agent is out of reach says so", async () => {
    const { tasks } = underTest();
    const world = worldOf(underTest());
    world.engine.setAgentConnected("main", "i-a", false);
    const nodes = await tasks.describeNodes("main", await tasks.listNodes("main"));
    const connected = nodes.map(({ ec2InstanceId, agentConnected }) => [ec2InstanceId, agentConnected]);
    expect(connected.toSorted()).toEqual([
      ["i-a", false],
      ["i-b", true],
    ]);
  });

  testOfEngine("container instances")(
    "that is gone is not listed, and one that nobody knows is not described",
    async () => {
      const { tasks } = underTest();
      const world = worldOf(underTest());
      const before = await tasks.listNodes("main");
      world.engine.terminateInstance("main", "i-a");
      const after = await tasks.listNodes("main");
      expect([before.length, after.length]).toEqual([2, 1]);
      const unknown = "0".repeat(32) as NodeId;
      const described = await tasks.describeNodes("main", [unknown, ...after]);
      expect(described.map(({ nodeId }) => nodeId)).toEqual(after);
    },
  );
}
