import { rememberSenders, type Senders } from "./senders.ts";
import { type SqsEmulator, startSqsEmulator } from "./sqs-emulator.ts";
import { actionOf, jsonError, parseObject, type Service, type WireRequest, xmlError } from "./wire.ts";

/** SQS as a service of the endpoint. */
export interface LocalSqs {
  readonly service: Service;
  /** Ends every waiting receive, with no messages. */
  close(): Promise<void>;
}

/** What an answer is finished with. */
interface Context {
  readonly request: WireRequest;
  readonly emulator: SqsEmulator;
  readonly senders: Senders;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Attributes?: { SenderId?: string };
}

/** The members of SQS's answers that we read or change. */
interface Answer {
  QueueUrl?: string;
  QueueUrls?: string[];
  readonly MessageId?: string;
  readonly Successful?: readonly { readonly MessageId: string }[];
  readonly Messages?: readonly Message[];
}

/**
 * The SQS API (AWS JSON 1.0) over an emulator in memory. Queue URLs point at the address that the client asked, and
 * SenderId is the access key that signed the send.
 */
export async function startSqs(region: string): Promise<LocalSqs> {
  const emulator = await startSqsEmulator(region);
  const senders = rememberSenders(emulator.existingMessages);
  const service: Service = async (request) => {
    const action = actionOf(request);
    if (action === "") return xmlError(onlyJson);
    if (!parseObject(request.body)) return jsonError(notJson, "1.0");
    const answered = answer(action, { request, emulator, senders });
    return action.startsWith("SendMessage") ? senders.sending(answered) : answered;
  };
  return { service, close: emulator.close };
}

const onlyJson = {
  status: 400,
  code: "InvalidAction",
  message: "this endpoint speaks SQS's JSON protocol, as SDKs do since 2023, and not its query protocol",
};
const notJson = { status: 400, code: "SerializationException", message: "the body is not a JSON object" };

async function answer(action: string, context: Context) {
  const response = await context.emulator.call(action, context.request.body);
  const finish = finishers[action];
  if (!finish || response.status !== 200) return response;
  const body: Answer = JSON.parse(response.body);
  await finish(body, context);
  return { ...response, body: JSON.stringify(body) };
}

/** What the emulator's answers lack; an action that is not here is answered as the emulator does. */
const finishers: Readonly<Record<string, (answer: Answer, context: Context) => Promise<void> | void>> = {
  CreateQueue: addressQueue,
  GetQueueUrl: addressQueue,
  ListQueues(answer, { request }) {
    answer.QueueUrls = (answer.QueueUrls ?? []).map((url) => addressed(url, request));
  },
  SendMessage: rememberSender,
  SendMessageBatch: rememberSender,
  async ReceiveMessage({ Messages = [] }, context) {
    for (const { MessageId, Attributes } of Messages) {
      if (!Attributes?.SenderId) continue;
      Attributes.SenderId = (await context.senders.of(MessageId)) ?? Attributes.SenderId;
    }
    if (context.request.signal.aborted) await giveBack(Messages, context);
  },
};

function addressQueue(answer: Answer, { request }: Context): void {
  if (answer.QueueUrl) answer.QueueUrl = addressed(answer.QueueUrl, request);
}

function addressed(queueUrl: string, { host }: WireRequest): string {
  return `http://${host}${new URL(queueUrl).pathname}`;
}

async function rememberSender(answer: Answer, { request, senders }: Context): Promise<void> {
  for (const { MessageId } of answer.Successful ?? [answer]) {
    if (MessageId) await senders.remember(MessageId, request.accessKey);
  }
}

/** The client went away while it waited: its messages are visible again at once, not only after their timeout. */
async function giveBack(messages: readonly Message[], { request, emulator }: Context): Promise<void> {
  const QueueUrl = parseObject(request.body)?.QueueUrl;
  for (const { ReceiptHandle } of messages) {
    const body = JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    await emulator.call("ChangeMessageVisibility", body);
  }
}
