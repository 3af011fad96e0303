import type { ConnectionOptions } from "./connection.ts";

/** Options of every command that reads. */
export interface ReadOptions extends ConnectionOptions {
  /** One JSON document as the answer. */
  readonly json?: boolean;
}

/** Options of every command that sends. */
export interface SendOptions extends ReadOptions {
  readonly wait?: boolean;
  /** Milliseconds; absent: 5 minutes with `wait`, else 10 seconds. */
  readonly timeout?: number;
  readonly yes?: boolean;
  readonly ifGeneration?: number;
}
