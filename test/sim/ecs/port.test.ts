import { describe, expect, test } from "vitest";
import { Fault } from "../../../core/model/fault.ts";
import type { NodeId, TaskId, Token } from "../../../core/model/ids.ts";
import type { RunTaskInput } from "../../../core/model/records.ts";
import type { TaskDefinition } from "../../../core/model/task-definition.ts";
import type { Container, Volume } from "../../../core/model/task-template.ts";
import { EcsError } from "../../../sim/ecs/api.ts";
import { engineTasks, faultOf } from "../../../sim/ecs/port.ts";
import { registerInput } from "../../../sim/ecs/port-definition.ts";
import { aReadyWorld, aWorld, awsvpc, type Json, startMs, type World } from "./world.ts";

const definitionArn = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1";
const idOf = (arn = "") => arn.slice(arn.lastIndexOf("/") + 1);

const portOf = (world: World) => engineTasks(world.engine, { nowMs: world.nowMs });

function call(more: Partial<RunTaskInput> = {}): RunTaskInput {
  return {
    cluster: "c",
    taskDefinition: definitionArn,
    count: 1,
    clientToken: "aaaaaaaaaaaaaaaa" as Token,
    startedBy: "aaaaaaaaaaaaaaaa/0123456789",
    group: "longshore/local000/shop/web",
    launchType: "EC2",
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    tags: [],
    ...more,
  };
}

describe("run", () => {
  test("answers the tasks and the failures in our words", async () => {
    const world = aReadyWorld();
    const { tasks, failures } = await portOf(world).run(call({ count: 5 }));
    const nodeId = idOf(world.engine.instances()[0]?.arn) as NodeId;
    expect(failures).toEqual([{ reason: "RESOURCE:CPU", nodeId }]);
    expect(tasks).toHaveLength(4);
    expect(tasks[0]).toEqual({
      kind: "seen",
      taskId: idOf(world.task().arn),
      cluster: "c",
      group: "longshore/local000/shop/web",
      startedBy: "aaaaaaaaaaaaaaaa/0123456789",
      taskDefinition: definitionArn,
      ecsVersion: 1,
      status: "PENDING",
      desiredStatus: "RUNNING",
      nodeId,
      zone: "z1",
      createdAtMs: startMs,
      health: "UNKNOWN",
      readAtMs: startMs,
    });
  });

  test("a failure on no node names none", async () => {
    const world = aReadyWorld({}, awsvpc);
    const refused = {
      handle: () => ({
        tasks: [],
        failures: [{ reason: "RESOURCE:FARGATE", detail: "none left", arn: "arn:cluster/c" }],
      }),
    };
    const { failures } = await engineTasks(refused, { nowMs: world.nowMs }).run(call());
    expect(failures).toEqual([{ reason: "RESOURCE:FARGATE", detail: "none left" }]);
  });

  test("a replayed task that has stopped is known by its call", async () => {
    const world = aReadyWorld();
    const port = portOf(world);
    await port.run(call());
    world.pass(0);
    await port.stop("c", idOf(world.task().arn) as TaskId, "gone");
    world.pass(5000);
    const { tasks } = await port.run(call());
    expect(tasks).toEqual([
      {
        kind: "seen",
        taskId: idOf(world.task().arn),
        cluster: "c",
        group: "longshore/local000/shop/web",
        startedBy: "aaaaaaaaaaaaaaaa/0123456789",
        taskDefinition: definitionArn,
        ecsVersion: 0,
        status: "STOPPED",
        desiredStatus: "STOPPED",
        createdAtMs: startMs + 5000,
        readAtMs: startMs + 5000,
      },
    ]);
  });

  test("the same token with another request is a conflict that names the tasks", async () => {
    const world = aReadyWorld();
    await portOf(world).run(call());
    const fault = await portOf(world)
      .run(call({ count: 2 }))
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: "conflict", code: "ConflictException", taskIds: [idOf(world.task().arn)] });
  });
});

describe("describe", () => {
  test("a task through its life", async () => {
    const behave = () => ({ startsAfterMs: 100, healthyAfterMs: 50, exitsAfterMs: 1000, exitCode: 3 });
    const world = aReadyWorld(
      { behave },
      {},
      { healthCheck: { command: ["CMD", "true"] }, portMappings: [{ containerPort: 80 }] },
    );
    const port = portOf(world);
    await port.run(call());
    const taskId = idOf(world.task().arn) as TaskId;
    const seen = async () => (await port.describe("c", [taskId]))[0];
    world.pass(150);
    expect(await seen()).toMatchObject({
      status: "RUNNING",
      startedAtMs: startMs + 100,
      health: "HEALTHY",
      hostPorts: { "app:80": 20_001 },
      readAtMs: startMs + 150,
    });
    expect(await seen()).not.toHaveProperty("exitCode");
    expect(await seen()).not.toHaveProperty("address");
    world.pass(2000);
    expect(await seen()).toMatchObject({
      status: "STOPPED",
      desiredStatus: "STOPPED",
      stoppedAtMs: startMs + 1100,
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
      exitCode: 3,
    });
  });

  test.for([
    { exits: [0, 5, 7], exitCode: 5 },
    { exits: [0], exitCode: 0 },
  ])("of exit codes $exits, $exitCode", async ({ exits, exitCode }) => {
    const containerDefinitions = exits.map((_, index) => ({ name: `${index}`, image: "x", memory: 16 }));
    const behave = ({ container }: { container: string }) => ({
      exitsAfterMs: 100,
      exitCode: exits[Number(container)] ?? 0,
      ignoresSigterm: true,
    });
    const world = aReadyWorld({ behave }, { containerDefinitions });
    await portOf(world).run(call());
    world.pass(100);
    const [seen] = await portOf(world).describe("c", [idOf(world.task().arn) as TaskId]);
    expect(seen).toMatchObject({ exitCode });
  });

  test("the address of a task's own interface, once it has one", async () => {
    const world = aWorld({ stepMs: 1000 });
    world.define(awsvpc);
    const networkConfiguration = {
      awsvpcConfiguration: { subnets: ["s1"], securityGroups: [], assignPublicIp: "DISABLED" },
    } as const;
    const { tasks } = await portOf(world).run(call({ launchType: "FARGATE", networkConfiguration }));
    expect(tasks[0]).not.toHaveProperty("address");
    expect(tasks[0]).not.toHaveProperty("nodeId");
    world.pass(1000);
    const [seen] = await portOf(world).describe("c", [idOf(world.task().arn) as TaskId]);
    expect(seen).toMatchObject({ address: "10.0.0.4", zone: "z1" });
  });

  test("any number, in batches, with those that are missing", async () => {
    const world = aReadyWorld();
    await portOf(world).run(call());
    const ids = [...Array.from({ length: 150 }, (_, index) => `x${index}`), idOf(world.task().arn)] as TaskId[];
    const seen = await portOf(world).describe("c", ids);
    expect(seen).toHaveLength(151);
    expect(seen[0]).toEqual({ kind: "missing", taskId: "x0", cluster: "c", readAtMs: startMs });
    expect(seen.filter(({ kind }) => kind === "seen")).toHaveLength(1);
    expect(await portOf(world).describe("c", [])).toEqual([]);
  });
});

test("a failure other than MISSING says nothing of a task", async () => {
  const failing = { handle: () => ({ tasks: [], failures: [{ arn: "arn:task/c/1", reason: "BUSY" }] }) };
  expect(await engineTasks(failing, { nowMs: () => 0 }).describe("c", ["1" as TaskId])).toEqual([]);
});

describe("list", () => {
  test("by each filter, all pages", async () => {
    const world = aWorld();
    const arn = world.node("i-1", { cpuUnits: 100_000, memoryMib: 100_000 });
    world.define();
    const port = portOf(world);
    for (let batch = 0; batch < 11; batch += 1) {
      await port.run(call({ count: 10, clientToken: `token-${batch}` as Token, startedBy: `call/${batch % 2}` }));
    }
    world.pass(0);
    await port.stop("c", idOf(world.task().arn) as TaskId, "one");
    const ids = world.engine.tasks().map((task) => idOf(task.arn));
    expect(await port.list("c", { desiredStatus: "RUNNING" })).toEqual(ids.slice(1));
    expect(await port.list("c", { desiredStatus: "STOPPED" })).toEqual(ids.slice(0, 1));
    expect(await port.list("c", { startedBy: "call/1" })).toHaveLength(50);
    expect(await port.list("c", { nodeId: idOf(arn) as NodeId })).toHaveLength(109);
    expect(await port.list("c", { nodeId: idOf(arn) as NodeId, desiredStatus: "STOPPED" })).toEqual(ids.slice(0, 1));
    expect(await port.list("c", { family: "web", desiredStatus: "RUNNING" })).toHaveLength(109);
    expect(await port.list("c", { family: "api" })).toEqual([]);
  });
});

describe("stop", () => {
  test("with its reason; an unknown task is terminal", async () => {
    const world = aReadyWorld();
    await portOf(world).run(call());
    await portOf(world).stop("c", idOf(world.task().arn) as TaskId, "surplus");
    expect(world.task()).toMatchObject({ stoppedReason: "surplus", stopCode: "UserInitiated" });
    const fault = await portOf(world)
      .stop("c", "none" as TaskId, "surplus")
      .catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({
      kind: "terminal",
      code: "InvalidParameterException",
      message: "The referenced task was not found.",
    });
  });
});

describe("nodes", () => {
  test("are listed and described in our words", async () => {
    const world = aWorld();
    for (let index = 0; index < 101; index += 1) world.node(`i-${index}`, { attributes: { disk: "ssd" } });
    world.engine.terminateInstance("c", "i-100");
    world.define();
    world.run();
    const port = portOf(world);
    const nodeIds = await port.listNodes("c");
    expect(nodeIds).toHaveLength(100);
    const nodes = await port.describeNodes("c", [...nodeIds, "none" as NodeId]);
    expect(nodes).toHaveLength(100);
    expect(nodes[0]).toEqual({
      nodeId: nodeIds[0],
      cluster: "c",
      ecsVersion: 2,
      ec2InstanceId: "i-0",
      status: "ACTIVE",
      agentConnected: true,
      zone: "z1",
      attributes: {
        "ecs.os-type": "linux",
        "ecs.cpu-architecture": "x86_64",
        disk: "ssd",
        "ecs.availability-zone": "z1",
        "ecs.subnet-id": "s1",
      },
      registered: { cpuUnits: 1024, memoryMib: 2048 },
      remaining: { cpuUnits: 768, memoryMib: 1792 },
      readAtMs: startMs,
    });
    expect(await port.describeNodes("c", [])).toEqual([]);
  });
});

const container: Container = {
  name: "app",
  image: "shop/web",
  entryPoint: ["sh"],
  command: ["serve"],
  cpuUnits: 64,
  memoryMib: 256,
  essential: true,
  ports: [{ name: "http", containerPort: 80, protocol: "tcp" }],
  environment: { A: "1" },
  secrets: { B: "arn:secret" },
  stopTimeoutSeconds: 7,
};

function aDefinition(more: Partial<TaskDefinition> = {}, task: Partial<TaskDefinition["task"]> = {}): TaskDefinition {
  return {
    family: "longshore_local000_shop_web",
    task: { cpuUnits: 256, memoryMib: 512, architecture: "x86_64", containers: [container], ...task },
    network: { mode: "bridge", subnets: [], securityGroups: [], publicIp: false },
    capacity: "ec2",
    tags: { "longshore:revision": "0123456789" },
    ...more,
  };
}

describe("task definitions", () => {
  test("are found again by their revision's tag, the newest first", async () => {
    const world = aWorld();
    const port = portOf(world);
    const tagged = (revision: string) =>
      aDefinition(
        { tags: { "longshore:service": "web", "longshore:revision": revision } },
        { executionRole: "arn:execution" },
      );
    await port.define(tagged("r1"));
    const second = await port.define(tagged("r1"));
    expect(second).toBe("arn:aws:ecs:eu-west-1:123456789012:task-definition/longshore_local000_shop_web:2");
    expect(await port.findDefinition("longshore_local000_shop_web", "r1")).toBe(second);
    expect(await port.findDefinition("longshore_local000_shop_web", "web")).toBeUndefined();
    expect(await port.findDefinition("other", "r1")).toBeUndefined();
    for (let newer = 0; newer < 9; newer += 1) await port.define(tagged("r2"));
    expect(await port.findDefinition("longshore_local000_shop_web", "r1")).toBe(second);
    await port.define(tagged("r2"));
    expect(await port.findDefinition("longshore_local000_shop_web", "r1")).toBeUndefined();
  });

  test("that ECS refuses are terminal", async () => {
    const fault = await portOf(aWorld())
      .define(aDefinition({ capacity: "fargate" }))
      .catch((error: unknown) => error);
    expect(fault).toMatchObject({ kind: "terminal", code: "ClientException" });
  });

  test("all that a definition says", () => {
    const health = {
      command: ["CMD", "true"],
      intervalSeconds: 10,
      timeoutSeconds: 5,
      retries: 3,
      startPeriodSeconds: 1,
    };
    const full: Container = {
      ...container,
      workingDirectory: "/srv",
      user: "nobody",
      memoryReservationMib: 128,
      health,
      logs: { driver: "awslogs", options: { a: "b" }, secretOptions: { c: "arn:option" } },
      registryCredentials: "arn:registry",
      gpu: 1,
      dependsOn: [{ container: "init", condition: "success" }],
      environmentFrom: [{ s3: "arn:file" }],
      mounts: [{ volume: "data", path: "/data", readOnly: true }],
    };
    const efs = { fileSystem: "fs-1", path: "/a", accessPoint: "fsap-1", iam: true, transitEncryption: true };
    const volumes: Volume[] = [
      { name: "data", efs },
      { name: "other", efs: { fileSystem: "fs-2", iam: false, transitEncryption: false } },
      { name: "logs", host: { path: "/var/log" } },
      { name: "scratch", ephemeral: {} },
    ];
    const network = { mode: "awsvpc", subnets: ["s1"], securityGroups: [], publicIp: false } as const;
    expect(
      registerInput(
        aDefinition(
          { capacity: "fargate", network },
          {
            architecture: "arm64",
            taskRole: "arn:task",
            executionRole: "arn:execution",
            ephemeralStorageGib: 30,
            volumes,
            containers: [full],
          },
        ),
      ),
    ).toEqual({
      family: "longshore_local000_shop_web",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      runtimePlatform: { cpuArchitecture: "ARM64" },
      taskRoleArn: "arn:task",
      executionRoleArn: "arn:execution",
      ephemeralStorage: { sizeInGiB: 30 },
      volumes: [
        {
          name: "data",
          efsVolumeConfiguration: {
            fileSystemId: "fs-1",
            rootDirectory: "/a",
            transitEncryption: "ENABLED",
            authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
          },
        },
        {
          name: "other",
          efsVolumeConfiguration: {
            fileSystemId: "fs-2",
            transitEncryption: "DISABLED",
            authorizationConfig: { iam: "DISABLED" },
          },
        },
        { name: "logs", host: { sourcePath: "/var/log" } },
        { name: "scratch" },
      ],
      tags: [{ key: "longshore:revision", value: "0123456789" }],
      containerDefinitions: [
        {
          name: "app",
          image: "shop/web",
          repositoryCredentials: { credentialsParameter: "arn:registry" },
          resourceRequirements: [{ type: "GPU", value: "1" }],
          dependsOn: [{ containerName: "init", condition: "SUCCESS" }],
          environmentFiles: [{ type: "s3", value: "arn:file" }],
          mountPoints: [{ sourceVolume: "data", containerPath: "/data", readOnly: true }],
          entryPoint: ["sh"],
          command: ["serve"],
          cpu: 64,
          memory: 256,
          memoryReservation: 128,
          essential: true,
          stopTimeout: 7,
          workingDirectory: "/srv",
          user: "nobody",
          portMappings: [{ name: "http", containerPort: 80, protocol: "tcp" }],
          environment: [{ name: "A", value: "1" }],
          secrets: [{ name: "B", valueFrom: "arn:secret" }],
          healthCheck: { command: ["CMD", "true"], interval: 10, timeout: 5, retries: 3, startPeriod: 1 },
          logConfiguration: {
            logDriver: "awslogs",
            options: { a: "b" },
            secretOptions: [{ name: "c", valueFrom: "arn:option" }],
          },
        },
      ],
    });
  });

  test.for<{ name: string; definition: TaskDefinition; cpu: string | undefined }>([
    {
      name: "EC2 below its least CPU: the containers' sum counts",
      definition: aDefinition({}, { cpuUnits: 127 }),
      cpu: undefined,
    },
    { name: "EC2 from there", definition: aDefinition({}, { cpuUnits: 128 }), cpu: "128" },
    {
      name: "Fargate refuses by itself",
      definition: aDefinition({ capacity: "fargate" }, { cpuUnits: 127 }),
      cpu: "127",
    },
  ])("$name", ({ definition, cpu }) => {
    const input: Json = registerInput(definition);
    expect(input.cpu).toBe(cpu);
    expect(Object.hasOwn(input, "cpu")).toBe(cpu !== undefined);
    expect(input).not.toHaveProperty("taskRoleArn");
    expect(input).not.toHaveProperty("executionRoleArn");
    expect(Object.keys((input.containerDefinitions as Json[])[0] ?? {})).toHaveLength(11);
  });
});

describe("errors of ECS as faults", () => {
  test.for<{ code: string; fields: Json; fault: Json }>([
    { code: "ThrottlingException", fields: {}, fault: { kind: "transient", throttled: true, taskIds: [] } },
    { code: "ServerException", fields: {}, fault: { kind: "transient", throttled: false, taskIds: [] } },
    {
      code: "ConflictException",
      fields: { resourceIds: ["arn:task/c/1"] },
      fault: { kind: "conflict", taskIds: ["1"] },
    },
    { code: "ConflictException", fields: {}, fault: { kind: "conflict", taskIds: [] } },
    { code: "AccessDeniedException", fields: {}, fault: { kind: "terminal", throttled: false } },
    { code: "ClusterNotFoundException", fields: {}, fault: { kind: "terminal", throttled: false } },
  ])("$code", ({ code, fields, fault }) => {
    const error = new EcsError(code, "because", { fields });
    expect(faultOf(error)).toMatchObject({ ...fault, code, message: "because", cause: error });
  });

  test("a bug stays what it is", async () => {
    const broken = {
      handle: () => {
        throw new TypeError("a bug");
      },
    };
    await expect(engineTasks(broken, { nowMs: () => 0 }).listNodes("c")).rejects.toThrow(TypeError);
  });
});
