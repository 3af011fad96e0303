import { setTimeout as delay } from "node:timers/promises";

const pauseMs = 250;

/**
 * Looks a few times a second until it holds, and answers what it saw.
 * @param what For people, when it does not hold.
 * @throws Error that says what was seen last, when the deadline passes first
 */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  deadlineMs = 120_000,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}; last seen: ${shown(seen)}`);
    await delay(pauseMs);
  }
}

/** Looks a few times a second for so long. @throws Error that says what was seen when it does not hold any more */
export async function stays<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  forMs: number,
): Promise<void> {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    const seen = await look();
    if (!holds(seen)) throw new Error(`for less than ${forMs} ms: ${what}; last seen: ${shown(seen)}`);
    await delay(pauseMs);
  }
}

function shown(seen: unknown): string {
  return (JSON.stringify(seen) ?? "nothing").slice(0, 4_000);
}
