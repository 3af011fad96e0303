import { type Admission, admitCommand, type Command } from "../../core/admission/index.ts";
import type { Watch } from "../carry-out.ts";
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
  const until = admission.ok ? endOf(admission.command) : "live";
  const wait = options.wait === true && until !== undefined;
  return sendAll([outgoingFrom(file.text, admission)], { ...options, wait, ...(until && { until }) }, session);
}

/** What a command leads to; undefined: to nothing that could be waited for. */
function endOf({ type }: Command): Watch["until"] | undefined {
  const ends: Partial<Record<Command["type"], Watch["until"]>> = {
    apply: "live",
    restart: "live",
    rollback: "live",
    scale: "scaled",
    cancel: "cancelled",
    delete: "deleted",
  };
  return ends[type];
}

/** What can be read of an event: its result is found by its source and id, and by what it names. */
function outgoingFrom(text: string, admission: Admission): Outgoing {
  const { id, source } = admission;
  const object = admission.ok ? objectOf(admission.command) : namedBy(admission);
  return { text, ...(id !== undefined && { id }), ...(source !== undefined && { source }), ...object };
}

function objectOf(command: Command): Pick<Outgoing, "key" | "scope"> {
  return "scope" in command ? { scope: command.scope } : { key: command.key };
}

function namedBy({ object, scope }: Admission & { ok: false }): Pick<Outgoing, "key" | "scope"> {
  return { ...(object && { key: object }), ...(scope && { scope }) };
}
