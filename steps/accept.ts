import { type Change, decideChange, type Ground } from "../core/admission/change.ts";
import { type Admission, admitCommand, type Command } from "../core/admission/index.ts";
import { Fault } from "../core/model/fault.ts";
import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import {
  type CommandRecord,
  type SpecRecord,
  type StateRecord,
  schema,
  type UsageRecord,
} from "../core/model/records.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import { digest } from "./digest.ts";
import { tell } from "./history.ts";
import { wakeServices } from "./wake.ts";

/** A message as it came from `commands.fifo`. */
export interface CommandMessage {
  readonly body: string;
  readonly sizeBytes: number;
  /** Stamped by SQS: `<unique id>` or `<unique id>:<session name>`. */
  readonly senderId: string;
  readonly messageId: string;
}

const keptSeconds = 14 * 86_400;
const mostTries = 8;

/**
 * Accepts one command: a valid one changes the spec, once, however often it is delivered; any other gets a result that
 * names every issue. It fails only for infrastructure: bad input is answered, never returned to the queue.
 */
export async function acceptCommand(message: CommandMessage, ports: Ports): Promise<void> {
  const admission = admitCommand(message.body, message.sizeBytes);
  const record = await receive(message, admission, ports);
  if (record === undefined || record.phase !== "received") return;
  if (!admission.ok) return refuse(ports, record, admission);
  await carryOut(admission.command, record, ports);
}

/** The command's record, made at its first delivery; undefined: the same id came with another body. */
async function receive(
  message: CommandMessage,
  admission: Admission,
  ports: Ports,
): Promise<CommandRecord | undefined> {
  const sender = message.senderId.split(":")[0] ?? "";
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
  const issues = [{ code: "id-reused", path: "id", message: text }];
  const { object } = record;
  await refuse(ports, record, { issues, ...(object === undefined ? {} : { object }) });
}

async function create(
  message: CommandMessage,
  admission: Admission,
  ports: Ports,
  { sender, hash, bodyHash }: { readonly sender: string; readonly hash: string; readonly bodyHash: string },
): Promise<CommandRecord> {
  const object = admission.ok ? admission.command.key : admission.object;
  const spec = object && (await ports.store.get<SpecRecord>(keys.spec(object)));
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
    base: spec?.version ?? 0,
    baseGeneration: spec?.generation ?? 0,
    ...(spec ? { baseUid: spec.uid } : {}),
    expiresAt: Math.floor(nowMs / 1000) + keptSeconds,
    ...(object ? { object } : {}),
  });
  const record = created ?? (await ports.store.get<CommandRecord>(keys.command(hash)));
  if (record === undefined)
    throw new Fault("conflict", "CommandVanished", `command ${hash} was neither made nor found; it is tried again`);
  return record;
}

/** Changes the spec, or finds that it must not be changed. */
async function carryOut(command: Command, received: CommandRecord, ports: Ports): Promise<void> {
  const { key } = command;
  let record = received;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const spec = await ports.store.get<SpecRecord>(keys.spec(key));
    if (spec !== undefined && isMine(spec, record))
      return done(ports, key, record, { phase: "applied", generation: generationOf(spec) });
    const unsound = spec && whyUnsound(spec);
    if (unsound !== undefined) return done(ports, key, record, unsoundSpec(unsound));
    const change = decideChange(command, await groundOf(ports, key, spec, record));
    if (change.kind === "refused" || change.kind === "superseded")
      return done(ports, key, record, { phase: change.kind, issues: change.issues });
    if (change.kind === "nothing") return done(ports, key, record, { phase: "applied", generation: change.generation });
    if (spec) await settleLast(ports, spec);
    if (await write(ports, key, spec, change))
      return done(ports, key, record, { phase: "applied", generation: change.generation });
    const moved = await moveBase(ports, command, record);
    if (moved === undefined) return;
    record = moved;
  }
  throw new Fault(
    "conflict",
    "SpecContended",
    `the spec of ${key} changed ${mostTries} times while a command was carried out; it is tried again`,
  );
}

/** Nobody overwrites what he cannot read. */
function unsoundSpec(reason: string): Pick<CommandRecord, "phase" | "issues"> {
  const message = `the stored ${reason}; upgrade Longshore, or mend the record, then send the command again`;
  return { phase: "refused", issues: [{ code: "unsound", path: "", message }] };
}

async function groundOf(
  ports: Ports,
  key: ServiceKey,
  spec: SpecRecord | undefined,
  record: CommandRecord,
): Promise<Ground> {
  const [state, usage] = spec
    ? [undefined, undefined]
    : await Promise.all([
        ports.store.get<StateRecord>(keys.state(key)),
        ports.store.get<UsageRecord>(keys.usage(splitServiceKey(key).namespace)),
      ]);
  return {
    spec,
    base: record.base,
    baseGeneration: record.baseGeneration ?? 0,
    ...(record.baseUid === undefined ? {} : { baseUid: record.baseUid }),
    hash: hashOf(record),
    nowMs: ports.clock.nowMs(),
    lastGeneration: state?.generation ?? 0,
    services: { used: Object.keys(usage?.entries ?? {}).length, most: ports.settings.quota.services },
  };
}

async function write(ports: Ports, key: ServiceKey, spec: SpecRecord | undefined, change: Change): Promise<boolean> {
  if (change.kind === "create")
    return (
      (await ports.store.create<SpecRecord>({ ...keys.spec(key), schema, uid: ports.random.uid(), ...change.spec })) !==
      undefined
    );
  if (change.kind === "swap" && spec) return (await ports.store.swap(spec, change.changes)) !== undefined;
  return false;
}

/** Before a spec is overwritten, the command that wrote it gets its result: it could no longer be told to have taken effect. */
async function settleLast(ports: Ports, spec: SpecRecord): Promise<void> {
  const last = await ports.store.get<CommandRecord>(keys.command(spec.lastCommand));
  if (last?.phase === "received") await ports.store.swap(last, { phase: "applied", generation: generationOf(spec) });
}

/**
 * The write was lost to somebody else's: unless it touched the same part, the command now stands on what he wrote.
 * Undefined: another delivery of this command settled it meanwhile.
 */
async function moveBase(ports: Ports, command: Command, record: CommandRecord): Promise<CommandRecord | undefined> {
  const current = await ports.store.get<CommandRecord>(keys.command(hashOf(record)));
  if (current === undefined || current.phase !== "received") return undefined;
  const spec = await ports.store.get<SpecRecord>(keys.spec(command.key));
  if (spec === undefined || isMine(spec, current)) return current;
  const change = decideChange(command, await groundOf(ports, command.key, spec, current));
  if (change.kind === "superseded" || change.kind === "refused") return current;
  return (
    (await ports.store.swap(current, { base: spec.version, baseGeneration: spec.generation, baseUid: spec.uid })) ??
    current
  );
}

/** Wakes the service, tells its history, and sets the result: in this order, so that a redelivery repeats what was lost. */
async function done(
  ports: Ports,
  key: ServiceKey,
  record: CommandRecord,
  settled: Pick<CommandRecord, "phase" | "generation" | "issues">,
): Promise<void> {
  if (settled.phase === "applied") await wakeServices(ports, [key], 0);
  await audit(ports, key, record, settled);
  await ports.store.swap(record, settled);
}

async function refuse(
  ports: Ports,
  record: CommandRecord,
  { issues, object }: Pick<Admission & { ok: false }, "issues" | "object">,
): Promise<void> {
  if (object) await audit(ports, object, record, { phase: "refused", issues });
  else
    ports.log.write({
      level: "warn",
      message: "refused a command",
      sender: record.sender,
      type: record.type,
      issues: issues.map(({ message }) => message),
    });
  await ports.store.swap(record, { phase: "refused", issues });
}

/** One line for people, who verified, what, and what became of it. */
async function audit(
  ports: Ports,
  key: ServiceKey,
  { sender, type }: CommandRecord,
  { phase, generation, issues }: Pick<CommandRecord, "phase" | "generation" | "issues">,
): Promise<void> {
  const verb = type.split(".").at(-1);
  const outcome =
    generation === undefined ? (issues ?? []).map(({ message }) => message).join("; ") : `generation ${generation}`;
  await tell(ports, key, [
    {
      type: phase === "applied" ? "normal" : "warning",
      reason: `Command${phase[0]?.toUpperCase()}${phase.slice(1)}`,
      message: `${verb} by ${sender}: ${outcome}`.slice(0, 1000),
      sender,
    },
  ]);
  ports.log.write({
    level: phase === "applied" ? "info" : "warn",
    message: `${phase} a command`,
    service: key,
    sender,
    type,
    ...(generation === undefined ? {} : { generation }),
  });
}

/** The generation that the last command of a spec made, or that it will be once a delete is over. */
function generationOf({ generation, next }: SpecRecord): number {
  return next ? generation + 1 : generation;
}

function isMine(spec: SpecRecord, record: CommandRecord): boolean {
  return spec.lastCommand === hashOf(record);
}

function hashOf({ partition }: CommandRecord): string {
  return partition.slice("command#".length);
}
