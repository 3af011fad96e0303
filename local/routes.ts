import { channel } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import { jsonError, type Refusal, type Service, type WireRequest, type WireResponse, xmlError } from "./wire.ts";

/** A service, and how its requests are known: by their target in the JSON protocols, else by their credential's scope. */
export interface Route {
  readonly name: string;
  /** What stands before the dot of X-Amz-Target. */
  readonly target?: string;
  /** The service that a signature is for. */
  readonly scope: string;
  readonly service: Service;
}

/** A request that a service answered, and its answer. */
export interface Exchange {
  /** As its route calls it. */
  readonly service: string;
  readonly request: WireRequest;
  readonly response: WireResponse;
}

/** Each `Exchange` of an endpoint is told here before it is sent: whoever watches subscribes by this name, and imports nothing. */
const exchanges = channel("longshore.exchange");

const maximumBodyBytes = 16 * 1024 * 1024;

/**
 * Reads one request whole, has its service answer it, and sends that. Never rejects.
 *
 * @param onFault Told of a bug; its client is answered 500.
 */
export async function answerRequest(
  routes: readonly Route[],
  request: IncomingMessage,
  response: ServerResponse,
  onFault: (fault: unknown) => void,
): Promise<void> {
  try {
    send(response, await answer(routes, request, response));
  } catch (fault) {
    // The client left before its request was read: nothing was done, and nobody is there to be told.
    if (fault === request.errored) return;
    onFault(fault);
    send(response, refuse(request, { status: 500, code: "InternalFailure", message: String(fault) }));
  }
}

async function answer(routes: readonly Route[], request: IncomingMessage, response: ServerResponse) {
  // Listened for before anything is waited for: a client may be gone by the time that its request is read.
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const body = await readBody(request);
  if (body === undefined) return refuse(request, tooLarge);
  const credential = readCredential(request.headers.authorization);
  if (!credential) return isHealthCheck(request) ? health(routes) : refuse(request, unsigned);
  const route = findRoute(routes, request, credential.scope);
  if (!route) return refuse(request, notOffered(routes, request, credential.scope));
  return exchange(route, {
    method: request.method ?? "POST",
    path: request.url ?? "/",
    headers: flatten(request.headers),
    body,
    host: request.headers.host ?? `127.0.0.1:${request.socket.localPort}`,
    accessKey: credential.accessKey,
    signal: gone.signal,
  });
}

async function exchange({ name, service }: Route, request: WireRequest): Promise<WireResponse> {
  const response = await service(request);
  const told: Exchange = { service: name, request, response };
  exchanges.publish(told);
  return response;
}

function readBody(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maximumBodyBytes) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", reject);
  });
}

/** Who signed, and for which service, by a signature of version 4, which is not verified. */
function readCredential(authorization = ""): { readonly accessKey: string; readonly scope: string } | undefined {
  const [, accessKey, scope] = /^AWS4-\S+ .*?Credential=([^/\s,]+)\/\d{8}\/[^/]+\/([^/]+)\//.exec(authorization) ?? [];
  return accessKey && scope ? { accessKey, scope } : undefined;
}

function findRoute(routes: readonly Route[], { headers }: IncomingMessage, scope: string): Route | undefined {
  const target = headers["x-amz-target"];
  if (target === undefined) return routes.find((route) => route.scope === scope);
  return routes.find((route) => route.target === String(target).split(".")[0]);
}

function flatten(headers: IncomingMessage["headers"]): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

const tooLarge: Refusal = {
  status: 413,
  code: "RequestEntityTooLarge",
  message: `a request must be at most ${maximumBodyBytes} bytes`,
};
const unsigned: Refusal = {
  status: 403,
  code: "MissingAuthenticationToken",
  message: "the request is not signed: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, to anything",
};

function notOffered(routes: readonly Route[], { headers }: IncomingMessage, scope: string): Refusal {
  const asked = headers["x-amz-target"] ?? scope;
  const offered = routes.map(({ name }) => name).join(", ");
  return { status: 501, code: "NotImplemented", message: `${asked} is not offered here; these are: ${offered}` };
}

/** In the protocol that the client speaks. */
function refuse({ headers }: IncomingMessage, refusal: Refusal): WireResponse {
  const json = headers["x-amz-target"] !== undefined || headers["content-type"]?.includes("json");
  if (!json) return xmlError(refusal);
  return jsonError(refusal, headers["content-type"]?.endsWith("1.0") ? "1.0" : "1.1");
}

/** A signed GET of / is S3's ListBuckets. */
function isHealthCheck({ method, url }: IncomingMessage): boolean {
  return method === "GET" && (url === "/" || url === "/health");
}

function health(routes: readonly Route[]): WireResponse {
  const body = JSON.stringify({ status: "ok", services: routes.map(({ name }) => name) });
  return { status: 200, headers: { "content-type": "application/json" }, body };
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) }).end(body);
}
