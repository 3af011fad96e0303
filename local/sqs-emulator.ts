import { buildApp } from "fauxqs";
import type { WireResponse } from "./wire.ts";

/** SQS in memory, without the things that tell users and addresses apart. */
export interface SqsEmulator {
  /** One action of the JSON protocol. */
  call(action: string, body: string): Promise<WireResponse>;
  /** Ids of the messages in all queues: waiting, delayed and in flight. */
  existingMessages(): Promise<ReadonlySet<string>>;
  /** Ends every waiting receive, with no messages. */
  close(): Promise<void>;
}

type Application = ReturnType<typeof buildApp>;

const jsonType = "application/x-amz-json-1.0";

/**
 * fauxqs, fed its requests within this process, because it would listen on every address of the machine. It never sees
 * a client's credential, so clients of every region see the queues of this one.
 */
export async function startSqsEmulator(region: string): Promise<SqsEmulator> {
  const application = buildApp({ logger: false, defaultRegion: region });
  await application.ready();
  return {
    call: (action, body) => call(application, action, body),
    existingMessages: () => existingMessages(application),
    close: async () => void (await application.close()),
  };
}

async function call(application: Application, action: string, body: string): Promise<WireResponse> {
  const { statusCode, headers, payload } = await application.inject({
    method: "POST",
    url: "/",
    headers: { "content-type": jsonType, "x-amz-target": `AmazonSQS.${action}` },
    payload: body,
  });
  const queryError = headers["x-amzn-query-error"];
  return {
    status: statusCode,
    headers: {
      "content-type": jsonType,
      "x-amzn-requestid": String(headers["x-amz-request-id"]),
      ...(queryError === undefined ? {} : { "x-amzn-query-error": String(queryError) }),
    },
    body: payload,
  };
}

interface QueueContents {
  readonly messages: {
    readonly ready: readonly { readonly messageId: string }[];
    readonly delayed: readonly { readonly messageId: string }[];
    readonly inflight: readonly { readonly message: { readonly messageId: string } }[];
  };
}

async function existingMessages(application: Application): Promise<ReadonlySet<string>> {
  const queues = (await application.inject("/_fauxqs/queues")).json<readonly { readonly name: string }[]>();
  const ids = new Set<string>();
  for (const { name } of queues) {
    const inspected = await application.inject(`/_fauxqs/queues/${name}`);
    // A queue that was deleted since has no messages.
    if (inspected.statusCode === 404) continue;
    const { ready, delayed, inflight } = inspected.json<QueueContents>().messages;
    for (const { messageId } of [...ready, ...delayed, ...inflight.map(({ message }) => message)]) ids.add(messageId);
  }
  return ids;
}
