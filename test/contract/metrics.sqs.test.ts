import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { portsFrom } from "../../aws/ports.ts";
import { localAccount, localRegion } from "../../local/environment.ts";
import { createInstall } from "../../local/install.ts";
import { installEnvironment } from "../../local/install-environment.ts";
import { localAws } from "./local-aws.ts";
import { type Holding, metricsContract } from "./metrics.ts";

const start = localAws();
const arnOf = (name: string) => `arn:aws:sqs:${localRegion}:${localAccount}:${name}`;

metricsContract("the metrics of SQS", async () => {
  const clients = await start();
  const { sqs } = clients;
  const install = await createInstall(clients);
  const url = new URL(install.queues.work).origin;
  const queues = new Map<string, { readonly QueueUrl: string; readonly receipts: string[] }>();
  return {
    metrics: portsFrom(installEnvironment(url, install), clients).metrics,
    aQueue: async (name, holding) => {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
      queues.set(arnOf(name), { QueueUrl, receipts: await fill(sqs, QueueUrl, holding) });
      return arnOf(name);
    },
    finishOne: async (arn) => {
      const { QueueUrl = "", receipts = [] } = queues.get(arn) ?? {};
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipts.pop() }));
    },
    noQueue: arnOf("nobody"),
  };
});

/** Answers the receipts of what is in flight. */
async function fill(sqs: SQSClient, QueueUrl: string, { visible, inFlight, delayed = 0 }: Holding): Promise<string[]> {
  const send = (DelaySeconds: number) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "work", DelaySeconds }));
  for (let sent = 0; sent < visible + inFlight; sent += 1) await send(0);
  for (let sent = 0; sent < delayed; sent += 1) await send(900);
  const receipts: string[] = [];
  while (receipts.length < inFlight) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: Math.min(10, inFlight - receipts.length) }),
    );
    receipts.push(...Messages.flatMap(({ ReceiptHandle }) => ReceiptHandle ?? []));
  }
  return receipts;
}
