import type { Clock } from "../core/ports/clock.ts";

/** The machine's clocks. */
export function systemClock(): Clock {
  return { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
}
