import { ReceiveMessageCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeAll, describe, expect, test } from "vitest";
import { wakeupBody } from "../../core/model/bodies.ts";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { TaskRecord } from "../../core/model/records.ts";
import type { ItemKey } from "../../core/ports/store.ts";
import type { QueueName } from "../../local/install.ts";
import type { EventEnvelope } from "../../sim/ecs/api.ts";
import { eventually } from "../local/eventually.ts";
import {
  anEvent,
  anObject,
  aService,
  command,
  faultsOf,
  idOf,
  messagesIn,
  patienceMs,
  resultOf,
  runs,
  sendText,
  tasksOf,
  useStage,
} from "./stage.ts";

// What fails comes back after two seconds, and is a dead letter after five tries.
const stage = useStage({ visibilityTimeoutSeconds: 2 });
const damaged = serviceKey("shop", "damaged");
const events: EventEnvelope[] = [];

/** Takes a field from a record, as an accident or a careless person would. */
async function damage(record: ItemKey, ...path: readonly string[]): Promise<void> {
  const { clients, install } = stage();
  await DynamoDBDocumentClient.from(clients.dynamodb).send(
    new UpdateCommand({
      TableName: install.table,
      Key: record,
      UpdateExpression: `REMOVE ${path.map((_, index) => `#part${index}`).join(".")}`,
      ExpressionAttributeNames: Object.fromEntries(path.map((part, index) => [`#part${index}`, part])),
    }),
  );
}

/** The next event of a service's one task, which shows something new: it is in another zone. */
function nextEventOf(name: string): string {
  const [task] = tasksOf(stage(), name);
  const event = events.findLast(({ detail }) => detail.taskArn === task?.arn);
  return JSON.stringify({ ...event, detail: { ...event?.detail, availabilityZone: "us-east-1z", version: 99 } });
}

async function sendTogether(queue: QueueName, bodies: readonly string[]): Promise<void> {
  const { clients, install } = stage();
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: install.queues[queue], Entries }));
}

/** Every dead letter of a queue once it has that many and nothing else is left on the queue. */
async function deadLettersOf(queue: QueueName, count: number): Promise<readonly string[]> {
  const { clients, install } = stage();
  await eventually(
    `${count} dead letters of ${queue}`,
    async () => {
      const [dead, alive] = [install.deadLetters[queue], install.queues[queue]];
      return ((await messagesIn(stage(), dead)) >= count && (await messagesIn(stage(), alive)) === 0) || undefined;
    },
    patienceMs,
  );
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: install.deadLetters[queue], MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => Body).toSorted();
}

beforeAll(async () => {
  stage().engine.onEvent((event) => void events.push(event));
  for (const name of ["damaged", "web"]) {
    await command(stage(), "apply", aService(name));
    await runs(stage(), name, 1);
  }
  // So deep that no check of its shape sees it.
  await damage(keys.spec(damaged), "manifest", "spec");
  await damage(keys.task(damaged, idOf(tasksOf(stage(), "damaged")[0]?.arn)), "version");
});

describe("a message that no handler can work on becomes a dead letter, and holds up nothing else", () => {
  test.concurrent("a wake-up that is none, or of a service whose spec is damaged", async () => {
    const poison = ["hello", JSON.stringify({ key: damaged, hops: 9 }), wakeupBody({ key: damaged, hops: 8 })];
    await sendTogether("work", [...poison, wakeupBody({ key: serviceKey("shop", "web"), hops: 1 })]);
    // What the damaged service had asked for itself comes to the same end.
    const found = await deadLettersOf("work", poison.length);
    expect(found).toEqual(expect.arrayContaining(poison));
    expect(found.filter((body) => body !== "hello" && JSON.parse(body).key !== damaged)).toEqual([]);
  });

  test.concurrent("a look at a cluster that names none", async () => {
    const poison = [JSON.stringify({ key: "", hops: 1 }), JSON.stringify({ key: "longshore", hops: 1, names: "all" })];
    await sendTogether("dispatch", [...poison, wakeupBody({ key: "longshore", hops: 1 })]);
    expect(await deadLettersOf("dispatch", poison.length)).toEqual(poison.toSorted());
    const tries = faultsOf(stage()).filter(({ handler }) => handler === "dispatch");
    expect(tries).toHaveLength(poison.length * 5);
  });

  test.concurrent("an event of a task whose record is damaged", async () => {
    const poison = [nextEventOf("damaged")];
    await sendTogether("observations", [...poison, nextEventOf("web"), "nothing that anybody knows"]);
    expect(await deadLettersOf("observations", poison.length)).toEqual(poison);
    const web = await stage().store.query<TaskRecord>(keys.service(serviceKey("shop", "web")), "task#");
    expect(web).toMatchObject([{ ecsVersion: 99, zone: "us-east-1z" }]);
  });

  test.concurrent("a command for a service whose spec is damaged: its group waits for it, and no other", async () => {
    const poison = [JSON.stringify(anEvent("scale", "poison", { ...anObject("damaged"), replicas: 2 }))];
    for (const text of poison) await sendText(stage(), text, "one");
    // Those of a group that are received together are tried, and count their tries, together.
    const isTried = () => faultsOf(stage()).some(({ handler }) => handler === "accept") || undefined;
    await eventually("the first try", isTried, patienceMs);
    const behind = { ...aService("web"), metadata: { ...aService("web").metadata, labels: { from: "one" } } };
    await sendText(stage(), JSON.stringify(anEvent("apply", "behind", behind)), "one");
    const beside = await command(stage(), "apply", aService("beside"), "another");
    await runs(stage(), "beside", 1);
    const result = await resultOf(stage(), "test", "behind");
    expect([beside.phase, result.phase]).toEqual(["applied", "applied"]);
    expect(beside.receivedAtMs).toBeLessThan(result.receivedAtMs);
    expect(await deadLettersOf("commands", poison.length)).toEqual(poison);
  });
});
