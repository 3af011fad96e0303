import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { invariant } from "../core/model/fault.ts";
import type { Item } from "../core/model/records.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Changes, IndexName, IndexRow, ItemKey, NewItem, Store } from "../core/ports/store.ts";
import { dynamoBudgets } from "./budgets.ts";
import { type Attributes, dynamoTable, type Table } from "./table.ts";

interface StoreOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Tells what is expired: DynamoDB removes it hours or days later. */
  readonly clock: Clock;
}

const indexKeys = {
  byKind: ["kindShard", "kindRow"],
  waiting: ["waitShard", "waitRow"],
} as const;

/**
 * The store as one DynamoDB table with the keys `partition` and `sort`; a record's fields are attributes at the top
 * level, for people to query. Needs neither transactions nor the item of a failed condition.
 */
export function dynamoStore({ client, table: name, clock }: StoreOptions): Store {
  const table = dynamoTable(client, name);
  const isPresent = (item: Attributes) => item.expiresAt === undefined || Number(item.expiresAt) * 1000 > clock.nowMs();
  const nowSeconds = () => Math.floor(clock.nowMs() / 1000);
  return {
    get: async <R extends Item>(key: ItemKey) => {
      const item = await table.get(key);
      return item && isPresent(item) ? (item as unknown as R) : undefined;
    },
    query: async <R extends Item>(partition: string, prefix = "") =>
      (await table.query(inPartition(partition, prefix))).filter(isPresent) as unknown as readonly R[],
    create: async <R extends Item>(item: NewItem<R>) =>
      (await put(table, { ...item, version: 1 }, absent(nowSeconds()))) as R | undefined,
    swap: async <R extends Item>(before: R, changes: Changes<R>) =>
      (await put(table, merged(before, changes), unchanged(before, nowSeconds()))) as R | undefined,
    remove: ({ partition, sort, ...before }) =>
      table.delete({ Key: { partition, sort }, ...unchanged(before, nowSeconds()) }),
    list: async (index, shard) => (await table.query(inShard(index, shard))).map((item) => rowOf(index, item)),
    ...dynamoBudgets(table),
  };
}

/** `partition` is one of DynamoDB's reserved words, so expressions call it `#partition`. */
interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues: Record<string, unknown>;
}

function absent(nowSeconds: number): Condition {
  return {
    ConditionExpression: "attribute_not_exists(#partition) OR expiresAt <= :now",
    ExpressionAttributeNames: { "#partition": "partition" },
    ExpressionAttributeValues: { ":now": nowSeconds },
  };
}

function unchanged({ uid, version }: Pick<Item, "uid" | "version">, nowSeconds: number): Condition {
  return {
    ConditionExpression: "uid = :uid AND version = :version AND (attribute_not_exists(expiresAt) OR expiresAt > :now)",
    ExpressionAttributeValues: { ":uid": uid, ":version": version, ":now": nowSeconds },
  };
}

function merged<R extends Item>(before: R, changes: Changes<R>): Attributes {
  const { partition, sort, version } = before;
  return { ...before, ...changes, partition, sort, version: version + 1 };
}

/** The item as it was written; undefined when the condition did not hold. */
async function put(table: Table, item: Attributes, condition: Condition): Promise<unknown> {
  const written = Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
  // Some who speak DynamoDB's protocol accept an empty key, which DynamoDB refuses.
  for (const name of ["partition", "sort", ...Object.values(indexKeys).flat()])
    invariant(written[name] !== "", `${name} must not be empty, in item ${written.partition} ${written.sort}`);
  return (await table.put({ Item: written, ...condition })) ? written : undefined;
}

function inPartition(partition: string, prefix: string): Omit<QueryCommandInput, "TableName"> {
  return {
    ConsistentRead: true,
    ExpressionAttributeNames: { "#partition": "partition" },
    KeyConditionExpression: prefix
      ? "#partition = :partition AND begins_with(sort, :prefix)"
      : "#partition = :partition",
    ExpressionAttributeValues: { ":partition": partition, ...(prefix && { ":prefix": prefix }) },
  };
}

function inShard(index: IndexName, shard: string): Omit<QueryCommandInput, "TableName"> {
  return {
    IndexName: index,
    ExpressionAttributeNames: { "#shard": indexKeys[index][0] },
    KeyConditionExpression: "#shard = :shard",
    ExpressionAttributeValues: { ":shard": shard },
  };
}

function rowOf(index: IndexName, { partition, sort, ...item }: Attributes): IndexRow {
  return { partition: String(partition), sort: String(sort), row: String(item[indexKeys[index][1]]) };
}
