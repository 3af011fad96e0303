/** Who sent each message: the queue emulator knows one account and no users. */
export interface Senders {
  /** Notes a message's sender. The first stays: a repeated send is answered with the first one's message. */
  remember(messageId: string, accessKey: string): Promise<void>;
  /** Lets `of` wait for a send whose message may be received before its id is known here. */
  sending<Sent>(send: Promise<Sent>): Promise<Sent>;
  /** Undefined: sent by nobody that we know, or long gone. */
  of(messageId: string): Promise<string | undefined>;
}

const fewest = 20_000;

/**
 * Remembers the senders of all messages that exist, and of at most as many that are gone (or `limit` together): when
 * there are more, it looks which ones exist still. That beats following every way out of a queue: deletes that came too
 * late, purges, dead letters.
 *
 * @param existing Ids of the messages in all queues, at some moment after the call.
 */
export function rememberSenders(existing: () => Promise<ReadonlySet<string>>, limit: number = fewest): Senders {
  const senders = new Map<string, string>();
  const sends = new Set<Promise<unknown>>();
  let bound = limit;

  async function forgetGone(): Promise<void> {
    const known = [...senders.keys()];
    bound = Number.POSITIVE_INFINITY;
    try {
      const kept = await existing();
      for (const messageId of known) if (!kept.has(messageId)) senders.delete(messageId);
    } finally {
      bound = Math.max(limit, 2 * senders.size);
    }
  }

  return {
    async remember(messageId, accessKey) {
      if (senders.has(messageId)) return;
      senders.set(messageId, accessKey);
      if (senders.size > bound) await forgetGone();
    },
    sending(send) {
      sends.add(send);
      return send.finally(() => sends.delete(send));
    },
    async of(messageId) {
      if (!senders.has(messageId)) await Promise.allSettled(sends);
      return senders.get(messageId);
    },
  };
}
