import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../sim/ecs/expression.ts";
import type { InstanceState } from "../../../sim/ecs/state.ts";
import { refusal } from "./world.ts";

const instance: InstanceState = {
  arn: "arn:aws:ecs:eu-west-1:1:container-instance/c/1",
  id: "1",
  cluster: "c",
  ec2InstanceId: "i-1",
  version: 1,
  status: "ACTIVE",
  agentConnected: true,
  zone: "z1",
  subnet: "s1",
  attributes: { disk: "ssd", "ecs.availability-zone": "z1", empty: "" },
  registered: { cpuUnits: 1, memoryMib: 1 },
  remaining: { cpuUnits: 1, memoryMib: 1 },
  gpus: { registered: 0, remaining: 0 },
  usedPorts: [],
  registeredAtMs: 0,
  updatedAtMs: 0,
};

describe("membership of i-1 in z1 with attribute disk=ssd and a connected agent", () => {
  test.for([
    ["ec2InstanceId == i-1", true],
    ["ec2InstanceId == i-2", false],
    ["ec2InstanceId equals i-1", true],
    ["ec2InstanceId != i-1", false],
    ["ec2InstanceId not_equals i-2", true],
    ["ec2InstanceId in [i-1]", true],
    ["ec2InstanceId in [i-2, i-1]", true],
    ["ec2InstanceId in [i-2,i-3]", false],
    ["ec2InstanceId not_in [i-2]", true],
    ["ec2InstanceId !in [i-1]", false],
    ["attribute:disk == ssd", true],
    ["attribute:disk==ssd", true],
    ["attribute:disk == hdd", false],
    ["attribute:disk != hdd", true],
    ["attribute:disk != ssd", false],
    ["attribute:disk in [hdd, ssd]", true],
    ["attribute:disk not_in [hdd, ssd]", false],
    ["attribute:ecs.availability-zone == z1", true],
    ["attribute:disk exists", true],
    ["attribute:empty exists", true],
    ["attribute:none exists", false],
    ["attribute:toString exists", false],
    ["attribute:none !exists", true],
    ["attribute:disk not_exists", false],
    ["attribute:none == ssd", false],
    ["attribute:none != ssd", true],
    ["attribute:none in [ssd]", false],
    ["attribute:none not_in [ssd]", true],
    ["agentConnected == true", true],
    ["agentConnected == false", false],
    ["attribute:disk == ssd and ec2InstanceId == i-1", true],
    ["attribute:disk == ssd && ec2InstanceId == i-2", false],
    ["attribute:disk == hdd and ec2InstanceId == i-1", false],
    ["attribute:disk == hdd or ec2InstanceId == i-1", true],
    ["attribute:disk == hdd || ec2InstanceId == i-2", false],
    ["not attribute:disk == hdd", true],
    ["!(attribute:disk == ssd)", false],
    ["not not attribute:disk == ssd", true],
    ["attribute:disk == ssd or attribute:disk == ssd and attribute:disk == hdd", true],
    ["(attribute:disk == ssd or attribute:disk == ssd) and attribute:disk == hdd", false],
    ["not attribute:disk == hdd and attribute:disk == hdd", false],
  ] as const)("%s → %s", ([expression, member]) => {
    expect(parseExpression(expression)(instance)).toBe(member);
  });

  test("a disconnected agent is not connected", () => {
    expect(parseExpression("agentConnected == true")({ ...instance, agentConnected: false })).toBe(false);
  });
});

describe("what cannot be read", () => {
  test.for([
    "",
    "ec2InstanceId",
    "ec2InstanceId ==",
    "ec2InstanceId == i-1 i-2",
    "ec2InstanceId == )",
    "ec2InstanceId in i-1",
    "ec2InstanceId in []",
    "ec2InstanceId in [i-1",
    "ec2InstanceId in [i-1,]",
    "ec2InstanceId = i-1",
    "ec2InstanceId =~ i-*",
    "(ec2InstanceId == i-1",
    "ec2InstanceId == i-1)",
    "ec2InstanceId == i-1 and",
    "or ec2InstanceId == i-1",
    "attribute: == ssd",
    "ec2InstanceId == i-1 &",
    "runningTasksCount == 1",
  ])("%s", (expression) => {
    expect(refusal(() => parseExpression(expression))).toBe(
      `InvalidParameterException: Invalid expression: ${expression}`,
    );
  });

  test.for([
    { length: 2000, refused: "-" },
    { length: 2001, refused: "InvalidParameterException: an expression may have 2000 characters, got 2001" },
  ])("$length characters", ({ length, refused }) => {
    const expression = `ec2InstanceId == ${"i".repeat(length - "ec2InstanceId == ".length)}`;
    expect(refusal(() => parseExpression(expression))).toBe(refused);
  });
});
