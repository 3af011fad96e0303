import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, type Json, refusal, startMs } from "./world.ts";

const idOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);
const reserved = ["22", "2375", "2376", "51678", "51679"];
const amount = { doubleValue: 0, longValue: 0 };

describe("a container instance", () => {
  test("as it is described", () => {
    const world = aWorld();
    const arn = world.node("i-1", { attributes: { disk: "ssd", "ecs.availability-zone": "elsewhere" } });
    world.define({ networkMode: "host" }, { portMappings: [{ containerPort: 80 }] });
    world.run();
    world.pass(0);
    const { containerInstances, failures } = world.call("DescribeContainerInstances", {
      containerInstances: [idOf(arn)],
    });
    expect(failures).toEqual([]);
    expect(containerInstances).toEqual([
      {
        containerInstanceArn: arn,
        ec2InstanceId: "i-1",
        status: "ACTIVE",
        agentConnected: true,
        version: 2,
        versionInfo: { agentHash: "*00000000", agentVersion: "1.90.0", dockerVersion: "DockerVersion: 25.0.8" },
        runningTasksCount: 1,
        pendingTasksCount: 0,
        registeredAt: startMs / 1000,
        attachments: [],
        tags: [],
        attributes: [
          { name: "ecs.os-type", value: "linux" },
          { name: "ecs.cpu-architecture", value: "x86_64" },
          { name: "disk", value: "ssd" },
          { name: "ecs.availability-zone", value: "z1" },
          { name: "ecs.subnet-id", value: "s1" },
        ],
        registeredResources: [
          { name: "CPU", type: "INTEGER", ...amount, integerValue: 1024 },
          { name: "MEMORY", type: "INTEGER", ...amount, integerValue: 2048 },
          { name: "PORTS", type: "STRINGSET", ...amount, integerValue: 0, stringSetValue: reserved },
          { name: "PORTS_UDP", type: "STRINGSET", ...amount, integerValue: 0, stringSetValue: [] },
        ],
        remainingResources: [
          { name: "CPU", type: "INTEGER", ...amount, integerValue: 768 },
          { name: "MEMORY", type: "INTEGER", ...amount, integerValue: 1792 },
          { name: "PORTS", type: "STRINGSET", ...amount, integerValue: 0, stringSetValue: [...reserved, "80"] },
          { name: "PORTS_UDP", type: "STRINGSET", ...amount, integerValue: 0, stringSetValue: [] },
        ],
      },
    ]);
    expect(arn).toMatch(/^arn:aws:ecs:eu-west-1:123456789012:container-instance\/c\/[0-9a-f]{32}$/);
  });

  test("counts its own tasks: those that run, and those on their way there", () => {
    const world = aReadyWorld({ behave: () => ({ startsAfterMs: 100, stopsAfterMs: 100 }) });
    world.node("i-2");
    const counts = () => {
      const containerInstances = world.engine.instances().map(({ arn }) => arn);
      const answer = world.call("DescribeContainerInstances", { containerInstances });
      return (answer.containerInstances as Json[]).map((one) => `${one.runningTasksCount}/${one.pendingTasksCount}`);
    };
    world.run({ count: 2 });
    expect(counts()).toEqual(["0/2", "0/0"]);
    world.pass(100);
    expect(counts()).toEqual(["2/0", "0/0"]);
    world.call("StopTask", { task: world.task().arn });
    expect(counts()).toEqual(["1/0", "0/0"]);
  });

  test("has tags when asked for them", () => {
    const world = aWorld();
    const arn = world.node("i-1");
    world.call("TagResource", { resourceArn: arn, tags: [{ key: "a", value: "1" }] });
    const described = (include: readonly string[]) =>
      world.call("DescribeContainerInstances", { containerInstances: [arn], include }).containerInstances;
    expect(described(["TAGS"])).toMatchObject([{ tags: [{ key: "a", value: "1" }] }]);
    expect(described([])).toMatchObject([{ tags: [] }]);
  });

  test("that is gone is described as inactive; one that never was is missing", () => {
    const world = aWorld();
    const arn = world.node("i-1");
    world.engine.terminateInstance("c", "i-1");
    const other = "arn:aws:ecs:eu-west-1:123456789012:container-instance/d/1";
    const answer = world.call("DescribeContainerInstances", { containerInstances: ["x", arn, other] });
    expect(answer.containerInstances).toMatchObject([{ status: "INACTIVE", agentConnected: false }]);
    expect(answer.failures).toEqual([
      { arn: "arn:aws:ecs:eu-west-1:123456789012:container-instance/c/x", reason: "MISSING" },
      { arn: "arn:aws:ecs:eu-west-1:123456789012:container-instance/c/1", reason: "MISSING" },
    ]);
  });

  test.for([
    { count: 0, refused: "InvalidParameterException: Container instances cannot be empty." },
    { count: 100, refused: "-" },
    { count: 101, refused: "InvalidParameterException: containerInstances must be 1 to 100, got 101" },
  ])("$count at once: $refused", ({ count, refused }) => {
    const containerInstances = Array(count).fill("i");
    expect(refusal(() => aWorld().call("DescribeContainerInstances", { containerInstances }))).toBe(refused);
  });
});

describe("lists of container instances", () => {
  test.for<{ name: string; input: Json; listed: readonly string[] }>([
    { name: "all but those that are gone", input: {}, listed: ["i-1", "i-2"] },
    { name: "active", input: { status: "ACTIVE" }, listed: ["i-1", "i-2"] },
    { name: "draining", input: { status: "DRAINING" }, listed: [] },
    { name: "filtered", input: { filter: "attribute:disk == ssd" }, listed: ["i-2"] },
    { name: "of another cluster", input: { cluster: "d" }, listed: ["i-9"] },
    { name: "a page", input: { maxResults: 1 }, listed: ["i-1"] },
  ])("$name", ({ input, listed }) => {
    const world = aWorld();
    world.call("CreateCluster", { clusterName: "d" });
    world.node("i-1");
    world.node("i-2", { attributes: { disk: "ssd" } });
    world.node("i-3");
    world.node("i-9", { cluster: "d" });
    world.engine.terminateInstance("c", "i-3");
    const arns = world.call("ListContainerInstances", input).containerInstanceArns as string[];
    const hosts = new Map(world.engine.instances().map(({ arn, ec2InstanceId }) => [arn, ec2InstanceId]));
    expect(arns.map((arn) => hosts.get(arn))).toEqual(listed);
  });

  test("pages", () => {
    const world = aWorld();
    for (const id of ["i-1", "i-2", "i-3"]) world.node(id);
    const first = world.call("ListContainerInstances", { maxResults: 2 });
    const second = world.call("ListContainerInstances", { maxResults: 2, nextToken: first.nextToken });
    expect(second).toEqual({ containerInstanceArns: [world.engine.instances()[2]?.arn] });
  });

  test.for<{ input: Json; refused: string }>([
    {
      input: { status: "INACTIVE" },
      refused:
        "InvalidParameterException: status must be one of ACTIVE, DRAINING, REGISTERING, DEREGISTERING, REGISTRATION_FAILED, got INACTIVE",
    },
    { input: { filter: "x" }, refused: "InvalidParameterException: Invalid expression: x" },
    { input: { cluster: "e" }, refused: "ClusterNotFoundException: Cluster not found." },
  ])("$input is refused", ({ input, refused }) => {
    expect(refusal(() => aWorld().call("ListContainerInstances", input))).toBe(refused);
  });
});
