import { decideChange } from "../core/admission/change.ts";
import { asksForHistory, type Ground, type History } from "../core/admission/ground.ts";
import type { ServiceCommand } from "../core/admission/index.ts";
import { type Change, generationOf } from "../core/admission/outcomes.ts";
import { Fault } from "../core/model/fault.ts";
import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import { keys } from "../core/model/names.ts";
import {
  type CommandRecord,
  type RevisionRecord,
  type SpecRecord,
  type StateRecord,
  schema,
  type UsageRecord,
} from "../core/model/records.ts";
import { revisionContent } from "../core/model/revision.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import { conclude, hashOf, type Result, settleLast, unsoundIssue } from "./command-results.ts";
import { revisionOf } from "./digest.ts";
import { demandFresh, type Stopwatch } from "./stopwatch.ts";
import { wakeServices } from "./wake.ts";

const mostTries = 8;

/**
 * Changes the spec of the service that a command names, or finds that it must not be changed.
 * @param stopwatch Since it was asked whether the sender may: nothing is written by an answer that is old.
 */
export async function changeService(
  ports: Ports,
  command: ServiceCommand,
  received: CommandRecord,
  stopwatch: Stopwatch,
): Promise<void> {
  const { key } = command;
  let record = received;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const spec = await ports.store.get<SpecRecord>(keys.spec(key));
    if (spec !== undefined && isMine(spec, record))
      return done(ports, key, record, { phase: "applied", generation: generationOf(spec) });
    const unsound = spec && whyUnsound(spec);
    if (unsound !== undefined) return done(ports, key, record, { phase: "refused", issues: [unsoundIssue(unsound)] });
    const change = decideChange(command, await groundOf(ports, command, spec, record));
    if (change.kind === "refused" || change.kind === "superseded")
      return done(ports, key, record, { phase: change.kind, issues: change.issues });
    if (change.kind === "nothing")
      return done(ports, key, record, { phase: "applied", generation: change.generation, unchanged: true });
    if (spec) await settleLast(ports, spec.lastCommand, generationOf(spec));
    demandFresh(stopwatch);
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

async function groundOf(
  ports: Ports,
  command: ServiceCommand,
  spec: SpecRecord | undefined,
  record: CommandRecord,
): Promise<Ground> {
  const { key } = command;
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
    history: spec && asksForHistory(command, spec) ? await historyOf(ports, key, spec) : { revisions: [] },
  };
}

/** Records that cannot be read are left out: nobody goes back to them. */
async function historyOf(ports: Ports, key: ServiceKey, spec: SpecRecord): Promise<History> {
  const [state, revisions] = await Promise.all([
    ports.store.get<StateRecord>(keys.state(key)),
    ports.store.query<RevisionRecord>(keys.service(key), "revision#"),
  ]);
  const isOfThisLife = state !== undefined && state.uid === spec.uid && whyUnsound(state) === undefined;
  return {
    wanted: revisionOf(revisionContent(spec, ports.settings)),
    ...(isOfThisLife ? { state } : {}),
    revisions: revisions.filter((revision) => whyUnsound(revision) === undefined),
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

/**
 * The write was lost to somebody else's: unless it touched the same part, the command now stands on what he wrote.
 * Undefined: another delivery of this command settled it meanwhile.
 */
async function moveBase(
  ports: Ports,
  command: ServiceCommand,
  record: CommandRecord,
): Promise<CommandRecord | undefined> {
  const current = await ports.store.get<CommandRecord>(keys.command(hashOf(record)));
  if (current === undefined || current.phase !== "received") return undefined;
  const spec = await ports.store.get<SpecRecord>(keys.spec(command.key));
  if (spec === undefined || isMine(spec, current)) return current;
  const change = decideChange(command, await groundOf(ports, command, spec, current));
  if (change.kind === "superseded" || change.kind === "refused") return current;
  return (
    (await ports.store.swap(current, { base: spec.version, baseGeneration: spec.generation, baseUid: spec.uid })) ??
    current
  );
}

/** Wakes the service, tells its history, and sets the result: in this order, so that a redelivery repeats what was lost. */
async function done(ports: Ports, key: ServiceKey, record: CommandRecord, result: Result): Promise<void> {
  if (result.phase === "applied") await wakeServices(ports, [key], 0);
  await conclude(ports, record, result);
}

function isMine(spec: SpecRecord, record: CommandRecord): boolean {
  return spec.lastCommand === hashOf(record);
}
