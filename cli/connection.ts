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
import { type Endpoint, resolveEndpoint } from "./endpoint.ts";
import { exit } from "./exit-codes.ts";

/** Which install is meant. */
export interface ConnectionOptions {
  /** Of AWS's services; absent: as the environment says. */
  readonly endpoint?: string;
  /** Prefixes its table and its queues. */
  readonly install: string;
}

/** An install as any client sees it: it takes commands, and its records can be read. */
export interface Connection {
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

/** Opens no connection yet: the first read or send does. @throws CommandError when the environment does not say which region. */
export function connect({ endpoint, install }: ConnectionOptions, environment: Environment): Connection {
  const found = resolveEndpoint(endpoint, environment);
  const dynamodb = new DynamoDBClient(clientSettings(found.environment, "DYNAMODB"));
  const sqs = new SQSClient(clientSettings(found.environment, "SQS"));
  const store = dynamoStore({ client: dynamodb, table: install, clock: systemClock() });
  const explained = <T>(run: () => Promise<T>) => run().catch((error: unknown) => explain(error, found, install));
  return {
    store: {
      get: (key) => explained(() => store.get(key)),
      query: (partition, prefix) => explained(() => store.query(partition, prefix)),
      list: (index, shard) => explained(() => store.list(index, shard)),
    },
    // The local cluster knows senders by their access key; AWS by an id that only AWS can tell.
    senders: found.accessKey ? [found.accessKey] : [],
    isLocal: found.isLocal,
    openLogs: async () => (await import("../aws/logs.ts")).cloudWatchLogs(found.environment),
    send: (body, group) => explained(() => send(sqs, `${install}-commands.fifo`, body, group)),
    close: () => {
      dynamodb.destroy();
      sqs.destroy();
    },
  };
}

async function send(sqs: SQSClient, queue: string, body: string, group: string): Promise<string> {
  const { QueueUrl } = await translated("sqs GetQueueUrl", () =>
    sqs.send(new GetQueueUrlCommand({ QueueName: queue })),
  );
  const message = { QueueUrl, MessageBody: body, MessageGroupId: group };
  const { MessageId = "" } = await translated("sqs SendMessage", () => sqs.send(new SendMessageCommand(message)));
  return MessageId;
}

const unreachable = ["ECONNREFUSED", "ENOTFOUND", "EHOSTUNREACH", "EAI_AGAIN"];
const absent = ["ResourceNotFoundException", "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** Says what to do about the two things that go wrong before all others: nobody is there, or not that install. */
function explain(error: unknown, { url, isLocal }: Endpoint, install: string): never {
  if (!isFault(error)) throw error;
  if (isLocal && unreachable.includes(systemCode(error.cause) ?? error.code)) {
    const advice = "start one with `longshore dev`, or set AWS_ENDPOINT_URL";
    throw new CommandError(exit.fault, `no cluster answers at ${url}; ${advice}`, { cause: error });
  }
  if (absent.includes(error.code)) {
    const advice = "name yours with --install, or look at the endpoint and the region";
    throw new CommandError(exit.fault, `there is no install "${install}" at ${url}; ${advice}`, { cause: error });
  }
  throw new CommandError(exit.fault, error.message, { cause: error });
}

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
