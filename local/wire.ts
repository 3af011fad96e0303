import { randomUUID } from "node:crypto";

/** One request to an AWS API, read whole. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Host and port as the client addressed us. */
  readonly host: string;
  /** Who signed it: the access key id of its credential. */
  readonly accessKey: string;
  /** Aborted when the client goes away before it is answered. */
  readonly signal: AbortSignal;
}

/** What is answered over HTTP, as it is sent. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers every request to one AWS service, refusals included; it throws only for a bug. */
export type Service = (request: WireRequest) => Promise<WireResponse>;

type JsonVersion = "1.0" | "1.1";

/** What a request is refused with; the code is AWS's own word where there is one. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The action that a JSON protocol request names: what follows the dot of X-Amz-Target; empty when there is none. */
export function actionOf(request: WireRequest): string {
  return request.headers["x-amz-target"]?.split(".")[1] ?? "";
}

/** A body in an AWS JSON protocol: an object, empty when there is no body; undefined when it is anything else. */
export function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body || "{}");
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** An answer in an AWS JSON protocol, under a request id of its own. */
export function jsonResponse(status: number, body: unknown, version: JsonVersion): WireResponse {
  return {
    status,
    headers: { "content-type": `application/x-amz-json-${version}`, "x-amzn-requestid": randomUUID() },
    body: JSON.stringify(body),
  };
}

/** A refusal in an AWS JSON protocol, with the members that this kind of error has besides its message. */
export function jsonError(
  { status, code, message }: Refusal,
  version: JsonVersion,
  fields: Readonly<Record<string, unknown>> = {},
): WireResponse {
  return jsonResponse(status, { __type: code, message, ...fields }, version);
}

/** A refusal in the AWS query protocol. */
export function xmlError({ status, code, message }: Refusal): WireResponse {
  const type = status < 500 ? "Sender" : "Receiver";
  const requestId = randomUUID();
  return {
    status,
    headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
    body:
      `<ErrorResponse><Error><Type>${type}</Type><Code>${escapeXml(code)}</Code>` +
      `<Message>${escapeXml(message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
