import { describe, expect, test } from "vitest";
import { doneAmong, sqsEvent } from "../../local/sqs-event.ts";

const origin = { queueArn: "arn:aws:sqs:us-east-1:000000000000:work", region: "us-east-1" };

test("a message becomes a record of the event that Lambda documents", () => {
  const message = {
    MessageId: "m1",
    ReceiptHandle: "r1",
    Body: "hello",
    MD5OfBody: "5d41",
    MD5OfMessageAttributes: "77aa",
    Attributes: { SenderId: "AIDA", ApproximateReceiveCount: "2" },
    MessageAttributes: {
      text: { DataType: "String", StringValue: "a" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2, 3]) },
    },
  };
  expect(sqsEvent([message], origin)).toEqual({
    Records: [
      {
        messageId: "m1",
        receiptHandle: "r1",
        body: "hello",
        attributes: { SenderId: "AIDA", ApproximateReceiveCount: "2" },
        messageAttributes: {
          text: { dataType: "String", stringValue: "a", stringListValues: [], binaryListValues: [] },
          bytes: { dataType: "Binary", binaryValue: "AQID", stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: "5d41",
        md5OfMessageAttributes: "77aa",
        eventSource: "aws:sqs",
        eventSourceARN: origin.queueArn,
        awsRegion: "us-east-1",
      },
    ],
  });
});

describe("what is done of m1 m2 m3", () => {
  const failing = (...ids: string[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });
  test.for([
    { name: "all, when no failure is named", answer: failing(), done: "m1 m2 m3" },
    { name: "all, when nothing is answered", answer: undefined, done: "m1 m2 m3" },
    { name: "all but the failures", answer: failing("m2"), done: "m1 m3" },
    { name: "a failure that is named twice is one", answer: failing("m2", "m2"), done: "m1 m3" },
    { name: "none, when a failure names no message of the batch", answer: failing("m2", "m9"), done: "" },
    { name: "none, when a failure names nothing", answer: failing(""), done: "" },
  ])("$name", ({ answer, done }) => {
    const messages = ["m1", "m2", "m3"].map((MessageId) => ({ MessageId }));
    expect(
      doneAmong(messages, answer)
        .map(({ MessageId }) => MessageId)
        .join(" "),
    ).toBe(done);
  });
});
