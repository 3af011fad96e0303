import { describe, expect, test } from "vitest";
import { type Order, runTaskInput, type Spot, zonesOf } from "../../../core/dispatch/run-task.ts";
import type { NodeId, ServiceKey, Token } from "../../../core/model/ids.ts";
import type { Network } from "../../../core/model/task-template.ts";
import { seededRandom } from "../../../sim/random.ts";
import { aContent, aSettings, key } from "../../support/service.ts";

const token = "abcdefghijklmnop" as Token;
const onNode: Spot = { kind: "node", nodeId: "n1" as NodeId, ec2InstanceId: "i-0123456789abcdef0", zone: "za" };
const inZone: Spot = { kind: "zone", zone: "zb" };
const subnetZones = { "subnet-a": "za", "subnet-b": "zb", "subnet-c": "zb" };

function anOrder(given: Partial<Order> = {}, network: Partial<Network> = {}): Order {
  const content = aContent();
  return {
    key,
    installId: "local000",
    settings: aSettings({ defaults: { ...aSettings().defaults, subnetZones } }),
    cluster: "main",
    setId: "0123456789",
    content: { ...content, network: { ...content.network, subnets: ["subnet-a", "subnet-b", "subnet-c"], ...network } },
    taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/longshore_local000_shop_web:3",
    count: 2,
    spot: onNode,
    ...given,
  };
}

test("a call to a node, whole", () => {
  expect(runTaskInput(anOrder({}, { mode: "bridge" }), token)).toStrictEqual({
    cluster: "main",
    taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/longshore_local000_shop_web:3",
    count: 2,
    clientToken: token,
    startedBy: "abcdefghijklmnop/0123456789",
    group: "longshore/local000/shop/web",
    launchType: "EC2",
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    tags: [
      { key: "longshore:install", value: "local000" },
      { key: "longshore:namespace", value: "shop" },
      { key: "longshore:service", value: "web" },
    ],
    placementConstraints: [{ type: "memberOf", expression: "ec2InstanceId == i-0123456789abcdef0" }],
  });
});

test("a call to a zone of Fargate has no constraint, and that zone's subnets", () => {
  const input = runTaskInput(anOrder({ spot: inZone }, { securityGroups: ["sg-1"], publicIp: true }), token);
  expect(input.launchType).toBe("FARGATE");
  expect(input).not.toHaveProperty("placementConstraints");
  expect(input.networkConfiguration).toStrictEqual({
    awsvpcConfiguration: {
      subnets: ["subnet-b", "subnet-c"],
      securityGroups: ["sg-1"],
      assignPublicIp: "ENABLED",
    },
  });
});

test.for([{ exec: undefined }, { exec: false }, { exec: true }])(
  "commands may be run in its tasks: $exec",
  ({ exec }) => {
    const order = anOrder();
    const task = { ...order.content.task, ...(exec !== undefined && { exec }) };
    const input = runTaskInput({ ...order, content: { ...order.content, task } }, token);
    expect(input.enableExecuteCommand).toBe(exec || undefined);
    expect(Object.hasOwn(input, "enableExecuteCommand")).toBe(exec === true);
  },
);

describe("a task's network", () => {
  const subnetsOf = (order: Order) => runTaskInput(order, token).networkConfiguration?.awsvpcConfiguration.subnets;
  test.for<{ name: string; order: Order; subnets: readonly string[] | undefined }>([
    { name: "is not told on a bridge", order: anOrder({}, { mode: "bridge" }), subnets: undefined },
    { name: "is not told on the host's", order: anOrder({}, { mode: "host" }), subnets: undefined },
    { name: "is the node's zone's on a node", order: anOrder(), subnets: ["subnet-a"] },
    {
      name: "is any where no subnet is known to be in the node's zone",
      order: anOrder({ spot: { ...onNode, zone: "zq" } }),
      subnets: ["subnet-a", "subnet-b", "subnet-c"],
    },
    {
      name: "is the subnet itself where its zone is not known",
      order: anOrder({ spot: { kind: "zone", zone: "subnet-x" } }, { subnets: ["subnet-a", "subnet-x"] }),
      subnets: ["subnet-x"],
    },
  ])("$name", ({ order, subnets }) => {
    expect(subnetsOf(order)).toEqual(subnets);
  });

  test("has no public address unless it is asked for", () => {
    const input = runTaskInput(anOrder({ spot: inZone }), token);
    expect(input.networkConfiguration?.awsvpcConfiguration.assignPublicIp).toBe("DISABLED");
  });
});

describe("zones of subnets", () => {
  test.for([
    { name: "each once, in order", subnets: ["subnet-c", "subnet-a", "subnet-b"], zones: ["za", "zb"] },
    { name: "a subnet of an unknown zone is one", subnets: ["subnet-x", "subnet-a"], zones: ["subnet-x", "za"] },
    { name: "none of none", subnets: [], zones: [] },
  ])("$name", ({ subnets, zones }) => {
    expect(zonesOf(subnets, anOrder().settings)).toEqual(zones);
  });
});

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html */
test("within what ECS allows, with the longest names there are", () => {
  const long = "a-0".repeat(21);
  const longest = `${long}/${long}` as ServiceKey;
  const input = runTaskInput(
    anOrder({ key: longest, installId: "abcdefgh", setId: "0123456789abcdef012", count: 10 }),
    seededRandom(1).token() as Token,
  );
  expect(long).toHaveLength(63);
  expect(input.clientToken).toMatch(/^[\x21-\x7e]{1,64}$/);
  expect(input.clientToken).toMatch(/^[a-z2-7]{16}$/);
  expect(input.startedBy).toMatch(/^[A-Za-z0-9_/-]{1,36}$/);
  expect(input.startedBy.startsWith(`${input.clientToken}/`)).toBe(true);
  expect(input.group).toMatch(/^[A-Za-z0-9_./:-]{1,255}$/);
  expect(input.group.split("/")).toHaveLength(4);
  expect(input.tags.length).toBeLessThanOrEqual(50);
  for (const { key: name, value } of input.tags) {
    expect(name).toMatch(/^(?!aws:)[\w .:/=+\-@]{1,128}$/);
    expect(value).toMatch(/^[\w .:/=+\-@]{0,256}$/);
  }
  expect(new Set(input.tags.map(({ key: name }) => name)).size).toBe(input.tags.length);
  expect(input.placementConstraints?.[0]?.expression.length).toBeLessThanOrEqual(2000);
});
