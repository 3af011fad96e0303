/** What a person should look at. */
export interface Trouble {
  readonly kind:
    | "dead letters"
    | "throttled"
    | "saturated"
    | "unreadable"
    | "behind"
    | "stuck rollout"
    | "unsettled call"
    | "stuck stop";
  /** A queue, a bucket of the account's calls, or a service. */
  readonly about: string;
  /** What, how much, and what to do. */
  readonly message: string;
}
