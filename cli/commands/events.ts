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
      const before = { shown: new Set(all.map(({ sort }) => sort)), width: widthOf(last) };
      showEach(last, { width: before.width, options, session });
      await follow(key, before, options, { session, connection });
    }
    return exit.done;
  } finally {
    connection.close();
  }
}

async function follow(
  key: ServiceKey,
  before: { readonly shown: ReadonlySet<string>; readonly width: number },
  options: FollowOptions,
  { session, connection }: { readonly session: Session; readonly connection: Connection },
): Promise<void> {
  let shown = before.shown;
  let { width } = before;
  const look = async () => {
    const found = await readEventsNear(connection.store, key, session.nowMs());
    const added = found.filter(({ sort }) => !shown.has(sort));
    width = Math.max(width, widthOf(added));
    showEach(added, { width, options, session });
    shown = new Set(found.map(({ sort }) => sort));
  };
  await keepLooking(look, session, { pollMs, timeoutMs: options.timeout });
}

function showAll(found: readonly EventRecord[], options: FollowOptions, session: Session): void {
  if (options.json) session.out.write(json({ events: found.map(viewEvent) }));
  else showEach(found, { width: widthOf(found), options, session });
}

interface Shown {
  readonly width: number;
  readonly options: FollowOptions;
  readonly session: Session;
}

function showEach(found: readonly EventRecord[], { width, options, session: { out } }: Shown): void {
  for (const view of found.map(viewEvent)) out.write(options.json ? jsonLine(view) : eventLine(view, width, out));
}

function widthOf(found: readonly EventRecord[]): number {
  return found.reduce((widest, { reason }) => Math.max(widest, reason.length), 0);
}
