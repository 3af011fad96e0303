import { setTimeout as delay } from "node:timers/promises";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, test } from "vitest";
import { useEndpoint } from "./use-endpoint.ts";

const endpoint = useEndpoint();
let ada: SQSClient;
let eve: SQSClient;
beforeAll(() => {
  ada = endpoint.sqs("ada");
  eve = endpoint.sqs("eve");
});

async function createQueue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl = "" } = await ada.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

async function receive(QueueUrl: string, input: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> {
  const { Messages = [] } = await ada.send(new ReceiveMessageCommand({ QueueUrl, ...input }));
  return Messages;
}

const remove = (QueueUrl: string, { ReceiptHandle }: Message) =>
  ada.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));

describe("queue URLs", () => {
  test("each answer that names a queue points at this endpoint", async () => {
    const url = `${endpoint.url()}/000000000000/urls`;
    expect(await createQueue("urls")).toBe(url);
    expect(await createQueue("urls")).toBe(url);
    expect((await ada.send(new GetQueueUrlCommand({ QueueName: "urls" }))).QueueUrl).toBe(url);
    expect((await ada.send(new ListQueuesCommand({ QueueNamePrefix: "urls" }))).QueueUrls).toEqual([url]);
  });

  test("they have the host and port that the client used", async () => {
    const response = await fetch(endpoint.url().replace("127.0.0.1", "localhost"), {
      method: "POST",
      headers: {
        authorization: "AWS4-HMAC-SHA256 Credential=ada/20260101/us-east-1/sqs/aws4_request, Signature=0",
        "x-amz-target": "AmazonSQS.CreateQueue",
      },
      body: '{"QueueName":"by-name"}',
    });
    const port = new URL(endpoint.url()).port;
    expect(await response.json()).toEqual({ QueueUrl: `http://localhost:${port}/000000000000/by-name` });
  });

  test("no queue is an error with SQS's code", async () => {
    const get = ada.send(new GetQueueUrlCommand({ QueueName: "absent" }));
    await expect(get).rejects.toMatchObject({ name: "QueueDoesNotExist", $metadata: { httpStatusCode: 400 } });
  });
});

describe("SenderId", () => {
  test("is the access key that signed the send, message by message", async () => {
    const url = await createQueue("senders");
    await ada.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "from ada" }));
    const Entries = ["1", "2"].map((Id) => ({ Id, MessageBody: `from eve ${Id}` }));
    await eve.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const messages = await receive(url, { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["SenderId"] });
    expect(messages.map(({ Body, Attributes }) => [Body, Attributes])).toEqual([
      ["from ada", { SenderId: "ada" }],
      ["from eve 1", { SenderId: "eve" }],
      ["from eve 2", { SenderId: "eve" }],
    ]);
  });

  test.for<{ name: string; input: Partial<ReceiveMessageCommandInput>; expected?: string }>([
    { name: "AttributeNames: All", input: { AttributeNames: ["All"] }, expected: "ada" },
    { name: "MessageSystemAttributeNames: All", input: { MessageSystemAttributeNames: ["All"] }, expected: "ada" },
    { name: "another attribute", input: { MessageSystemAttributeNames: ["SentTimestamp"] } },
    { name: "none", input: {} },
  ])("asked for $name: $expected", async ({ name, input, expected }) => {
    const url = await createQueue(`asked-${name.replaceAll(/\W+/g, "-")}`);
    await ada.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    const [message] = await receive(url, input);
    expect(message?.Body).toBe("x");
    expect(message?.Attributes?.SenderId).toBe(expected);
  });

  test("a repeated send by somebody else does not take a message over", async () => {
    const url = await createQueue("repeated.fifo", { FifoQueue: "true" });
    const send = new SendMessageCommand({
      QueueUrl: url,
      MessageBody: "x",
      MessageGroupId: "g",
      MessageDeduplicationId: "d",
    });
    await ada.send(send);
    await eve.send(send);
    const [message] = await receive(url, { MessageSystemAttributeNames: ["All"] });
    expect(message?.Attributes).toMatchObject({ SenderId: "ada", MessageGroupId: "g", MessageDeduplicationId: "d" });
  });

  test("stays over redeliveries, a delete that comes too late, and a purge", async () => {
    const url = await createQueue("redelivered", { VisibilityTimeout: "0" });
    await eve.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    const ask = { MessageSystemAttributeNames: ["SenderId" as const] };
    const [first] = await receive(url, ask);
    const [second] = await receive(url, ask);
    if (first) await remove(url, first);
    const [third] = await receive(url, ask);
    expect([first, second, third].map((message) => message?.Attributes?.SenderId)).toEqual(["eve", "eve", "eve"]);
    await ada.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await receive(url)).toEqual([]);
  });
});

describe("receiving", () => {
  test("a message that is sent while a receive waits is delivered at once, with its sender", async () => {
    const url = await createQueue("waiting");
    for (let round = 0; round < 20; round++) {
      const started = performance.now();
      const received = receive(url, { WaitTimeSeconds: 20, MessageSystemAttributeNames: ["SenderId"] });
      await eve.send(new SendMessageCommand({ QueueUrl: url, MessageBody: `round ${round}` }));
      const [message] = await received;
      expect(message).toMatchObject({ Body: `round ${round}`, Attributes: { SenderId: "eve" } });
      expect(performance.now() - started).toBeLessThan(5000);
      if (message) await remove(url, message);
    }
  });

  test("what a client that went away would have got is there for the next one at once", async () => {
    const url = await createQueue("gone");
    const leaving = new AbortController();
    const received = ada.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), {
      abortSignal: leaving.signal,
    });
    // Long enough for the receive to be waiting, and then for the endpoint to notice that its client left.
    setTimeout(() => leaving.abort(), 200);
    await expect(received).rejects.toMatchObject({ name: "AbortError" });
    await delay(200);
    await eve.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "x" }));
    const [message] = await receive(url, { WaitTimeSeconds: 5 });
    expect(message?.Body).toBe("x");
  });

  test("a FIFO queue keeps a group's order, and holds the group while one is in flight", async () => {
    const url = await createQueue("order.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
    const sent = ["a1", "b1", "a2", "b2", "a3"];
    for (const MessageBody of sent) {
      await ada.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId: MessageBody.slice(0, 1) }));
    }
    const bodies: (string | undefined)[][] = [];
    for (let round = 0; round < 3; round++) {
      const messages = await receive(url, { MaxNumberOfMessages: 10 });
      expect(await receive(url, { MaxNumberOfMessages: 10 })).toEqual([]);
      bodies.push(messages.map(({ Body }) => Body));
      for (const message of messages) await remove(url, message);
    }
    expect(bodies).toEqual([["a1", "b1"], ["a2", "b2"], ["a3"]]);
  });
});
