import { observationBodies, wakeupBody } from "../core/model/bodies.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Queues } from "../core/ports/queues.ts";
import { type Delivery, type MemoryQueue, type Message, memoryQueue } from "./queue.ts";

/** The queues of an install, without its name. */
export type QueueName = "work" | "dispatch" | "observations" | "commands";

/** All queues of an install in memory: the port, and what an event-source loop needs. `commands` alone is FIFO. */
export interface MemoryQueues extends Queues {
  /** Sends any body, such as a command or an event of AWS; answers the message's id. */
  send(queue: QueueName, body: string, delivery?: Delivery): string;
  receive(queue: QueueName, max: number): readonly Message[];
  remove(queue: QueueName, receipt: string): void;
  release(queue: QueueName, receipt: string, delaySeconds?: number): void;
  pending(queue: QueueName): number;
  dead(queue: QueueName): readonly Message[];
  /** When some message of any queue can be received next, past moments included; undefined: all are empty. */
  nextDueMs(): number | undefined;
}

/** Empty queues, as an install's are set up unless told otherwise. */
export function memoryQueues(clock: Clock, { visibilitySeconds = 180, maxReceives = 5 } = {}): MemoryQueues {
  const aQueue = (name: QueueName) =>
    memoryQueue({ name, clock, fifo: name === "commands", visibilitySeconds, maxReceives });
  const queues: Readonly<Record<QueueName, MemoryQueue>> = {
    commands: aQueue("commands"),
    observations: aQueue("observations"),
    work: aQueue("work"),
    dispatch: aQueue("dispatch"),
  };
  return {
    send: (queue, body, delivery) => queues[queue].send(body, delivery),
    wake: async (queue, wakeups, delaySeconds = 0) => {
      for (const wakeup of wakeups) queues[queue].send(wakeupBody(wakeup), { delaySeconds });
    },
    report: async (observations, hops) => {
      for (const body of observationBodies(observations, hops)) queues.observations.send(body);
    },
    deadLetters: async () =>
      Object.entries(queues).map(([name, queue]) => ({ queue: `${name}-dead`, messages: queue.dead().length })),
    receive: (queue, max) => queues[queue].receive(max),
    remove: (queue, receipt) => queues[queue].remove(receipt),
    release: (queue, receipt, delaySeconds) => queues[queue].release(receipt, delaySeconds),
    pending: (queue) => queues[queue].pending(),
    dead: (queue) => queues[queue].dead(),
    nextDueMs: () => {
      const times = Object.values(queues).flatMap((queue) => queue.nextDueMs() ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
