import { beforeEach, describe, expect, test } from "vitest";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { RunTaskInput } from "../../core/model/records.ts";
import type { SeenTask } from "../../core/model/sightings.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { forgive } from "../models/ledger.ts";
import { aCall, aContainer, aDefinition, anEcsWorld, type EcsWorld } from "./ecs-world.ts";

/** What all implementations of the tasks port do; each test has an ECS of its own. */
export function tasksContract(name: string, makeTasks: (world: EcsWorld) => Promise<Tasks>): void {
  describe(`${name} keep the contract of tasks`, () => {
    let world: EcsWorld;
    let tasks: Tasks;
    beforeEach(async () => {
      world = anEcsWorld();
      tasks = await makeTasks(world);
    });
    const underTest = () => ({ world, tasks });

    describe("a call", () => callContract(underTest));
    describe("a task", () => taskContract(underTest));
    describe("a list", () => listContract(underTest));
    describe("a task definition", () => definitionContract(underTest));
    describe("a node", () => nodeContract(underTest));
  });
}

type UnderTest = () => { readonly world: EcsWorld; readonly tasks: Tasks };

/** Defines a task and starts some, which must succeed. */
async function started(tasks: Tasks, change: Partial<RunTaskInput> = {}): Promise<readonly SeenTask[]> {
  const answer = await tasks.run(aCall(await tasks.define(aDefinition()), change));
  expect(answer.failures).toEqual([]);
  return answer.tasks;
}

/** The one thing that there must be. */
function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length > 1) throw new Error(`there must be one, got ${list.length}`);
  return first;
}

/** Shows a task now: it must be known. */
async function shown(tasks: Tasks, { taskId }: SeenTask): Promise<SeenTask> {
  const sighting = only(await tasks.describe("main", [taskId]));
  if (sighting.kind === "missing") throw new Error(`task ${taskId} is missing`);
  return sighting;
}

function callContract(underTest: UnderTest): void {
  test("starts tasks that carry its marks, dated by the start of our read", async () => {
    const { world, tasks } = underTest();
    const taskDefinition = await tasks.define(aDefinition());
    const input = aCall(taskDefinition, { count: 2 });
    const answer = await tasks.run(input);
    expect(answer.failures).toEqual([]);
    expect(answer.tasks).toHaveLength(2);
    for (const task of answer.tasks) {
      expect(task).toMatchObject({
        kind: "seen",
        taskId: expect.stringMatching(/^[0-9a-f]{32}$/),
        cluster: "main",
        group: input.group,
        startedBy: input.startedBy,
        taskDefinition,
        desiredStatus: "RUNNING",
        createdAtMs: world.clock.nowMs(),
        readAtMs: world.clock.nowMs(),
      });
    }
  });

  test("goes to the node that it names", async () => {
    const { tasks } = underTest();
    const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-b" };
    const seen = await started(tasks, { count: 3, placementConstraints: [constraint] });
    const nodes = await tasks.describeNodes("main", await tasks.listNodes("main"));
    const wanted = nodes.find(({ ec2InstanceId }) => ec2InstanceId === "i-b");
    expect(seen.map(({ nodeId, zone }) => ({ nodeId, zone }))).toEqual(
      Array.from({ length: 3 }, () => ({ nodeId: wanted?.nodeId, zone: "us-east-1b" })),
    );
  });

  test("sent again is answered from the first time, and starts nothing", async () => {
    const { tasks } = underTest();
    const input = aCall(await tasks.define(aDefinition()), { count: 2 });
    const ids = async () => (await tasks.run(input)).tasks.map(({ taskId }) => taskId).toSorted();
    expect(await ids()).toEqual(await ids());
    expect(await tasks.list("main", { desiredStatus: "RUNNING" })).toHaveLength(2);
  });

  test("sent again shows a task that stopped meanwhile, with the marks of the call", async () => {
    const { world, tasks } = underTest();
    const input = aCall(await tasks.define(aDefinition()));
    const task = only((await tasks.run(input)).tasks);
    await tasks.stop("main", task.taskId, "surplus");
    world.pass(1_000);
    expect((await tasks.run(input)).tasks).toMatchObject([
      { taskId: task.taskId, status: "STOPPED", group: input.group, startedBy: input.startedBy, cluster: "main" },
    ]);
  });

  test("with the token of another is a conflict that names what that started", async () => {
    const { tasks } = underTest();
    const input = aCall(await tasks.define(aDefinition()));
    const { tasks: first } = await tasks.run(input);
    await expect(tasks.run({ ...input, count: 2 })).rejects.toMatchObject({
      name: "Fault",
      kind: "conflict",
      taskIds: first.map(({ taskId }) => taskId),
    });
  });

  test("starts what fits, and says why the rest does not", async () => {
    const { tasks } = underTest();
    const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
    const answer = await tasks.run(
      aCall(await tasks.define(aDefinition()), { count: 10, placementConstraints: [constraint] }),
    );
    expect(answer.tasks.length).toBeGreaterThan(0);
    expect(answer.tasks.length).toBeLessThan(10);
    expect(answer.failures.map(({ reason }) => reason)).toContainEqual(
      expect.stringMatching(/^RESOURCE:(CPU|MEMORY)$/),
    );
  });

  test.for([
    { name: "no such cluster", change: { cluster: "none" } },
    { name: "no such task definition", change: { taskDefinition: "longshore_x_shop_none:1" } },
    { name: "more than ten", change: { count: 11 } },
  ])("is refused for good: $name", async ({ change }) => {
    const { tasks } = underTest();
    const input = aCall(await tasks.define(aDefinition()));
    await expect(tasks.run({ ...input, ...change })).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
    forgive(/count must be 1 to 10, got 11/);
    expect(await tasks.list("main", { desiredStatus: "RUNNING" })).toEqual([]);
  });
}

function taskContract(underTest: UnderTest): void {
  test("runs, becomes healthy, and on a bridge has a port of its host", async () => {
    const { world, tasks } = underTest();
    const task = only(await started(tasks));
    world.pass(5_000);
    const seen = await shown(tasks, task);
    expect(seen).toMatchObject({
      kind: "seen",
      status: "RUNNING",
      desiredStatus: "RUNNING",
      health: "HEALTHY",
      nodeId: task.nodeId,
      zone: task.zone,
      startedAtMs: expect.any(Number),
      hostPorts: { "app:8080": expect.any(Number) },
      readAtMs: world.clock.nowMs(),
    });
    expect(seen).not.toHaveProperty("stoppedAtMs");
    expect(seen).not.toHaveProperty("address");
    expect(seen.ecsVersion).toBeGreaterThan(task.ecsVersion);
  });

  test("without a health check has no known health", async () => {
    const { world, tasks } = underTest();
    const { health: _, ...container } = aContainer();
    const arn = await tasks.define(aDefinition({ containers: [container] }));
    const task = only((await tasks.run(aCall(arn))).tasks);
    world.pass(5_000);
    expect(await shown(tasks, task)).toMatchObject({ status: "RUNNING", health: "UNKNOWN" });
  });

  test.for([
    { name: "on a node", capacity: "ec2", launchType: "EC2" },
    { name: "on Fargate", capacity: "fargate", launchType: "FARGATE" },
  ] as const)("with an interface of its own $name has an address", async ({ capacity, launchType }) => {
    const { world, tasks } = underTest();
    const network = { mode: "awsvpc", subnets: ["subnet-a"], securityGroups: [], publicIp: false } as const;
    const arn = await tasks.define(aDefinition({ network, capacity }));
    const networkConfiguration = {
      awsvpcConfiguration: { subnets: ["subnet-a"], securityGroups: [], assignPublicIp: "DISABLED" },
    } as const;
    const answer = await tasks.run(aCall(arn, { launchType, networkConfiguration }));
    world.pass(5_000);
    const seen = await shown(tasks, only(answer.tasks));
    expect(seen).toMatchObject({
      status: "RUNNING",
      zone: "us-east-1a",
      address: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
    });
    expect(seen).not.toHaveProperty("hostPorts");
    expect("nodeId" in seen).toBe(capacity === "ec2");
  });

  test("is stopped, with our reason, and may be stopped again", async () => {
    const { world, tasks } = underTest();
    const task = only(await started(tasks));
    world.pass(5_000);
    await tasks.stop("main", task.taskId, "longshore: surplus");
    await tasks.stop("main", task.taskId, "longshore: surplus");
    world.pass(60_000);
    expect(await shown(tasks, task)).toMatchObject({
      status: "STOPPED",
      desiredStatus: "STOPPED",
      stopCode: "UserInitiated",
      stoppedReason: "longshore: surplus",
      stoppedAtMs: expect.any(Number),
      exitCode: 143,
    });
  });

  test("that nobody knows cannot be stopped, and is missing", async () => {
    const { world, tasks } = underTest();
    const task = only(await started(tasks));
    const unknown = "0".repeat(32) as TaskId;
    await expect(tasks.stop("main", unknown, "why")).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
    const sightings = await tasks.describe("main", [unknown, task.taskId]);
    expect(sightings).toHaveLength(2);
    expect(sightings.find(({ kind }) => kind === "missing")).toEqual({
      kind: "missing",
      taskId: unknown,
      cluster: "main",
      readAtMs: world.clock.nowMs(),
    });
    expect(sightings.find(({ kind }) => kind === "seen")).toMatchObject({ taskId: task.taskId });
  });

  test("is one of any number that are described", async () => {
    const { tasks } = underTest();
    const ids = Array.from({ length: 230 }, (_, index) => String(index).padStart(32, "0") as TaskId);
    const sightings = await tasks.describe("main", ids);
    expect(sightings.map(({ taskId }) => taskId)).toEqual(ids);
    expect(await tasks.describe("main", [])).toEqual([]);
  });
}

function listContract(underTest: UnderTest): void {
  test("is filtered by call, node, family and wanted status", async () => {
    const { world, tasks } = underTest();
    const pinned = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
    const first = only(await started(tasks, { placementConstraints: [pinned] }));
    const other = await tasks.define(aDefinition({ family: "longshore_x_shop_cart" }));
    const elsewhere = { type: "memberOf" as const, expression: "ec2InstanceId == i-b" };
    const second = only((await tasks.run(aCall(other, { placementConstraints: [elsewhere] }))).tasks);
    const [firstNode, secondNode] = [first.nodeId as NodeId, second.nodeId as NodeId];
    world.pass(5_000);
    await tasks.stop("main", second.taskId, "why");
    world.pass(60_000);
    const list = (filter: Parameters<Tasks["list"]>[1]) => tasks.list("main", filter);

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

  test("follows every page", async () => {
    const { world, tasks } = underTest();
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
    const arn = await tasks.define(aDefinition());
    const ids: TaskId[] = [];
    for (let call = 0; call < 23; call++) {
      ids.push(...(await tasks.run(aCall(arn, { count: 10 }))).tasks.map(({ taskId }) => taskId));
    }
    expect(ids).toHaveLength(230);
    expect((await tasks.list("main", { desiredStatus: "RUNNING" })).toSorted()).toEqual(ids.toSorted());
  });

  test("of an unknown cluster is refused for good", async () => {
    const listing = underTest().tasks.list("none", { desiredStatus: "RUNNING" });
    await expect(listing).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
  });
}

function definitionContract(underTest: UnderTest): void {
  const tagged = (revision: string) => aDefinition({ tags: { "longshore:revision": revision } });

  test("is registered with its revision in its ARN, and found again by its tag", async () => {
    const { tasks } = underTest();
    const arn = await tasks.define(tagged("aaaaaaaaaa"));
    expect(arn).toMatch(/:task-definition\/longshore_x_shop_web:1$/);
    expect(await tasks.findDefinition("longshore_x_shop_web", "aaaaaaaaaa")).toBe(arn);
    expect(await tasks.findDefinition("longshore_x_shop_web", "bbbbbbbbbb")).toBeUndefined();
    expect(await tasks.findDefinition("longshore_x_shop_none", "aaaaaaaaaa")).toBeUndefined();
  });

  test("of several with one tag the newest is found", async () => {
    const { tasks } = underTest();
    await tasks.define(tagged("aaaaaaaaaa"));
    const newest = await tasks.define(tagged("aaaaaaaaaa"));
    await tasks.define(tagged("bbbbbbbbbb"));
    expect(await tasks.findDefinition("longshore_x_shop_web", "aaaaaaaaaa")).toBe(newest);
  });

  test("is found among the last ten of its own family alone", async () => {
    const { tasks } = underTest();
    const old = await tasks.define(tagged("aaaaaaaaaa"));
    await tasks.define({ ...tagged("cccccccccc"), family: "longshore_x_shop_web-admin" });
    for (let count = 0; count < 9; count++) await tasks.define(tagged("bbbbbbbbbb"));
    expect(await tasks.findDefinition("longshore_x_shop_web", "aaaaaaaaaa")).toBe(old);
    expect(await tasks.findDefinition("longshore_x_shop_web", "cccccccccc")).toBeUndefined();
    await tasks.define(tagged("bbbbbbbbbb"));
    expect(await tasks.findDefinition("longshore_x_shop_web", "aaaaaaaaaa")).toBeUndefined();
  });

  test("that ECS does not take is refused for good", async () => {
    const { tasks } = underTest();
    const definition = aDefinition({ family: "not a family" });
    await expect(tasks.define(definition)).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
    forgive(/family must be/);
  });
}

function nodeContract(underTest: UnderTest): void {
  test("is described with what it has and what remains of it", async () => {
    const { world, tasks } = underTest();
    const constraint = { type: "memberOf" as const, expression: "ec2InstanceId == i-a" };
    await started(tasks, { placementConstraints: [constraint] });
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
      readAtMs: world.clock.nowMs(),
    });
  });

  test("whose agent is out of reach says so", async () => {
    const { world, tasks } = underTest();
    world.engine.setAgentConnected("main", "i-a", false);
    const nodes = await tasks.describeNodes("main", await tasks.listNodes("main"));
    const connected = nodes.map(({ ec2InstanceId, agentConnected }) => [ec2InstanceId, agentConnected]);
    expect(connected.toSorted()).toEqual([
      ["i-a", false],
      ["i-b", true],
    ]);
  });

  test("that is gone is not listed, and one that nobody knows is not described", async () => {
    const { world, tasks } = underTest();
    const before = await tasks.listNodes("main");
    world.engine.terminateInstance("main", "i-a");
    const after = await tasks.listNodes("main");
    expect([before.length, after.length]).toEqual([2, 1]);
    const unknown = "0".repeat(32) as NodeId;
    const described = await tasks.describeNodes("main", [unknown, ...after]);
    expect(described.map(({ nodeId }) => nodeId)).toEqual(after);
  });
}
