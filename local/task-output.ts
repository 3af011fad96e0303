import type { Readable } from "node:stream";

/** What one container wrote: one line, without its line feed. */
export interface OutputLine {
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

/** Told of each line as it is written. */
export type OutputListener = (taskArn: string, container: string, stream: OutputLine["stream"], line: string) => void;

const linesPerTask = 500;
const charactersPerLine = 4_000;
const tasksKept = 200;

interface Streams {
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/** The last lines that each of the last tasks wrote. */
export interface TaskOutput {
  /** The last 500 lines of a task, oldest first; empty for one that is unknown or long gone. */
  of(taskArn: string): readonly OutputLine[];
  /** Keeps what the streams carry from now on. @param log Takes each line besides. */
  follow(taskArn: string, container: string, streams: Streams, log?: (line: string) => void): void;
}

/** Keeps 500 lines of up to 4,000 characters for each of the last 200 tasks; a longer line is cut. */
export function taskOutput(listener?: OutputListener): TaskOutput {
  const kept = new Map<string, OutputLine[]>();
  const linesOf = (taskArn: string) => {
    const lines = kept.get(taskArn) ?? [];
    kept.set(taskArn, lines);
    const [oldest] = kept.keys();
    if (kept.size > tasksKept && oldest !== undefined) kept.delete(oldest);
    return lines;
  };
  return {
    of: (taskArn) => kept.get(taskArn)?.slice() ?? [],
    follow: (taskArn, container, streams, log) => {
      const lines = linesOf(taskArn);
      for (const stream of ["stdout", "stderr"] as const) {
        eachLine(streams[stream], (line) => {
          lines.push({ container, stream, line });
          if (lines.length > linesPerTask) lines.shift();
          log?.(line);
          listener?.(taskArn, container, stream, line);
        });
      }
    },
  };
}

/** Cuts long lines as they grow, so that a stream without a line feed takes no more room than any other. */
function eachLine(stream: Readable | null, take: (line: string) => void): void {
  let open = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (open + text).split("\n");
    open = lines.pop()?.slice(0, charactersPerLine) ?? "";
    for (const line of lines) take(line.slice(0, charactersPerLine));
  });
  stream?.on("end", () => {
    if (open !== "") take(open);
  });
}
