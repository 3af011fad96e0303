import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { eachInOrder } from "../../lambdas/batch.ts";
import { type Endpoint, startEndpoint } from "../../local/endpoint.ts";
import { clientSettings, localAccount, localRegion } from "../../local/environment.ts";
import { type EventSource, type EventSourceOptions, startEventSource } from "../../local/event-source.ts";
import type { EcsEngine } from "../../sim/ecs/api.ts";
import { eventually } from "./eventually.ts";

const none = { batchItemFailures: [] };
const sources: EventSource[] = [];
let endpoint: Endpoint;
let sqs: SQSClient;

beforeAll(async () => {
  endpoint = await startEndpoint({ ecs: {} as EcsEngine });
  sqs = new SQSClient(clientSettings(endpoint.url, "AIDACI"));
});
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
});
afterAll(async () => {
  sqs.destroy();
  await endpoint.close();
});

const arnOf = (queue: string) => `arn:aws:sqs:${localRegion}:${localAccount}:${queue}`;

/** A queue whose messages come back after one second, and go to `<queue>-dead` after five receives. */
async function aQueue(name: string, attributes: Record<string, string> = {}) {
  const fifo = name.endsWith(".fifo");
  const dead = fifo ? name.replace(".fifo", "-dead.fifo") : `${name}-dead`;
  const common: Record<string, string> = fifo ? { FifoQueue: "true", ContentBasedDeduplication: "true" } : {};
  const { QueueUrl: deadUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: dead, Attributes: common }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(dead), maxReceiveCount: 5 });
  const Attributes = { ...common, VisibilityTimeout: "1", RedrivePolicy, ...attributes };
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  const send = (body: string, group?: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...(group && { MessageGroupId: group }) }));
  return { name, url: QueueUrl, deadUrl, send };
}

type Queue = Awaited<ReturnType<typeof aQueue>>;

function listen(
  queue: Queue,
  handler: EventSourceOptions["handler"],
  more: Partial<EventSourceOptions> = {},
): unknown[] {
  const faults: unknown[] = [];
  const source = startEventSource({
    sqs,
    queueUrl: queue.url,
    queueArn: arnOf(queue.name),
    region: localRegion,
    handler,
    onFault: (fault) => faults.push(fault),
    ...more,
  });
  sources.push(source);
  return faults;
}

/** Messages that wait or are in flight. */
async function depthOf(url: string): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...AttributeNames] }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}

const emptied = (url: string) =>
  eventually("an empty queue", async () => ((await depthOf(url)) === 0 ? true : undefined));

describe("a queue's messages", () => {
  test("reach the handler with all that Lambda documents, at once, and are deleted", async () => {
    const queue = await aQueue("whole.fifo");
    const events: SQSEvent[] = [];
    listen(queue, async (event) => {
      events.push(event);
      return none;
    });
    await queue.send("warm-up", "g0");
    await eventually("the first", () => events[0]);
    const sentMs = performance.now();
    await queue.send("hello", "g1");
    const record = (await eventually("the second", () => events[1])).Records[0];
    expect(performance.now() - sentMs).toBeLessThan(500);
    expect(record).toMatchObject({
      body: "hello",
      md5OfBody: "5d41402abc4b2a76b9719d911017c592",
      eventSource: "aws:sqs",
      eventSourceARN: arnOf("whole.fifo"),
      awsRegion: "us-east-1",
      attributes: { SenderId: "AIDACI", MessageGroupId: "g1", ApproximateReceiveCount: "1" },
    });
    expect(Number(record?.attributes.SentTimestamp)).toBeGreaterThan(0);
    await emptied(queue.url);
  });

  test("that fail come back alone, and end among the dead letters after five receives", async () => {
    const queue = await aQueue("partial");
    const seen: string[] = [];
    const poison = ({ body }: SQSRecord) => body === "poison";
    listen(queue, async ({ Records }) => {
      seen.push(...Records.map(({ body, attributes }) => `${body} ${attributes.ApproximateReceiveCount}`));
      return { batchItemFailures: Records.filter(poison).map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    for (const body of ["one", "poison", "two"]) await queue.send(body);
    await eventually("a dead letter", async () => ((await depthOf(queue.deadUrl)) > 0 ? true : undefined), 20_000);
    expect(seen.toSorted()).toEqual(["one 1", "poison 1", "poison 2", "poison 3", "poison 4", "poison 5", "two 1"]);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.deadUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(["poison"]);
    await emptied(queue.url);
  });

  test.for([
    { name: "throws", answer: () => Promise.reject(new Error("down")), fault: "down" },
    { name: "takes too long", answer: () => new Promise<never>(() => {}), fault: "not done within 200 ms" },
  ])("all come back when the handler $name", async ({ name, answer, fault }) => {
    const queue = await aQueue(`whole-${name.length}`);
    const seen: string[] = [];
    const faults = listen(
      queue,
      ({ Records }) => {
        seen.push(...Records.map(({ body }) => body));
        return seen.length === 1 ? answer() : Promise.resolve(none);
      },
      { timeoutMs: 200 },
    );
    await queue.send("once more");
    await eventually("the second receive", () => seen[1]);
    await emptied(queue.url);
    expect(seen).toEqual(["once more", "once more"]);
    expect(faults).toEqual([new Error(fault)]);
  });

  test("are handled five batches at once, and no more", async () => {
    const queue = await aQueue("busy", { VisibilityTimeout: "30" });
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let running = 0;
    let most = 0;
    let handled = 0;
    listen(queue, async ({ Records }) => {
      most = Math.max(most, ++running);
      await released;
      running--;
      handled += Records.length;
      return none;
    });
    for (let batch = 1; batch <= 5; batch++) {
      await queue.send(`${batch}`);
      await eventually(`batch ${batch}`, () => (running === batch ? true : undefined));
    }
    await queue.send("6");
    release();
    await emptied(queue.url);
    expect({ most, handled }).toEqual({ most: 5, handled: 6 });
  });
});

test("a FIFO queue's messages keep the order of their group through failures", async () => {
  const queue = await aQueue("order.fifo");
  const log = { write: () => {} };
  const trace: string[] = [];
  const work = async ({ body, attributes }: SQSRecord) => {
    if (body === "a2" && attributes.ApproximateReceiveCount === "1") throw new Error("not yet");
    trace.push(body);
  };
  for (const body of ["a1", "b1", "a2", "b2", "a3"]) await queue.send(body, body.charAt(0));
  listen(queue, ({ Records }) => eachInOrder(Records, work, log));
  await eventually("all five", () => (trace.length === 5 ? true : undefined));
  await emptied(queue.url);
  const ofGroup = (group: string) => trace.filter((body) => body.startsWith(group));
  expect({ a: ofGroup("a"), b: ofGroup("b") }).toEqual({ a: ["a1", "a2", "a3"], b: ["b1", "b2"] });
  expect(trace.indexOf("b2")).toBeLessThan(trace.indexOf("a2"));
});

describe("a source that is closed", () => {
  test("waits for the batch that is being handled", async () => {
    const queue = await aQueue("closing");
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let state = "idle";
    listen(queue, async () => {
      state = "handling";
      await released;
      state = "done";
      return none;
    });
    await queue.send("slow");
    await eventually("the handler", () => (state === "handling" ? true : undefined));
    const closed = Promise.all(sources.splice(0).map((source) => source.close()));
    release();
    await closed;
    expect(state).toBe("done");
    expect(await depthOf(queue.url)).toBe(0);
  });

  test("ends its long poll", async () => {
    const queue = await aQueue("quiet");
    listen(queue, async () => none);
    await queue.send("warm-up");
    await emptied(queue.url);
    const beginMs = performance.now();
    await Promise.all(sources.splice(0).map((source) => source.close()));
    expect(performance.now() - beginMs).toBeLessThan(1_000);
  });
});

test("a queue that is not there yet is asked for again", async () => {
  const url = `${endpoint.url}/${localAccount}/late`;
  const seen: string[] = [];
  const faults = listen({ name: "late", url, deadUrl: "", send: () => Promise.reject() }, async ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    return none;
  });
  await eventually("a fault", () => faults[0]);
  const queue = await aQueue("late");
  await queue.send("at last");
  await eventually("the message", () => seen[0]);
});
