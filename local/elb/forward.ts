import {
  type Agent,
  type ClientRequest,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import type { ElbModel } from "../../sim/elb/model.ts";
import type { Ticket } from "../../sim/elb/resources.ts";
import { hasBody, headersToClient, headersToTarget } from "./headers.ts";
import { isAlive, type Resolve } from "./upstream.ts";

/** What requests of one listener are forwarded with. */
export interface Forwarding {
  readonly model: ElbModel;
  readonly resolve: Resolve;
  readonly agent: Agent;
  readonly targetGroup: string;
  readonly listenerPort: number;
  /** How long a connection may be silent while a request is in flight on it, ms. */
  readonly idleTimeoutMs: number;
  /** Whether the listener is closed: what is in flight is answered, but clients' connections are kept no longer. */
  readonly isClosed: () => boolean;
}

/** A client's request and the answer to it. */
interface Exchange extends Forwarding {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Forwards one request to the target whose turn it is. A target that no connection can be made to is passed over, for
 * nothing was sent to it. Once a byte may have reached a target the request is never sent again: a target that breaks
 * is a 502, one that is silent a 504, and an answer that breaks off breaks off for the client too.
 */
export function forward(request: IncomingMessage, response: ServerResponse, forwarding: Forwarding): void {
  attempt({ ...forwarding, request, response }, []);
}

function attempt(exchange: Exchange, tried: readonly Ticket[]): void {
  const { model, resolve, targetGroup } = exchange;
  const ticket = model.pick(targetGroup, tried);
  if (!ticket) {
    refuse(exchange, tried.length === 0 ? noTarget : noConnection);
    return;
  }
  const next = () => {
    model.requestRefused(ticket);
    attempt(exchange, [...tried, ticket]);
  };
  const address = resolve(ticket, ticket.targetType);
  if (!address) {
    next();
    return;
  }
  const upstream = open(exchange, address);
  model.requestStarted(ticket);
  upstream.once("close", () => model.requestFinished(ticket));
  follow(exchange, upstream, (reused) => (reused ? attempt(exchange, tried) : next()));
}

const noTarget = { status: 503, why: "no target is registered with the target group" };
const noConnection = { status: 502, why: "no target takes connections" };
const brokenTarget = { status: 502, why: "the target closed the connection without a whole answer" };
const silentTarget = { status: 504, why: "the target did not answer in time" };

function open(
  { request, agent, listenerPort, idleTimeoutMs }: Exchange,
  address: { host: string; port: number },
): ClientRequest {
  return openRequest({
    ...address,
    agent,
    method: request.method,
    path: request.url,
    headers: headersToTarget(request, listenerPort),
    timeout: idleTimeoutMs,
  });
}

/**
 * Carries a request through, as soon as there is a connection.
 *
 * @param onUnsent No connection, so nothing was sent; `reused` when it was a kept-alive one that had just closed.
 */
function follow(exchange: Exchange, upstream: ClientRequest, onUnsent: (reused: boolean) => void): void {
  const { request, response } = exchange;
  let sent = false;
  let timedOut = false;
  let answer: IncomingMessage | undefined;

  const send = (socket: Socket) => {
    if (!isAlive(socket)) {
      upstream.destroy();
      return;
    }
    sent = true;
    if (hasBody(request)) request.pipe(upstream);
    else upstream.end();
  };
  const drop = () => {
    if (!response.writableFinished || !upstream.writableFinished) upstream.destroy();
    // The rest of a body that nobody wants, or the client's connection would stand still.
    request.unpipe(upstream).resume();
  };
  response.once("close", drop);
  upstream.once("socket", (socket) => (socket.connecting ? socket.once("connect", () => send(socket)) : send(socket)));
  upstream.once("timeout", () => {
    timedOut = true;
    upstream.destroy();
  });
  upstream.once("response", (message) => {
    answer = message;
    passBack(exchange, message);
  });
  upstream.on("error", () => {
    if (response.destroyed || answer?.complete) return;
    if (sent) return refuse(exchange, timedOut ? silentTarget : brokenTarget);
    response.off("close", drop);
    onUnsent(upstream.reusedSocket);
  });
}

function passBack({ response, isClosed }: Exchange, answer: IncomingMessage): void {
  answer.once("error", () => response.destroy());
  if (isClosed()) response.setHeader("Connection", "close");
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, headersToClient(answer));
  answer.pipe(response);
  // A stream of events shows its headers before its first event; usually they leave together with the body.
  setImmediate(() => response.writableEnded || response.flushHeaders());
}

function refuse({ request, response, isClosed }: Exchange, { status, why }: { status: number; why: string }): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = `${status}: ${why}\n`;
  if (!request.complete || isClosed()) response.setHeader("Connection", "close");
  response.writeHead(status, { "Content-Type": "text/plain", "Content-Length": Buffer.byteLength(body) }).end(body);
  request.resume();
}
