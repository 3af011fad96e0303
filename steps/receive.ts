import { principalOf } from "../core/access/principal.ts";
import type { Admission, Command } from "../core/admission/index.ts";
import { Fault } from "../core/model/fault.ts";
import { keys } from "../core/model/names.ts";
import { type CommandRecord, type SpecRecord, schema } from "../core/model/records.ts";
import type { Ports } from "../core/ports/index.ts";
import { readScope } from "./change-scope.ts";
import { refuse } from "./command-results.ts";
import { digest } from "./digest.ts";

/** A message as it came from `commands.fifo`. */
export interface CommandMessage {
  readonly body: string;
  readonly sizeBytes: number;
  /** Stamped by SQS: `<unique id>` or `<unique id>:<session name>`; empty: it named nobody. */
  readonly senderId: string;
  readonly messageId: string;
}

const keptSeconds = 14 * 86_400;

/** The command's record, made at its first delivery; undefined: the same id came with another body, and was refused. */
export async function receive(
  message: CommandMessage,
  admission: Admission,
  ports: Ports,
): Promise<CommandRecord | undefined> {
  const sender = principalOf(message.senderId);
  const hash =
    admission.id === undefined || admission.source === undefined
      ? digest(sender, message.messageId)
      : digest(sender, admission.source, admission.id);
  const bodyHash = digest(message.body);
  const found = await ports.store.get<CommandRecord>(keys.command(hash));
  const record = found ?? (await create(message, admission, ports, { sender, hash, bodyHash }));
  if (record.bodyHash === bodyHash) return record;
  await refuseReuse(message, admission, ports, { sender, bodyHash });
  return undefined;
}

/** The first command keeps the result under its source and id: this one gets its own, under sender and message. */
async function refuseReuse(
  message: CommandMessage,
  admission: Admission,
  ports: Ports,
  { sender, bodyHash }: { readonly sender: string; readonly bodyHash: string },
): Promise<void> {
  const hash = digest(sender, message.messageId);
  const record = await create(message, admission, ports, { sender, hash, bodyHash });
  if (record.phase !== "received") return;
  const text = "this source and id were used for another body before; give each command an id of its own";
  await refuse(ports, record, [{ code: "id-reused", path: "id", message: text }]);
}

async function create(
  message: CommandMessage,
  admission: Admission,
  ports: Ports,
  { sender, hash, bodyHash }: { readonly sender: string; readonly hash: string; readonly bodyHash: string },
): Promise<CommandRecord> {
  const nowMs = ports.clock.nowMs();
  const type = admission.ok ? `dev.longshore.${admission.command.type}` : (admission.type ?? "");
  const created = await ports.store.create<CommandRecord>({
    ...keys.command(hash),
    schema,
    uid: message.messageId,
    phase: "received",
    sender,
    type: type.slice(0, 128),
    bodyHash,
    receivedAtMs: nowMs,
    ...(await baseOf(admission, ports)),
    expiresAt: Math.floor(nowMs / 1000) + keptSeconds,
  });
  const record = created ?? (await ports.store.get<CommandRecord>(keys.command(hash)));
  if (record === undefined)
    throw new Fault("conflict", "CommandVanished", `command ${hash} was neither made nor found; it is tried again`);
  return record;
}

/** What it names, and what was there of it when the command was received. */
async function baseOf(
  admission: Admission,
  ports: Ports,
): Promise<Pick<CommandRecord, "object" | "scope" | "base" | "baseGeneration" | "baseUid">> {
  const { object, scope } = admission.ok ? namedBy(admission.command) : admission;
  if (scope) return { scope, base: (await readScope(ports, scope))?.version ?? 0 };
  const spec = object && (await ports.store.get<SpecRecord>(keys.spec(object)));
  return {
    ...(object ? { object } : {}),
    base: spec?.version ?? 0,
    baseGeneration: spec?.generation ?? 0,
    ...(spec ? { baseUid: spec.uid } : {}),
  };
}

function namedBy(command: Command): Pick<CommandRecord, "object" | "scope"> {
  return "scope" in command ? { scope: command.scope } : { object: command.key };
}
