import { Fault } from "../core/model/fault.ts";
import { translated } from "./faults.ts";

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
  return translated(operation, async () => {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    try {
      return await send({ abortSignal });
    } catch (error) {
      if (!abortSignal.aborted) throw error;
      const message = `${operation} had no answer within ${timeoutMs} ms; it may have taken effect: read before trying again`;
      throw new Fault("transient", "TimeoutError", message, { cause: error });
    }
  });
}
