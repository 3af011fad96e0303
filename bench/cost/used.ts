import type { Usage } from "../../cli/cost/usage.ts";
import type { HandlerName } from "../../sim/world/call-site.ts";
import { between, byName, type Counts } from "../loop/meter.ts";
import { processorShare } from "./assumed.ts";
import type { TimedPass } from "./timing.ts";

/** What an install's functions are like. */
export interface FunctionSizes {
  readonly memoryMib: Readonly<Record<HandlerName, number>>;
  /** What a call takes of the processor in AWS's client, ms. */
  readonly clientMs: number;
}

/** Messages by who works on them, and how many of them were events of AWS. */
export type Messages = Record<HandlerName | "events", number>;

/** Where a meter stands. */
export interface Reading {
  readonly counts: Counts;
  readonly passes: number;
  readonly messages: Readonly<Messages>;
  readonly logBytes: number;
}

const handlers: readonly HandlerName[] = ["accept", "observe", "reconcile", "dispatch", "sweep"];
/** A message that was sent is received and deleted too. */
const afterwards = 2;

/**
 * What was used between two readings. Each message counts as if it travelled alone: received, worked on and deleted by
 * itself, where in truth batches share all of that.
 */
export function usedBetween(
  from: Reading,
  to: Reading,
  passes: readonly TimedPass[],
  { memoryMib, clientMs }: FunctionSizes,
): Usage {
  const sums = byName(between(from.counts, to.counts));
  const sum = (name: string) => sums.get(name) ?? 0;
  const messages = (of: HandlerName | "events") => to.messages[of] - from.messages[of];
  const total = (quantity: (handler: HandlerName) => number) =>
    handlers.reduce((all, handler) => all + quantity(handler), 0);
  const gbSecondsOf = (handler: HandlerName) => {
    const billed = passes
      .filter((pass) => pass.handler === handler)
      .map((pass) => billedMs(pass, memoryMib[handler], clientMs));
    const mean = billed.length === 0 ? 0 : billed.reduce((all, ms) => all + ms, 0) / billed.length;
    return ((messages(handler) * mean) / 1000) * (memoryMib[handler] / 1024);
  };
  const received = messages("reconcile") + messages("dispatch") + messages("observe");
  return {
    readUnits: sum("read units"),
    writeUnits: sum("write units"),
    // AWS sends its events one by one.
    requests: sum("sqs SendMessageBatch") + sum("sqs GetQueueAttributes") + messages("events") + afterwards * received,
    fifoRequests: (1 + afterwards) * messages("accept"),
    invocations: total(messages),
    gbSeconds: total(gbSecondsOf),
    logBytes: to.logBytes - from.logBytes,
  };
}

/** Waits overlap, what the processor does not; Lambda bills whole milliseconds. */
function billedMs({ waitedMs, calls, ownMs }: TimedPass, memoryMib: number, clientMs: number): number {
  return Math.ceil(waitedMs + (ownMs + calls * clientMs) / processorShare(memoryMib));
}
