import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { type Capability, see, seeWithin } from "./capability.ts";

/** Where the probe makes queues of its own. */
export interface SqsWorld {
  readonly sqs: SQSClient;
  /** Prefixes their names. */
  readonly prefix: string;
}

/** What Longshore, or whoever operates it, may want of SQS. */
export const sqsCapabilities = [
  {
    name: "messages with their sender",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "plain");
      await queue.send("hello");
      const [message] = await queue.receive(2);
      see(message?.Body === "hello", `received ${message?.Body}`);
      see(Boolean(message?.Attributes?.SenderId), "it has no SenderId");
    },
  },
  {
    name: "delay of a message",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "delay");
      await queue.send("late", { DelaySeconds: 1 });
      see((await queue.receive(0)).length === 0, "it is there at once");
      see((await queue.receive(5)).length === 1, "it never comes");
    },
  },
  {
    name: "a message comes back after its visibility timeout",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "visibility", { VisibilityTimeout: "1" });
      await queue.send("again");
      see((await queue.receive(2)).length === 1, "it never comes");
      see((await queue.receive(0)).length === 0, "it is there twice");
      await seeWithin(5_000, async () => ((await queue.receive(1)).length === 1 ? undefined : "it never comes back"));
    },
  },
  {
    name: "redrive to a dead-letter queue",
    isNeeded: true,
    try: async (world) => {
      const dead = await aQueue(world, "dead");
      const queue = await aQueue(world, "poisoned", {
        VisibilityTimeout: "0",
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
      });
      await queue.send("poison");
      for (let receive = 0; receive < 3; receive += 1) await queue.receive(0);
      see((await dead.receive(2))[0]?.Body === "poison", "it is no dead letter after 2 receives");
    },
  },
  {
    name: "dead letters are moved back",
    try: async (world) => {
      const dead = await aQueue(world, "moved");
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 1 });
      const source = await aQueue(world, "source", { VisibilityTimeout: "0", RedrivePolicy });
      await source.send("moved");
      for (let receive = 0; receive < 2; receive += 1) await source.receive(0);
      await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: dead.arn, DestinationArn: source.arn }));
      see((await source.receive(5)).length === 1, "nothing is moved");
    },
  },
  {
    name: "order within a group, which a message in flight holds up",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "order.fifo", { VisibilityTimeout: "60" });
      for (const body of ["first", "second"]) await queue.send(body, fifo("a"));
      await queue.send("other", fifo("b"));
      const first = await queue.receive(2, 1);
      see(first[0]?.Body === "first", `${first[0]?.Body} comes before first`);
      const next = (await queue.receive(1, 10)).map(({ Body }) => Body);
      see(next.join() === "other", `beside first there comes ${next.join() || "nothing"}`);
      await queue.remove(first[0]);
      await seeWithin(5_000, async () => ((await queue.receive(1))[0]?.Body === "second" ? undefined : "none is next"));
    },
  },
  {
    name: "a message that comes back keeps its place in its group",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "place.fifo", { VisibilityTimeout: "1" });
      for (const body of ["first", "second"]) await queue.send(body, fifo("a"));
      for (let receive = 0; receive < 2; receive += 1) {
        await seeWithin(5_000, async () => {
          const [message] = await queue.receive(1, 1);
          see((message?.Body ?? "first") === "first", `${message?.Body} overtakes first`);
          return message ? undefined : "first never comes back";
        });
      }
    },
  },
  {
    name: "a receive that waits sees a group as soon as it is free",
    try: async (world) => {
      const queue = await aQueue(world, "free.fifo", { VisibilityTimeout: "60" });
      for (const body of ["first", "second"]) await queue.send(body, fifo("a"));
      const [first] = await queue.receive(2, 1);
      const startMs = performance.now();
      const waiting = queue.receive(6, 1);
      await queue.remove(first);
      see((await waiting)[0]?.Body === "second", "it ends without it");
      const tookMs = performance.now() - startMs;
      see(tookMs < 3_000, `only after ${(tookMs / 1000).toFixed(1)} s`);
    },
  },
  {
    name: "a receive that waits sees a message as soon as it comes back",
    try: async (world) => {
      const queue = await aQueue(world, "back.fifo", { VisibilityTimeout: "1" });
      await queue.send("again", fifo("a"));
      await queue.receive(2, 1);
      const startMs = performance.now();
      see((await queue.receive(6, 1)).length === 1, "it ends without it");
      const tookMs = performance.now() - startMs;
      see(tookMs < 3_000, `only after ${(tookMs / 1000).toFixed(1)} s`);
    },
  },
  {
    name: "deduplication by id, and by content",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "once.fifo", { ContentBasedDeduplication: "true" });
      for (const body of ["one", "one", "two"]) await queue.send(body, { MessageGroupId: body });
      await queue.send("three", { MessageGroupId: "c", MessageDeduplicationId: "id" });
      await queue.send("four", { MessageGroupId: "d", MessageDeduplicationId: "id" });
      const bodies = (await queue.receive(1, 10)).map(({ Body }) => Body).toSorted();
      see(bodies.join() === "one,three,two", `of one, one, two, three and its double there come ${bodies.join()}`);
    },
  },
  {
    name: "batches of 1 MiB",
    isNeeded: true,
    try: async (world) => {
      const queue = await aQueue(world, "large");
      const body = "x".repeat(100_000);
      const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: `${index}`, MessageBody: body }));
      const { Failed = [] } = await world.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
      see(Failed.length === 0, `${Failed.length} of 10 are refused`);
    },
  },
  {
    name: "visibility is changed for one message",
    try: async (world) => {
      const queue = await aQueue(world, "back", { VisibilityTimeout: "60" });
      await queue.send("now");
      const [{ ReceiptHandle } = {} as Message] = await queue.receive(2);
      const QueueUrl = queue.url;
      await world.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      see((await queue.receive(2)).length === 1, "it stays hidden");
    },
  },
] as const satisfies readonly Capability<SqsWorld>[];

interface Queue {
  readonly url: string;
  readonly arn: string;
  send(body: string, more?: object): Promise<unknown>;
  receive(waitSeconds: number, atMost?: number): Promise<readonly Message[]>;
  remove(message: Message | undefined): Promise<unknown>;
}

const fifo = (MessageGroupId: string) => ({ MessageGroupId, MessageDeduplicationId: crypto.randomUUID() });

async function aQueue(
  { sqs, prefix }: SqsWorld,
  name: string,
  attributes: Record<string, string> = {},
): Promise<Queue> {
  const Attributes = { ...attributes, ...(name.endsWith(".fifo") && { FifoQueue: "true" }) };
  const created = await sqs.send(new CreateQueueCommand({ QueueName: `${prefix}-${name}`, Attributes }));
  const QueueUrl = created.QueueUrl ?? "";
  const shown = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
  return {
    url: QueueUrl,
    arn: shown.Attributes?.QueueArn ?? "",
    send: (MessageBody, more = {}) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more })),
    receive: async (WaitTimeSeconds, MaxNumberOfMessages = 10) => {
      const request = { QueueUrl, WaitTimeSeconds, MaxNumberOfMessages, MessageSystemAttributeNames: ["All" as const] };
      return (await sqs.send(new ReceiveMessageCommand(request))).Messages ?? [];
    },
    remove: (message) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle })),
  };
}
