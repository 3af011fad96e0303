import type { Issue } from "../core/model/issue.ts";
import { keys } from "../core/model/names.ts";
import type { CommandRecord, InstallRecord, NamespaceRecord } from "../core/model/records.ts";
import type { ItemKey } from "../core/ports/store.ts";
import type { Connection } from "./connection.ts";
import { bodyHash, type Done, type Outgoing, resultHash } from "./events.ts";
import { readEventsNear } from "./read-records.ts";
import type { Session } from "./session.ts";

/** What became of a command. */
export type CommandResult =
  | ({ readonly kind: "accepted" } & Done)
  | { readonly kind: "refused" | "superseded"; readonly issues: readonly Issue[] }
  | { readonly kind: "unknown" };

/**
 * Waits for the result of a command that was sent.
 *
 * Its key holds the unique id that SQS stamped on the message. The local cluster's is the access key; AWS does not tell it
 * to a client, so each sender that the service's recent history names is tried, and who wrote the record of the namespace
 * or the install last: only the right one leads to a result. Any other command leaves no trace: on AWS its result stays
 * unknown.
 */
export async function awaitResult(
  sent: { readonly outgoing: Outgoing; readonly messageId: string },
  { session, connection, deadlineMs }: { session: Session; connection: Connection; deadlineMs: number },
): Promise<CommandResult> {
  const senders = new Set(connection.senders);
  const { key, written } = sent.outgoing;
  for (let waitMs = 50; ; waitMs = Math.min(1_000, waitMs * 1.5)) {
    for (const sender of senders) {
      const hash = resultHash(sender, sent.outgoing, sent.messageId);
      const record = await connection.store.get<CommandRecord>(keys.command(hash));
      const result = record && resultFrom(record, sent.outgoing);
      if (result) return result;
    }
    if (session.nowMs() >= deadlineMs) return { kind: "unknown" };
    await session.pause(Math.max(1, Math.min(waitMs, deadlineMs - session.nowMs())));
    const events = key ? await readEventsNear(connection.store, key, session.nowMs()) : [];
    const writer = written && (await lastWriter(connection.store, written));
    for (const { sender } of [...events, ...(writer ? [writer] : [])]) if (sender !== undefined) senders.add(sender);
  }
}

/** The command that wrote a record last; undefined: nobody did, or its result is gone. */
async function lastWriter(store: Connection["store"], written: ItemKey): Promise<CommandRecord | undefined> {
  const { lastCommand } = (await store.get<InstallRecord | NamespaceRecord>(written)) ?? {};
  return lastCommand === undefined ? undefined : store.get<CommandRecord>(keys.command(lastCommand));
}

/** Undefined: it is not settled yet. */
function resultFrom(record: CommandRecord, outgoing: Outgoing): CommandResult | undefined {
  if (record.bodyHash !== bodyHash(outgoing)) return { kind: "refused", issues: [usedBefore(outgoing)] };
  if (record.phase === "received") return undefined;
  if (record.phase === "applied")
    return { kind: "accepted", generation: record.generation ?? 0, isUnchanged: record.unchanged === true };
  return { kind: record.phase, issues: record.issues ?? [] };
}

function usedBefore({ source, id }: Outgoing): Issue {
  const names = `source ${JSON.stringify(source)} and id ${JSON.stringify(id)}`;
  return {
    code: "conflict",
    path: "id",
    message: `${names} were used for another body before; send it with another id`,
  };
}
