import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DeleteCommandInput,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from "@aws-sdk/lib-dynamodb";
import type { ItemKey } from "../core/ports/store.ts";
import { isConditionFailed, translated } from "./faults.ts";

/** An item as DynamoDB keeps it. */
export type Attributes = Record<string, unknown>;

/** One DynamoDB table, with what the SDK throws translated. The writes answer whether their condition held. */
export interface Table {
  get(key: ItemKey): Promise<Attributes | undefined>;
  /** All pages, an empty one that is not the last among them. */
  query(input: Omit<QueryCommandInput, "TableName">): Promise<readonly Attributes[]>;
  put(input: Omit<PutCommandInput, "TableName">): Promise<boolean>;
  update(input: Omit<UpdateCommandInput, "TableName">): Promise<boolean>;
  delete(input: Omit<DeleteCommandInput, "TableName">): Promise<boolean>;
}

/** Most pages of 1 MB that one query follows: far above what one partition of ours holds. */
const maxPages = 1_000;

/** The table of that name. `undefined` in an item is left out, however deep. */
export function dynamoTable(client: DynamoDBClient, name: string): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const named = <Input>(input: Input) => ({ ...input, TableName: name });
  return {
    get: async ({ partition, sort }) => {
      const command = new GetCommand(named({ Key: { partition, sort }, ConsistentRead: true }));
      return (await translated("dynamodb GetItem", () => documents.send(command))).Item;
    },
    query: (input) => everyPage(documents, named(input)),
    put: (input) => holds("dynamodb PutItem", () => documents.send(new PutCommand(named(input)))),
    update: (input) => holds("dynamodb UpdateItem", () => documents.send(new UpdateCommand(named(input)))),
    delete: (input) => holds("dynamodb DeleteItem", () => documents.send(new DeleteCommand(named(input)))),
  };
}

async function everyPage(documents: DynamoDBDocumentClient, input: QueryCommandInput): Promise<readonly Attributes[]> {
  const items: Attributes[] = [];
  let from: Attributes | undefined;
  for (let page = 0; page < maxPages; page++) {
    const command = new QueryCommand({ ...input, ExclusiveStartKey: from });
    const answer = await translated("dynamodb Query", () => documents.send(command));
    items.push(...(answer.Items ?? []));
    from = answer.LastEvaluatedKey;
    if (!from) return items;
  }
  throw new Error(`broken invariant: a query of ${input.TableName} has more than ${maxPages} pages`);
}

/** False: the condition did not hold, so nothing was written. */
function holds(operation: string, send: () => Promise<unknown>): Promise<boolean> {
  return translated(operation, async () => {
    try {
      await send();
      return true;
    } catch (error) {
      if (isConditionFailed(error)) return false;
      throw error;
    }
  });
}
