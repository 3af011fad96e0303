import {
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { createInstall } from "../../local/install.ts";
import { useEndpoint } from "./use-endpoint.ts";

const endpoint = useEndpoint();
const TableName = "longshore";
let dynamodb: DynamoDBClient;
beforeAll(async () => {
  dynamodb = endpoint.dynamodb();
  await createInstall({ dynamodb, sqs: endpoint.sqs() });
});

const key = (partition: string) => ({ partition: { S: partition }, sort: { S: "state" } });

function swap(partition: string, from: number) {
  return dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: key(partition),
      UpdateExpression: "SET version = :to",
      ConditionExpression: "version = :from",
      ExpressionAttributeValues: { ":from": { N: String(from) }, ":to": { N: String(from + 1) } },
    }),
  );
}

describe("conditional writes", () => {
  test("a create succeeds once", async () => {
    const create = () =>
      dynamodb.send(
        new PutItemCommand({
          TableName,
          Item: { ...key("created"), version: { N: "1" } },
          ConditionExpression: "attribute_not_exists(#partition)",
          ExpressionAttributeNames: { "#partition": "partition" },
        }),
      );
    await create();
    await expect(create()).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("of many swaps of one version, one succeeds", async () => {
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...key("swapped"), version: { N: "1" } } }));
    const swaps = await Promise.allSettled(Array.from({ length: 20 }, () => swap("swapped", 1)));
    expect(swaps.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: key("swapped"), ConsistentRead: true }));
    expect(Item?.version).toEqual({ N: "2" });
  });
});

test.for([
  { index: "byKind", shard: "kindShard", row: "kindRow" },
  { index: "waiting", shard: "waitShard", row: "waitRow" },
])("the index $index is sparse, holds keys only, and orders its rows", async ({ index, shard, row }) => {
  for (const [partition, at] of [
    ["second", "2"],
    ["first", "1"],
  ] as const) {
    const Item = { ...key(`${index}-${partition}`), [shard]: { S: `${index}-0` }, [row]: { S: at }, body: { S: "x" } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
  }
  await dynamodb.send(new PutItemCommand({ TableName, Item: key(`${index}-absent`) }));
  const { Items } = await dynamodb.send(
    new QueryCommand({
      TableName,
      IndexName: index,
      KeyConditionExpression: "#shard = :shard",
      ExpressionAttributeNames: { "#shard": shard },
      ExpressionAttributeValues: { ":shard": { S: `${index}-0` } },
    }),
  );
  expect(Items).toEqual(
    [
      ["first", "1"],
      ["second", "2"],
    ].map(([partition, at]) => ({ ...key(`${index}-${partition}`), [shard]: { S: `${index}-0` }, [row]: { S: at } })),
  );
});
