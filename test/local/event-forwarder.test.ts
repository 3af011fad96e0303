import { CreateQueueCommand, type Message, ReceiveMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { forwardEvents } from "../../local/event-forwarder.ts";
import type { EventEnvelope } from "../../sim/ecs/api.ts";
import { useEndpoint } from "./use-endpoint.ts";

const endpoint = useEndpoint();

const anEvent = (id: string): EventEnvelope => ({
  version: "0",
  id,
  "detail-type": "ECS Task State Change",
  source: "aws.ecs",
  account: "000000000000",
  time: "2026-01-01T00:00:00Z",
  region: "us-east-1",
  resources: [],
  detail: { lastStatus: "RUNNING" },
});

async function receiveAll(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const messages: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return messages.map(({ Body = "" }) => Body);
    messages.push(...Messages);
  }
}

test("every event of a burst is a message of its own", async () => {
  const sqs = endpoint.sqs();
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "events" }));
  const faults: unknown[] = [];
  const forwarder = forwardEvents(sqs, QueueUrl, (fault) => faults.push(fault));
  const events = Array.from({ length: 25 }, (_, index) => anEvent(`e${index}`));
  for (const event of events) forwarder.forward(event);
  await forwarder.close();
  expect((await receiveAll(sqs, QueueUrl)).map((body) => JSON.parse(body))).toEqual(events);
  expect(faults).toEqual([]);
});

test("events that come while others are sent are sent too", async () => {
  const sqs = endpoint.sqs();
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "more-events" }));
  const forwarder = forwardEvents(sqs, QueueUrl, () => {});
  for (const id of ["e1", "e2", "e3"]) {
    forwarder.forward(anEvent(id));
    await new Promise(setImmediate);
  }
  await forwarder.close();
  expect(await receiveAll(sqs, QueueUrl)).toHaveLength(3);
});

test("what cannot be sent is told and given up", async () => {
  const sqs = endpoint.sqs();
  const faults: unknown[] = [];
  const forwarder = forwardEvents(sqs, `${endpoint.url()}/000000000000/nowhere`, (fault) => faults.push(fault));
  forwarder.forward(anEvent("e1"));
  await forwarder.close();
  expect(faults).toHaveLength(1);
});
