import type { IncomingMessage } from "node:http";

/** Headers that are about one connection, or that we write ourselves. */
const ours = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "x-forwarded-for",
  "x-forwarded-port",
  "x-forwarded-proto",
]);

/** What a target is sent: the client's headers, flat, with `X-Forwarded-*`; a body keeps its framing. */
export function headersToTarget(request: IncomingMessage, listenerPort: number): string[] {
  const { headers, socket } = request;
  const client = socket.remoteAddress ?? "unknown";
  const before = headers["x-forwarded-for"];
  const forwarded = passedOn(request);
  forwarded.push("X-Forwarded-For", before === undefined ? client : `${before}, ${client}`);
  forwarded.push("X-Forwarded-Port", String(listenerPort), "X-Forwarded-Proto", "http");
  if (headers["transfer-encoding"] !== undefined) forwarded.push("Transfer-Encoding", "chunked");
  return forwarded;
}

/** What a client is answered: the target's headers, flat. */
export function headersToClient(answer: IncomingMessage): string[] {
  return passedOn(answer);
}

/** Whether a request announces a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function passedOn({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = (headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  const passed: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (!ours.has(lower) && !named.includes(lower)) passed.push(name, value);
  }
  return passed;
}
