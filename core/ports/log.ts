/** One line of what a pass changed; no secret, no untrusted text that is not a value of a named field. */
export interface LogEntry {
  /** `error`: a person should look. */
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly [field: string]: unknown;
}

/** Written once a pass, and only by a pass that changed something. */
export interface Log {
  write(entry: LogEntry): void;
}
