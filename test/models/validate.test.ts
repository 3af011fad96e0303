import { describe, expect, test } from "vitest";
import { brokenRequests } from "./broken-requests.ts";
import { documentedLimits } from "./documented.ts";
import { describeBreach, validateAnswer, validateError, validateRequest } from "./validate.ts";

const task = "arn:aws:ecs:us-east-1:000000000000:task/main/0123456789abcdef0123456789abcdef";
const queue = "http://127.0.0.1/000000000000/work";
const definition = {
  family: "web",
  memory: "512",
  containerDefinitions: [{ name: "app", image: "web:1" }],
};

function called(of: string) {
  const [service = "", operation = ""] = of.split(" ");
  return { service, operation } as Parameters<typeof validateRequest>[0];
}

describe("a request", () => {
  test.for(brokenRequests)("of $of is told: $says", ({ of, request, says }) => {
    const { subject, breaches } = validateRequest(called(of), request);
    const told = breaches.map((breach) => describeBreach(subject, breach));
    expect(told.every((text) => text.startsWith(`${of} request`))).toBe(true);
    expect(told).toContainEqual(expect.stringContaining(says));
  });

  test("breaks each documented limit in one of these rows", () => {
    const limits = Object.entries(documentedLimits).flatMap(([service, its]) =>
      its.map((limit) => ({ service, limit })),
    );
    const unbroken = limits.filter(
      ({ service, limit }) =>
        !brokenRequests.some(({ of, request }) => {
          const [its, operation = ""] = of.split(" ");
          return its === service && limit.of.includes(operation) && limit.check({ ...request }) !== undefined;
        }),
    );
    expect(limits.length).toBeGreaterThan(50);
    expect(unbroken.map(({ service, limit }) => `${service} ${limit.of} ${limit.path}`)).toEqual([]);
  });

  test.for([
    { of: "ecs RunTask", request: { cluster: "main", taskDefinition: "a:1", count: 10, clientToken: "!~".repeat(32) } },
    { of: "ecs RegisterTaskDefinition", request: definition },
    { of: "ecs StopTask", request: { task, reason: undefined } },
    { of: "ecs ListTasks", request: { startedBy: "a", maxResults: 100 } },
    { of: "sqs SendMessage", request: { QueueUrl: `${queue}.fifo`, MessageBody: "é\t", MessageGroupId: "g" } },
    { of: "dynamodb PutItem", request: { TableName: "aaa", Item: { partition: { S: "a" }, deep: nested(31) } } },
    { of: "cloudformation DescribeStacks", request: {} },
  ])("of $of that AWS takes is not complained about", ({ of, request }) => {
    expect(validateRequest(called(of), request).breaches).toEqual([]);
  });

  test("of an operation that is not modelled is told so", () => {
    const { breaches } = validateRequest({ service: "ecs", operation: "StartTask" }, {});
    expect(breaches).toMatchObject([
      { rule: "unknown", message: expect.stringContaining("test/models/operations.ts") },
    ]);
  });

  test("tells which members it had, list positions left out", () => {
    const { members } = validateRequest(called("ecs RunTask"), {
      taskDefinition: "a:1",
      tags: [{ key: "a" }, { key: "b" }],
    });
    expect([...members]).toEqual(["taskDefinition", "tags", "tags.key"]);
  });
});

describe("an answer", () => {
  test.for([
    {
      name: "of a task without a number",
      of: "ecs DescribeTasks",
      answer: { tasks: [{ version: "3" }] },
      says: "tasks[0].version must be a whole number",
    },
    {
      name: "with a time as text",
      of: "ecs DescribeTasks",
      answer: { tasks: [{ createdAt: "2026-01-01" }] },
      says: "tasks[0].createdAt must be a time",
    },
    {
      name: "with a word that ECS has not",
      of: "ecs DescribeTasks",
      answer: { tasks: [{ healthStatus: "FINE" }] },
      says: "tasks[0].healthStatus must be one of HEALTHY",
    },
    {
      name: "with a member that ECS has not",
      of: "ecs StopTask",
      answer: { stopped: true },
      says: "stopped is no member",
    },
    { name: "that is no object", of: "ecs StopTask", answer: [], says: "must be an object" },
  ])("$name is told", ({ of, answer, says }) => {
    const { subject, breaches } = validateAnswer(called(of), answer);
    expect(breaches.map((breach) => describeBreach(subject, breach)).join()).toContain(says);
  });

  test("that AWS could give is not complained about", () => {
    const answer = { tasks: [{ taskArn: task, version: 3, createdAt: 1.5, tags: [] }], failures: [] };
    expect(validateAnswer(called("ecs DescribeTasks"), answer).breaches).toEqual([]);
  });
});

describe("a refusal", () => {
  test.for([
    {
      name: "by an error of another operation",
      code: "ConflictException",
      members: {},
      says: "ConflictException is no error",
    },
    { name: "by a word of nobody's", code: "Nope", members: {}, says: "Nope is no error" },
    {
      name: "with a member that the error has not",
      code: "ClusterNotFoundException",
      members: { arn: "a" },
      says: "arn is no member",
    },
  ])("$name is told", ({ code, members, says }) => {
    const { subject, breaches } = validateError(called("ecs StopTask"), code, members);
    expect(breaches.map((breach) => describeBreach(subject, breach)).join()).toContain(says);
  });

  test.for(["ClusterNotFoundException", "ThrottlingException"])("by %s is not complained about", (code) => {
    expect(validateError(called("ecs StopTask"), code, {}).breaches).toEqual([]);
  });
});

function nested(depth: number): object {
  return depth === 0 ? { S: "" } : { M: { a: nested(depth - 1) } };
}
