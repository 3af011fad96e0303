import { describe, expect, test } from "vitest";
import { type Ask, evaluate, type Statement } from "./evaluate.ts";

const task = "arn:aws:ecs:us-east-1:000000000000:task/main/1";
const ask = (change: Partial<Ask> = {}): Ask => ({ action: "ecs:StopTask", resource: task, context: {}, ...change });
const allow = (change: Partial<Statement> = {}): Statement => ({
  Effect: "Allow",
  Action: ["ecs:StopTask"],
  Resource: ["*"],
  ...change,
});
const on = (Resource: string) => allow({ Resource: [Resource] });
const under = (operator: string, key: string, ...values: readonly string[]) =>
  allow({ Condition: { [operator]: { [key]: values } } });

describe("a request is allowed", () => {
  test.for<{ name: string; statements: readonly Statement[]; context?: Ask["context"] }>([
    { name: "where a statement names its action", statements: [allow()] },
    { name: "whatever the case of the action", statements: [allow({ Action: ["ECS:stoptask"] })] },
    { name: "by a pattern of actions", statements: [allow({ Action: ["ecs:Stop*"] })] },
    { name: "on its resource", statements: [on(task)] },
    { name: "by a pattern of resources", statements: [on("arn:aws:ecs:us-east-1:000000000000:task/main/*")] },
    { name: "by a pattern of one character", statements: [on("arn:aws:ecs:us-east-1:000000000000:task/main/?")] },
    { name: "by a pattern of regions", statements: [on("arn:aws:ecs:*:000000000000:task/main/1")] },
    { name: "with an equal text", statements: [under("StringEquals", "a", "1")], context: { a: "1" } },
    { name: "with any of the texts", statements: [under("StringEquals", "a", "1", "2")], context: { a: "2" } },
    {
      name: "whatever the case of a key",
      statements: [under("StringEquals", "AWS:a", "1")],
      context: { "aws:A": "1" },
    },
    { name: "with another text", statements: [under("StringNotEquals", "a", "1")], context: { a: "2" } },
    { name: "without a key that must not equal", statements: [under("StringNotEquals", "a", "1")] },
    { name: "with a text like that", statements: [under("StringLike", "a", "?*")], context: { a: "x" } },
    { name: "with that ARN", statements: [under("ArnEquals", "a", task)], context: { a: task } },
    { name: "without a key that need not be", statements: [under("StringEqualsIfExists", "a", "1")] },
    {
      name: "with all values of a set",
      statements: [under("ForAllValues:StringEquals", "a", "1", "2")],
      context: { a: ["1", "2"] },
    },
    { name: "with no values of a set", statements: [under("ForAllValues:StringEquals", "a", "1")] },
    {
      name: "with one value of a set",
      statements: [under("ForAnyValue:StringEquals", "a", "1")],
      context: { a: ["1", "3"] },
    },
    { name: "with a key that must be", statements: [under("Null", "a", "false")], context: { a: "1" } },
    { name: "with true", statements: [under("Bool", "a", "true")], context: { a: "true" } },
  ])("$name", ({ statements, context = {} }) => {
    expect(evaluate(statements, ask({ context }))).toMatchObject({ allowed: true, by: statements[0] });
  });
});

describe("a request is denied", () => {
  test.for<{ name: string; statements: readonly Statement[]; context?: Ask["context"]; why: RegExp }>([
    { name: "where nothing is said", statements: [], why: /^no statement allows ecs:StopTask/ },
    {
      name: "where another action is allowed",
      statements: [allow({ Action: ["ecs:StartTask"] })],
      why: /^no statement/,
    },
    { name: "on another resource", statements: [on(`${task}2`)], why: /on other resources/ },
    {
      name: "on another cluster's",
      statements: [on("arn:aws:ecs:us-east-1:000000000000:task/other/*")],
      why: /on other/,
    },
    {
      name: "where a wildcard would reach past a colon",
      statements: [on("arn:aws:ecs:*:task/main/1")],
      why: /on other/,
    },
    { name: "where a statement denies it", statements: [allow(), { ...allow(), Effect: "Deny" }], why: /denies it/ },
    {
      name: "with another text",
      statements: [under("StringEquals", "a", "1")],
      context: { a: "2" },
      why: /conditions/,
    },
    { name: "without a key", statements: [under("StringEquals", "a", "1")], why: /conditions/ },
    {
      name: "with a text that must not be",
      statements: [under("StringNotEquals", "a", "1")],
      context: { a: "1" },
      why: /conditions/,
    },
    { name: "with an empty text", statements: [under("StringLike", "a", "?*")], context: { a: "" }, why: /conditions/ },
    {
      name: "with another ARN",
      statements: [under("ArnEquals", "a", task)],
      context: { a: `${task}2` },
      why: /conditions/,
    },
    {
      name: "with a value beside a set",
      statements: [under("ForAllValues:StringEquals", "a", "1")],
      context: { a: ["1", "2"] },
      why: /conditions/,
    },
    {
      name: "with no value of a set",
      statements: [under("ForAnyValue:StringEquals", "a", "1")],
      context: { a: ["2"] },
      why: /conditions/,
    },
    {
      name: "with a key that must not be",
      statements: [under("Null", "a", "true")],
      context: { a: "1" },
      why: /conditions/,
    },
    {
      name: "where one of two conditions holds",
      statements: [allow({ Condition: { StringEquals: { a: ["1"] }, StringLike: { b: ["?*"] } } })],
      context: { a: "1" },
      why: /conditions/,
    },
  ])("$name", ({ statements, context = {}, why }) => {
    expect(evaluate(statements, ask({ context }))).toMatchObject({ allowed: false, why: expect.stringMatching(why) });
  });

  test("a condition that is not known here is not guessed", () => {
    expect(() => evaluate([under("DateLessThan", "a", "1")], ask({ context: { a: "1" } }))).toThrow("DateLessThan");
  });
});
