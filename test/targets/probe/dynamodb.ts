import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { type Capability, refusalOf, see, seeWithin } from "./capability.ts";

/** A table of the probe's own, made by its first row. */
export interface DynamoWorld {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

const keyOf = (sort: string) => ({ partition: { S: "probe" }, sort: { S: sort } });

/** What Longshore, or somebody who looks into its table, may want of DynamoDB. */
export const dynamodbCapabilities = [
  {
    name: "tables with sparse indexes",
    isNeeded: true,
    try: async ({ dynamodb, table: TableName }) => {
      const key = (AttributeName: string, KeyType: "HASH" | "RANGE") => ({ AttributeName, KeyType });
      const create = new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: ["partition", "sort", "shard"].map((AttributeName) => ({
          AttributeName,
          AttributeType: "S",
        })),
        KeySchema: [key("partition", "HASH"), key("sort", "RANGE")],
        GlobalSecondaryIndexes: [
          { IndexName: "byShard", KeySchema: [key("shard", "HASH")], Projection: { ProjectionType: "KEYS_ONLY" } },
        ],
      });
      // A server that was just started may answer so late that the client asked again.
      await dynamodb.send(create).catch((error: Error) => see(error.name === "ResourceInUseException", error.message));
      await seeWithin(10_000, async () => {
        const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
        return Table?.TableStatus === "ACTIVE" ? undefined : `the table is ${Table?.TableStatus}`;
      });
      await dynamodb.send(new PutItemCommand({ TableName, Item: { ...keyOf("in"), shard: { S: "a" } } }));
      await dynamodb.send(new PutItemCommand({ TableName, Item: keyOf("out") }));
      const { Count } = await dynamodb.send(
        new QueryCommand({
          TableName,
          IndexName: "byShard",
          KeyConditionExpression: "#shard = :a",
          ExpressionAttributeNames: { "#shard": "shard" },
          ExpressionAttributeValues: { ":a": { S: "a" } },
        }),
      );
      see(Count === 1, `the index has ${Count} of 1 items`);
    },
  },
  {
    name: "conditional writes",
    isNeeded: true,
    try: async ({ dynamodb, table: TableName }) => {
      const absent = { ConditionExpression: "attribute_not_exists(sort)" };
      await dynamodb.send(new PutItemCommand({ TableName, Item: keyOf("once"), ...absent }));
      const refusal = await refusalOf(dynamodb.send(new PutItemCommand({ TableName, Item: keyOf("once"), ...absent })));
      see(refusal === "ConditionalCheckFailedException", `refused with ${refusal}`);
    },
  },
  {
    name: "the item of a failed condition",
    try: async ({ dynamodb, table: TableName }) => {
      const request = new DeleteItemCommand({
        TableName,
        Key: keyOf("once"),
        ConditionExpression: "attribute_not_exists(sort)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      const error = await dynamodb.send(request).catch((refused: { Item?: object }) => refused);
      see("Item" in error && error.Item !== undefined, "the refusal carries none");
    },
  },
  {
    name: "empty keys are refused",
    try: async ({ dynamodb, table: TableName }) => {
      await refusalOf(dynamodb.send(new PutItemCommand({ TableName, Item: keyOf("") })));
    },
  },
  {
    name: "empty keys of an index are refused",
    try: async ({ dynamodb, table: TableName }) => {
      const Item = { ...keyOf("empty"), shard: { S: "" } };
      await refusalOf(dynamodb.send(new PutItemCommand({ TableName, Item })));
    },
  },
  {
    name: "items above 400 KB are refused",
    try: async ({ dynamodb, table: TableName }) => {
      const Item = { ...keyOf("large"), text: { S: "x".repeat(410_000) } };
      await refusalOf(dynamodb.send(new PutItemCommand({ TableName, Item })));
    },
  },
  {
    name: "transactions",
    try: async ({ dynamodb, table: TableName }) => {
      const put = (sort: string, condition?: string) => ({
        Put: { TableName, Item: keyOf(sort), ...(condition && { ConditionExpression: condition }) },
      });
      const writes = [put("first"), put("once", "attribute_not_exists(sort)")];
      const refusal = await refusalOf(dynamodb.send(new TransactWriteItemsCommand({ TransactItems: writes })));
      see(refusal === "TransactionCanceledException", `refused with ${refusal}`);
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf("first") }));
      see(Item === undefined, "half of it was written");
    },
  },
  {
    name: "a transaction's token applies it once",
    try: async ({ dynamodb, table: TableName }) => {
      const add = {
        TableName,
        Key: keyOf("counter"),
        UpdateExpression: "ADD times :one",
        ExpressionAttributeValues: { ":one": { N: "1" } },
      };
      const request = { TransactItems: [{ Update: add }], ClientRequestToken: crypto.randomUUID() };
      for (const _ of ["first", "again"]) await dynamodb.send(new TransactWriteItemsCommand(request));
      const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: keyOf("counter") }));
      see(Item?.times?.N === "1", `it was applied ${Item?.times?.N} times`);
    },
  },
  {
    name: "updates that count",
    isNeeded: true,
    try: async ({ dynamodb, table: TableName }) => {
      const { Attributes } = await dynamodb.send(
        new UpdateItemCommand({
          TableName,
          Key: keyOf("taken"),
          UpdateExpression: "SET used = if_not_exists(used, :none) + :two",
          ConditionExpression: "attribute_not_exists(used) OR used <= :two",
          ExpressionAttributeValues: { ":none": { N: "0" }, ":two": { N: "2" } },
          ReturnValues: "ALL_NEW",
        }),
      );
      see(Attributes?.used?.N === "2", `2 was counted as ${Attributes?.used?.N}`);
    },
  },
  {
    name: "time to live is set",
    try: async ({ dynamodb, table: TableName }) => {
      const TimeToLiveSpecification = { AttributeName: "expiresAt", Enabled: true };
      await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
      const { TimeToLiveDescription: shown } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
      see(shown?.TimeToLiveStatus === "ENABLED" || shown?.TimeToLiveStatus === "ENABLING", "it is shown as off");
    },
  },
  {
    name: "point-in-time recovery is set",
    try: async ({ dynamodb, table: TableName }) => {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamodb.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
      const { ContinuousBackupsDescription } = await dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }));
      const shown = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
      see(shown === "ENABLED", `it is shown as ${shown}`);
    },
  },
  {
    name: "deletion protection",
    try: async ({ dynamodb, table: TableName }) => {
      const protect = (DeletionProtectionEnabled: boolean) =>
        dynamodb.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled }));
      await protect(true);
      await refusalOf(dynamodb.send(new DeleteTableCommand({ TableName })));
      await protect(false);
    },
  },
] as const satisfies readonly Capability<DynamoWorld>[];
