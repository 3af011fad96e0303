import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { observationBodies, wakeupBody } from "../core/model/bodies.ts";
import { Fault, invariant } from "../core/model/fault.ts";
import type { Queues } from "../core/ports/queues.ts";
import { readDeadLetters } from "./dead-letters.ts";
import { translated } from "./faults.ts";

/** URLs of the queues that we send to. */
interface QueueUrls {
  readonly work: string;
  readonly dispatch: string;
  readonly observations: string;
}

interface QueuesOptions {
  readonly client: SQSClient;
  readonly urls: QueueUrls;
  /** URLs of the queues of dead letters. Default: none. */
  readonly deadLetterUrls?: readonly string[];
}

/** SQS takes ten messages at once, and 1 MiB in all: some room is left for what surrounds the bodies. */
const batchLimits = { messages: 10, bytes: 1_000_000 };

/** The standard queues on Amazon SQS. */
export function sqsQueues({ client, urls, deadLetterUrls = [] }: QueuesOptions): Queues {
  const send = async (url: string, bodies: readonly string[], delaySeconds = 0) => {
    for (const batch of batches(bodies)) await sendBatch(client, url, entriesOf(batch, delaySeconds));
  };
  return {
    wake: async (queue, wakeups, delaySeconds = 0) => {
      const allowed = Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= 900;
      invariant(allowed, `the delay of a message on ${queue} must be 0 to 900 whole seconds, got ${delaySeconds}`);
      await send(urls[queue], wakeups.map(wakeupBody), delaySeconds);
    },
    report: (observations, hops) => send(urls.observations, observationBodies(observations, hops)),
    deadLetters: () => Promise.all(deadLetterUrls.map((url) => readDeadLetters(client, url))),
  };
}

/** Cuts bodies into batches that SQS takes, in their order. */
function batches(bodies: readonly string[]): readonly (readonly string[])[] {
  const cut: string[][] = [];
  let bytes = 0;
  for (const body of bodies) {
    const size = Buffer.byteLength(body);
    const batch = cut.at(-1);
    if (batch && batch.length < batchLimits.messages && bytes + size <= batchLimits.bytes) {
      batch.push(body);
      bytes += size;
    } else {
      cut.push([body]);
      bytes = size;
    }
  }
  return cut;
}

function entriesOf(bodies: readonly string[], delaySeconds: number): readonly SendMessageBatchRequestEntry[] {
  return bodies.map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
  }));
}

/** Sends a batch, and what of it failed once more. */
async function sendBatch(
  client: SQSClient,
  url: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<void> {
  const failed = await failuresOf(client, url, entries);
  if (failed.length === 0) return;
  const ids = new Set(failed.map(({ Id }) => Id));
  const again = await failuresOf(
    client,
    url,
    entries.filter(({ Id }) => ids.has(Id)),
  );
  const [first] = again;
  if (!first) return;
  const { Code: code = "unknown", Message: reason = "no reason given" } = first;
  const message = `sqs SendMessageBatch left ${again.length} of ${entries.length} messages unsent: ${code}: ${reason}; send them again`;
  throw new Fault("transient", code, message);
}

async function failuresOf(
  client: SQSClient,
  url: string,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<readonly BatchResultErrorEntry[]> {
  const command = new SendMessageBatchCommand({ QueueUrl: url, Entries: [...entries] });
  const { Failed = [] } = await translated("sqs SendMessageBatch", () => client.send(command));
  return Failed;
}
