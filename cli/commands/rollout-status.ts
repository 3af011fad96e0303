import type { ServiceKey } from "../../core/model/ids.ts";
import { follow } from "../carry-out.ts";
import type { Connection } from "../connection.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import type { ReadOptions } from "../options.ts";
import { type Outcome, outcomeOf } from "../outcome.ts";
import { json } from "../printable.ts";
import { startProgress } from "../progress.ts";
import { readRevisions, readService, readTasks } from "../read-records.ts";
import { outcomeLines } from "../render/messages.ts";
import { rolloutStatus } from "../render/rollout.ts";
import { type RolloutView, viewRollout } from "../rollout-views.ts";
import { noSuchService, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";
import { rolloutVerdict } from "../verdict.ts";

/** Options of `rollout status`. */
export interface StatusOptions extends ReadOptions {
  readonly namespace?: string;
  readonly wait?: boolean;
  /** Milliseconds; absent: 5 minutes. */
  readonly timeout?: number;
}

/**
 * Shows where the rollout of a service stands, and ends with what became of it; with `--wait` not before it is over.
 * Without, what is still under way ends with 0.
 */
export async function rolloutStatusOf(
  words: readonly string[],
  options: StatusOptions,
  session: Session,
): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const connection = await session.connect(options);
  try {
    const outcome = options.wait ? await waitFor(key, options, { session, connection }) : undefined;
    const { view, code } = await look(connection, key, session.nowMs());
    session.out.write(options.json ? json({ rollout: view }) : rolloutStatus(view, session.nowMs(), session.out));
    if (outcome === undefined) return code;
    // What is over says so above; what is not has to be told.
    const isTold = outcome.exitCode === exit.timedOut || outcome.exitCode === exit.superseded;
    if (isTold) session.progress.write(outcomeLines(outcome, session.progress));
    return outcome.exitCode;
  } finally {
    connection.close();
  }
}

async function look(
  { store }: Connection,
  key: ServiceKey,
  nowMs: number,
): Promise<{ view: RolloutView; code: ExitCode }> {
  const [records, revisions, tasks] = await Promise.all([
    readService(store, key),
    readRevisions(store, key),
    readTasks(store, key),
  ]);
  const view = viewRollout({ records, revisions, tasks, nowMs });
  if (view === undefined) throw noSuchService(key);
  const { kind, message } = rolloutVerdict(view.generation, records);
  return { view, code: kind === "waiting" ? exit.done : outcomeOf(kind, { service: key, message }).exitCode };
}

async function waitFor(
  key: ServiceKey,
  { timeout: timeoutMs = 300_000 }: StatusOptions,
  { session, connection }: { readonly session: Session; readonly connection: Connection },
): Promise<Outcome> {
  const { spec } = await readService(connection.store, key);
  if (spec === undefined) throw noSuchService(key);
  const progress = startProgress(session);
  const watch = { until: "live", timeoutMs, deadlineMs: session.nowMs() + timeoutMs } as const;
  const outcome = await follow(key, spec.generation, watch, { session, connection, progress });
  progress.end();
  return outcome;
}
