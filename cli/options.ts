import type { ConnectionOptions } from "./which-install.ts";

/** Options of every command that reads. */
export interface ReadOptions extends ConnectionOptions {
  /** One JSON document as the answer. */
  readonly json?: boolean;
}

/** Options of every command that shows lines, and more of them as they come. */
export interface FollowOptions extends ReadOptions {
  readonly namespace?: string;
  readonly follow?: boolean;
  /** The last so many lines; absent: all. */
  readonly tail?: number;
  /** Milliseconds; absent: until ctrl-C. */
  readonly timeout?: number;
}

/** Options of every command that sends. */
export interface SendOptions extends ReadOptions {
  readonly wait?: boolean;
  /** Milliseconds; absent: 5 minutes with `wait`, else 10 seconds. */
  readonly timeout?: number;
  readonly yes?: boolean;
  readonly ifGeneration?: number;
}
