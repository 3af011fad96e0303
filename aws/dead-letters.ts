import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { Fault, isFault } from "../core/model/fault.ts";
import type { DeadLetters } from "../core/ports/queues.ts";
import { readWithin, spareReadTimeoutMs } from "./within-time.ts";

/** Waiting, and in somebody's hands, as while a person looks at it in the console. */
const held = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;

/** How many messages a queue of dead letters holds; why that cannot be read is an answer too. */
export async function readDeadLetters(client: SQSClient, url: string): Promise<DeadLetters> {
  const queue = url.slice(url.lastIndexOf("/") + 1);
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...held] });
  try {
    const { Attributes = {} } = await readWithin("sqs GetQueueAttributes", spareReadTimeoutMs, (options) =>
      client.send(command, options),
    );
    const counts = held.map((name) => countIn(Attributes[name], name));
    return { queue, messages: counts.reduce((sum, count) => sum + count, 0) };
  } catch (error) {
    if (isFault(error)) return { queue, unread: error.message };
    throw error;
  }
}

function countIn(text: string | undefined, name: string): number {
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  throw new Fault("transient", "UnreadableAnswer", `sqs GetQueueAttributes answered ${text ?? "nothing"} for ${name}`);
}
