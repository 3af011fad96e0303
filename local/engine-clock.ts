import type { EcsEngine } from "../sim/ecs/api.ts";

const longestMs = 60_000;
const pauseAfterFaultMs = 1_000;

/** Lets an engine's time pass with the machine's: a timer for whatever it has to do next. */
export interface EngineClock {
  /** To be called after each request and event: the engine may have something to do earlier than before. */
  wake(): void;
  close(): void;
}

/** @param onFault Told of whatever the engine throws, a bug of ours; time goes on a second later. */
export function keepAdvancing(
  engine: Pick<EcsEngine, "advance" | "nextDueMs">,
  onFault: (fault: unknown) => void,
): EngineClock {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const sleep = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(advance, Math.min(Math.max(ms, 0), longestMs));
  };
  const wake = () => {
    const dueMs = engine.nextDueMs();
    if (dueMs !== undefined && !closed) sleep(dueMs - Date.now());
  };
  const advance = () => {
    try {
      engine.advance();
      wake();
    } catch (fault) {
      onFault(fault);
      sleep(pauseAfterFaultMs);
    }
  };
  return {
    wake,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
