import { type Input, type Limit, objects, within } from "./documented-limit.ts";

const api = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference";
const quotas = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html";
const mostBytes = 1_048_576;

const isFifo = ({ QueueUrl }: Input) => String(QueueUrl).endsWith(".fifo");
const sizeOf = ({ MessageBody = "" }: Input) => Buffer.byteLength(String(MessageBody));

/** The messages of a request: its entries, or itself. */
const messagesOf = (input: Input) => ("Entries" in input ? objects(input.Entries) : [input]);

/** The first complaint about any message. */
function each(check: (message: Input, input: Input) => string | undefined): Limit["check"] {
  return (input) =>
    messagesOf(input)
      .map((message) => check(message, input))
      .find((complaint) => complaint !== undefined);
}

const sends = ["SendMessage", "SendMessageBatch"];
const hides = ["ReceiveMessage", "ChangeMessageVisibility", "ChangeMessageVisibilityBatch"];
const batches = ["SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch"];
const send = `${api}/API_SendMessage.html`;

const queueRanges: Readonly<Record<string, readonly [number, number]>> = {
  DelaySeconds: [0, 900],
  MaximumMessageSize: [1024, mostBytes],
  MessageRetentionPeriod: [60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 20],
  VisibilityTimeout: [0, 43_200],
};

/** What AWS documents of SQS. */
export const sqsLimits: readonly Limit[] = [
  {
    of: batches,
    source: quotas,
    path: "Entries",
    check: ({ Entries }) => within(objects(Entries).length, 1, 10),
  },
  {
    of: batches,
    source: `${api}/API_SendMessageBatchRequestEntry.html`,
    path: "Entries[].Id",
    check: ({ Entries }) => {
      const ids = objects(Entries).map(({ Id }) => String(Id));
      if (new Set(ids).size < ids.length) return "must be different in each entry";
      return ids.every((id) => /^[A-Za-z0-9_-]{1,80}$/.test(id))
        ? undefined
        : "must be 1 to 80 of A-Z, a-z, 0-9, - and _";
    },
  },
  { of: sends, source: quotas, path: "MessageBody", check: each((message) => within(sizeOf(message), 1, mostBytes)) },
  {
    of: ["SendMessageBatch"],
    source: quotas,
    path: "Entries",
    check: (input) =>
      within(
        messagesOf(input).reduce((sum, message) => sum + sizeOf(message), 0),
        0,
        mostBytes,
      ),
  },
  {
    of: sends,
    source: send,
    path: "MessageBody",
    check: each(({ MessageBody }) =>
      /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(String(MessageBody))
        ? "must have no control characters but tab, line feed and return"
        : undefined,
    ),
  },
  {
    of: sends,
    source: send,
    path: "DelaySeconds",
    check: each(({ DelaySeconds }, input) =>
      isFifo(input) && DelaySeconds !== undefined ? "must not be given for a FIFO queue" : within(DelaySeconds, 0, 900),
    ),
  },
  ...["MessageGroupId", "MessageDeduplicationId"].map(
    (path): Limit => ({
      of: sends,
      source: send,
      path,
      check: each(({ [path]: id }) =>
        id === undefined || /^[!-~]{1,128}$/.test(String(id)) ? undefined : "must be 1 to 128 of ASCII 33 to 126",
      ),
    }),
  ),
  {
    of: sends,
    source: send,
    path: "MessageGroupId",
    check: each(({ MessageGroupId }, input) =>
      isFifo(input) && MessageGroupId === undefined ? "is required for a FIFO queue" : undefined,
    ),
  },
  {
    of: ["ReceiveMessage"],
    source: `${api}/API_ReceiveMessage.html`,
    path: "MaxNumberOfMessages",
    check: ({ MaxNumberOfMessages }) => within(MaxNumberOfMessages, 1, 10),
  },
  {
    of: ["ReceiveMessage"],
    source: `${api}/API_ReceiveMessage.html`,
    path: "WaitTimeSeconds",
    check: ({ WaitTimeSeconds }) => within(WaitTimeSeconds, 0, 20),
  },
  {
    of: hides,
    source: `${api}/API_ChangeMessageVisibility.html`,
    path: "VisibilityTimeout",
    check: each(({ VisibilityTimeout }) => within(VisibilityTimeout, 0, 43_200)),
  },
  {
    of: ["CreateQueue"],
    source: `${api}/API_CreateQueue.html`,
    path: "QueueName",
    check: ({ QueueName }) => {
      const name = String(QueueName);
      return name.length <= 80 && /^[A-Za-z0-9_-]+(\.fifo)?$/.test(name)
        ? undefined
        : "must be 1 to 80 of A-Z, a-z, 0-9, - and _, and end in .fifo for a FIFO queue";
    },
  },
  {
    of: ["CreateQueue", "SetQueueAttributes"],
    source: `${api}/API_SetQueueAttributes.html`,
    path: "Attributes",
    check: ({ Attributes }) => {
      const given = objects(Attributes).at(0) ?? {};
      const wrong = Object.entries(queueRanges).find(([name, [least, most]]) => within(given[name], least, most));
      return wrong && `must have ${wrong[0]} of ${wrong[1].join(" to ")}, got ${given[wrong[0]]}`;
    },
  },
];
