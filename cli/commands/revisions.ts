import { type ExitCode, exit } from "../exit-codes.ts";
import type { ReadOptions } from "../options.ts";
import { json } from "../printable.ts";
import { readRevisions, readService } from "../read-records.ts";
import { revisions as revisionTable } from "../render/lists.ts";
import { viewRevisions } from "../rollout-views.ts";
import { noSuchService, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";

/** Lists what a service ran and can go back to, newest first. */
export async function revisions(
  words: readonly string[],
  options: ReadOptions & { readonly namespace?: string },
  session: Session,
): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const connection = await session.connect(options);
  try {
    const [records, found] = await Promise.all([
      readService(connection.store, key),
      readRevisions(connection.store, key),
    ]);
    if (records.spec === undefined) throw noSuchService(key);
    const views = viewRevisions(records, found);
    session.out.write(options.json ? json({ revisions: views }) : revisionTable(views, session.nowMs(), session.out));
    return exit.done;
  } finally {
    connection.close();
  }
}
