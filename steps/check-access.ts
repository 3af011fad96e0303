import { type Policy, ruleThatAllows } from "../core/access/decide.ts";
import { type Need, needOf } from "../core/access/needs.ts";
import { refusalOf } from "../core/access/refusal.ts";
import type { Command } from "../core/admission/index.ts";
import type { Issue } from "../core/model/issue.ts";
import { keys } from "../core/model/names.ts";
import type { CommandRecord, InstallRecord, NamespaceRecord, SpecRecord } from "../core/model/records.ts";
import { whyUnsound } from "../core/model/sound.ts";
import type { Ports } from "../core/ports/index.ts";
import type { ItemKey } from "../core/ports/store.ts";
import { hashOf, unsoundIssue } from "./command-results.ts";

/**
 * Why the sender of a command is refused it, by the grants of now: one that was taken away since the command was received
 * counts no more. Empty: it is allowed, or has taken effect before, which no later decision can undo.
 */
export async function whyForbidden(ports: Ports, command: Command, record: CommandRecord): Promise<readonly Issue[]> {
  const need = needOf(command);
  const policy = await readPolicy(ports, need);
  if ("unsound" in policy) return [unsoundIssue(policy.unsound)];
  if (ruleThatAllows(record.sender, need, policy) !== undefined) return [];
  return (await tookEffect(ports, command, record)) ? [] : [refusalOf(record.sender, need)];
}

/** What cannot be read grants nothing to anybody: that nobody is an administrator may not be guessed. */
async function readPolicy({ store, settings }: Ports, need: Need): Promise<Policy | { readonly unsound: string }> {
  const [install, namespace] = await Promise.all([
    store.get<InstallRecord>(keys.install()),
    need.kind === "grant" ? store.get<NamespaceRecord>(keys.namespace(need.namespace)) : undefined,
  ]);
  const [unsound] = [install, namespace].flatMap((item) => (item && whyUnsound(item)) ?? []);
  if (unsound !== undefined) return { unsound };
  return {
    administrators: [...(settings.administrators ?? []), ...(install?.administrators ?? [])],
    everywhere: install?.grants ?? [],
    here: namespace?.grants ?? [],
  };
}

/** Its result was lost, but what it names says that this command wrote it last. */
async function tookEffect({ store }: Ports, command: Command, record: CommandRecord): Promise<boolean> {
  const written = await store.get<SpecRecord | NamespaceRecord | InstallRecord>(placeOf(command));
  return written?.lastCommand === hashOf(record);
}

function placeOf(command: Command): ItemKey {
  if (!("scope" in command)) return keys.spec(command.key);
  return command.scope.kind === "Install" ? keys.install() : keys.namespace(command.scope.name);
}
