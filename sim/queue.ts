import { invariant } from "../core/model/fault.ts";
import type { Clock } from "../core/ports/clock.ts";

/** A message as its receiver sees it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  /** Names this receipt of it: another one, after its visibility timeout, has another. */
  readonly receipt: string;
  /** How often it was received, this time included. */
  readonly receives: number;
  readonly sentAtMs: number;
  /** On a FIFO queue, messages of a group are received in order. */
  readonly group: string;
  readonly sender: string;
}

/** How a message is sent: `sender` is what SQS would stamp on it. */
export interface Delivery {
  /** 0 to 900; a FIFO queue allows none. */
  readonly delaySeconds?: number;
  readonly group?: string;
  readonly sender?: string;
}

/** A queue in memory, with what an event-source loop needs to run a handler over it. */
export interface MemoryQueue {
  /** Answers the message's id. */
  send(body: string, delivery?: Delivery): string;
  /** Messages that are due, longest due first, hidden from others until they are removed, released or time out. */
  receive(max: number): readonly Message[];
  /** Done with it. A receipt that is not its latest does nothing. */
  remove(receipt: string): void;
  /** Gives it back, to be received again after a delay: a change of its visibility. */
  release(receipt: string, delaySeconds?: number): void;
  /** How many messages there are, hidden ones included; dead ones not. */
  pending(): number;
  /** Messages that were received too often. */
  dead(): readonly Message[];
  /** When some message can be received next, past moments included; undefined: the queue is empty. */
  nextDueMs(): number | undefined;
}

/** What a queue is like. */
export interface QueueSettings {
  /** Begins the ids of its messages. */
  readonly name: string;
  readonly clock: Clock;
  readonly fifo: boolean;
  readonly visibilitySeconds: number;
  /** A message that was received that often goes to the dead letters instead of being received again. */
  readonly maxReceives: number;
}

interface Entry extends Message {
  readonly dueMs: number;
}

/** An empty queue. Messages that are due at the same time come in the order in which they were sent. */
export function memoryQueue({ name, clock, fifo, visibilitySeconds, maxReceives }: QueueSettings): MemoryQueue {
  const entries = new Map<string, Entry>();
  const dead: Message[] = [];
  let sent = 0;

  const put = (entry: Entry): Entry => {
    entries.set(entry.id, entry);
    return entry;
  };
  const bury = (entry: Entry) => {
    entries.delete(entry.id);
    dead.push(messageOf(entry));
  };
  const hide = (entry: Entry) => {
    const receives = entry.receives + 1;
    const dueMs = clock.nowMs() + visibilitySeconds * 1000;
    return messageOf(put({ ...entry, receives, dueMs, receipt: `${entry.id}/${receives}` }));
  };
  const find = (receipt: string): Entry | undefined => {
    const entry = entries.get(receipt.slice(0, receipt.lastIndexOf("/")));
    return entry?.receipt === receipt ? entry : undefined;
  };

  return {
    send: (body, { delaySeconds = 0, group = "", sender = "" } = {}) => {
      const most = fifo ? 0 : 900;
      invariant(
        Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= most,
        `the delay of a message on ${name} must be 0 to ${most} whole seconds, got ${delaySeconds}`,
      );
      const sentAtMs = clock.nowMs();
      const dueMs = sentAtMs + delaySeconds * 1000;
      return put({ id: `${name}-${++sent}`, body, receipt: "", receives: 0, sentAtMs, group, sender, dueMs }).id;
    },
    receive: (max) => {
      const due = dueEntries([...entries.values()], clock.nowMs(), fifo);
      for (const entry of due.filter(({ receives }) => receives >= maxReceives)) bury(entry);
      return due
        .filter(({ receives }) => receives < maxReceives)
        .slice(0, max)
        .map(hide);
    },
    remove: (receipt) => {
      const entry = find(receipt);
      if (entry) entries.delete(entry.id);
    },
    release: (receipt, delaySeconds = 0) => {
      const entry = find(receipt);
      if (entry) put({ ...entry, dueMs: clock.nowMs() + delaySeconds * 1000 });
    },
    pending: () => entries.size,
    dead: () => [...dead],
    nextDueMs: () => dueTimes([...entries.values()], fifo).reduce(earlier, undefined),
  };
}

function messageOf({ dueMs: _, ...message }: Entry): Message {
  return message;
}

/** What may be received by then. On a FIFO queue a hidden message blocks its group. */
function dueEntries(entries: readonly Entry[], nowMs: number, fifo: boolean): readonly Entry[] {
  if (!fifo) return entries.filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
  const blocked = new Set(entries.filter(({ dueMs }) => dueMs > nowMs).map(({ group }) => group));
  return entries.filter(({ group }) => !blocked.has(group));
}

function dueTimes(entries: readonly Entry[], fifo: boolean): readonly number[] {
  if (!fifo) return entries.map(({ dueMs }) => dueMs);
  const groups = Map.groupBy(entries, ({ group }) => group);
  return [...groups.values()].map((members) => Math.max(...members.map(({ dueMs }) => dueMs)));
}

function earlier(least: number | undefined, time: number): number {
  return least === undefined ? time : Math.min(least, time);
}
