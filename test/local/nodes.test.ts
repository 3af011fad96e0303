import { expect, test } from "vitest";
import { defaultNodes, instanceInput } from "../../local/nodes.ts";

test("by default two nodes lie in each of three zones", () => {
  const zones = Map.groupBy(defaultNodes, ({ zone }) => zone);
  expect([...zones].map(([zone, { length }]) => `${zone} ${length}`)).toEqual([
    "us-east-1a 2",
    "us-east-1b 2",
    "us-east-1c 2",
  ]);
});

test("a node lies in its zone's subnet and has an EC2 instance id of its own", () => {
  const node = { zone: "us-east-1b", cpuUnits: 1024, memoryMib: 512, attributes: { disk: "ssd" } };
  expect(instanceInput("longshore", node, 10)).toEqual({
    ...node,
    cluster: "longshore",
    subnet: "subnet-b",
    ec2InstanceId: "i-0000000000000000b",
  });
});

test("a node in a zone without a subnet is refused", () => {
  const node = { zone: "eu-west-1a", cpuUnits: 1024, memoryMib: 512 };
  expect(() => instanceInput("longshore", node, 0)).toThrow(
    'a node\'s zone must be one of us-east-1a, us-east-1b, us-east-1c, got "eu-west-1a"',
  );
});
