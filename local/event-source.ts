import { setTimeout as delay } from "node:timers/promises";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { within } from "./deadline.ts";
import { doneAmong, type EventOrigin, sqsEvent } from "./sqs-event.ts";

/** A queue, and the function that its messages go to. */
export interface EventSourceOptions extends EventOrigin {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** Batches that are handled at once. Default 5, what Lambda starts with. A FIFO queue itself keeps groups apart. */
  readonly concurrency?: number;
  /** Longest that a receive waits for a message. Default 20. */
  readonly waitSeconds?: number;
  /** A handler that takes longer has failed. Default 30 s. */
  readonly timeoutMs?: number;
  /** Told of whatever a handler throws, and of a queue that cannot be reached. */
  readonly onFault: (fault: unknown) => void;
}

/** Hands a queue's messages to a handler, as a Lambda event source mapping with `ReportBatchItemFailures` does. */
export interface EventSource {
  /** Receives nothing more; resolves when the batches that are being handled are done. */
  close(): Promise<void>;
}

const batchSize = 10;
const pauseAfterFaultMs = 250;

/**
 * Receives up to 10 messages at a time and deletes those that are handled. The others stay, and come back after the
 * queue's visibility timeout: those that the answer names, or the whole batch when the handler throws or takes too long.
 */
export function startEventSource(options: EventSourceOptions): EventSource {
  const closing = new AbortController();
  const ended = poll(options, closing.signal);
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}

async function poll(options: EventSourceOptions, closing: AbortSignal): Promise<void> {
  const { concurrency = 5, onFault } = options;
  const handled = new Set<Promise<void>>();
  while (!closing.aborted) {
    const messages = await receive(options, closing);
    if (messages.length === 0) continue;
    const batch = handle(messages, options)
      .catch(onFault)
      .finally(() => handled.delete(batch));
    handled.add(batch);
    if (handled.size >= concurrency) await Promise.race(handled);
  }
  await Promise.all(handled);
}

async function receive(
  { sqs, queueUrl, waitSeconds = 20, onFault }: EventSourceOptions,
  closing: AbortSignal,
): Promise<readonly Message[]> {
  const request = new ReceiveMessageCommand({
    QueueUrl: queueUrl,
    MaxNumberOfMessages: batchSize,
    WaitTimeSeconds: waitSeconds,
    MessageSystemAttributeNames: ["All"],
    MessageAttributeNames: ["All"],
  });
  try {
    const { Messages = [] } = await sqs.send(request, { abortSignal: closing });
    return Messages;
  } catch (fault) {
    if (closing.aborted) return [];
    onFault(fault);
    await delay(pauseAfterFaultMs);
    return [];
  }
}

async function handle(messages: readonly Message[], options: EventSourceOptions): Promise<void> {
  const { sqs, queueUrl, handler, timeoutMs = 30_000, onFault } = options;
  const answer = await within(timeoutMs, handler(sqsEvent(messages, options)));
  const done = doneAmong(messages, answer);
  if (done.length === 0) return;
  const entries = done.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
  for (const { Code, Message: message } of Failed)
    onFault(new Error(`a handled message was not deleted: ${Code} ${message}`));
}
