import type { SQSRecord } from "aws-lambda";

/** A message as Lambda hands it over; a test states only what it is about. */
export function aRecord(messageId: string, body: string, attributes: Partial<SQSRecord["attributes"]> = {}): SQSRecord {
  return {
    messageId,
    receiptHandle: `receipt-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "AIDASENDER",
      ApproximateFirstReceiveTimestamp: "0",
      ...attributes,
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:work",
    awsRegion: "us-east-1",
  };
}
