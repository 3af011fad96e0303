import type { Ports } from "../../core/ports/index.ts";
import type { Observation, Wakeup } from "../../core/ports/queues.ts";
import type { Trouble } from "../../core/trouble/trouble.ts";
import { acceptCommand } from "../../steps/accept.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { observe } from "../../steps/observe.ts";
import { reconcileService } from "../../steps/reconcile.ts";
import { sweep } from "../../steps/sweep.ts";
import { sweepMemory } from "../../steps/sweep-memory.ts";
import type { Message } from "../queue.ts";
import type { MemoryQueues, QueueName } from "../queues.ts";
import type { HandlerName } from "./call-site.ts";

/** Something that a handler is to be called for. */
export interface Job {
  readonly handler: HandlerName;
  readonly about: string;
  readonly work: (ports: Ports) => Promise<void>;
  /** Where its messages came from; none for the sweep. */
  readonly queue?: QueueName;
  readonly receipts: readonly string[];
}

const batchSize = 10;

/** Takes a batch of messages, and says what is to be done for it: as the handlers of `lambdas/` do, a key once. */
export function takeJobs(queues: MemoryQueues, queue: QueueName): readonly Job[] {
  const messages = queues.receive(queue, queue === "commands" ? 1 : batchSize);
  if (messages.length === 0) return [];
  switch (queue) {
    case "commands":
      return messages.map(accepting);
    case "observations":
      return [observing(messages)];
    case "work":
      return [...Map.groupBy(messages, ({ body }) => wakeupOf(body).key).values()].map((same) =>
        looking("reconcile", same, reconcileService),
      );
    case "dispatch":
      return [...Map.groupBy(messages, ({ body }) => wakeupOf(body).key).values()].map((same) =>
        looking("dispatch", same, dispatchCluster),
      );
  }
}

/**
 * What the schedule calls each minute, by a process that lives on.
 * @param found Told of what deserves a person.
 */
export function sweepingWith(found: (troubles: readonly Trouble[]) => void): Job {
  const memory = sweepMemory();
  const work = async (ports: Ports) => found(await sweep(ports, memory));
  return { handler: "sweep", about: "everything", work, receipts: [] };
}

function accepting({ id, body, sender, receipt }: Message): Job {
  const message = { body, sizeBytes: Buffer.byteLength(body), senderId: sender, messageId: id };
  return {
    handler: "accept",
    about: id,
    queue: "commands",
    receipts: [receipt],
    work: (ports) => acceptCommand(message, ports),
  };
}

function observing(messages: readonly Message[]): Job {
  const bodies = messages.map(({ body }) => JSON.parse(body) as { hops: number; observations: Observation[] });
  const observations = bodies.flatMap((body) => body.observations);
  const hops = Math.max(...bodies.map((body) => body.hops));
  return {
    handler: "observe",
    about: `${observations.length} observations`,
    queue: "observations",
    receipts: messages.map(({ receipt }) => receipt),
    work: (ports) => observe(observations, hops, ports),
  };
}

function looking(
  handler: "reconcile" | "dispatch",
  messages: readonly Message[],
  look: (wakeup: Wakeup, ports: Ports) => Promise<void>,
): Job {
  const wakeups = messages.map(({ body }) => wakeupOf(body));
  const key = wakeups[0]?.key ?? "";
  const names = [...new Set(wakeups.flatMap((wakeup) => wakeup.names ?? []))];
  const wakeup = { key, hops: Math.max(...wakeups.map(({ hops }) => hops)), ...(names.length > 0 ? { names } : {}) };
  return {
    handler,
    about: key,
    queue: handler === "reconcile" ? "work" : "dispatch",
    receipts: messages.map(({ receipt }) => receipt),
    work: (ports) => look(wakeup, ports),
  };
}

function wakeupOf(body: string): Wakeup {
  return JSON.parse(body) as Wakeup;
}
