import { commandEvent } from "../events.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { readManifests } from "../manifests.ts";
import type { SendOptions } from "../options.ts";
import { json } from "../printable.ts";
import { readFiles } from "../read-files.ts";
import { fileIssues } from "../render/messages.ts";
import { extrasOf, sendAll } from "../send-all.ts";
import type { Session } from "../session.ts";

/** Options of `apply`. */
export interface ApplyOptions extends SendOptions {
  readonly file: readonly string[];
}

/** Sends one `apply` for each service that the files describe, once all of them are valid. */
export async function apply(options: ApplyOptions, session: Session): Promise<ExitCode> {
  const manifests = await manifestsIn(options, session);
  if (manifests === undefined) return exit.invalid;
  const extras = extrasOf(options);
  const outgoing = manifests.map(({ key, content }) => commandEvent("apply", key, { ...content, ...extras }));
  return sendAll(outgoing, options, session);
}

/** The services that files describe; undefined: something is wrong with them, and was told. */
export async function manifestsIn({ file, json: asJson }: Pick<ApplyOptions, "file" | "json">, session: Session) {
  const files = [];
  for (const path of new Set(file)) files.push(...(await readFiles(path, session)));
  const read = readManifests(files);
  if (read.ok) return read.manifests;
  if (asJson) session.out.write(json({ issues: read.issues }));
  else session.progress.write(fileIssues(read.issues));
  return undefined;
}
