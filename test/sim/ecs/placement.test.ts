import { describe, expect, test } from "vitest";
import { aWorld, awsvpc, inSubnets, type Json, type RunResult, type World } from "./world.ts";

/** `i-1 i-1 | REASON i-2`: where tasks went, then why the others found no place and on which instance. */
function outcome(world: World, { tasks, failures }: RunResult): string {
  const hosts = new Map(world.engine.instances().map(({ arn, ec2InstanceId }) => [arn, ec2InstanceId]));
  const placed = tasks.map(({ containerInstanceArn }) => hosts.get(containerInstanceArn as string));
  const refused = failures.map(({ reason, arn }) => `${reason} ${hosts.get(arn) ?? arn.split(":").at(-1)}`);
  return [placed.join(" "), ...refused].join(" | ");
}

const memberOf = (expression: string): Json => ({ placementConstraints: [{ type: "memberOf", expression }] });
const pinned = (id: string) => memberOf(`ec2InstanceId == ${id}`);
const strategy = (...placementStrategy: readonly Json[]): Json => ({ placementStrategy });

/** Nodes of 4 tasks each: `i-1` and `i-2` in z1, `i-3` in z2 with an SSD. */
function threeNodes(definition: Json = {}, container: Json = {}): World {
  const world = aWorld();
  world.node("i-1");
  world.node("i-2");
  world.node("i-3", { zone: "z2", subnet: "s2", attributes: { disk: "ssd" } });
  world.define(definition, container);
  return world;
}

describe("GPUs", () => {
  const needs = (...counts: readonly number[]): Json => ({
    containerDefinitions: counts.map((count, index) => ({
      name: `c${index}`,
      image: "i",
      memory: 16,
      resourceRequirements: [{ type: "GPU", value: `${count}` }],
    })),
  });

  test("are a node's to give, each to one task, and come back with it", () => {
    const world = aWorld();
    world.node("i-1");
    world.node("i-2", { gpus: 4 });
    world.define(needs(1, 2));
    expect(outcome(world, world.run({ count: 2 }))).toBe("i-2 | RESOURCE:GPU i-1");
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(0);
    expect(outcome(world, world.run())).toBe("i-2");
  });

  test("that a node has are among its resources", () => {
    const world = aWorld();
    world.node("i-1", { gpus: 2 });
    world.node("i-2");
    world.define(needs(2));
    world.run();
    const gpus = (member: string) =>
      world.engine.instances().map(({ arn }) => {
        const { containerInstances } = world.call("DescribeContainerInstances", { containerInstances: [arn] });
        const [instance] = containerInstances as Json[];
        const resources = (instance?.[member] ?? []) as { readonly name: string; readonly stringSetValue: string[] }[];
        return resources.find(({ name }) => name === "GPU")?.stringSetValue.length;
      });
    expect(gpus("registeredResources")).toEqual([2, undefined]);
    expect(gpus("remainingResources")).toEqual([0, undefined]);
  });
});

describe("where tasks go", () => {
  test.for<{ name: string; input: Json; placed: string }>([
    { name: "without a strategy they stack", input: { count: 5 }, placed: "i-1 i-1 i-1 i-1 i-2" },
    { name: "pinned by id", input: { ...pinned("i-2"), count: 2 }, placed: "i-2 i-2" },
    { name: "by an attribute", input: memberOf("attribute:disk == ssd"), placed: "i-3" },
    { name: "by the zone that ECS knows", input: memberOf("attribute:ecs.availability-zone == z2"), placed: "i-3" },
    { name: "by the subnet that ECS knows", input: memberOf("attribute:ecs.subnet-id == s2"), placed: "i-3" },
    {
      name: "all constraints hold",
      input: {
        placementConstraints: [
          { type: "memberOf", expression: "ec2InstanceId in [i-2, i-3]" },
          { type: "memberOf", expression: "attribute:disk !exists" },
        ],
      },
      placed: "i-2",
    },
    {
      name: "what is left is a failure each",
      input: { ...pinned("i-1"), count: 6 },
      placed: "i-1 i-1 i-1 i-1 | RESOURCE:CPU i-1 | RESOURCE:CPU i-1",
    },
    {
      name: "each on its own instance",
      input: { placementConstraints: [{ type: "distinctInstance" }], count: 4 },
      placed: "i-1 i-2 i-3 | DistinctInstance placement constraint unsatisfied. i-1",
    },
    {
      name: "spread over instances",
      input: { ...strategy({ type: "spread", field: "instanceId" }), count: 4 },
      placed: "i-1 i-2 i-3 i-1",
    },
    {
      name: "spread over hosts",
      input: { ...strategy({ type: "spread", field: "host" }), count: 3 },
      placed: "i-1 i-2 i-3",
    },
    {
      name: "spread over zones",
      input: { ...strategy({ type: "spread", field: "attribute:ecs.availability-zone" }), count: 4 },
      placed: "i-1 i-3 i-1 i-3",
    },
    {
      name: "spread over zones, then instances",
      input: {
        ...strategy(
          { type: "spread", field: "attribute:ecs.availability-zone" },
          { type: "spread", field: "instanceId" },
        ),
        count: 4,
      },
      placed: "i-1 i-3 i-2 i-3",
    },
  ])("$name", ({ input, placed }) => {
    const world = threeNodes();
    expect(outcome(world, world.run(input))).toBe(placed);
  });

  test("a task definition's own constraint counts too", () => {
    const world = threeNodes({ placementConstraints: [{ type: "memberOf", expression: "attribute:disk exists" }] });
    expect(outcome(world, world.run())).toBe("i-3");
  });

  test.for([
    { field: "cpu", placed: "i-2 i-2 i-1" },
    { field: "MEMORY", placed: "i-1 i-1 i-1" },
  ])("packed by $field onto what has least of it left", ({ field, placed }) => {
    const world = aWorld();
    world.node("i-1", { memoryMib: 1024 });
    world.node("i-2", { cpuUnits: 512 });
    world.define();
    expect(outcome(world, world.run({ ...strategy({ type: "binpack", field }), count: 3 }))).toBe(placed);
  });

  test("random draws decide", () => {
    const world = threeNodes();
    const placed = outcome(world, world.run({ ...strategy({ type: "random" }), count: 10 })).split(" ");
    expect(new Set(placed).size).toBe(3);
  });

  test("spread counts tasks of the same group that live, and no others", () => {
    const world = threeNodes();
    world.run({ ...pinned("i-1"), group: "other" });
    world.run({ ...pinned("i-2"), group: "g" });
    world.run({ ...pinned("i-1"), group: "g" });
    world.pass(0);
    world.call("StopTask", { task: world.task(2).arn });
    world.pass(0);
    expect(outcome(world, world.run({ ...strategy({ type: "spread", field: "instanceId" }), group: "g" }))).toBe("i-1");
  });

  test("a distinct instance counts tasks of the same group that are wanted running", () => {
    const world = threeNodes();
    const distinct = { placementConstraints: [{ type: "distinctInstance" }], group: "g" };
    world.run({ ...pinned("i-1"), group: "other" });
    expect(outcome(world, world.run(distinct))).toBe("i-1");
    expect(outcome(world, world.run(distinct))).toBe("i-2");
    world.call("StopTask", { task: world.task(1).arn });
    expect(outcome(world, world.run(distinct))).toBe("i-1");
  });
});

describe("why a task finds no place: the reason of the instance that came closest", () => {
  test.for<{ name: string; input: Json; failure: string }>([
    { name: "no such instance", input: pinned("i-9"), failure: " | MemberOf placement constraint unsatisfied. i-1" },
    { name: "disconnected agent", input: pinned("i-2"), failure: " | AGENT i-2" },
    { name: "none fits better than another", input: memberOf("ec2InstanceId in [i-2, i-9]"), failure: " | AGENT i-2" },
  ])("$name", ({ input, failure }) => {
    const world = threeNodes();
    world.engine.setAgentConnected("c", "i-2", false);
    expect(outcome(world, world.run(input))).toBe(failure);
  });

  test.for<{ name: string; container: Json; failure: string }>([
    { name: "CPU", container: { cpu: 1025 }, failure: " | RESOURCE:CPU i-1" },
    { name: "memory", container: { memory: 2049 }, failure: " | RESOURCE:MEMORY i-1" },
    { name: "all that there is fits", container: { cpu: 1024, memory: 2048 }, failure: "i-1" },
    {
      name: "a port that the instance uses",
      container: { portMappings: [{ containerPort: 80, hostPort: 22 }] },
      failure: " | RESOURCE:PORTS i-1",
    },
    {
      name: "reserved memory counts, not the limit",
      container: { memory: 4096, memoryReservation: 2048 },
      failure: "i-1",
    },
  ])("$name", ({ container, failure }) => {
    const world = threeNodes({}, container);
    expect(outcome(world, world.run())).toBe(failure);
  });

  test("the size of the task counts, where it has one", () => {
    const world = threeNodes({ cpu: "2048", memory: "256" });
    expect(outcome(world, world.run())).toBe(" | RESOURCE:CPU i-1");
    world.define({ memory: "4096" });
    expect(outcome(world, world.run())).toBe(" | RESOURCE:MEMORY i-1");
  });

  test("containers' sizes add up", () => {
    const world = threeNodes({
      containerDefinitions: [
        { name: "a", image: "x", cpu: 600, memory: 1100 },
        { name: "b", image: "x", cpu: 400, memory: 900 },
      ],
    });
    world.run(pinned("i-1"));
    expect(world.engine.instances()[0]?.remaining).toEqual({ cpuUnits: 24, memoryMib: 48 });
  });

  test("an instance that is nearly right says more than one that is wrong", () => {
    const world = threeNodes();
    world.run({ ...pinned("i-2"), count: 4 });
    expect(outcome(world, world.run(pinned("i-2")))).toBe(" | RESOURCE:CPU i-2");
  });

  test.for([
    { architecture: "ARM64", placed: "i-2" },
    { architecture: "X86_64", placed: "i-1" },
  ])("$architecture", ({ architecture, placed }) => {
    const world = aWorld();
    world.node("i-1");
    world.node("i-2", { attributes: { "ecs.cpu-architecture": "arm64" } });
    world.define({ runtimePlatform: { cpuArchitecture: architecture } });
    expect(outcome(world, world.run())).toBe(placed);
    expect(world.described().attributes).toEqual([{ name: "ecs.cpu-architecture", value: architecture.toLowerCase() }]);
  });

  test("no instance of the architecture", () => {
    const world = threeNodes({ runtimePlatform: { cpuArchitecture: "ARM64" } });
    expect(outcome(world, world.run())).toBe(" | ATTRIBUTE i-1");
  });

  test("an instance that is gone takes nothing", () => {
    const world = threeNodes();
    world.engine.terminateInstance("c", "i-3");
    expect(outcome(world, world.run(pinned("i-3")))).toBe(" | MemberOf placement constraint unsatisfied. i-1");
  });

  test("instances of another cluster take nothing", () => {
    const world = threeNodes();
    world.call("CreateCluster", { clusterName: "d" });
    world.engine.registerInstance({
      cluster: "d",
      ec2InstanceId: "i-9",
      cpuUnits: 1,
      memoryMib: 1,
      zone: "z1",
      subnet: "s1",
    });
    expect(outcome(world, world.run(pinned("i-9")))).toBe(" | MemberOf placement constraint unsatisfied. i-1");
    expect(outcome(world, world.run({ cluster: "d" }))).toBe(" | RESOURCE:CPU i-9");
  });
});

describe("ports", () => {
  const port = { portMappings: [{ containerPort: 80 }] };

  test.for<{ name: string; definition: Json; container: Json; placed: string }>([
    {
      name: "host mode: one an instance",
      definition: { networkMode: "host" },
      container: port,
      placed: "i-1 i-2 i-3 | RESOURCE:PORTS i-1",
    },
    {
      name: "bridge with a fixed port: one an instance",
      definition: {},
      container: { portMappings: [{ containerPort: 80, hostPort: 8080 }] },
      placed: "i-1 i-2 i-3 | RESOURCE:PORTS i-1",
    },
    {
      name: "bridge with any port",
      definition: {},
      container: { portMappings: [{ containerPort: 80, hostPort: 0 }] },
      placed: "i-1 i-1 i-1 i-1",
    },
  ])("$name", ({ definition, container, placed }) => {
    const world = threeNodes(definition, container);
    expect(outcome(world, world.run({ count: 4 }))).toBe(placed);
  });

  test("a port is free again once its task has stopped", () => {
    const world = threeNodes({ networkMode: "host" }, port);
    world.run(pinned("i-1"));
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(0);
    expect(outcome(world, world.run(pinned("i-1")))).toBe("i-1");
  });
});

describe("zones of an interface", () => {
  test.for<{ subnets: readonly string[]; placed: string }>([
    { subnets: ["s1"], placed: "i-1" },
    { subnets: ["s2"], placed: "i-3" },
    { subnets: ["s3"], placed: " | LOCATION i-1" },
    { subnets: ["s3", "s2"], placed: "i-3" },
  ])("$subnets: $placed", ({ subnets, placed }) => {
    const world = threeNodes(awsvpc);
    expect(outcome(world, world.run(inSubnets(...subnets)))).toBe(placed);
  });

  test("on EC2 the interface is in the subnet of the instance's zone", () => {
    const world = threeNodes(awsvpc);
    world.run({ ...inSubnets("s1", "s2"), ...pinned("i-3") });
    expect(world.described()).toMatchObject({ availabilityZone: "z2" });
    expect(world.described().attachments).toMatchObject([
      { details: expect.arrayContaining([{ name: "subnetId", value: "s2" }]) },
    ]);
  });

  test("awsvpc holds no port of the instance", () => {
    const world = threeNodes({ networkMode: "awsvpc" }, { portMappings: [{ containerPort: 80, hostPort: 80 }] });
    expect(outcome(world, world.run({ ...inSubnets("s1"), count: 2 }))).toBe("i-1 i-1");
  });

  test("Fargate spreads a group over the zones of its subnets", () => {
    const world = aWorld();
    world.define(awsvpc);
    const fargate = { launchType: "FARGATE", ...inSubnets("s2", "s1", "s3") };
    world.run({ ...fargate, group: "other", count: 2 });
    world.run({ ...fargate, count: 4 });
    expect(world.engine.tasks().map(({ zone }) => zone)).toEqual(["z2", "z1", "z2", "z1", "z3", "z2"]);
    world.pass(0);
    world.call("StopTask", { task: world.task(3).arn });
    world.pass(0);
    world.run(fargate);
    expect(world.task(6)).toMatchObject({ zone: "z1", launchType: "FARGATE" });
    expect(world.task(6).instanceArn).toBeUndefined();
  });
});
