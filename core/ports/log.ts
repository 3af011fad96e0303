/** One line of what a pass changed; no secret, no untrusted text that is not a value of a named field. */
export interface LogEntry {
  /** `error`: a person should look. */
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  /** What is to be counted as a metric of the install. */
  readonly counts?: Partial<Readonly<Record<CountName, number>>>;
  readonly [field: string]: unknown;
}

/** Written once a pass, and only by a pass that changed something or was refused something for good. */
export interface Log {
  write(entry: LogEntry): void;
}

/** The two metrics of an install; none of them by service. */
export type CountName = "TasksStarted" | "TasksFailed";
