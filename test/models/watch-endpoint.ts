import { subscribe } from "node:diagnostics_channel";
import type { Exchange } from "../../local/routes.ts";
import { enter } from "./ledger.ts";
import { modelOf } from "./model.ts";
import type { ServiceName } from "./operations.ts";
import { type Called, type Verdict, validateAnswer, validateError } from "./validate.ts";
import { readXmlAnswer, readXmlError } from "./xml-answer.ts";

/** What our own engines answer, by the names of the endpoint's routes; the others are answered by packages. */
const services: Readonly<Record<string, ServiceName>> = { ECS: "ecs", ELBv2: "elbv2", "CloudWatch Logs": "logs" };

const symbol = Symbol.for("longshore.models.endpoint");
const shared = globalThis as { [symbol]?: true };

/** Every local endpoint has what it answers compared, whoever asked. */
export function watchEndpoints(): void {
  if (shared[symbol]) return;
  shared[symbol] = true;
  subscribe("longshore.exchange", (exchange) => {
    const verdict = verdictOf(exchange as Exchange);
    if (verdict) enter(verdict);
  });
}

/** Undefined: it is none of our engine's, or the request named no operation that there is. */
function verdictOf({ service: route, request, response }: Exchange): Verdict | undefined {
  const service = services[route];
  if (!service) return undefined;
  const operation = operationOf(request);
  if (!Object.hasOwn(modelOf(service).operations, operation)) return undefined;
  return service === "elbv2"
    ? xmlVerdict({ service, operation }, response)
    : jsonVerdict({ service, operation }, response);
}

function operationOf({ headers, body, path }: Exchange["request"]): string {
  const target = headers["x-amz-target"]?.split(".")[1];
  return target ?? new URLSearchParams(body || path.split("?")[1]).get("Action") ?? "";
}

function jsonVerdict(called: Called, { status, body }: Exchange["response"]): Verdict | undefined {
  const answer = JSON.parse(body) as Readonly<Record<string, unknown>>;
  if (status === 200) return validateAnswer(called, answer);
  // Every error has a message, whether its model says so or not.
  const { __type: code, message: _, ...members } = answer;
  return status >= 500 ? undefined : validateError(called, String(code), members);
}

function xmlVerdict(called: Called, { status, body }: Exchange["response"]): Verdict | undefined {
  if (status === 200) return validateAnswer(called, readXmlAnswer(called, body));
  return status >= 500 ? undefined : validateError(called, readXmlError(body), {});
}
