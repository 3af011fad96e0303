import { setTimeout as delay } from "node:timers/promises";
import type { Environment } from "../aws/environment.ts";
import type { Connection } from "./connection.ts";
import { exit } from "./exit-codes.ts";
import type { ConnectionOptions } from "./which-install.ts";

/** Where text goes: a terminal, a pipe or a file. */
export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Characters in a line of a terminal; of anything else without bound. */
  readonly columns: number;
  readonly hasColours: boolean;
  /** Whoever read it has left. */
  readonly isClosed: boolean;
}

/** What a command is given of the process that it runs in. */
export interface Session {
  /** What was asked for. */
  readonly out: Output;
  /** How it goes, and what went wrong. */
  readonly progress: Output;
  /** Standard input, at most so many bytes and one more. */
  readInput(maxBytes: number): Promise<Uint8Array>;
  /** Asks on the terminal; undefined: nobody is there to be asked. */
  ask(question: string): Promise<string | undefined>;
  nowMs(): number;
  /** @param ended Ends it early. */
  pause(ms: number, ended?: AbortSignal): Promise<void>;
  /** From now on ctrl-C and its like call this, and no longer end the process. */
  onEnd(end: () => void): void;
  connect(options: ConnectionOptions): Promise<Connection>;
}

/** The session of this process: ctrl-C ends it at once, unless somebody takes over. */
export function processSession(): Session {
  let end = (): void => {
    process.stderr.write("interrupted; what was sent goes on\n");
    process.exit(exit.interrupted);
  };
  process.on("SIGINT", () => end());
  // Whoever reads our output may leave early, as `head` does: the command goes on, and ends with its own code.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => error.code !== "EPIPE" && process.exit(exit.fault));
  return {
    out: outputOf(process.stdout, process.env),
    progress: outputOf(process.stderr, process.env),
    readInput: (maxBytes) => readAtMost(process.stdin, maxBytes),
    ask,
    nowMs: () => Date.now(),
    pause: (ms, signal) => delay(ms, undefined, { ...(signal && { signal }) }).catch(() => {}),
    onEnd: (handler) => {
      end = handler;
      for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, handler);
    },
    connect: async (options) => (await import("./connection.ts")).connect(options, process.env),
  };
}

/** A stream of this process: a terminal only where it is one, with colours unless NO_COLOR is set. */
export function outputOf(stream: NodeJS.WriteStream, { NO_COLOR, TERM }: Environment): Output {
  const isTerminal = stream.isTTY === true && TERM !== "dumb";
  // The streams of a process forget their errors at once.
  let isClosed = false;
  stream.on("error", () => {
    isClosed = true;
  });
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    get columns() {
      return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
    },
    hasColours: isTerminal && !NO_COLOR,
    get isClosed() {
      return isClosed;
    },
  };
}

async function readAtMost(stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on("SIGINT", () => process.exit(exit.interrupted));
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
