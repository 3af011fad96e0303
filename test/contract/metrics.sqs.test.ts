import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { portsFrom } from "../../aws/ports.ts";
import { createInstall } from "../../local/install.ts";
import { installEnvironment } from "../../local/install-environment.ts";
import { ownName } from "../support/target.ts";
import { localAws } from "./local-aws.ts";
import { type Holding, metricsContract } from "./metrics.ts";

const start = localAws();

metricsContract("the metrics of SQS", async () => {
  const { clients, variables } = await start();
  const { sqs } = clients;
  const prefix = ownName();
  const install = await createInstall(clients, { name: prefix });
  const queues = new Map<string, { readonly QueueUrl: string; readonly receipts: string[] }>();
  return {
    metrics: portsFrom(installEnvironment(variables, install), clients).metrics,
    aQueue: async (name, holding) => {
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-${name}` }));
      const arn = await arnOf(sqs, QueueUrl);
      queues.set(arn, { QueueUrl, receipts: await fill(sqs, QueueUrl, holding) });
      return arn;
    },
    finishOne: async (arn) => {
      const { QueueUrl = "", receipts = [] } = queues.get(arn) ?? {};
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: receipts.pop() }));
    },
    noQueue: `${await arnOf(sqs, install.queues.work)}-that-nobody-made`,
  };
});

async function arnOf(sqs: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return Attributes?.QueueArn ?? "";
}

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
