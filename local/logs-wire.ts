import type { LogEvent, LogGroups } from "./log-groups.ts";
import { actionOf, jsonError, jsonResponse, parseObject, type Service, type WireResponse } from "./wire.ts";

/** The members of FilterLogEvents that we understand. */
interface FilterInput {
  readonly logGroupName?: unknown;
  readonly logStreamNames?: unknown;
  readonly logStreamNamePrefix?: unknown;
  readonly startTime?: unknown;
  readonly endTime?: unknown;
  readonly filterPattern?: unknown;
  readonly limit?: unknown;
  readonly nextToken?: unknown;
}

/** An answer holds at most so many events, and so many bytes, as AWS's does. */
const mostEvents = 10_000;
const mostBytes = 1_048_576;

/** The API of CloudWatch Logs (AWS JSON 1.1), as far as reading goes: FilterLogEvents without a pattern. */
export function logsService(groups: LogGroups): Service {
  return async (request) => {
    const action = actionOf(request);
    if (action !== "FilterLogEvents")
      return refused("UnknownOperationException", `FilterLogEvents is offered here, got ${action || "nothing"}`);
    const input = parseObject(request.body);
    return input ? filterLogEvents(groups, input) : refused("SerializationException", "the body is not a JSON object");
  };
}

function filterLogEvents(groups: LogGroups, input: FilterInput): WireResponse {
  const why = whyInvalid(input);
  if (why !== undefined) return refused("InvalidParameterException", why);
  const { logGroupName, logStreamNames, logStreamNamePrefix: prefix = "", startTime = 0, endTime } = input;
  const names = Array.isArray(logStreamNames) ? new Set<unknown>(logStreamNames) : undefined;
  const isMeant = (stream: string) => names?.has(stream) ?? stream.startsWith(String(prefix));
  const found = groups.read(String(logGroupName), isMeant);
  if (found === undefined) return refused("ResourceNotFoundException", "The specified log group does not exist.");
  const [from, to] = [Number(startTime), Number(endTime ?? Number.POSITIVE_INFINITY)];
  const after = Number(input.nextToken ?? 0);
  const left = found.filter(({ id, atMs }) => id > after && atMs >= from && atMs <= to);
  const page = firstOf(left, Number(input.limit ?? mostEvents));
  const last = page.at(-1);
  return jsonResponse(
    200,
    {
      events: page.map(shape),
      searchedLogStreams: [],
      ...(last && page.length < left.length && { nextToken: String(last.id) }),
    },
    "1.1",
  );
}

function firstOf(events: readonly LogEvent[], limit: number): readonly LogEvent[] {
  let bytes = 0;
  const tooMany = events.findIndex(({ message }, index) => {
    // What AWS adds for each event.
    bytes += Buffer.byteLength(message) + 26;
    return index >= limit || (index > 0 && bytes > mostBytes);
  });
  return tooMany < 0 ? events : events.slice(0, tooMany);
}

function shape({ id, stream, atMs, message }: LogEvent) {
  const eventId = String(id).padStart(56, "0");
  return { eventId, logStreamName: stream, timestamp: atMs, ingestionTime: atMs, message };
}

const streamNames = "of 1 to 512 characters other than : and *";

/** First match wins. */
const rules: readonly (readonly [why: string, isBroken: (input: FilterInput) => boolean])[] = [
  [
    "logGroupName must be 1 to 512 of A-Z, a-z, 0-9, ., -, _, / and #",
    ({ logGroupName }) => !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(textOf(logGroupName)),
  ],
  [
    `logStreamNames must be 1 to 100 ${streamNames}`,
    ({ logStreamNames: names = ["any"] }) =>
      !Array.isArray(names) || !isWithin(names.length, 1, 100) || !names.every(isStreamName),
  ],
  [`logStreamNamePrefix must be ${streamNames}`, ({ logStreamNamePrefix: prefix = "any" }) => !isStreamName(prefix)],
  [
    "logStreamNames and logStreamNamePrefix must not stand together",
    ({ logStreamNames, logStreamNamePrefix }) => logStreamNames !== undefined && logStreamNamePrefix !== undefined,
  ],
  ["filterPattern is not offered here", ({ filterPattern = "" }) => filterPattern !== ""],
  ["limit must be 1 to 10000", ({ limit = 1 }) => !isWithin(limit, 1, mostEvents)],
  [
    "startTime and endTime must be milliseconds from 0",
    ({ startTime = 0, endTime = 0 }) =>
      !isWithin(startTime, 0, Number.MAX_SAFE_INTEGER) || !isWithin(endTime, 0, Number.MAX_SAFE_INTEGER),
  ],
  ["The specified nextToken is invalid.", ({ nextToken = "1" }) => !/^[1-9]\d{0,15}$/.test(String(nextToken))],
];

function whyInvalid(input: FilterInput): string | undefined {
  return rules.find(([, isBroken]) => isBroken(input))?.[0];
}

function isStreamName(value: unknown): boolean {
  return /^[^:*]{1,512}$/.test(textOf(value));
}

/** Empty for what is no text. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function refused(code: string, message: string): WireResponse {
  return jsonError({ status: 400, code, message }, "1.1");
}
