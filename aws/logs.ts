import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { invariant } from "../core/model/fault.ts";
import { clientSettings } from "./client-settings.ts";
import type { Environment } from "./environment.ts";
import { translated } from "./faults.ts";

/** Which lines are meant: those of streams that begin so, from a moment on. */
export interface LogQuery {
  readonly region: string;
  readonly group: string;
  readonly streamPrefix: string;
  /** Epoch ms, inclusive. */
  readonly fromMs: number;
}

/** One line of a log stream. */
export interface LogLine {
  /** Of its own in its stream. */
  readonly id: string;
  readonly stream: string;
  readonly atMs: number;
  readonly message: string;
}

/** Reads CloudWatch Logs. */
export interface LogReader {
  /**
   * Page after page, oldest first; a page may be empty and not be the last. Lines arrive seconds late, and then stand
   * before others that were read. Throws `Fault`; its code is `ResourceNotFoundException` where there is no such group.
   */
  pages(query: LogQuery): AsyncIterable<readonly LogLine[]>;
  close(): void;
}

/** Most pages of up to 10,000 lines that one reading follows. */
const maxPages = 10_000;
/** A page of a busy group takes longer than other answers do. */
const requestTimeout = 30_000;

/** A reader of the log groups of any region; each region gets a client when it is asked for first. */
export function cloudWatchLogs(environment: Environment): LogReader {
  const settings = clientSettings(environment, "CLOUDWATCH_LOGS");
  const clients = new Map<string, CloudWatchLogsClient>();
  const clientOf = (region: string) => {
    const requestHandler = { ...settings.requestHandler, requestTimeout };
    const client = clients.get(region) ?? new CloudWatchLogsClient({ ...settings, region, requestHandler });
    clients.set(region, client);
    return client;
  };
  return {
    pages: (query) => pagesOf(clientOf(query.region), query),
    close: () => {
      for (const client of clients.values()) client.destroy();
    },
  };
}

async function* pagesOf(
  client: CloudWatchLogsClient,
  { group, streamPrefix, fromMs }: LogQuery,
): AsyncGenerator<readonly LogLine[]> {
  const input = { logGroupName: group, logStreamNamePrefix: streamPrefix, startTime: fromMs };
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages; page++) {
    const command = new FilterLogEventsCommand({ ...input, ...(nextToken && { nextToken }) });
    const answer = await translated("logs FilterLogEvents", () => client.send(command));
    yield (answer.events ?? []).map(({ eventId = "", logStreamName = "", timestamp = 0, message = "" }) => ({
      id: eventId,
      stream: logStreamName,
      atMs: timestamp,
      message,
    }));
    nextToken = answer.nextToken;
    if (!nextToken) return;
  }
  invariant(false, `a reading of log group ${group} has more than ${maxPages} pages`);
}
