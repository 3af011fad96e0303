import { type Admission, admitCommand } from "../../core/admission/index.ts";
import { CommandError } from "../command-error.ts";
import type { Outgoing } from "../events.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import type { SendOptions } from "../options.ts";
import { readFiles } from "../read-files.ts";
import { sendAll } from "../send-all.ts";
import type { Session } from "../session.ts";

/** Sends a CloudEvent as it is, valid or not, and tells its result. */
export async function send(path: string, options: SendOptions, session: Session): Promise<ExitCode> {
  const [file, ...others] = await readFiles(path, session);
  if (file === undefined || others.length > 0)
    throw new CommandError(exit.invalid, `send takes one file, or - for standard input, got a directory "${path}"`);
  if ("flaw" in file) throw new CommandError(exit.invalid, `${file.name}: ${file.flaw}`);
  const admission = admitCommand(file.text, Buffer.byteLength(file.text));
  const until = admission.ok && admission.command.type === "delete" ? "deleted" : "live";
  return sendAll([outgoingFrom(file.text, admission)], { ...options, until }, session);
}

/** What can be read of an event: its result is found by its source and id, and by the service that it names. */
function outgoingFrom(text: string, admission: Admission): Outgoing {
  const { id, source } = admission;
  const key = admission.ok ? admission.command.key : admission.object;
  return { text, ...(id !== undefined && { id }), ...(source !== undefined && { source }), ...(key && { key }) };
}
