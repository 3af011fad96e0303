import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, awsvpc, inSubnets, type Json, refusal } from "./world.ts";

const memberOf = (expression: string) => ({ type: "memberOf", expression });
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: "v" }));
const environment = (length: number) => [{ name: "V", value: "x".repeat(length) }];
const overriding = (length: number): Json => ({
  overrides: { containerOverrides: [{ name: "app", environment: environment(length) }] },
});
const overridesLength = JSON.stringify(overriding(0).overrides).length;

describe("requests within bounds", () => {
  test.for<{ name: string; input: Json }>([
    { name: "one task by default", input: {} },
    { name: "ten tasks", input: { count: 10 } },
    { name: "startedBy of 128 characters", input: { startedBy: "aZ09_-/x".repeat(16) } },
    { name: "group of 255 characters", input: { group: "g".repeat(255) } },
    { name: "50 tags", input: { tags: tags(50) } },
    { name: "ten constraints", input: { placementConstraints: Array(10).fill(memberOf("ec2InstanceId == i-1")) } },
    { name: "five strategies", input: { placementStrategy: Array(5).fill({ type: "random" }) } },
    { name: "overrides of 8192 characters", input: overriding(8192 - overridesLength) },
    { name: "propagateTags NONE", input: { propagateTags: "NONE" } },
    { name: "an empty capacity provider strategy", input: { capacityProviderStrategy: [] } },
  ])("$name", ({ input }) => {
    expect(refusal(() => aReadyWorld().run(input))).toBe("-");
  });
});

describe("requests that are refused", () => {
  test.for<{ name: string; input: Json; refused: string }>([
    { name: "no task", input: { count: 0 }, refused: "InvalidParameterException: count must be 1 to 10, got 0" },
    { name: "eleven tasks", input: { count: 11 }, refused: "InvalidParameterException: count must be 1 to 10, got 11" },
    {
      name: "a capacity provider",
      input: { capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT" }] },
      refused: "InvalidParameterException: no capacity provider is known here; name a launchType",
    },
    {
      name: "startedBy of 129 characters",
      input: { startedBy: "a".repeat(129) },
      refused: `InvalidParameterException: startedBy must be up to 128 letters, digits, hyphens, underscores and slashes, got ${"a".repeat(129)}`,
    },
    {
      name: "startedBy with a colon",
      input: { startedBy: "a:b" },
      refused:
        "InvalidParameterException: startedBy must be up to 128 letters, digits, hyphens, underscores and slashes, got a:b",
    },
    {
      name: "group of 256 characters",
      input: { group: "g".repeat(256) },
      refused: "InvalidParameterException: group must have at most 255 characters, got 256",
    },
    {
      name: "tags of a service",
      input: { propagateTags: "SERVICE" },
      refused: "InvalidParameterException: propagateTags SERVICE is for services only",
    },
    {
      name: "51 tags",
      input: { tags: tags(51) },
      refused: "InvalidParameterException: a resource may have 50 tags, got 51",
    },
    {
      name: "overrides of 8193 characters",
      input: overriding(8193 - overridesLength),
      refused: "InvalidParameterException: overrides must have at most 8192 characters, got 8193",
    },
    {
      name: "overrides of a container that is not there",
      input: { overrides: { containerOverrides: [{ name: "other" }] } },
      refused:
        "InvalidParameterException: Override for container named other is not a container in the TaskDefinition.",
    },
    {
      name: "eleven constraints",
      input: { placementConstraints: Array(11).fill(memberOf("ec2InstanceId == i-1")) },
      refused: "InvalidParameterException: placementConstraints must be 0 to 10, got 11",
    },
    {
      name: "a constraint that does not exist",
      input: { placementConstraints: [{ type: "near" }] },
      refused: "InvalidParameterException: constraint.type 'near' is not supported.",
    },
    {
      name: "an unreadable constraint",
      input: { placementConstraints: [memberOf("zone is z1")] },
      refused: "InvalidParameterException: Invalid expression: zone is z1",
    },
    {
      name: "six strategies",
      input: { placementStrategy: Array(6).fill({ type: "random" }) },
      refused: "InvalidParameterException: placementStrategy must be 0 to 5, got 6",
    },
    {
      name: "an unknown family",
      input: { taskDefinition: "none" },
      refused: "ClientException: TaskDefinition not found.",
    },
    {
      name: "an unknown revision",
      input: { taskDefinition: "web:2" },
      refused: "ClientException: TaskDefinition not found.",
    },
    { name: "an unknown cluster", input: { cluster: "d" }, refused: "ClusterNotFoundException: Cluster not found." },
    {
      name: "Fargate for a definition without it",
      input: { launchType: "FARGATE" },
      refused: "InvalidParameterException: Task definition does not support launch_type FARGATE.",
    },
    {
      name: "a network on a bridge",
      input: inSubnets("s1"),
      refused:
        "InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.",
    },
  ])("$name", ({ input, refused }) => {
    const world = aReadyWorld();
    expect(refusal(() => world.run(input))).toBe(refused);
    expect(world.engine.tasks()).toEqual([]);
  });

  test("a definition that is inactive", () => {
    const world = aReadyWorld();
    world.call("DeregisterTaskDefinition", { taskDefinition: "web:1" });
    expect(refusal(() => world.run({ taskDefinition: "web:1" }))).toBe("ClientException: TaskDefinition is inactive");
    expect(refusal(() => world.run())).toBe("ClientException: TaskDefinition not found.");
  });

  test.for<{ name: string; definition: Json; input: Json; refused: string }>([
    {
      name: "without a role",
      definition: {},
      input: {},
      refused: "The execute command failed because a valid task role",
    },
    { name: "with the definition's role", definition: { taskRoleArn: "arn:role" }, input: {}, refused: "-" },
    { name: "with the call's role", definition: {}, input: { overrides: { taskRoleArn: "arn:role" } }, refused: "-" },
  ])("commands in a task $name", ({ definition, input, refused }) => {
    const world = aReadyWorld({}, definition);
    expect(refusal(() => world.run({ ...input, enableExecuteCommand: true }))).toContain(refused);
    expect(refusal(() => world.run({ ...input, enableExecuteCommand: false }))).toBe("-");
  });

  test("EC2 in a cluster without active instances", () => {
    const world = aWorld();
    world.define();
    const refused = "InvalidParameterException: No Container Instances were found in your cluster.";
    expect(refusal(() => world.run())).toBe(refused);
    world.node("i-1");
    expect(refusal(() => world.run())).toBe("-");
    world.engine.terminateInstance("c", "i-1");
    expect(refusal(() => world.run())).toBe(refused);
  });

  test("for its tags takes nothing", () => {
    const world = aReadyWorld({}, awsvpc);
    expect(refusal(() => world.run({ ...inSubnets("s1"), tags: tags(51) }))).toContain("50 tags");
    world.run(inSubnets("s1"));
    expect(world.task().address).toBe("10.0.0.4");
  });

  test.for<{ name: string; input: Json; refused: string }>([
    {
      name: "no network",
      input: {},
      refused: "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    },
    {
      name: "no subnet",
      input: inSubnets(),
      refused: "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    },
    { name: "an unknown subnet", input: inSubnets("s1", "s9"), refused: "The subnet ID 's9' does not exist" },
    { name: "17 subnets", input: inSubnets(...Array(17).fill("s1")), refused: "subnets must be 1 to 16, got 17" },
    {
      name: "six security groups",
      input: network({ securityGroups: Array(6).fill("sg-1") }),
      refused: "securityGroups must be 0 to 5, got 6",
    },
    {
      name: "a public address on EC2",
      input: network({ assignPublicIp: "ENABLED" }),
      refused: "Assign public IP is not supported for this launch type.",
    },
    {
      name: "constraints on Fargate",
      input: { ...network({}), launchType: "FARGATE", placementConstraints: [memberOf("ec2InstanceId == i-1")] },
      refused: "Placement constraints and strategies are not supported with FARGATE launch type.",
    },
    {
      name: "strategies on Fargate",
      input: { ...network({}), launchType: "FARGATE", placementStrategy: [{ type: "random" }] },
      refused: "Placement constraints and strategies are not supported with FARGATE launch type.",
    },
  ])("awsvpc: $name", ({ input, refused }) => {
    expect(refusal(() => aReadyWorld({}, awsvpc).run(input))).toBe(`InvalidParameterException: ${refused}`);
  });

  test.for<{ name: string; input: Json }>([
    {
      name: "16 subnets and 5 security groups",
      input: network({ subnets: Array(16).fill("s1"), securityGroups: Array(5).fill("sg-1") }),
    },
    {
      name: "a public address on Fargate",
      input: { ...network({ assignPublicIp: "ENABLED" }), launchType: "FARGATE" },
    },
    { name: "no public address on EC2", input: network({ assignPublicIp: "DISABLED" }) },
  ])("awsvpc lets through: $name", ({ input }) => {
    expect(refusal(() => aReadyWorld({}, awsvpc).run(input))).toBe("-");
  });
});

function network(more: Json): Json {
  return { networkConfiguration: { awsvpcConfiguration: { subnets: ["s1"], ...more } } };
}
