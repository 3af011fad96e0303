import type { ServiceKey } from "../../core/model/ids.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { objectNamed } from "../object-names.ts";
import type { ReadOptions } from "../options.ts";
import { json } from "../printable.ts";
import { readEvents, readRevisions, readService, readTasks } from "../read-records.ts";
import { type Description, description } from "../render/description.ts";
import { viewRollout } from "../rollout-views.ts";
import { noSuchService } from "../service-names.ts";
import type { Session } from "../session.ts";
import { type TaskView, viewEvent, viewService, viewTask } from "../views.ts";
import { describeScope } from "./describe-scope.ts";

const shownStopped = 5;
const shownEvents = 15;

/** Shows what is named: a service, a namespace or the install. */
export function describe(
  words: readonly string[],
  options: ReadOptions & { readonly namespace?: string },
  session: Session,
): Promise<ExitCode> {
  const named = objectNamed(words, options);
  return named.kind === "Service"
    ? describeService(named.key, options, session)
    : describeScope(named, options, session);
}

/** Shows one service: what is wished, what is so, why, its tasks with the last that stopped, and what happened last. */
async function describeService(key: ServiceKey, options: ReadOptions, session: Session): Promise<ExitCode> {
  const connection = await session.connect(options);
  try {
    const [records, revisions, tasks, events] = await Promise.all([
      readService(connection.store, key),
      readRevisions(connection.store, key),
      readTasks(connection.store, key),
      readEvents(connection.store, key, shownEvents),
    ]);
    const service = viewService(records);
    const rollout = viewRollout({ records, revisions, tasks, nowMs: session.nowMs() });
    if (service === undefined || rollout === undefined || records.spec === undefined) throw noSuchService(key);
    const views = withoutOldStops(tasks.map((task) => viewTask(key, task)));
    const { manifest } = records.spec;
    const all: Description = { service, rollout, manifest, tasks: views, events: events.map(viewEvent) };
    session.out.write(options.json ? json(all) : description(all, session.nowMs(), session.out));
    return exit.done;
  } finally {
    connection.close();
  }
}

/** Those that live, and the last few that stopped. */
function withoutOldStops(tasks: readonly TaskView[]): readonly TaskView[] {
  const stopped = tasks.filter(({ status }) => status === "STOPPED");
  const old = new Set(stopped.slice(0, Math.max(0, stopped.length - shownStopped)));
  return tasks.filter((task) => !old.has(task));
}
