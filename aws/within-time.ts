import { Fault } from "../core/model/fault.ts";
import { translated } from "./faults.ts";

/**
 * Longest that a read may take that a look can do without, attempts of the SDK and their pauses included: a metric, a
 * target group's health. A pass sends nothing later than 5 s after its reads began, and a dependency that hangs must leave
 * it most of that.
 */
export const spareReadTimeoutMs = 1_500;

type Send<T> = (options: { readonly abortSignal: AbortSignal }) => Promise<T>;

/**
 * Runs an operation of a dependency and gives it up after a time, however many attempts its client makes.
 * @param meaning What a person or a pass is told of an operation that was given up.
 * @throws Fault: transient "TimeoutError" when it was given up
 */
export function withinTime<T>(
  operation: string,
  { timeoutMs, meaning }: { readonly timeoutMs: number; readonly meaning: string },
  send: Send<T>,
): Promise<T> {
  return translated(operation, async () => {
    const abortSignal = AbortSignal.timeout(timeoutMs);
    try {
      return await send({ abortSignal });
    } catch (error) {
      if (!abortSignal.aborted) throw error;
      const message = `${operation} had no answer within ${timeoutMs} ms; ${meaning}`;
      throw new Fault("transient", "TimeoutError", message, { cause: error });
    }
  });
}

/**
 * Reads, and gives the read up after a time; that may be amid the pauses between the SDK's attempts, so that what was
 * throttled is given up as well. @throws Fault
 */
export function readWithin<T>(operation: string, timeoutMs: number, send: Send<T>): Promise<T> {
  const meaning = "it is slow, throttled or out of reach: it is read again at the next look";
  return withinTime(operation, { timeoutMs, meaning }, send);
}
