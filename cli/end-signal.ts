import { setTimeout as delay } from "node:timers/promises";
import { exit } from "./exit-codes.ts";
import type { Session } from "./session.ts";

/**
 * Aborted at the first signal to end. A terminal and whoever started us may both send the same ctrl-C: only one that
 * comes a second later means *at once*.
 */
export function endSignal({ onEnd }: Pick<Session, "onEnd">): AbortSignal {
  const ended = new AbortController();
  let isImpatient = false;
  onEnd(() => {
    if (isImpatient) process.exit(exit.interrupted);
    ended.abort();
    void delay(1_000, undefined, { ref: false }).then(() => {
      isImpatient = true;
    });
  });
  return ended.signal;
}
