import { createHash, createHmac } from "node:crypto";

/** Where a call goes, and who signs it. */
export interface Caller {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The caller that variables of AWS's SDKs stand for. */
export function callerOf(variables: Readonly<Record<string, string>>): Caller {
  return {
    url: variables.AWS_ENDPOINT_URL ?? "",
    region: variables.AWS_REGION ?? "",
    accessKeyId: variables.AWS_ACCESS_KEY_ID ?? "",
    secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? "",
  };
}

interface Call {
  /** As in the credential's scope, such as `events`. */
  readonly service: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Calls a JSON 1.1 API for which the project has no client. @throws Error with its refusal */
export async function jsonCall(
  caller: Caller,
  service: string,
  target: string,
  input: object,
): Promise<Record<string, unknown>> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const text = await signedCall(caller, { service, headers, body: JSON.stringify(input) });
  return text ? JSON.parse(text) : {};
}

/** Calls a query API; answers its XML. @throws Error with its refusal */
export function queryCall(caller: Caller, service: string, input: Readonly<Record<string, string>>): Promise<string> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return signedCall(caller, { service, headers, body: new URLSearchParams(input).toString() });
}

/** A POST to `/`, signed with AWS's version 4. */
async function signedCall(caller: Caller, { service, headers, body }: Call): Promise<string> {
  const { host } = new URL(caller.url);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const signed = { ...headers, host, "x-amz-date": time };
  const names = Object.keys(signed).toSorted();
  const canonical = names.map((name) => `${name}:${signed[name as keyof typeof signed]}\n`).join("");
  const request = ["POST", "/", "", canonical, names.join(";"), hashOf(body)].join("\n");
  const scope = [time.slice(0, 8), caller.region, service, "aws4_request"];
  const key = scope.reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${caller.secretAccessKey}`);
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), hashOf(request)].join("\n");
  const credential = `Credential=${[caller.accessKeyId, ...scope].join("/")}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names.join(";")}, Signature=${hmac(key, toSign).toString("hex")}`;
  const response = await fetch(caller.url, {
    method: "POST",
    headers: { ...headers, "x-amz-date": time, authorization },
    body,
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text.replaceAll(/\s+/g, " ")}`);
  return text;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
