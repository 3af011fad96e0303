import { describe, expect, test } from "vitest";
import { dynamoStore } from "../../aws/store.ts";
import type { Item } from "../../core/model/records.ts";
import { virtualClock } from "../../sim/clock.ts";
import { type Canned, cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const clock = virtualClock(1_000_000);
const underTest = () => dynamoStore({ client: aws.clients.dynamodb, table: "longshore", clock });

const key = { partition: "service#shop/web", sort: "spec" };
const item: Item = { ...key, schema: 1, version: 3, uid: "life-1" };
const stored = (sort: string) => ({ partition: { S: key.partition }, sort: { S: sort }, version: { N: "1" } });
const lastKey = { partition: { S: key.partition }, sort: { S: "b" } };
const take = { ...key, amount: 1, room: 10, windowMs: 60_000, nowMs: 60_000 };
const lost = refusal("com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException");

test("every read is consistent", async () => {
  aws.answer({ body: {} }, { body: { Items: [], Count: 0 } });
  await underTest().get(key);
  await underTest().query(key.partition, "task#");
  expect(aws.requests.map(({ input }) => input.ConsistentRead)).toEqual([true, true]);
});

test("a query goes on past an empty page", async () => {
  aws.answer(
    { body: { Items: [stored("a")], LastEvaluatedKey: lastKey } },
    { body: { Items: [], LastEvaluatedKey: lastKey } },
    { body: { Items: [stored("c")] } },
  );
  expect((await underTest().query(key.partition)).map(({ sort }) => sort)).toEqual(["a", "c"]);
  expect(aws.requests[2]?.input.ExclusiveStartKey).toEqual(lastKey);
});

test("a list goes on past an empty page", async () => {
  aws.answer(
    { body: { Items: [], LastEvaluatedKey: lastKey } },
    { body: { Items: [{ ...stored("a"), kindShard: { S: "Service#1" }, kindRow: { S: "row" } }] } },
  );
  expect(await underTest().list("byKind", "Service#1")).toEqual([{ ...key, sort: "a", row: "row" }]);
});

describe("a condition that does not hold is an answer", () => {
  test("of a create, a swap and a remove", async () => {
    aws.answer(lost, lost, lost);
    expect(await underTest().create(item)).toBeUndefined();
    expect(await underTest().swap(item, {})).toBeUndefined();
    expect(await underTest().remove(item)).toBe(false);
  });

  test("of a halving: it is halved for longer already", async () => {
    aws.answer(lost);
    await expect(underTest().halve(key, 5)).resolves.toBeUndefined();
  });
});

describe("a take", () => {
  test("is one call in an open window", async () => {
    aws.answer({ body: {} });
    expect(await underTest().take(take)).toBe(true);
    expect(aws.requests).toHaveLength(1);
  });

  test("is three calls at most", async () => {
    aws.answer(lost, lost, lost);
    expect(await underTest().take(take)).toBe(false);
    expect(aws.requests).toHaveLength(3);
  });

  test("of more than the room asks nobody", async () => {
    expect(await underTest().take({ ...take, amount: 11 })).toBe(false);
    expect(aws.requests).toEqual([]);
  });

  test("loses the opening of a window to another taker and takes from it", async () => {
    aws.answer(lost, lost, { body: {} });
    expect(await underTest().take(take)).toBe(true);
  });
});

describe("a table that cannot be used is a fault", () => {
  const unreachable: readonly Canned[] = Array.from({ length: 4 }, () => "broken connection");
  const operations = [
    { name: "get", run: () => underTest().get(key) },
    { name: "query", run: () => underTest().query(key.partition) },
    { name: "create", run: () => underTest().create(item) },
    { name: "swap", run: () => underTest().swap(item, {}) },
    { name: "remove", run: () => underTest().remove(item) },
    { name: "take", run: () => underTest().take(take) },
    { name: "halve", run: () => underTest().halve(key, 5) },
    { name: "list", run: () => underTest().list("waiting", "main#0") },
  ];

  test.for(operations)("$name: transient when it is out of reach", async ({ run }) => {
    aws.answer(...unreachable);
    await expect(run()).rejects.toMatchObject({ name: "Fault", kind: "transient", throttled: false });
  });

  test.for(operations)("$name: terminal when it is not ours to use", async ({ run }) => {
    aws.answer(refusal("com.amazon.coral.service#AccessDeniedException"));
    await expect(run()).rejects.toMatchObject({ name: "Fault", kind: "terminal" });
  });
});
