import type { Clock } from "../core/ports/clock.ts";

/** A clock that moves only when it is told to. */
export interface VirtualClock extends Clock {
  /** Lets time pass: wall and monotonic time move on alike. @param ms 0 or more */
  advance(ms: number): void;
  /** Sets the wall time: time passes when that lies ahead; otherwise the wall clock alone is turned back. */
  set(nowMs: number): void;
  /** Moves the wall clock alone, as a correction by NTP does. @param ms negative: back */
  jump(ms: number): void;
}

/** Starts at a moment that reads well in logs unless told otherwise: 2026-01-01T00:00:00Z. */
export function virtualClock(startMs = Date.UTC(2026, 0, 1)): VirtualClock {
  let wallMs = startMs;
  let passedMs = 0;
  return {
    nowMs: () => wallMs,
    monotonicMs: () => passedMs,
    advance: (ms) => {
      if (ms < 0) throw new RangeError(`time passes forwards: ms must be 0 or more, got ${ms}`);
      wallMs += ms;
      passedMs += ms;
    },
    set: (nowMs) => {
      passedMs += Math.max(0, nowMs - wallMs);
      wallMs = nowMs;
    },
    jump: (ms) => {
      wallMs += ms;
    },
  };
}
