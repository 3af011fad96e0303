import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { EventEnvelope } from "../sim/ecs/api.ts";

/** More than that wait only when the queue cannot be reached; then the oldest are lost, and the sweep finds what they said. */
const mostWaiting = 10_000;
const batchSize = 10;

/** Takes an engine's events to a queue, as a rule of EventBridge does. */
export interface EventForwarder {
  /** Never waits and never fails. */
  forward(envelope: EventEnvelope): void;
  /** Resolves when all that came so far is sent, or given up. */
  close(): Promise<void>;
}

/** @param onFault Told of each batch that could not be sent; it is lost. */
export function forwardEvents(sqs: SQSClient, queueUrl: string, onFault: (fault: unknown) => void): EventForwarder {
  const waiting: EventEnvelope[] = [];
  let sending: Promise<void> | undefined;
  const drain = async () => {
    // Lets a burst gather: an engine tells its events one by one, in one turn.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize);
      const Entries = batch.map((envelope, index) => ({ Id: `${index}`, MessageBody: JSON.stringify(envelope) }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      for (const { Code, Message } of Failed) onFault(new Error(`an event was not queued: ${Code} ${Message}`));
    }
  };
  const send = (): Promise<void> =>
    drain()
      .catch(onFault)
      .finally(() => {
        sending = undefined;
        if (waiting.length > 0) sending = send();
      });
  return {
    forward: (envelope) => {
      waiting.push(envelope);
      if (waiting.length > mostWaiting) waiting.shift();
      sending ??= send();
    },
    close: async () => {
      while (sending) await sending;
    },
  };
}
