import type { LogReader } from "../aws/logs.ts";
import type { LogSource } from "./log-sources.ts";

/** One line of a container's output; with `--json` these are the names. */
export interface LogLineView {
  readonly at: string;
  readonly task: string;
  readonly container: string;
  readonly message: string;
}

/** Reads on where it read last. */
export interface LogTail {
  /** The last lines of those that are new, by their time, and how many earlier ones were left out. */
  next(sources: readonly LogSource[], most: number): Promise<{ lines: readonly LogLineView[]; leftOut: number }>;
}

interface Found {
  readonly atMs: number;
  readonly view: LogLineView;
}

/** Lines of other streams may arrive so much later than a line that was read. */
const lateMs = 15_000;

/** Reads lines from a moment on, each once. */
export function logTail(reader: LogReader, sinceMs: number): LogTail {
  let newestMs = sinceMs;
  /** Lines that were read and may be read again, by when they were written. */
  const seen = new Map<string, number>();
  const fromMs = () => Math.max(sinceMs, newestMs - lateMs);
  const next: LogTail["next"] = async (sources, most) => {
    const asOfMs = fromMs();
    const last = lastLines(most);
    for (const source of sources)
      for await (const page of reader.pages({ ...source, fromMs: asOfMs }))
        for (const { id, stream, atMs, message } of page) {
          const task = stream.slice(stream.lastIndexOf("/") + 1);
          const name = `${source.group} ${stream} ${id}`;
          if (seen.has(name) || (source.tasks !== "all" && !source.tasks.has(task))) continue;
          seen.set(name, atMs);
          newestMs = Math.max(newestMs, atMs);
          const { container } = source;
          last.add({ atMs, view: { at: new Date(atMs).toISOString(), task, container, message } });
        }
    for (const [name, atMs] of seen) if (atMs < fromMs()) seen.delete(name);
    return last.all();
  };
  return { next };
}

/** Keeps the last of many lines, by their time, without keeping all. */
function lastLines(most: number) {
  let kept: Found[] = [];
  let leftOut = 0;
  const shorten = () => {
    // Stable: lines of the same moment stay in the order in which they were read.
    kept.sort((a, b) => a.atMs - b.atMs);
    const surplus = Math.max(0, kept.length - most);
    kept = kept.slice(surplus);
    leftOut += surplus;
  };
  return {
    add: (found: Found) => {
      kept.push(found);
      if (kept.length >= 2 * most + 1_000) shorten();
    },
    all: () => {
      shorten();
      return { lines: kept.map(({ view }) => view), leftOut };
    },
  };
}
