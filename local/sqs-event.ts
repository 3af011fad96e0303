import type { Message, MessageAttributeValue } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSMessageAttribute, SQSRecord, SQSRecordAttributes } from "aws-lambda";

/** Where the messages of an event come from. */
export interface EventOrigin {
  readonly queueArn: string;
  readonly region: string;
}

/** The event that Lambda makes of messages received with all their attributes. */
export function sqsEvent(messages: readonly Message[], { queueArn, region }: EventOrigin): SQSEvent {
  return { Records: messages.map((message) => sqsRecord(message, { queueArn, region })) };
}

function sqsRecord(message: Message, { queueArn, region }: EventOrigin): SQSRecord {
  const { MessageId, ReceiptHandle, Body, Attributes, MessageAttributes = {}, MD5OfMessageAttributes } = message;
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => [name, messageAttribute(value)]);
  return {
    messageId: MessageId ?? "",
    receiptHandle: ReceiptHandle ?? "",
    body: Body ?? "",
    attributes: Attributes as SQSRecordAttributes,
    messageAttributes: Object.fromEntries(attributes),
    md5OfBody: message.MD5OfBody ?? "",
    ...(MD5OfMessageAttributes !== undefined && { md5OfMessageAttributes: MD5OfMessageAttributes }),
    eventSource: "aws:sqs",
    eventSourceARN: queueArn,
    awsRegion: region,
  };
}

function messageAttribute({ DataType, StringValue, BinaryValue }: MessageAttributeValue): SQSMessageAttribute {
  return {
    dataType: DataType ?? "",
    stringListValues: [],
    binaryListValues: [],
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
  };
}

/**
 * The messages that are done, by a handler's answer, as Lambda reads it: no failures named, all are done; a failure
 * that names no message of the batch makes all of them failures.
 */
export function doneAmong(messages: readonly Message[], answer: SQSBatchResponse | undefined): readonly Message[] {
  const failed = new Set((answer?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ MessageId }) => MessageId === undefined || !failed.has(MessageId));
  return messages.length - done.length === failed.size ? done : [];
}
