import { describe, expect, test } from "vitest";
import { sqsQueues } from "../../aws/queues.ts";
import { cannedAws, refusal } from "../support/canned-aws.ts";

const aws = cannedAws();
const urlOf = (queue: string) => `https://sqs.us-east-1.amazonaws.com/123456789012/${queue}`;

const deadLetters = (...queues: readonly string[]) => {
  // The SDK sends to a queue's URL unless told not to: here the canned server stands in for it.
  aws.clients.sqs.config.useQueueUrlAsEndpoint = false;
  const urls = { work: urlOf("work"), dispatch: urlOf("dispatch"), observations: urlOf("observations") };
  return sqsQueues({ client: aws.clients.sqs, urls, deadLetterUrls: queues.map(urlOf) }).deadLetters();
};

const holding = (visible: unknown, inFlight: unknown) => ({
  body: {
    Attributes: { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight },
  },
});

test("what waits and what somebody holds is counted", async () => {
  aws.answer(holding("2", "1"));
  expect(await deadLetters("longshore-work-dead")).toEqual([{ queue: "longshore-work-dead", messages: 3 }]);
  expect(aws.requests).toEqual([
    {
      action: "GetQueueAttributes",
      input: {
        QueueUrl: urlOf("longshore-work-dead"),
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      },
    },
  ]);
});

test("each queue is asked, and without any nobody", async () => {
  aws.answer(holding("0", "0"), holding("0", "0"));
  const found = await deadLetters("a-dead", "b-dead.fifo");
  expect(found).toEqual([
    { queue: "a-dead", messages: 0 },
    { queue: "b-dead.fifo", messages: 0 },
  ]);
  expect(await deadLetters()).toEqual([]);
  expect(aws.requests).toHaveLength(2);
});

describe("a queue that cannot be read is told of, and is no fault", () => {
  test.for([
    { name: "it is refused", answer: refusal("AccessDenied", { status: 403 }), unread: "AccessDenied said" },
    { name: "no number is told", answer: holding(undefined, "0"), unread: "answered nothing" },
    { name: "something else is told", answer: holding("many", "0"), unread: "answered many" },
  ])("$name", async ({ answer, unread }) => {
    aws.answer(answer);
    expect(await deadLetters("longshore-work-dead")).toEqual([
      { queue: "longshore-work-dead", unread: expect.stringContaining(unread) },
    ]);
  });
});
