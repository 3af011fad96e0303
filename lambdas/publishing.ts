import type { FunctionLog } from "../aws/function-log.ts";

/** A handler that, however it ends, publishes what was counted meanwhile. */
export function publishing<Event extends readonly unknown[], Answer>(
  handle: (...event: Event) => Promise<Answer>,
  log: Pick<FunctionLog, "publish">,
): (...event: Event) => Promise<Answer> {
  return async (...event) => {
    try {
      return await handle(...event);
    } finally {
      log.publish();
    }
  };
}
