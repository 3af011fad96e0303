import { describe, expect, test } from "vitest";
import { observationsFrom } from "../../aws/events.ts";
import { observationBodies } from "../../core/model/bodies.ts";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { Observation } from "../../core/ports/queues.ts";

const account = "arn:aws:ecs:us-east-1:123456789012";
const taskId = "0123456789abcdef0123456789abcdef";
const nodeId = "fedcba9876543210fedcba9876543210";

const envelope = (detailType: string, detail: object, change: object = {}) => ({
  version: "0",
  id: "b0c9a1de-0000-4000-8000-000000000000",
  "detail-type": detailType,
  source: "aws.ecs",
  account: "123456789012",
  time: "2026-01-02T03:04:05Z",
  region: "us-east-1",
  resources: [`${account}:task/main/${taskId}`],
  detail,
  ...change,
});

/** A task on EC2 with an interface of its own, as ECS documents its event. */
const taskDetail = {
  attachments: [
    {
      id: "a1",
      type: "eni",
      status: "ATTACHED",
      details: [
        { name: "subnetId", value: "subnet-a" },
        { name: "networkInterfaceId", value: "eni-1" },
        { name: "macAddress", value: "0a:00" },
        { name: "privateDnsName", value: "ip-10-0-0-7.ec2.internal" },
        { name: "privateIPv4Address", value: "10.0.0.7" },
      ],
    },
  ],
  attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
  availabilityZone: "us-east-1a",
  clusterArn: `${account}:cluster/main`,
  connectivity: "CONNECTED",
  containerInstanceArn: `${account}:container-instance/main/${nodeId}`,
  containers: [{ name: "app", lastStatus: "RUNNING", image: "shop/web:1.4.2", networkInterfaces: [] }],
  cpu: "256",
  createdAt: "2026-01-02T03:03:00.500Z",
  desiredStatus: "RUNNING",
  group: "longshore/x1y2/shop/web",
  lastStatus: "RUNNING",
  launchType: "EC2",
  memory: "512",
  overrides: { containerOverrides: [] },
  startedAt: "2026-01-02T03:04:00Z",
  startedBy: "aaaaaaaaaaaaaaaa/0123456789",
  taskArn: `${account}:task/main/${taskId}`,
  taskDefinitionArn: `${account}:task-definition/longshore_x1y2_shop_web:3`,
  updatedAt: "2026-01-02T03:04:04.900Z",
  version: 4,
};

const taskOf = (change: object) => {
  const [observation] = observationsFrom(envelope("ECS Task State Change", { ...taskDetail, ...change }));
  return observation?.sighting;
};

describe("a task's event", () => {
  test("shows all that a record wants, and no health", () => {
    expect(observationsFrom(JSON.stringify(envelope("ECS Task State Change", taskDetail)))).toEqual([
      {
        kind: "task",
        sighting: {
          kind: "seen",
          taskId,
          cluster: "main",
          group: "longshore/x1y2/shop/web",
          startedBy: "aaaaaaaaaaaaaaaa/0123456789",
          taskDefinition: `${account}:task-definition/longshore_x1y2_shop_web:3`,
          ecsVersion: 4,
          status: "RUNNING",
          desiredStatus: "RUNNING",
          nodeId,
          zone: "us-east-1a",
          createdAtMs: Date.UTC(2026, 0, 2, 3, 3, 0, 500),
          startedAtMs: Date.UTC(2026, 0, 2, 3, 4, 0),
          address: "10.0.0.7",
          readAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
        },
      },
    ]);
  });

  test("of a stop says how it ended", () => {
    const stopped = {
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAt: "2026-01-02T03:05:00Z",
    };
    expect(taskOf(stopped)).toMatchObject({
      status: "STOPPED",
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      stoppedAtMs: Date.UTC(2026, 0, 2, 3, 5),
    });
  });

  test.for([
    {
      name: "the first failure counts",
      containers: [{ exitCode: 0 }, { exitCode: 137 }, { exitCode: 1 }],
      exitCode: 137,
    },
    { name: "without a failure the first end counts", containers: [{}, { exitCode: 0 }], exitCode: 0 },
    { name: "nothing has ended", containers: [{}, {}], exitCode: undefined },
    {
      name: "an injected container says nothing of ours",
      containers: [
        { name: "aws-guardduty-agent-x", exitCode: 137 },
        { name: "app", exitCode: 0 },
      ],
      exitCode: 0,
    },
  ])("exit codes: $name", ({ containers, exitCode }) => {
    expect((taskOf({ containers }) as { exitCode?: number }).exitCode).toBe(exitCode);
  });

  test("on a bridge shows which port of the host leads to which of the task, over IPv4 first", () => {
    const containers = [
      {
        name: "app",
        networkBindings: [
          { bindIP: "0.0.0.0", containerPort: 8080, hostPort: 32768, protocol: "tcp" },
          { bindIP: "::", containerPort: 8080, hostPort: 32769, protocol: "tcp" },
        ],
      },
      { name: "side", networkBindings: [{ bindIP: "0.0.0.0", containerPort: 8080, hostPort: 32770 }] },
    ];
    expect(taskOf({ containers, attachments: [] })).toMatchObject({
      hostPorts: { "app:8080": 32768, "side:8080": 32770 },
    });
    expect(taskOf({ containers, attachments: [] })).not.toHaveProperty("address");
  });

  test("may call its interface what the API calls it", () => {
    const [attachment] = taskDetail.attachments;
    expect(taskOf({ attachments: [{ ...attachment, type: "ElasticNetworkInterface" }] })).toMatchObject({
      address: "10.0.0.7",
    });
    expect(taskOf({ attachments: [{ ...attachment, type: "Disk" }] })).not.toHaveProperty("address");
  });

  test.for([
    { name: "DELETED is how some stopped tasks end", change: { lastStatus: "DELETED" }, status: "STOPPED" },
    { name: "unknown, wanted stopped", change: { lastStatus: "NEW", desiredStatus: "STOPPED" }, status: "STOPPING" },
    { name: "unknown, started", change: { lastStatus: "NEW" }, status: "RUNNING" },
    { name: "unknown, not started", change: { lastStatus: "NEW", startedAt: undefined }, status: "PENDING" },
  ])("status $name", ({ change, status }) => {
    expect(taskOf(change)).toMatchObject({ status });
  });

  test.for(["taskArn", "clusterArn", "lastStatus", "version"])("without %s shows nothing", (member) => {
    expect(taskOf({ [member]: undefined })).toBeUndefined();
  });

  test("with members of the wrong type shows what is left", () => {
    const junk = {
      containers: "none",
      attachments: [null, 1, { type: "eni", details: 3 }],
      createdAt: "yesterday",
      group: 7,
    };
    expect(taskOf(junk)).toMatchObject({ taskId, group: "", createdAtMs: Date.UTC(2026, 0, 2, 3, 4, 5) });
  });
});

describe("a node's event", () => {
  const nodeDetail = {
    agentConnected: false,
    attributes: [
      { name: "ecs.availability-zone", value: "us-east-1b" },
      { name: "ecs.capability.task-eni" },
      { value: "nameless" },
    ],
    clusterArn: `${account}:cluster/main`,
    containerInstanceArn: `${account}:container-instance/main/${nodeId}`,
    ec2InstanceId: "i-0123456789abcdef0",
    registeredResources: [
      { name: "CPU", type: "INTEGER", integerValue: 2048 },
      { name: "MEMORY", type: "INTEGER", integerValue: 3885 },
      { name: "PORTS", type: "STRINGSET", stringSetValue: ["22"] },
    ],
    remainingResources: [{ name: "CPU", type: "INTEGER", integerValue: 0 }],
    status: "ACTIVE",
    version: 14801,
    versionInfo: { agentVersion: "1.90.0" },
    updatedAt: "2026-01-02T03:04:05Z",
  };
  const nodeEvent = (change: object) => envelope("ECS Container Instance State Change", { ...nodeDetail, ...change });

  test("shows all that a record wants, and not what remained", () => {
    expect(observationsFrom(nodeEvent({}))).toEqual([
      {
        kind: "node",
        sighting: {
          nodeId,
          cluster: "main",
          ecsVersion: 14801,
          ec2InstanceId: "i-0123456789abcdef0",
          status: "ACTIVE",
          agentConnected: false,
          zone: "us-east-1b",
          attributes: { "ecs.availability-zone": "us-east-1b", "ecs.capability.task-eni": "" },
          registered: { cpuUnits: 2048, memoryMib: 3885 },
          readAtMs: Date.UTC(2026, 0, 2, 3, 4, 5),
        },
      },
    ]);
  });

  test("with a status that we do not know yet shows a node that takes no new tasks", () => {
    expect(observationsFrom(nodeEvent({ status: "NEW" }))).toMatchObject([{ sighting: { status: "DRAINING" } }]);
  });

  test.for(["containerInstanceArn", "clusterArn", "status", "version"])("without %s shows nothing", (member) => {
    expect(observationsFrom(nodeEvent({ [member]: undefined }))).toEqual([]);
  });
});

describe("observations of our own", () => {
  const missing: Observation = {
    kind: "task",
    sighting: { kind: "missing", taskId: taskId as TaskId, cluster: "main", readAtMs: 5 },
  };
  const node: Observation = {
    kind: "node",
    sighting: {
      nodeId: nodeId as NodeId,
      cluster: "main",
      ecsVersion: 1,
      ec2InstanceId: "i-1",
      status: "ACTIVE",
      agentConnected: true,
      zone: "us-east-1a",
      attributes: {},
      registered: { cpuUnits: 1, memoryMib: 1 },
      readAtMs: 5,
    },
  };

  test("come back as they were reported", () => {
    expect(observationBodies([missing, node], 1).flatMap(observationsFrom)).toEqual([missing, node]);
  });

  test("are cut into messages, in their order", () => {
    const many = Array.from({ length: 101 }, (_, index) => ({
      ...missing,
      sighting: { ...missing.sighting, readAtMs: index },
    })) as Observation[];
    const bodies = observationBodies(many, 3);
    expect(bodies.map((body) => observationsFrom(body).length)).toEqual([50, 50, 1]);
    expect(bodies.flatMap(observationsFrom)).toEqual(many);
    expect(observationBodies([], 3)).toEqual([]);
  });

  test.for([
    { name: "a kind that we do not know yet", observation: { ...missing, kind: "volume" } },
    { name: "no cluster", observation: { kind: "task", sighting: { taskId } } },
    { name: "no task", observation: { kind: "task", sighting: { cluster: "main", nodeId } } },
    { name: "no node", observation: { kind: "node", sighting: { cluster: "main", taskId } } },
    { name: "no sighting", observation: { kind: "task" } },
    { name: "nothing", observation: null },
  ])("one with $name is left out, and the others stay", ({ observation }) => {
    expect(observationsFrom({ hops: 1, observations: [observation, node] })).toEqual([node]);
  });
});

test.for([
  { name: "another kind of event", body: envelope("ECS Service Action", taskDetail) },
  { name: "an event of another source", body: envelope("ECS Task State Change", taskDetail, { source: "aws.ec2" }) },
  { name: "an event without detail", body: envelope("ECS Task State Change", taskDetail, { detail: null }) },
  { name: "a name that every object has", body: envelope("constructor", taskDetail) },
  { name: "no JSON", body: "{" },
  { name: "JSON of another kind", body: "[1]" },
  { name: "null", body: "null" },
  { name: "nothing", body: undefined },
])("$name shows nothing", ({ body }) => {
  expect(observationsFrom(body)).toEqual([]);
});
