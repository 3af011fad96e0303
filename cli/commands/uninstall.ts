import { plural } from "../../core/words/plural.ts";
import { CommandError } from "../command-error.ts";
import { confirmDelete } from "../confirm.ts";
import type { Connection } from "../connection.ts";
import { deleteServices } from "../delete-services.ts";
import { combined, type ExitCode, exit } from "../exit-codes.ts";
import type { SendOptions } from "../options.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import { json } from "../printable.ts";
import { startProgress } from "../progress.ts";
import { outcomeLines } from "../render/messages.ts";
import { farewell } from "../render/uninstall.ts";
import type { Session } from "../session.ts";
import { countTasks, listServices, viewUninstall } from "../uninstall-view.ts";

/** Options of `uninstall`. */
export interface UninstallOptions extends SendOptions {
  readonly stopTasks?: boolean;
}

const defaultTimeoutMs = 900_000;

/**
 * Gets an install ready for the deletion of its stack, and says how that is done and what stays.
 *
 * It never deletes the stack: that may hold more than the install. It stops tasks only when it is asked to, by deleting
 * every service as anybody could, and then says nothing of how to go on unless nothing is left of any.
 */
export async function uninstall(options: UninstallOptions, session: Session): Promise<ExitCode> {
  const connection = await session.connect(options);
  try {
    const { stack } = connection;
    if (stack === undefined)
      throw new CommandError(
        exit.invalid,
        "uninstall needs the stack of the install: --stack NAME, or LONGSHORE_STACK",
      );
    const outcomes = options.stopTasks ? await stopTasks(connection, options, session) : [];
    const code = combined(outcomes.map(({ exitCode }) => exitCode));
    const view = code === exit.done ? await viewUninstall(connection, stack) : undefined;
    if (options.json) session.out.write(json({ ...view, ...(options.stopTasks && { results: outcomes }) }));
    else if (view) session.out.write(farewell(view, options.stopTasks === true));
    else session.progress.write("the stack was not touched, and is not to be deleted yet: tasks may still run\n");
    return code;
  } finally {
    connection.close();
  }
}

async function stopTasks(
  connection: Connection,
  options: UninstallOptions,
  session: Session,
): Promise<readonly Outcome[]> {
  const { store } = connection;
  const keys = await listServices(store);
  if (keys.length === 0) return [];
  const tasks = await countTasks(store, keys);
  const what = `delete ${plural(keys.length, "service")} (${keys.join(", ")}) and stop ${plural(tasks, "task")}`;
  if (!options.yes) await confirmDelete(what, session);
  const progress = startProgress(session);
  const outcomes = await deleteServices(keys, options.timeout ?? defaultTimeoutMs, { session, connection, progress });
  progress.end();
  const known = new Set<string>(keys);
  const added = (await listServices(store)).filter((key) => !known.has(key));
  const message = "it was applied meanwhile; run this again";
  const all = [...outcomes, ...added.map((service) => outcomeOf("superseded", { service, message }))];
  if (!options.json) for (const each of all) session.progress.write(outcomeLines(each, session.progress));
  return all;
}
