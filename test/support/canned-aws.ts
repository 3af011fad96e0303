import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type Clients, clientsFrom, closeClients } from "../../aws/clients.ts";

/** What the server does with a request: answers it, never answers, begins to and falls silent, or breaks the connection. */
export type Canned =
  | { readonly status?: number; readonly body: object | string; readonly headers?: Readonly<Record<string, string>> }
  | "silence"
  | "half an answer"
  | "broken connection";

export interface CannedAws {
  readonly clients: Clients;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Answers the next requests in that order; any further one is answered 500. */
  answer(...canned: readonly Canned[]): void;
  /** What was asked since the test began: the action's name, and its input (of a query protocol, the form's fields). */
  readonly requests: readonly { readonly action: string; readonly input: Record<string, unknown> }[];
}

/** An error as the JSON protocols carry it. */
export function refusal(
  type: string,
  { status = 400, ...fields }: { status?: number; [field: string]: unknown } = {},
): Canned {
  return { status, body: { __type: type, message: `${type} said`, ...fields } };
}

/** A server on this machine that answers AWS's clients as it is told to, for the tests of one file. */
export function cannedAws(): CannedAws {
  const queue: Canned[] = [];
  const requests: { action: string; input: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    requests.push(await read(request));
    send(queue.shift() ?? { status: 500, body: "{}" }, response);
  });
  let clients: Clients | undefined;
  beforeAll(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    clients = clientsFrom({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    });
  });
  afterEach(() => {
    queue.length = 0;
    requests.length = 0;
  });
  afterAll(async () => {
    if (clients) closeClients(clients);
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return {
    get clients() {
      if (!clients) throw new Error("the server is not listening yet: use it within a test");
      return clients;
    },
    connections: () => promisify(server.getConnections.bind(server))(),
    answer: (...canned) => void queue.push(...canned),
    requests,
  };
}

async function read(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") return { action: target.split(".")[1] ?? "", input: JSON.parse(body) };
  const { Action: action = "", ...input } = Object.fromEntries(new URLSearchParams(body));
  return { action, input };
}

function send(canned: Canned, response: ServerResponse): void {
  if (canned === "silence") return;
  if (canned === "half an answer") {
    response.writeHead(200, { "content-length": "100" });
    response.write("{");
    return;
  }
  if (canned === "broken connection") {
    response.destroy();
    return;
  }
  const { status = 200, body, headers = {} } = canned;
  response.writeHead(status, headers);
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}
