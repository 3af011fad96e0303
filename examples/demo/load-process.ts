import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Counts } from "./timeline.ts";

/** The load of the demonstration: so many connections, kept alive, share so many requests a second at most. */
export const connections = 10;
export const requestsPerSecond = 250;

/** How much load is made. */
export interface LoadOptions {
  readonly connections: number;
  /** At most, over all connections. */
  readonly requestsPerSecond: number;
}

/** The load generator, a process of its own. */
export interface Load {
  start(url: string): void;
  /** Requests so far; once it has ended, all that there were. */
  counts(): Promise<Counts>;
  /** Ends it in good order, and answers its last counts. */
  stop(): Promise<Counts>;
  kill(): void;
}

/** A load generator that has not begun. */
export function createLoad(options: LoadOptions = { connections, requestsPerSecond }): Load {
  let generator: ChildProcess | undefined;
  let last: Counts = { requests: 0, failed: 0 };
  const ask = async (message: "counts" | "stop") => {
    if (generator?.connected !== true) return last;
    const answered = once(generator, "message") as Promise<[Counts]>;
    generator.send(message);
    [last] = await answered;
    return last;
  };
  return {
    start: (url) => {
      const args = [url, String(options.connections), String(options.requestsPerSecond)];
      const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
      generator = fork(fileURLToPath(new URL("./load.ts", import.meta.url)), args, { stdio: [...stdio] });
    },
    counts: () => ask("counts"),
    stop: () => ask("stop"),
    kill: () => void generator?.kill(),
  };
}
