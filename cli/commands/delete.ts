import type { ServiceKey } from "../../core/model/ids.ts";
import { CommandError } from "../command-error.ts";
import { confirmDelete } from "../confirm.ts";
import { commandEvent } from "../events.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { type ManifestDocument, nameOf } from "../manifests.ts";
import type { SendOptions } from "../options.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import { namingOf, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";
import { manifestsIn } from "./apply.ts";

/** Options of `delete`. */
export interface DeleteOptions extends SendOptions {
  readonly namespace?: string;
  readonly file?: readonly string[];
}

/** Deletes the services that are named, or that files describe, once somebody said yes. */
export async function remove(words: readonly string[], options: DeleteOptions, session: Session): Promise<ExitCode> {
  const keys = await meant(words, options, session);
  if (keys === undefined) return exit.invalid;
  if (!options.yes) await confirmDelete(`delete ${keys.join(", ")} and stop all tasks`, session);
  const outgoing = keys.map((key) => commandEvent("delete", key, { ...namingOf(key), ...extrasOf(options) }));
  return sendAll(outgoing, { ...options, until: "deleted" }, session);
}

async function meant(words: readonly string[], { namespace, file, json }: DeleteOptions, session: Session) {
  if ((words.length === 0) === (file === undefined))
    throw new CommandError(exit.invalid, "delete needs a service such as shop/web, or --file, and not both");
  if (words.length > 0) return [serviceNamed(words, namespace)];
  const manifests = await manifestsIn({ file: file ?? [], ...(json && { json }) }, session);
  return manifests?.map(({ of }) => serviceOnly(of));
}

/** Nothing runs for a namespace or the install alone: there is nothing to delete. */
function serviceOnly(of: ManifestDocument["of"]): ServiceKey {
  if (typeof of === "string") return of;
  const advice = "apply it without grants instead, and leave it out here";
  throw new CommandError(exit.invalid, `delete takes services, got ${nameOf(of)}; ${advice}`);
}
