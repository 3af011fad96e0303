import type { Issue } from "../core/model/issue.ts";
import { keys } from "../core/model/names.ts";
import type { CommandRecord } from "../core/model/records.ts";
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
 * to a client, so each sender that the recent history of the service, the namespace or the install names is tried: only
 * the right one leads to a result. A command that names none of these leaves no trace: on AWS its result stays unknown.
 */
export async function awaitResult(
  sent: { readonly outgoing: Outgoing; readonly messageId: string },
  { session, connection, deadlineMs }: { session: Session; connection: Connection; deadlineMs: number },
): Promise<CommandResult> {
  const senders = new Set(connection.senders);
  const place = sent.outgoing.key ?? sent.outgoing.scope;
  for (let waitMs = 50; ; waitMs = Math.min(1_000, waitMs * 1.5)) {
    for (const sender of senders) {
      const hash = resultHash(sender, sent.outgoing, sent.messageId);
      const record = await connection.store.get<CommandRecord>(keys.command(hash));
      const result = record && resultFrom(record, sent.outgoing);
      if (result) return result;
    }
    if (session.nowMs() >= deadlineMs) return { kind: "unknown" };
    await session.pause(Math.max(1, Math.min(waitMs, deadlineMs - session.nowMs())));
    const events = place ? await readEventsNear(connection.store, place, session.nowMs()) : [];
    for (const { sender } of events) if (sender !== undefined) senders.add(sender);
  }
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
