import {
  type Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as openRequest,
  type RequestListener,
  type Server,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A real HTTP server on a free loopback port. */
export interface TestServer {
  readonly port: number;
  readonly server: Server;
  /** Drops every connection at once, as a killed process does. */
  kill(): Promise<void>;
}

/** Starts a server on `port`, or on a free one. */
export async function aServer(answer: RequestListener, port = 0): Promise<TestServer> {
  const server = createServer(answer);
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    server,
    kill: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.resetAndDestroy();
      }),
  };
}

/** A loopback port that nothing listens on. */
export async function aFreePort(): Promise<number> {
  const { port, kill } = await aServer(() => {});
  await kill();
  return port;
}

/** The whole body of a request or a response. */
export async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Waits until it holds. @throws after 10 s */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadlineMs) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a client sends. */
export interface Call {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** One chunk each; sent chunked unless `headers` say otherwise. */
  readonly body?: readonly string[];
  readonly agent?: Agent;
}

/** The answer as soon as its headers are there. @throws when the connection breaks before */
export function open({ body = [], ...call }: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = openRequest({ host: "127.0.0.1", ...call }, resolve).on("error", reject);
    for (const chunk of body) request.write(chunk);
    request.end();
  });
}

/** The whole answer. @throws when the connection breaks before its end */
export async function send(call: Call): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  const answer = await open(call);
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: await bodyOf(answer) };
}
