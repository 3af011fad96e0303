import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { Log } from "../core/ports/log.ts";
import type { Wakeup } from "../core/ports/queues.ts";
import { inParallel } from "./in-parallel.ts";
import { mergeWakeups, wakeupFrom } from "./wakeups.ts";

/** Keys, or message groups, of one batch that are worked on at once. */
const lanes = 4;

/**
 * Looks at each key that a batch of wake-ups names, once, however many messages name it. A key that fails returns its
 * own messages to the queue and no others; a body that is no wake-up goes back too, and so to the dead letters.
 */
export async function eachKey(
  records: readonly SQSRecord[],
  look: (wakeup: Wakeup) => Promise<void>,
  log: Log,
): Promise<SQSBatchResponse> {
  const failed: SQSRecord[] = [];
  const keys = new Map<string, { wakeup: Wakeup; records: SQSRecord[] }>();
  for (const record of records) {
    const wakeup = wakeupFrom(record.body);
    if (!wakeup) {
      log.write({ level: "error", message: "a message is no wake-up", messageId: record.messageId });
      failed.push(record);
      continue;
    }
    const same = keys.get(wakeup.key);
    keys.set(wakeup.key, {
      wakeup: same ? mergeWakeups(same.wakeup, wakeup) : wakeup,
      records: [...(same?.records ?? []), record],
    });
  }
  await inParallel([...keys.values()], lanes, async ({ wakeup, records: its }) => {
    if (!(await succeeds(() => look(wakeup), { log, key: wakeup.key }))) failed.push(...its);
  });
  return failuresAmong(records, failed);
}

/**
 * Works on each message of a FIFO queue in the order of its group. The first that fails returns to the queue together
 * with all later ones of its group, so that none overtakes it; other groups go on.
 */
export async function eachInOrder(
  records: readonly SQSRecord[],
  work: (record: SQSRecord) => Promise<void>,
  log: Log,
): Promise<SQSBatchResponse> {
  const failed: SQSRecord[] = [];
  const groups = Map.groupBy(records, (record) => record.attributes.MessageGroupId ?? "");
  await inParallel([...groups], lanes, async ([key, its]) => {
    for (const [index, record] of its.entries()) {
      if (await succeeds(() => work(record), { log, key })) continue;
      failed.push(...its.slice(index));
      return;
    }
  });
  return failuresAmong(records, failed);
}

/**
 * Works on a whole batch at once; where that fails, on each of its messages alone, so that only those return to the
 * queue that cannot be worked on. `work` must bear repetition.
 */
export async function allAtOnce(
  records: readonly SQSRecord[],
  work: (records: readonly SQSRecord[]) => Promise<void>,
  log: Log,
): Promise<SQSBatchResponse> {
  const whole = await attempt(() => work(records));
  if (whole.done) return { batchItemFailures: [] };
  const failed: SQSRecord[] = [];
  if (records.length === 1) {
    failed.push(...records);
    logFailure(whole.error, { log, key: records[0]?.messageId });
  } else {
    await inParallel(records, lanes, async (record) => {
      if (!(await succeeds(() => work([record]), { log, key: record.messageId }))) failed.push(record);
    });
  }
  return failuresAmong(records, failed);
}

type Outcome = { readonly done: true } | { readonly done: false; readonly error: unknown };

async function attempt(work: () => Promise<void>): Promise<Outcome> {
  try {
    await work();
    return { done: true };
  } catch (error) {
    return { done: false, error };
  }
}

interface Trace {
  readonly log: Log;
  readonly key: string | undefined;
}

async function succeeds(work: () => Promise<void>, trace: Trace): Promise<boolean> {
  const outcome = await attempt(work);
  if (!outcome.done) logFailure(outcome.error, trace);
  return outcome.done;
}

/** One line with the error's name and message, and never the body that led to it. */
function logFailure(error: unknown, { log, key }: Trace): void {
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  log.write({ level: "error", message, name, key });
}

/** In the order of the batch: equal batches give equal answers. */
function failuresAmong(records: readonly SQSRecord[], failed: readonly SQSRecord[]): SQSBatchResponse {
  const gone = new Set(failed.map((record) => record.messageId));
  const batchItemFailures = records
    .filter((record) => gone.has(record.messageId))
    .map((record) => ({ itemIdentifier: record.messageId }));
  return { batchItemFailures };
}
