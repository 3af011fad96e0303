import type { Usage } from "./usage.ts";

/** What `npm run bench:cost` measured of the product itself, and counted in the template that deploys it. */
export interface Measurement {
  /** Day on which it was measured. */
  readonly date: string;
  /** What a call takes of a whole processor in AWS's client, ms. */
  readonly clientMs: number;
  readonly stack: StackCount;
  /** Every custom metric that was published, with the names of its dimensions: each costs by the month. */
  readonly customMetrics: readonly string[];
  /** At rest, in a minute: of an install without services, and of each thing more. */
  readonly perMinute: {
    readonly install: Usage;
    readonly service: Usage;
    readonly task: Usage;
    /** Behind a target group, beside what any service uses. */
    readonly targetGroupService: Usage;
    /** Following the backlog of a queue, beside what any service uses. */
    readonly queueService: Usage;
  };
  /** From the command until all is cleared up, beside what rest uses. */
  readonly perRollout: { readonly rollout: Usage; readonly task: Usage };
  /** A backlog of ten tasks comes and goes, beside what rest uses. */
  readonly perBacklog: Usage;
  /** Stored bytes, with what storage adds to each item; of a rollout what it leaves behind for its time. */
  readonly bytes: { readonly service: number; readonly task: number; readonly rollout: number };
  /** A whole install at rest for a minute, measured at once, to hold the sum of the parts against. */
  readonly whole: {
    readonly services: number;
    readonly tasks: number;
    readonly queueServices: number;
    readonly used: Usage;
  };
}

/** What the template has of everything that costs by its mere being there. */
export interface StackCount {
  readonly mappings: Queues;
  readonly deadLetterQueues: Queues;
  readonly sweepsAMinute: number;
  readonly alarms: number;
  readonly dashboards: number;
  readonly keys: number;
  readonly memoryMib: Readonly<Record<"accept" | "observe" | "reconcile" | "dispatch" | "sweep", number>>;
}

/** How many queues of each kind. */
export interface Queues {
  readonly standard: number;
  readonly fifo: number;
}
