import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, awsvpc, inSubnets, type Json, startMs } from "./world.ts";

describe("what RunTask answers", () => {
  test("the whole task, as it is placed", () => {
    const world = aReadyWorld();
    const { tasks, failures } = world.run({ startedBy: "call/set" });
    const [instance] = world.engine.instances();
    const { arn } = world.task();
    expect(failures).toEqual([]);
    expect(tasks).toEqual([
      {
        taskArn: arn,
        clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
        containerInstanceArn: instance?.arn,
        taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
        availabilityZone: "z1",
        launchType: "EC2",
        group: "family:web",
        startedBy: "call/set",
        lastStatus: "PENDING",
        desiredStatus: "RUNNING",
        healthStatus: "UNKNOWN",
        version: 1,
        cpu: "256",
        memory: "256",
        createdAt: startMs / 1000,
        enableExecuteCommand: false,
        attachments: [],
        attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
        overrides: { containerOverrides: [{ name: "app" }] },
        tags: [],
        containers: [
          {
            containerArn: expect.stringMatching(
              /^arn:aws:ecs:eu-west-1:123456789012:container\/c\/[0-9a-f]{32}\/[0-9a-f]{32}$/,
            ),
            taskArn: arn,
            name: "app",
            image: "shop/web",
            cpu: "256",
            memory: "256",
            lastStatus: "PENDING",
            healthStatus: "UNKNOWN",
            networkBindings: [],
            networkInterfaces: [],
          },
        ],
      },
    ]);
    expect(world.task().containers[0]?.hostPorts).toEqual({});
    expect(arn).toMatch(/^arn:aws:ecs:eu-west-1:123456789012:task\/c\/[0-9a-f]{32}$/);
  });

  test.for<{ name: string; input: Json; seen: Json }>([
    { name: "a group", input: { group: "longshore/x" }, seen: { group: "longshore/x" } },
    { name: "execute command", input: { enableExecuteCommand: true }, seen: { enableExecuteCommand: true } },
    {
      name: "overrides",
      input: { overrides: { containerOverrides: [{ name: "app", command: ["x"] }] } },
      seen: { overrides: { containerOverrides: [{ name: "app", command: ["x"] }] } },
    },
  ])("keeps $name", ({ input, seen }) => {
    const world = aReadyWorld({}, { taskRoleArn: "arn:role" });
    world.run(input);
    expect(world.described()).toMatchObject(seen);
  });

  test("reserved memory of a container, and no CPU", () => {
    const world = aReadyWorld({}, {}, { cpu: undefined, memory: undefined, memoryReservation: 64 });
    world.run();
    expect(world.described()).toMatchObject({
      cpu: "0",
      memory: "64",
      containers: [{ cpu: "0", memoryReservation: "64" }],
    });
  });

  test("tasks beyond the room are failures, the others run", () => {
    const world = aReadyWorld();
    const { tasks, failures } = world.run({ count: 6 });
    expect(tasks).toHaveLength(4);
    const instanceArn = world.engine.instances()[0]?.arn;
    expect(failures).toEqual(Array(2).fill({ reason: "RESOURCE:CPU", arn: instanceArn }));
  });
});

describe("tags", () => {
  const definition = {
    tags: [
      { key: "a", value: "definition" },
      { key: "b", value: "definition" },
    ],
  };
  const tags = [{ key: "b", value: "call" }];

  test.for<{ name: string; input: Json; tags: readonly string[] }>([
    { name: "none", input: {}, tags: [] },
    { name: "the call's", input: { tags }, tags: ["b=call"] },
    {
      name: "the definition's, copied",
      input: { propagateTags: "TASK_DEFINITION" },
      tags: ["a=definition", "b=definition"],
    },
    {
      name: "both: the call's win",
      input: { tags, propagateTags: "TASK_DEFINITION" },
      tags: ["a=definition", "b=call"],
    },
    { name: "not copied", input: { propagateTags: "NONE" }, tags: [] },
    { name: "ECS's own", input: { enableECSManagedTags: true }, tags: ["aws:ecs:clusterName=c"] },
  ])("$name", ({ input, tags }) => {
    const world = aReadyWorld({}, definition);
    const answered = world.run(input).tasks[0]?.tags as { key: string; value: string }[];
    expect(answered.map(({ key, value }) => `${key}=${value}`)).toEqual(tags);
    expect(world.described().tags).toEqual(answered);
    expect(world.call("DescribeTasks", { tasks: [world.task().arn] })).toMatchObject({ tasks: [{ tags: [] }] });
  });
});

describe("the order for a container", () => {
  test("everything that its definition says", () => {
    const world = aReadyWorld(
      {},
      {},
      {
        entryPoint: ["sh", "-c"],
        command: ["serve"],
        workingDirectory: "/srv",
        environment: [
          { name: "A", value: "1" },
          { name: "B", value: "1" },
        ],
        portMappings: [{ containerPort: 80 }, { containerPort: 53, protocol: "udp" }],
        stopTimeout: 7,
        healthCheck: { command: ["CMD", "true"], interval: 6, timeout: 3, retries: 2, startPeriod: 1 },
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/g", "awslogs-region": "r" } },
      },
    );
    world.run();
    expect(world.orders).toEqual([
      {
        taskArn: world.task().arn,
        cluster: "c",
        container: "app",
        image: "shop/web",
        entryPoint: ["sh", "-c"],
        command: ["serve"],
        workingDirectory: "/srv",
        environment: { A: "1", B: "1" },
        ports: [
          { containerPort: 80, protocol: "tcp" },
          { containerPort: 53, protocol: "udp" },
        ],
        stopTimeoutSeconds: 7,
        health: { command: ["CMD", "true"], intervalSeconds: 6, timeoutSeconds: 3, retries: 2, startPeriodSeconds: 1 },
        logs: { driver: "awslogs", options: { "awslogs-group": "/g", "awslogs-region": "r" } },
        attempt: 1,
      },
    ]);
  });

  test("defaults", () => {
    const world = aReadyWorld({}, {}, { healthCheck: { command: ["CMD", "true"] } });
    world.run();
    expect(world.orders).toMatchObject([
      {
        entryPoint: [],
        command: [],
        environment: {},
        ports: [],
        stopTimeoutSeconds: 30,
        health: { intervalSeconds: 30, timeoutSeconds: 5, retries: 3, startPeriodSeconds: 0 },
      },
    ]);
    expect(world.orders[0]).not.toHaveProperty("workingDirectory");
    expect(world.orders[0]).not.toHaveProperty("logs");
  });

  test("no health check, nothing to check", () => {
    const world = aReadyWorld();
    world.run();
    expect(world.orders[0]).not.toHaveProperty("health");
  });

  test("overrides win over the definition, in their container alone", () => {
    const containerDefinitions = ["a", "b"].map((name) => ({
      name,
      image: name,
      memory: 16,
      command: ["x"],
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "1" },
      ],
    }));
    const world = aReadyWorld({}, { containerDefinitions });
    const overridden = {
      name: "b",
      command: ["y"],
      environment: [
        { name: "B", value: "2" },
        { name: "C", value: "2" },
      ],
    };
    world.run({ overrides: { containerOverrides: [overridden] } });
    expect(world.orders).toMatchObject([
      { container: "a", command: ["x"], environment: { A: "1", B: "1" } },
      { container: "b", command: ["y"], environment: { A: "1", B: "2", C: "2" } },
    ]);
  });

  test("the definition that was active at the call counts, whatever is registered later", () => {
    const world = aReadyWorld({ stepMs: 100 });
    world.run();
    world.define({}, { image: "newer" });
    world.pass(1000);
    expect(world.orders).toMatchObject([{ image: "shop/web" }]);
  });
});

describe("interfaces", () => {
  const run = { launchType: "FARGATE", ...inSubnets("s2") };

  test("are provisioned first, then seen", () => {
    const world = aWorld({ stepMs: 1000 });
    world.define(awsvpc, { portMappings: [{ containerPort: 80 }] });
    const [answered] = world.run(run).tasks;
    const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(answered).toMatchObject({
      lastStatus: "PROVISIONING",
      platformVersion: "1.4.0",
      cpu: "256",
      memory: "512",
      attachments: [
        { id, type: "ElasticNetworkInterface", status: "PRECREATED", details: [{ name: "subnetId", value: "s2" }] },
      ],
      containers: [{ networkInterfaces: [], networkBindings: [] }],
    });
    world.pass(1000);
    const described = world.described();
    expect(described).toMatchObject({
      lastStatus: "PENDING",
      availabilityZone: "z2",
      attachments: [
        {
          status: "ATTACHED",
          details: [
            { name: "subnetId", value: "s2" },
            { name: "networkInterfaceId", value: expect.stringMatching(/^eni-[0-9a-f]{17}$/) },
            { name: "macAddress", value: expect.stringMatching(/^0a(:[0-9a-f]{2}){5}$/) },
            { name: "privateDnsName", value: "ip-10-1-0-4.ec2.internal" },
            { name: "privateIPv4Address", value: "10.1.0.4" },
          ],
        },
      ],
      containers: [
        {
          networkInterfaces: [{ attachmentId: expect.anything(), privateIpv4Address: "10.1.0.4" }],
          networkBindings: [],
        },
      ],
    });
    world.pass(1000);
    expect(world.described()).toMatchObject({ lastStatus: "RUNNING", containers: [{ networkBindings: [] }] });
    world.call("StopTask", { task: world.task().arn });
    world.pass(0);
    expect(world.described()).toMatchObject({ lastStatus: "DEPROVISIONING", attachments: [{ status: "DETACHING" }] });
    world.pass(1000);
    expect(world.described()).toMatchObject({ lastStatus: "STOPPED", attachments: [{ status: "DELETED" }] });
  });

  test("have an address of their own while their task lives, in their zone's network", () => {
    const world = aWorld();
    world.define(awsvpc);
    world.run({ launchType: "FARGATE", ...inSubnets("s1"), count: 10 });
    world.run({ ...run, count: 10 });
    const addresses = world.engine.tasks().map(({ address }) => address ?? "");
    expect(new Set(addresses).size).toBe(20);
    expect(addresses.filter((address) => address.startsWith("10.0."))).toHaveLength(10);
    expect(addresses.filter((address) => address.startsWith("10.1."))).toHaveLength(10);
  });

  test("no task of bridge or host mode has one, nor a platform version", () => {
    const world = aReadyWorld();
    world.run();
    expect(world.task().address).toBeUndefined();
    expect(world.described()).not.toHaveProperty("platformVersion");
  });
});

describe("host ports, seen once the task runs", () => {
  const seen = { bindIP: "0.0.0.0", containerPort: 80, protocol: "tcp" };

  test.for<{ name: string; definition: Json; port: Json; bindings: readonly Json[] }>([
    {
      name: "bridge: the driver's",
      definition: {},
      port: { containerPort: 80 },
      bindings: [{ ...seen, hostPort: 20_001 }],
    },
    {
      name: "bridge with a fixed one",
      definition: {},
      port: { containerPort: 80, hostPort: 8080 },
      bindings: [{ ...seen, hostPort: 8080 }],
    },
    {
      name: "host mode: the container's",
      definition: { networkMode: "host" },
      port: { containerPort: 80 },
      bindings: [{ ...seen, hostPort: 80 }],
    },
  ])("$name", ({ definition, port, bindings }) => {
    const world = aReadyWorld({ behave: () => ({ startsAfterMs: 100 }) }, definition, { portMappings: [port] });
    world.run();
    world.pass(99);
    expect(world.described()).toMatchObject({ lastStatus: "ACTIVATING", containers: [{ networkBindings: [] }] });
    world.pass(1);
    expect(world.described()).toMatchObject({
      containers: [{ networkBindings: bindings, runtimeId: expect.anything() }],
    });
  });

  test("not while another container of the task has yet to start", () => {
    const containerDefinitions = ["a", "b"].map((name) => ({
      name,
      image: name,
      memory: 16,
      portMappings: [{ containerPort: 80 }],
    }));
    const world = aReadyWorld(
      { behave: ({ container }) => ({ startsAfterMs: container === "a" ? 0 : 100 }) },
      { containerDefinitions },
    );
    world.run();
    world.pass(50);
    expect(world.described()).toMatchObject({
      containers: [{ lastStatus: "RUNNING", networkBindings: [] }, { lastStatus: "PENDING" }],
    });
  });
});
