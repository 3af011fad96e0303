import { CommandError } from "../command-error.ts";
import { commandEvent, type Outgoing } from "../events.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { type ManifestDocument, nameOf, readManifests } from "../manifests.ts";
import type { SendOptions } from "../options.ts";
import { json } from "../printable.ts";
import { readFiles } from "../read-files.ts";
import { fileIssues } from "../render/messages.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import type { Session } from "../session.ts";
import { tellGrants } from "../tell-grants.ts";

/** Options of `apply`. */
export interface ApplyOptions extends SendOptions {
  readonly file: readonly string[];
}

/** Sends one `apply` for each document of the files, once all of them are valid. */
export async function apply(options: ApplyOptions, session: Session): Promise<ExitCode> {
  const manifests = await manifestsIn(options, session);
  if (manifests === undefined) return exit.invalid;
  return sendAll(manifests.map(outgoingFor(options)), options, session);
}

/** What goes with a command beside its content is of services alone. */
function outgoingFor(options: ApplyOptions): (manifest: ManifestDocument) => Outgoing {
  const extras = extrasOf(options);
  return ({ of, content }) => {
    if (typeof of === "string") return commandEvent("apply", of, { ...content, ...extras });
    if (options.ifGeneration === undefined) return commandEvent("apply", { scope: of, tell: tellGrants(of) }, content);
    throw new CommandError(exit.invalid, `--if-generation goes with a service, not with ${nameOf(of)}`);
  };
}

/** What files describe; undefined: something is wrong with them, and was told. */
export async function manifestsIn({ file, json: asJson }: Pick<ApplyOptions, "file" | "json">, session: Session) {
  const files = [];
  for (const path of new Set(file)) files.push(...(await readFiles(path, session)));
  const read = readManifests(files);
  if (read.ok) return read.manifests;
  if (asJson) session.out.write(json({ issues: read.issues }));
  else session.progress.write(fileIssues(read.issues));
  return undefined;
}
