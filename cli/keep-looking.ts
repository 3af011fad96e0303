import { endSignal } from "./end-signal.ts";
import type { Session } from "./session.ts";

/** How often to look again, and for how long. */
interface Pace {
  readonly pollMs: number;
  /** Absent: until ctrl-C. */
  readonly timeoutMs: number | undefined;
}

/** Looks again and again, until ctrl-C, the end of the time, or nobody reads what we write. */
export async function keepLooking(
  look: () => Promise<void>,
  session: Session,
  { pollMs, timeoutMs = Number.POSITIVE_INFINITY }: Pace,
): Promise<void> {
  const ended = endSignal(session);
  const deadlineMs = session.nowMs() + timeoutMs;
  while (!ended.aborted && !session.out.isClosed) {
    await look();
    const leftMs = deadlineMs - session.nowMs();
    if (leftMs <= 0) return;
    await session.pause(Math.min(pollMs, leftMs), ended);
  }
}
