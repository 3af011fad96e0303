/** One line of a service's history for people, not yet stamped. */
export interface NewEvent {
  readonly type: "normal" | "warning";
  /** CamelCase, for machines. */
  readonly reason: string;
  readonly message: string;
}
