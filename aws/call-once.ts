import { withinTime } from "./within-time.ts";

/** Longest that a mutating call may take, in all. */
export const callTimeoutMs = 5_000;

/**
 * Sends a mutating call by a client that makes one attempt, and gives it up after a time: from then on it is unknown
 * whether it took effect. @throws Fault
 */
export function callOnce<T>(
  operation: string,
  timeoutMs: number,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> {
  return withinTime(operation, { timeoutMs, meaning: "it may have taken effect: read before trying again" }, send);
}
