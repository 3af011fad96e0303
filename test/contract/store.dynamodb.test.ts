import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { afterAll } from "vitest";
import { dynamoStore } from "../../aws/store.ts";
import { virtualClock } from "../../sim/clock.ts";
import { storeContract } from "./store.ts";

const closing: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

storeContract("the store on DynamoDB", async () => {
  const server = await listening(dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 }));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  closing.push(async () => client.destroy());
  await createTable(client, "longshore");
  const clock = virtualClock();
  return { store: dynamoStore({ client, table: "longshore", clock }), clock };
});

function listening(server: Server): Promise<Server> {
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

function createTable(client: DynamoDBClient, table: string): Promise<unknown> {
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: "HASH" as const },
    { AttributeName: range, KeyType: "RANGE" as const },
  ];
  const index = (name: string, hash: string, range: string) => ({
    IndexName: name,
    KeySchema: key(hash, range),
    Projection: { ProjectionType: "KEYS_ONLY" as const },
  });
  const names = ["partition", "sort", "kindShard", "kindRow", "waitShard", "waitRow"];
  return client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: names.map((name) => ({ AttributeName: name, AttributeType: "S" })),
      KeySchema: key("partition", "sort"),
      GlobalSecondaryIndexes: [index("byKind", "kindShard", "kindRow"), index("waiting", "waitShard", "waitRow")],
    }),
  );
}
