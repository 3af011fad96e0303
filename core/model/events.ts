/** One line of a service's history for people, not yet stamped. */
export interface NewEvent {
  readonly type: "normal" | "warning";
  /** CamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
  /** Of a command's outcome: the sender's unique id, by which its result can be found. */
  readonly sender?: string;
}
