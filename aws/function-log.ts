import type { Log } from "../core/ports/log.ts";
import { embeddedMetrics } from "./counts.ts";
import { jsonLog, type LogNames } from "./log.ts";

/** The log of a function: each entry is a line at once, what entries count is one more at the end of an invocation. */
export interface FunctionLog extends Log {
  /** Publishes what was counted since the last time; writes nothing if nothing was. */
  publish(): void;
}

/** A function's log, line by line. */
export function functionLog(names: LogNames, print: (line: string) => void): FunctionLog {
  const log = jsonLog(names, print);
  const counts = embeddedMetrics(names.install, print);
  return {
    write: (entry) => {
      log.write(entry);
      if (entry.counts) counts.add(entry.counts);
    },
    publish: counts.publish,
  };
}
