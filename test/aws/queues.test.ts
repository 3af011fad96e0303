import { expect, test } from "vitest";
import { sqsQueues } from "../../aws/queues.ts";
import type { Observation } from "../../core/ports/queues.ts";
import { cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const urlOf = (queue: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${queue}`;
const underTest = () => {
  // The SDK sends to a queue's URL unless told not to: here the canned server stands in for it.
  aws.clients.sqs.config.useQueueUrlAsEndpoint = false;
  const urls = { work: urlOf("work"), dispatch: urlOf("dispatch"), observations: urlOf("observations") };
  return sqsQueues({ client: aws.clients.sqs, urls });
};

interface Batch {
  readonly QueueUrl: string;
  readonly Entries: readonly { readonly Id: string; readonly MessageBody: string; readonly DelaySeconds?: number }[];
}
const batches = () => aws.requests.map(({ input }) => input as unknown as Batch);
const sent = { body: { Successful: [], Failed: [] } };
const failed = (...ids: string[]) => ({
  body: { Successful: [], Failed: ids.map((Id) => ({ Id, Code: "InternalError", SenderFault: false })) },
});
const keys = (count: number) => Array.from({ length: count }, (_, index) => ({ key: `shop/${index}`, hops: 1 }));

test("wake-ups travel ten a batch, with their delay", async () => {
  aws.answer(sent, sent, sent);
  await underTest().wake("work", keys(21), 30);
  expect(batches().map(({ Entries }) => Entries.length)).toEqual([10, 10, 1]);
  expect(batches()[2]).toEqual({
    QueueUrl: urlOf("work"),
    Entries: [{ Id: "0", MessageBody: '{"key":"shop/20","hops":1}', DelaySeconds: 30 }],
  });
});

test("a cluster's wake-up names the services to look at", async () => {
  aws.answer(sent);
  await underTest().wake("dispatch", [{ key: "main", hops: 2, names: ["shop/web"] }]);
  expect(batches()).toEqual([
    {
      QueueUrl: urlOf("dispatch"),
      Entries: [{ Id: "0", MessageBody: '{"key":"main","hops":2,"names":["shop/web"]}' }],
    },
  ]);
});

test("a batch stays below 1 MiB", async () => {
  aws.answer(sent, sent);
  const names = Array.from({ length: 100 }, () => "é".repeat(3_000));
  await underTest().wake(
    "dispatch",
    [1, 2].map((hops) => ({ key: "main", hops, names })),
  );
  expect(batches().map(({ Entries }) => Entries.length)).toEqual([1, 1]);
});

test("observations go to their own queue, fifty a message", async () => {
  aws.answer(sent);
  const observation = { kind: "task", sighting: { kind: "missing", taskId: "t", cluster: "main", readAtMs: 1 } };
  await underTest().report(
    Array.from({ length: 60 }, () => observation as Observation),
    2,
  );
  expect(batches()[0]?.QueueUrl).toBe(urlOf("observations"));
  expect(batches()[0]?.Entries.map(({ MessageBody }) => JSON.parse(MessageBody).observations.length)).toEqual([50, 10]);
});

test("nothing to say, nothing sent", async () => {
  await underTest().wake("work", []);
  await underTest().report([], 1);
  expect(aws.requests).toEqual([]);
});

test("what failed of a batch is sent once more, and nothing else", async () => {
  aws.answer(failed("1", "3"), sent);
  await underTest().wake("work", keys(5));
  expect(batches()[1]?.Entries.map(({ MessageBody }) => JSON.parse(MessageBody).key)).toEqual(["shop/1", "shop/3"]);
});

test("what fails twice is a transient fault", async () => {
  aws.answer(failed("1", "3"), failed("3"));
  await expect(underTest().wake("work", keys(5))).rejects.toMatchObject({
    kind: "transient",
    code: "InternalError",
    message: expect.stringContaining("left 1 of 5 messages unsent: InternalError"),
  });
});

test.for([
  { name: "no such queue", canned: refusal("com.amazonaws.sqs#QueueDoesNotExist"), kind: "terminal" },
  { name: "denied", canned: refusal("AccessDenied", { status: 403 }), kind: "terminal" },
] as const)("a batch that is refused: $name", async ({ canned, kind }) => {
  aws.answer(canned);
  await expect(underTest().wake("work", keys(1))).rejects.toMatchObject({ name: "Fault", kind });
});

test("a batch that SQS cannot take at the moment is sent again by the SDK", async () => {
  aws.answer({ status: 503, body: "{}" }, "broken connection", sent);
  await underTest().wake("work", keys(1));
  expect(aws.requests).toHaveLength(3);
});

test.for([-1, 901, 1.5])("a delay of %s seconds is our own bug", async (delaySeconds) => {
  await expect(underTest().wake("work", keys(1), delaySeconds)).rejects.toThrow(
    `0 to 900 whole seconds, got ${delaySeconds}`,
  );
});
