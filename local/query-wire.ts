import { randomUUID } from "node:crypto";
import type { Service } from "./wire.ts";

/** One request of the AWS query protocol. */
interface Query {
  /** Empty when the request names none. */
  readonly action: string;
  readonly parameters: URLSearchParams;
}

/** Answers a query with an XML document, refusals included. */
export type QueryHandler = (query: Query) => Promise<{ readonly status: number; readonly body: string }>;

/** A service that speaks the AWS query protocol: parameters as a form, in the body or the address, XML back. */
export function queryService(handler: QueryHandler): Service {
  return async ({ body, path }) => {
    const parameters = new URLSearchParams(body || path.split("?")[1]);
    const answer = await handler({ action: parameters.get("Action") ?? "", parameters });
    return { ...answer, headers: { "content-type": "text/xml", "x-amzn-requestid": randomUUID() } };
  };
}
