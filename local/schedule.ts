import { within } from "./deadline.ts";

/** A function, and how often it is called. */
export interface ScheduleOptions {
  readonly intervalMs: number;
  readonly handler: () => Promise<void>;
  /** A handler that takes longer has failed. Default 30 s. */
  readonly timeoutMs?: number;
  /** Told of whatever the handler throws. */
  readonly onFault: (fault: unknown) => void;
}

/** Calls a handler at a fixed rate, first after one interval; a call that is due while the last one runs is left out. */
export function startSchedule({ intervalMs, handler, timeoutMs = 30_000, onFault }: ScheduleOptions): {
  /** Calls no more; resolves when the call that runs is done. */
  close(): Promise<void>;
} {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= within(timeoutMs, handler())
      .catch(onFault)
      .finally(() => {
        running = undefined;
      });
  }, intervalMs);
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}
