import { describe, expect, test } from "vitest";
import { ecsTasks } from "../../aws/tasks.ts";
import type { NodeId, TaskId, Token } from "../../core/model/ids.ts";
import type { RunTaskInput } from "../../core/model/records.ts";
import { virtualClock } from "../../sim/clock.ts";
import { type Canned, cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const clock = virtualClock(1_000);
/** Gives a mutating call up long before a reader of these tests would. */
const underTest = () => ecsTasks({ clients: aws.clients.ecs, clock, timeoutMs: 150 });

const arn = (kind: string, id: string) => `arn:aws:ecs:us-east-1:123456789012:${kind}/main/${id}`;
const aTask = (id: string, members: object = {}) => ({
  taskArn: arn("task", id),
  clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/main",
  lastStatus: "PROVISIONING",
  desiredStatus: "RUNNING",
  version: 1,
  ...members,
});

const input: RunTaskInput = {
  cluster: "main",
  taskDefinition: "longshore_x_shop_web:3",
  count: 2,
  clientToken: "aaaaaaaaaaaaaaaa" as Token,
  startedBy: "aaaaaaaaaaaaaaaa/0123456789",
  group: "longshore/x/shop/web",
  launchType: "EC2",
  enableECSManagedTags: true,
  propagateTags: "TASK_DEFINITION",
  tags: [{ key: "team", value: "checkout" }],
  placementConstraints: [{ type: "memberOf", expression: "ec2InstanceId == i-1" }],
};

describe("RunTask", () => {
  test("is sent as it was stored", async () => {
    aws.answer({ body: { tasks: [], failures: [] } });
    await underTest().run(input);
    expect(aws.requests).toEqual([{ action: "RunTask", input }]);
  });

  test("answers tasks and failures together", async () => {
    const failures = [
      { arn: arn("container-instance", "node1"), reason: "RESOURCE:MEMORY" },
      { reason: "AGENT", detail: "disconnected" },
      {},
    ];
    aws.answer({ body: { tasks: [aTask("t1")], failures } });
    const answer = await underTest().run(input);
    expect(answer.tasks).toMatchObject([{ taskId: "t1", cluster: "main", status: "PROVISIONING", readAtMs: 1_000 }]);
    expect(answer.failures).toEqual([
      { reason: "RESOURCE:MEMORY", nodeId: "node1" },
      { reason: "AGENT", detail: "disconnected" },
      { reason: "UNKNOWN" },
    ]);
  });

  test("fills in what the answer to a repeated call leaves out of a dead task", async () => {
    const dead = { taskArn: arn("task", "t1"), lastStatus: "STOPPED", desiredStatus: "STOPPED" };
    aws.answer({ body: { tasks: [dead] } });
    expect((await underTest().run(input)).tasks).toMatchObject([
      {
        taskId: "t1",
        cluster: "main",
        status: "STOPPED",
        desiredStatus: "STOPPED",
        group: input.group,
        startedBy: input.startedBy,
        taskDefinition: input.taskDefinition,
        ecsVersion: 0,
      },
    ]);
  });

  test("of a token that was used otherwise names what it started", async () => {
    aws.answer(refusal("ConflictException", { resourceIds: [arn("task", "t1")] }));
    await expect(underTest().run(input)).rejects.toMatchObject({ kind: "conflict", taskIds: ["t1"] });
  });
});

describe("a mutating call is sent once", () => {
  const refusals: readonly { name: string; canned: Canned; fault: object }[] = [
    { name: "throttled", canned: refusal("ThrottlingException"), fault: { kind: "transient", throttled: true } },
    { name: "a server's fault", canned: refusal("ServerException", { status: 500 }), fault: { kind: "transient" } },
    { name: "a gateway's page", canned: { status: 502, body: "<html>" }, fault: { kind: "transient" } },
    { name: "an answer that is cut off", canned: { body: '{"tasks":[' }, fault: { kind: "transient" } },
    { name: "a broken connection", canned: "broken connection", fault: { kind: "transient", throttled: false } },
    { name: "no answer in time", canned: "silence", fault: { kind: "transient", code: "TimeoutError" } },
    { name: "denied", canned: refusal("AccessDeniedException"), fault: { kind: "terminal" } },
    { name: "refused", canned: refusal("InvalidParameterException"), fault: { kind: "terminal" } },
  ];

  test.for(refusals)("RunTask: $name", async ({ canned, fault }) => {
    aws.answer(canned);
    await expect(underTest().run(input)).rejects.toMatchObject({ name: "Fault", ...fault });
    expect(aws.requests).toHaveLength(1);
  });

  test.for(refusals)("StopTask: $name", async ({ canned, fault }) => {
    aws.answer(canned);
    await expect(underTest().stop("main", "t1" as TaskId, "why")).rejects.toMatchObject({ name: "Fault", ...fault });
    expect(aws.requests).toEqual([{ action: "StopTask", input: { cluster: "main", task: "t1", reason: "why" } }]);
  });
});

describe("reads", () => {
  test("are repeated by the SDK", async () => {
    aws.answer(refusal("ServerException", { status: 500 }), "broken connection", {
      body: { taskArns: [arn("task", "t1")] },
    });
    expect(await underTest().list("main", { startedBy: "x" })).toEqual(["t1"]);
  });

  test.for([
    { name: "startedBy alone", filter: { startedBy: "x" }, sent: { startedBy: "x" } },
    { name: "a node", filter: { nodeId: "n1" as NodeId }, sent: { containerInstance: "n1" } },
    {
      name: "a family's stopped tasks",
      filter: { family: "f", desiredStatus: "STOPPED" },
      sent: { family: "f", desiredStatus: "STOPPED" },
    },
    { name: "all that are wanted running", filter: { desiredStatus: "RUNNING" }, sent: { desiredStatus: "RUNNING" } },
  ] as const)("list by $name", async ({ filter, sent }) => {
    aws.answer({ body: { taskArns: [] } });
    expect(await underTest().list("main", filter)).toEqual([]);
    expect(aws.requests).toEqual([{ action: "ListTasks", input: { cluster: "main", maxResults: 100, ...sent } }]);
  });

  test("list every page, an empty one in between too", async () => {
    aws.answer(
      { body: { taskArns: [arn("task", "t1")], nextToken: "a" } },
      { body: { taskArns: [], nextToken: "b" } },
      { body: { taskArns: [arn("task", "t2")] } },
    );
    expect(await underTest().list("main", { desiredStatus: "RUNNING" })).toEqual(["t1", "t2"]);
    expect(aws.requests.map(({ input: { nextToken } }) => nextToken)).toEqual([undefined, "a", "b"]);
  });

  test("describe in batches, each dated by its own beginning, and tell missing tasks from other failures", async () => {
    const ids = Array.from({ length: 101 }, (_, index) => `t${index}` as TaskId);
    const tasks = ids.slice(0, 99).map((id) => aTask(id, { healthStatus: "HEALTHY", createdAt: 12.5 }));
    const failures = [
      { arn: arn("task", "t99"), reason: "MISSING" },
      { arn: arn("task", "t100"), reason: "SOMETHING" },
    ];
    aws.answer(
      { body: { tasks, failures: failures.slice(0, 1) } },
      { body: { tasks: [], failures: failures.slice(1) } },
    );
    const sightings = await underTest().describe("main", ids);
    expect(sightings).toHaveLength(100);
    expect(sightings[0]).toMatchObject({ kind: "seen", taskId: "t0", health: "HEALTHY", createdAtMs: 12_500 });
    expect(sightings[99]).toEqual({ kind: "missing", taskId: "t99", cluster: "main", readAtMs: 1_000 });
    expect(aws.requests.map(({ input }) => (input.tasks as unknown[]).length)).toEqual([100, 1]);
  });

  test("describing nothing asks nothing", async () => {
    expect(await underTest().describe("main", [])).toEqual([]);
    expect(await underTest().describeNodes("main", [])).toEqual([]);
    expect(aws.requests).toEqual([]);
  });

  test("nodes come from every page, with what remains of them", async () => {
    aws.answer(
      { body: { containerInstanceArns: [], nextToken: "a" } },
      { body: { containerInstanceArns: [arn("container-instance", "n1")] } },
      {
        body: {
          containerInstances: [
            {
              containerInstanceArn: arn("container-instance", "n1"),
              ec2InstanceId: "i-1",
              status: "ACTIVE",
              version: 7,
              agentConnected: true,
              attributes: [{ name: "ecs.availability-zone", value: "us-east-1a" }, { name: "gpu" }],
              registeredResources: [
                { name: "CPU", type: "INTEGER", integerValue: 2048 },
                { name: "MEMORY", type: "INTEGER", integerValue: 4096 },
                { name: "PORTS", type: "STRINGSET", stringSetValue: ["22"] },
              ],
              remainingResources: [
                { name: "CPU", type: "INTEGER", integerValue: 1024 },
                { name: "MEMORY", type: "INTEGER", integerValue: 1 },
              ],
            },
          ],
          failures: [{ arn: arn("container-instance", "n2"), reason: "MISSING" }],
        },
      },
    );
    const nodeIds = await underTest().listNodes("main");
    expect(nodeIds).toEqual(["n1"]);
    expect(await underTest().describeNodes("main", [...nodeIds, "n2" as NodeId])).toEqual([
      {
        nodeId: "n1",
        cluster: "main",
        ecsVersion: 7,
        ec2InstanceId: "i-1",
        status: "ACTIVE",
        agentConnected: true,
        zone: "us-east-1a",
        attributes: { "ecs.availability-zone": "us-east-1a", gpu: "" },
        registered: { cpuUnits: 2048, memoryMib: 4096 },
        remaining: { cpuUnits: 1024, memoryMib: 1 },
        readAtMs: 1_000,
      },
    ]);
  });
});

describe("findDefinition", () => {
  const definition = (family: string, number: number) =>
    `arn:aws:ecs:us-east-1:123456789012:task-definition/${family}:${number}`;
  const tagged = (revision: string) => ({
    body: { taskDefinition: {}, tags: [{ key: "longshore:revision", value: revision }] },
  });

  test("looks at the newest first, until one has the revision", async () => {
    aws.answer(
      { body: { taskDefinitionArns: [definition("web", 12), definition("web", 11), definition("web", 10)] } },
      tagged("new"),
      tagged("old"),
    );
    expect(await underTest().findDefinition("web", "old")).toBe(definition("web", 11));
    expect(aws.requests[0]?.input).toMatchObject({
      familyPrefix: "web",
      status: "ACTIVE",
      sort: "DESC",
      maxResults: 10,
    });
    expect(aws.requests[1]?.input).toEqual({ taskDefinition: definition("web", 12), include: ["TAGS"] });
  });

  test("looks at that family alone, past empty pages, and answers undefined when none has it", async () => {
    aws.answer(
      { body: { taskDefinitionArns: [definition("web-admin", 1)], nextToken: "a" } },
      { body: { taskDefinitionArns: [], nextToken: "b" } },
      { body: { taskDefinitionArns: [definition("web", 1)] } },
      tagged("other"),
    );
    expect(await underTest().findDefinition("web", "wanted")).toBeUndefined();
    expect(aws.requests).toHaveLength(4);
  });

  test("looks at ten at most", async () => {
    const arns = Array.from({ length: 12 }, (_, index) => definition("web", 12 - index));
    aws.answer({ body: { taskDefinitionArns: arns, nextToken: "a" } }, ...arns.map(() => tagged("other")));
    expect(await underTest().findDefinition("web", "wanted")).toBeUndefined();
    expect(aws.requests).toHaveLength(11);
  });
});
