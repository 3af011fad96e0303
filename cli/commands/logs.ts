import type { LogReader } from "../../aws/logs.ts";
import { isFault } from "../../core/model/fault.ts";
import type { ServiceKey } from "../../core/model/ids.ts";
import { CommandError } from "../command-error.ts";
import type { Connection } from "../connection.ts";
import { durationText } from "../durations.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { keepLooking } from "../keep-looking.ts";
import { type LogLineView, logTail } from "../log-lines.ts";
import { type LogFilter, type LogSource, logSources } from "../log-sources.ts";
import type { FollowOptions } from "../options.ts";
import { json, jsonLine } from "../printable.ts";
import { readRevisions, readService, readTasks } from "../read-records.ts";
import { logLine } from "../render/lines.ts";
import { noSuchService, serviceNamed } from "../service-names.ts";
import type { Session } from "../session.ts";

/** Options of `logs`. */
export interface LogsOptions extends FollowOptions, LogFilter {
  /** Milliseconds; absent: an hour. */
  readonly since?: number;
}

/** The most lines that one look shows. */
const mostLines = 10_000;

/** Shows what the containers of a service wrote, by time; with `--follow` also what they write from now on. */
export async function logs(words: readonly string[], options: LogsOptions, session: Session): Promise<ExitCode> {
  const key = serviceNamed(words, options.namespace);
  const connection = await session.connect(options);
  try {
    const reader = await connection.openLogs();
    try {
      await show(key, options, { session, connection, reader });
      return exit.done;
    } finally {
      reader.close();
    }
  } finally {
    connection.close();
  }
}

interface Around {
  readonly session: Session;
  readonly connection: Connection;
  readonly reader: LogReader;
}

async function show(key: ServiceKey, options: LogsOptions, { session, connection, reader }: Around): Promise<void> {
  const { since = 3_600_000, tail = mostLines, timeout: timeoutMs, follow, json: asJson } = options;
  const { out } = session;
  const log = logTail(reader, Math.max(0, session.nowMs() - since));
  // Looked for each time: the next revision may log elsewhere, and a task that is not known yet may write.
  const read = async (most: number) => {
    const sources = await sourcesOf(connection, key, options);
    const { lines, leftOut } = await log.next(sources, most).catch((error: unknown) => explain(error, sources));
    if (leftOut > 0 && options.tail === undefined) session.progress.write(`${leftOut} earlier lines are left out\n`);
    return lines;
  };
  const stream = (lines: readonly LogLineView[]) => {
    for (const line of lines) out.write(asJson ? jsonLine(line) : logLine(line, out));
  };
  const first = await read(tail);
  if (first.length === 0 && tail > 0 && !asJson)
    session.progress.write(`no lines in the last ${durationText(since)}; --since looks further back\n`);
  if (asJson && !follow) out.write(json({ logs: first }));
  else stream(first);
  if (!follow) return;
  const pollMs = connection.isLocal ? 1_000 : 2_000;
  await keepLooking(async () => stream(await read(mostLines)), session, { pollMs, timeoutMs });
}

async function sourcesOf({ store }: Connection, key: ServiceKey, filter: LogFilter): Promise<readonly LogSource[]> {
  const [{ spec }, revisions, tasks] = await Promise.all([
    readService(store, key),
    readRevisions(store, key),
    readTasks(store, key),
  ]);
  if (spec === undefined && tasks.length === 0) throw noSuchService(key);
  return logSources({ key, revisions, tasks }, filter);
}

function explain(error: unknown, sources: readonly LogSource[]): never {
  if (!isFault(error)) throw error;
  if (error.code === "ResourceNotFoundException") {
    const groups = [...new Set(sources.map(({ group, region }) => `${group} in ${region}`))].join(" or ");
    const advice = "create it, or correct the containers' logs";
    throw new CommandError(exit.refused, `there is no log group ${groups}; ${advice}`, { cause: error });
  }
  throw new CommandError(exit.fault, error.message, { cause: error });
}
