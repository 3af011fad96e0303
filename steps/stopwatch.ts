import { Fault } from "../core/model/fault.ts";
import type { Clock } from "../core/ports/clock.ts";

/** A mutating call is never sent later than this after the reads of pause, plan and evidence that it rests on. */
const freshMs = 5_000;

/** Tells how long ago the reads of a pass began. */
export interface Stopwatch {
  elapsedMs(): number;
  /** Whether a mutating call may still rest on those reads. */
  isFresh(): boolean;
}

/**
 * Starts to measure: the larger of monotonic and wall time counts, since a frozen process stands still in the one and a
 * jump hides in the other.
 */
export function startStopwatch(clock: Clock): Stopwatch {
  const wallMs = clock.nowMs();
  const monotonicMs = clock.monotonicMs();
  const elapsedMs = () => Math.max(clock.nowMs() - wallMs, clock.monotonicMs() - monotonicMs);
  return { elapsedMs, isFresh: () => elapsedMs() < freshMs };
}

/** @throws Fault, transient, where too long has passed: the message comes again, and is decided again. */
export function demandFresh(stopwatch: Stopwatch): void {
  if (!stopwatch.isFresh())
    throw new Fault("transient", "Stale", "what was decided is older than 5 s; the command is tried again");
}
