import type { HandlerName } from "../../sim/world/call-site.ts";
import type { Around } from "../../sim/world/options.ts";
import { watched } from "./watched.ts";

/** One RunTask, at the moment at which it is sent. */
export interface Sent {
  readonly virtualMs: number;
  /** Time that our own code had taken by then. */
  readonly ownMs: number;
}

/** What our own code takes of the processor: passes of the handlers, without what happens inside the calls of their ports. */
export interface OwnTime {
  readonly around: Around;
  /** Of all passes so far but the sweep's, ms. */
  ownMs(): number;
  /** Each pass that ended, ms. */
  readonly passes: readonly { readonly handler: HandlerName; readonly ownMs: number }[];
  /** Every RunTask that was sent. */
  readonly runs: readonly Sent[];
}

/**
 * Measures by what the processor spent on this thread, which on a quiet machine is the wall time; on a busy one the wall
 * clock would measure the neighbours. Where a pass makes several calls at once, its own code counts again when the last of them
 * has been answered; in memory that is at once.
 */
export function ownTime(): OwnTime {
  const passes: { handler: HandlerName; ownMs: number }[] = [];
  const runs: Sent[] = [];
  let totalMs = 0;
  const around: Around = (handler, work) => async (ports) => {
    let ownMs = 0;
    let open = 0;
    let sinceMs = processorMs();
    const leave = () => {
      if (open === 0) {
        const passedMs = processorMs() - sinceMs;
        ownMs += passedMs;
        if (handler !== "sweep") totalMs += passedMs;
      }
      open += 1;
    };
    const comeBack = () => {
      open -= 1;
      if (open === 0) sinceMs = processorMs();
    };
    const timed = watched(ports, async ({ port, method, act }) => {
      leave();
      if (`${port}.${method}` === "tasks.run") runs.push({ virtualMs: ports.clock.nowMs(), ownMs: totalMs });
      try {
        return await act();
      } finally {
        comeBack();
      }
    });
    await work(timed);
    leave();
    passes.push({ handler, ownMs });
  };
  return { around, ownMs: () => totalMs, passes, runs };
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
