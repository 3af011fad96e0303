import { setTimeout as delay } from "node:timers/promises";
import {
  CreateTableCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from "@aws-sdk/client-dynamodb";
import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** A queue of an install, by what travels on it. */
export type QueueName = "commands" | "work" | "dispatch" | "observations";

/** What an install's table and queues are like. */
export interface InstallOptions {
  /** Prefixes every name. Default `longshore`. */
  readonly name?: string;
  /** How long a received message stays hidden, 0 to 43,200 s. Default 180. */
  readonly visibilityTimeoutSeconds?: number;
  /** How often a message is received before it becomes a dead letter, 1 to 1,000. Default 5. */
  readonly maxReceiveCount?: number;
}

/** What an install consists of. */
export interface Install {
  readonly table: string;
  /** Queue URLs. */
  readonly queues: Readonly<Record<QueueName, string>>;
  /** URLs of the queues' dead-letter queues. */
  readonly deadLetters: Readonly<Record<QueueName, string>>;
}

interface QueueSettings {
  readonly fifo?: boolean;
  /** Default: SQS's own, 4 days. */
  readonly retentionSeconds?: number;
}

const queueSettings: Readonly<Record<QueueName, QueueSettings>> = {
  commands: { fifo: true },
  work: {},
  dispatch: {},
  // An older observation says nothing any more: what is still different by then, the sweep finds.
  observations: { retentionSeconds: 3600 },
};

/** As long as SQS keeps anything: a person has to look. */
const deadLetterRetentionSeconds = 14 * 24 * 3600;

/**
 * Creates the table and the queues of an install, as the deployed stack has them. What is there already stays as it is.
 *
 * @throws QueueNameExists when a queue is there with other settings; an Error when the table does not become active.
 */
export async function createInstall(
  { dynamodb, sqs }: { readonly dynamodb: DynamoDBClient; readonly sqs: SQSClient },
  options: InstallOptions = {},
): Promise<Install> {
  const { name = "longshore" } = options;
  const [, commands, work, dispatch, observations] = await Promise.all([
    createTable(dynamodb, name),
    createQueues(sqs, "commands", options),
    createQueues(sqs, "work", options),
    createQueues(sqs, "dispatch", options),
    createQueues(sqs, "observations", options),
  ]);
  return {
    table: name,
    queues: { commands: commands.url, work: work.url, dispatch: dispatch.url, observations: observations.url },
    deadLetters: {
      commands: commands.dead,
      work: work.dead,
      dispatch: dispatch.dead,
      observations: observations.dead,
    },
  };
}

async function createTable(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  const indexes = [
    { name: "byKind", partition: "kindShard", sort: "kindRow" },
    { name: "waiting", partition: "waitShard", sort: "waitRow" },
  ];
  const names = ["partition", "sort", ...indexes.flatMap(({ partition, sort }) => [partition, sort])];
  const create = new CreateTableCommand({
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: keySchema("partition", "sort"),
    GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
      IndexName: name,
      KeySchema: keySchema(partition, sort),
      Projection: { ProjectionType: "KEYS_ONLY" },
    })),
  });
  await dynamodb.send(create).catch((error: unknown) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  await untilActive(dynamodb, TableName);
}

function keySchema(partition: string, sort: string) {
  return [
    { AttributeName: partition, KeyType: "HASH" as const },
    { AttributeName: sort, KeyType: "RANGE" as const },
  ];
}

async function untilActive(dynamodb: DynamoDBClient, TableName: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === "ACTIVE") return;
    await delay(20);
  }
  throw new Error(`table ${TableName} was not active after 10 s`);
}

/** A queue behind its dead-letter queue. */
async function createQueues(sqs: SQSClient, queue: QueueName, options: InstallOptions) {
  const { name = "longshore", visibilityTimeoutSeconds = 180, maxReceiveCount = 5 } = options;
  const { fifo = false, retentionSeconds } = queueSettings[queue];
  const suffix = fifo ? ".fifo" : "";
  const dead = await createQueue(sqs, `${name}-${queue}-dead${suffix}`, {
    ...(fifo ? { FifoQueue: "true" } : {}),
    MessageRetentionPeriod: String(deadLetterRetentionSeconds),
  });
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ["QueueArn"] }),
  );
  const url = await createQueue(sqs, `${name}-${queue}${suffix}`, {
    // A sender may leave the deduplication id out: then equal bodies within five minutes are one message.
    ...(fifo ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {}),
    ...(retentionSeconds ? { MessageRetentionPeriod: String(retentionSeconds) } : {}),
    VisibilityTimeout: String(visibilityTimeoutSeconds),
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount }),
  });
  return { url, dead };
}

async function createQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (!QueueUrl) throw new Error(`no queue URL was answered for ${QueueName}`);
  return QueueUrl;
}
