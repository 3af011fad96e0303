import { type Breach, checkShape, type Look } from "./check-shape.ts";
import { documentedLimits } from "./documented.ts";
import type { Input } from "./documented-limit.ts";
import { modelOf } from "./model.ts";
import type { ServiceName } from "./operations.ts";

/** What of an operation is looked at: what is sent, what is answered, or what a refusal says. */
export type Side = "request" | "answer" | "error";

/** Which operation of which service. */
export interface Called {
  readonly service: ServiceName;
  readonly operation: string;
}

/** What is wrong with one request or answer, and which of its members were there. */
export interface Verdict extends Look {
  /** Such as `ecs RunTask request`. */
  readonly subject: string;
}

/** Compares a request with the service's model and with the limits that AWS documents beside it. */
export function validateRequest(called: Called, input: unknown): Verdict {
  const verdict = look(called, "request", modelOf(called.service).operations[called.operation]?.input, input);
  // What is of the wrong shape cannot be measured.
  if (verdict.breaches.some(({ rule }) => rule === "type")) return verdict;
  for (const { of, path, source, check } of documentedLimits[called.service] ?? []) {
    const complaint = of.includes(called.operation) ? check((input ?? {}) as Input) : undefined;
    if (complaint) verdict.breaches.push({ path, rule: "documented", message: `${complaint} (${source})` });
  }
  return verdict;
}

/** Compares what was answered to a request that succeeded with the service's model. */
export function validateAnswer(called: Called, output: unknown): Verdict {
  return look(called, "answer", modelOf(called.service).operations[called.operation]?.output, output);
}

/** Errors that any operation of AWS may answer. */
const commonErrors = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "InternalFailure",
  "InvalidAction",
  "InvalidParameterValue",
  "MissingParameter",
  "SerializationException",
  "ThrottlingException",
  "UnknownOperationException",
  "UnrecognizedClientException",
  "ValidationError",
  "ValidationException",
]);

/** Compares a refusal with the errors that the operation may answer, and the members of that error. */
export function validateError(called: Called, code: string, members: Readonly<Record<string, unknown>>): Verdict {
  const shape = modelOf(called.service).operations[called.operation]?.errors[code];
  if (shape !== undefined) return look(called, "error", shape, members);
  const verdict = empty(called, "error");
  if (!commonErrors.has(code))
    verdict.breaches.push({ path: "", rule: "enum", message: `${code} is no error of this operation` });
  return verdict;
}

/** A breach as a person reads it. */
export function describeBreach(subject: string, { path, message }: Breach): string {
  return `${subject}${path && `, ${path}`} ${message}`;
}

function look(called: Called, side: Side, shape: string | undefined, value: unknown): Verdict {
  const model = modelOf(called.service);
  if (!Object.hasOwn(model.operations, called.operation)) return unmodelled(called, side);
  const { breaches, members } = shape === undefined ? empty(called, side) : checkShape(model, shape, value ?? {});
  return { subject: subjectOf(called, side), breaches, members };
}

function unmodelled(called: Called, side: Side): Verdict {
  const verdict = empty(called, side);
  const message = "is not modelled here: name it in test/models/operations.ts and run test/models/generate.ts";
  verdict.breaches.push({ path: "", rule: "unknown", message });
  return verdict;
}

function empty(called: Called, side: Side): Verdict {
  return { subject: subjectOf(called, side), breaches: [], members: new Set() };
}

function subjectOf({ service, operation }: Called, side: Side): string {
  return `${service} ${operation} ${side}`;
}
