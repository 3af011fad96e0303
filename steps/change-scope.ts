import { grantsText } from "../core/access/texts.ts";
import type { ScopeCommand } from "../core/admission/index.ts";
import { decideScopeChange, type ScopeFields, type ScopeGround } from "../core/admission/scope-change.ts";
import { Fault } from "../core/model/fault.ts";
import { type ServiceKey, splitServiceKey } from "../core/model/ids.ts";
import { keys, shardsOf } from "../core/model/names.ts";
import { type CommandRecord, type InstallRecord, type NamespaceRecord, schema } from "../core/model/records.ts";
import type { Scope } from "../core/model/scope.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import type { IndexRow } from "../core/ports/store.ts";
import { conclude, hashOf, settleLast, unsoundIssue } from "./command-results.ts";
import { readInstall } from "./install.ts";
import { demandFresh, type Stopwatch } from "./stopwatch.ts";
import { wakeServices } from "./wake.ts";

type ScopeRecord = InstallRecord | NamespaceRecord;

/** Whoever loses the write to another finds that one's the next time, which settles it unless it wrote another part. */
const mostTries = 8;

/** So long the services of a scope take to be looked at again, however many they are. */
const spreadSeconds = 300;

/** And so many a second at least, so that few of them do not wait. */
const leastPerSecond = 10;

/** The record that says whether a namespace, or the install, is paused, and what is granted in it. */
export function readScope({ store }: Ports, scope: Scope): Promise<ScopeRecord | undefined> {
  return scope.kind === "Install"
    ? store.get<InstallRecord>(keys.install())
    : store.get<NamespaceRecord>(keys.namespace(scope.name));
}

/**
 * Pauses or resumes a namespace, or the install, or changes its grants: once, however often the command is delivered. None
 * but a resume needs a wake-up: whoever acts reads it first. A resume wakes every service that it concerns.
 * @param stopwatch Since it was asked whether the sender may: nothing is written by an answer that is old.
 */
export async function changeScope(
  ports: Ports,
  command: ScopeCommand,
  record: CommandRecord,
  stopwatch: Stopwatch,
): Promise<void> {
  const { scope } = command;
  for (let tries = 0; tries < mostTries; tries += 1) {
    const found = await readScope(ports, scope);
    if (found?.lastCommand === hashOf(record)) return applied(ports, command, record);
    const unsound = found && whyUnsound(found);
    if (unsound !== undefined) return conclude(ports, record, { phase: "refused", issues: [unsoundIssue(unsound)] });
    const change = decideScopeChange(command, groundOf(ports, found, record));
    if (change.kind === "nothing") return conclude(ports, record, { phase: "applied", unchanged: true });
    if (change.kind !== "write") return conclude(ports, record, { phase: change.kind, issues: change.issues });
    await settleLast(ports, found?.lastCommand);
    demandFresh(stopwatch);
    if (await write(ports, scope, found, change.fields)) return applied(ports, command, record);
  }
  throw new Fault("conflict", "ScopeContended", `a scope changed ${mostTries} times while a command was carried out`);
}

function groundOf({ settings, clock }: Ports, found: ScopeRecord | undefined, record: CommandRecord): ScopeGround {
  return {
    record: found,
    base: record.base,
    hash: hashOf(record),
    nowMs: clock.nowMs(),
    sender: record.sender,
    appointed: settings.administrators ?? [],
  };
}

async function applied(ports: Ports, command: ScopeCommand, record: CommandRecord): Promise<void> {
  if (command.type === "resume") await wakeAll(ports, command.scope);
  const told = command.type === "apply" ? grantsText(command.manifest.spec) : undefined;
  await conclude(ports, record, { phase: "applied" }, told);
}

async function write(
  ports: Ports,
  scope: Scope,
  found: ScopeRecord | undefined,
  fields: ScopeFields,
): Promise<boolean> {
  if (found) return (await ports.store.swap<ScopeRecord>(found, fields)) !== undefined;
  if (scope.kind === "Install") {
    await readInstall(ports); // Whoever needs it makes it; the next try finds it.
    return false;
  }
  const item = { ...keys.namespace(scope.name), schema, uid: ports.random.uid(), ...fields };
  return (await ports.store.create<NamespaceRecord>(item)) !== undefined;
}

/** Wakes the services of a scope, a few each second: all at once they would want the same budgets. */
async function wakeAll(ports: Ports, scope: Scope): Promise<void> {
  const rows = await Promise.all(shardsOf("Service").map((shard) => ports.store.list("byKind", shard)));
  const services = rows.flatMap((shard) => shard.filter(({ sort }) => sort === "spec").map(keyOf));
  const concerned = services.filter((key) => scope.kind === "Install" || splitServiceKey(key).namespace === scope.name);
  const perSecond = Math.max(leastPerSecond, Math.ceil(concerned.length / spreadSeconds));
  for (let start = 0; start < concerned.length; start += perSecond)
    await wakeServices(ports, concerned.slice(start, start + perSecond), 0, start / perSecond);
}

function keyOf({ partition }: IndexRow): ServiceKey {
  return partition.slice("service#".length) as ServiceKey;
}
