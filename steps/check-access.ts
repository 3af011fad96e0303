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
  const { policy, unsound } = await readPolicy(ports, need);
  if (policy !== undefined && ruleThatAllows(record.sender, need, policy) !== undefined) return [];
  if (await tookEffect(ports, command, record)) return [];
  return [unsound === undefined ? refusalOf(record.sender, need) : unsoundIssue(unsound)];
}

/**
 * What cannot be read grants nothing: of a namespace to nobody but those who need no grant there, of the install to nobody
 * but the stack's administrators, since that there is none may not be guessed.
 */
async function readPolicy(
  { store, settings }: Ports,
  need: Need,
): Promise<{ readonly policy?: Policy; readonly unsound?: string | undefined }> {
  const [install, namespace] = await Promise.all([
    store.get<InstallRecord>(keys.install()),
    need.kind === "grant" ? store.get<NamespaceRecord>(keys.namespace(need.namespace)) : undefined,
  ]);
  const { administrators = [] } = settings;
  const unsoundInstall = install && whyUnsound(install);
  if (unsoundInstall !== undefined)
    return {
      ...(administrators.length > 0 && { policy: { administrators, everywhere: [], here: [] } }),
      unsound: unsoundInstall,
    };
  const unsound = namespace && whyUnsound(namespace);
  const policy = {
    administrators: [...administrators, ...(install?.administrators ?? [])],
    everywhere: install?.grants ?? [],
    here: unsound === undefined ? (namespace?.grants ?? []) : [],
  };
  return { policy, unsound };
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
