import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings } from "../aws/client-settings.ts";
import { systemClock } from "../aws/clock.ts";
import type { Environment } from "../aws/environment.ts";
import { translated } from "../aws/faults.ts";
import type { LogReader } from "../aws/logs.ts";
import { dynamoStore } from "../aws/store.ts";
import { isFault } from "../core/model/fault.ts";
import type { Store } from "../core/ports/store.ts";
import { CommandError } from "./command-error.ts";
import { exit } from "./exit-codes.ts";
import { explainFault } from "./explain-fault.ts";
import { type ConnectionOptions, type Install, whichInstall } from "./which-install.ts";

/** An install as any client sees it: it takes commands, and its records can be read. */
export interface Connection extends Pick<Install, "cluster" | "stack"> {
  readonly store: Pick<Store, "get" | "query" | "list">;
  /** The unique ids that SQS may stamp on what we send, as far as they are known without asking. */
  readonly senders: readonly string[];
  /** Puts a command on the queue. @param group Its messages stay in order. @returns The message's id. */
  send(body: string, group: string): Promise<string>;
  /** A reader of what containers wrote; it has to be closed, too. */
  openLogs(): Promise<LogReader>;
  /** Whether it is a cluster on this machine. */
  readonly isLocal: boolean;
  close(): void;
}

/**
 * Connects to an install. Only its stack is asked for at once, where one is named: the rest is found out by the first read
 * or send.
 * @throws CommandError when nothing says which region, or there is no such stack.
 */
export async function connect(options: ConnectionOptions, environment: Environment): Promise<Connection> {
  const install = await whichInstall(options, environment);
  const { endpoint, cluster, stack } = install;
  const dynamodb = new DynamoDBClient(clientSettings(endpoint.environment, "DYNAMODB"));
  const sqs = new SQSClient(clientSettings(endpoint.environment, "SQS"));
  const store = dynamoStore({ client: dynamodb, table: install.table, clock: systemClock() });
  const explained = <T>(run: () => Promise<T>) => run().catch((error: unknown) => explain(error, install));
  return {
    store: {
      get: (key) => explained(() => store.get(key)),
      query: (partition, prefix) => explained(() => store.query(partition, prefix)),
      list: (index, shard) => explained(() => store.list(index, shard)),
    },
    cluster,
    ...(stack && { stack }),
    // The local cluster knows senders by their access key; AWS by an id that only AWS can tell.
    senders: endpoint.accessKey ? [endpoint.accessKey] : [],
    isLocal: endpoint.isLocal,
    openLogs: async () => (await import("../aws/logs.ts")).cloudWatchLogs(endpoint.environment),
    send: (body, group) => explained(() => send(sqs, install, { body, group })),
    close: () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}

async function send(
  sqs: SQSClient,
  { name, commandsQueueUrl }: Install,
  { body, group }: { readonly body: string; readonly group: string },
): Promise<string> {
  const QueueUrl = commandsQueueUrl ?? (await queueUrl(sqs, `${name}-commands.fifo`));
  const message = { QueueUrl, MessageBody: body, MessageGroupId: group };
  const { MessageId = "" } = await translated("sqs SendMessage", () => sqs.send(new SendMessageCommand(message)));
  return MessageId;
}

async function queueUrl(sqs: SQSClient, QueueName: string): Promise<string | undefined> {
  const command = new GetQueueUrlCommand({ QueueName });
  return (await translated("sqs GetQueueUrl", () => sqs.send(command))).QueueUrl;
}

const absent = ["ResourceNotFoundException", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** Says what to do where there is no such install, or nobody at all. */
function explain(error: unknown, { endpoint, name, stack }: Install): never {
  if (!isFault(error) || !absent.includes(error.code)) throw explainFault(error, endpoint);
  const advice = stack
    ? `stack "${stack.name}" names it, and its table or its queue is gone`
    : "name yours with --install or --stack, or look at the endpoint and the region";
  throw new CommandError(exit.fault, `there is no install "${name}" at ${endpoint.url}; ${advice}`, { cause: error });
}
