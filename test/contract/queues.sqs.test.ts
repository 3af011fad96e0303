import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sqsQueues } from "../../aws/queues.ts";
import { createInstall } from "../../local/install.ts";
import { ownName } from "../support/target.ts";
import { localAws } from "./local-aws.ts";
import { queuesContract } from "./queues.ts";

const start = localAws();

queuesContract("the queues on SQS", async () => {
  const { clients } = await start();
  const { queues: urls } = await createInstall(clients, { name: ownName() });
  return {
    queues: sqsQueues({ client: clients.sqs, urls }),
    nowMs: Date.now,
    received: async (queue, count) => {
      const endMs = Date.now() + 10_000;
      const bodies: string[] = [];
      for (;;) {
        const more = await receiveSome(clients.sqs, urls[queue]);
        bodies.push(...more);
        if (bodies.length >= count && more.length === 0) return bodies;
        if (Date.now() > endMs) throw new Error(`${bodies.length} of ${count} messages arrived on ${queue}`);
        if (more.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
  };
});

async function receiveSome(client: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 });
  const { Messages = [] } = await client.send(command);
  for (const { ReceiptHandle } of Messages) {
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
  return Messages.map(({ Body = "" }) => Body);
}
