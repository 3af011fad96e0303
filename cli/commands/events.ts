import type { ServiceKey } from "../../core/model/ids.ts";
import type { EventRecord } from "../../core/model/records.ts";
import type { Connection } from "../connection.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { keepLooking } from "../keep-looking.ts";
import type { FollowOptions } from "../options.ts";
import { json, jsonLine } from "../printable.ts";
import { readEvents, readEventsNear, readService } from "../read-records.ts";
import { eventLine } from "../render/lines.ts";
import { noSuchService, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";
import { viewEvent } from "../views.ts";

const pollMs = 1_000;

/** Shows the history of a service, which outlives it; with `--follow` also what is added to it. */
export async function events(words: readonly string[], options: FollowOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const connection = await session.connect(options);
  try {
    const all = await readEvents(connection.store, key, Number.POSITIVE_INFINITY);
    if (all.length === 0 && (await readService(connection.store, key)).spec === undefined) throw noSuchService(key);
    const last = all.slice(Math.max(0, all.length - (options.tail ?? all.length)));
    if (all.length === 0 && !options.json) session.progress.write("no events in the last two weeks\n");
    if (!options.follow) showAll(last, options, session);
    else {
      showEach(last, options, session);
      await follow(key, new Set(all.map(({ sort }) => sort)), options, { session, connection });
    }
    return exit.done;
  } finally {
    connection.close();
  }
}

async function follow(
  key: ServiceKey,
  before: ReadonlySet<string>,
  options: FollowOptions,
  { session, connection }: { readonly session: Session; readonly connection: Connection },
): Promise<void> {
  let shown = before;
  const look = async () => {
    const found = await readEventsNear(connection.store, key, session.nowMs());
    showEach(
      found.filter(({ sort }) => !shown.has(sort)),
      options,
      session,
    );
    shown = new Set(found.map(({ sort }) => sort));
  };
  await keepLooking(look, session, { pollMs, timeoutMs: options.timeout });
}

function showAll(found: readonly EventRecord[], { json: asJson }: FollowOptions, { out }: Session): void {
  const views = found.map(viewEvent);
  if (asJson) out.write(json({ events: views }));
  else out.write(views.map((view) => eventLine(view, out)).join(""));
}

function showEach(found: readonly EventRecord[], { json: asJson }: FollowOptions, { out }: Session): void {
  for (const view of found.map(viewEvent)) out.write(asJson ? jsonLine(view) : eventLine(view, out));
}
