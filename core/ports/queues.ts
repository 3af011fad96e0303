import type { NodeSighting, TaskSighting } from "../model/sightings.ts";

/** *Look at this key.* On `work` the key is a service's, on `dispatch` a cluster's name, with the services to look at as hints. */
export interface Wakeup {
  readonly key: string;
  /** How many wake-ups led to this one, 1 to 8. */
  readonly hops: number;
  /** Service keys; only on `dispatch`. */
  readonly names?: readonly string[];
}

/** A difference that the sweep or a step found, for observe. Bodies from AWS are EventBridge envelopes instead. */
export type Observation =
  | { readonly kind: "task"; readonly sighting: TaskSighting }
  | { readonly kind: "node"; readonly sighting: NodeSighting };

/** One queue of messages that no handler could work on: about how many it holds, or why that could not be read. */
export type DeadLetters =
  | { readonly queue: string; readonly messages: number }
  | { readonly queue: string; readonly unread: string };

/** The standard queues. A send that fails throws `Fault("transient")`; a message may arrive late, twice, or out of order. */
export interface Queues {
  /** @param delaySeconds 0 to 900 */
  wake(queue: "work" | "dispatch", wakeups: readonly Wakeup[], delaySeconds?: number): Promise<void>;
  report(observations: readonly Observation[], hops: number): Promise<void>;
  /** Every dead-letter queue of the install, one that could not be read among them. */
  deadLetters(): Promise<readonly DeadLetters[]>;
}
