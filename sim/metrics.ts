import { Fault } from "../core/model/fault.ts";
import type { Metrics } from "../core/ports/metrics.ts";

/** Messages of a queue as SQS counts them; one that is left out is 0. */
export interface Backlog {
  readonly visible?: number;
  /** Received, and neither deleted nor visible again. */
  readonly inFlight?: number;
}

/** Metrics that a test sets. A queue that it never named does not exist. */
export interface MemoryMetrics extends Metrics {
  /** @param backlog A fault: every read of the queue fails with it; `missing`: there is no such queue. */
  setQueue(arn: string, backlog: Backlog | Fault | "missing"): void;
}

/** Metrics of no queue at all. */
export function memoryMetrics(): MemoryMetrics {
  const queues = new Map<string, Backlog | Fault>();
  return {
    setQueue: (arn, backlog) => {
      if (backlog === "missing") queues.delete(arn);
      else queues.set(arn, backlog);
    },
    read: async ({ queue }) => {
      const backlog = queues.get(queue);
      if (backlog === undefined)
        throw new Fault("terminal", "QueueDoesNotExist", `there is no queue ${queue}; create it, or correct its name`);
      if (backlog instanceof Fault) throw backlog;
      const { visible = 0, inFlight = 0 } = backlog;
      return { kind: "total", value: visible + inFlight };
    },
  };
}
