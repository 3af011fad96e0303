import type { ServiceKey } from "../core/model/ids.ts";
import { ownStop, whyStopped } from "../core/model/own-stops.ts";
import type { StopReason } from "../core/model/records.ts";
import type { Connection } from "./connection.ts";
import type { Outgoing } from "./events.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Progress } from "./progress.ts";
import { readService, readTasks } from "./read-records.ts";
import { awaitResult, type CommandResult } from "./result.ts";
import type { Session } from "./session.ts";
import { tellAccepted } from "./tell.ts";
import { deleteVerdict, type Goal, rolloutVerdict, type Verdict } from "./verdict.ts";

/** What of a command is waited for, and how long. */
export interface Patience {
  /** `result`: that it was accepted; the others: what it leads to. */
  readonly until: "result" | "deleted" | Goal;
  readonly timeoutMs: number;
}

/** What following a command needs. */
export interface Following {
  readonly session: Session;
  readonly connection: Connection;
  readonly progress: Progress;
}

const pollMs = 500;

/** Sends a command, and waits for what it leads to. */
export async function carryOut(outgoing: Outgoing, patience: Patience, following: Following): Promise<Outcome> {
  const { session, connection } = following;
  const deadlineMs = session.nowMs() + patience.timeoutMs;
  const messageId = await connection.send(outgoing.text, outgoing.key ?? "longshore-cli");
  const result = await awaitResult({ outgoing, messageId }, { session, connection, deadlineMs });
  const { until } = patience;
  if (result.kind !== "accepted" || outgoing.key === undefined || until === "result")
    return describeResult(result, outgoing, { connection, timeoutMs: patience.timeoutMs });
  return follow(outgoing.key, result.generation, { until, timeoutMs: patience.timeoutMs, deadlineMs }, following);
}

async function describeResult(
  result: CommandResult,
  { key, tell }: Outgoing,
  { connection, timeoutMs }: { readonly connection: Connection; readonly timeoutMs: number },
): Promise<Outcome> {
  const service = key ?? null;
  switch (result.kind) {
    case "accepted": {
      const { generation } = result;
      const told = tell ?? (key && tellAccepted(key));
      const message = (await told?.(result, connection.store)) ?? "accepted";
      return outcomeOf("accepted", { service, generation: generation || null, message });
    }
    case "unknown": {
      const advice = service === null ? "" : `; look again with longshore describe ${service}`;
      const message = `sent, but there is no result after ${timeoutMs / 1000} s: nobody reads the queue, or it is busy${advice}`;
      return outcomeOf("timed out", { service, message });
    }
    default:
      return outcomeOf(result.kind, { service, message: result.kind, issues: result.issues });
  }
}

/** What is waited for, and how long. */
export interface Watch {
  readonly until: "deleted" | Goal;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
}

/** Looks at the service until its generation is live, has failed or is superseded; for a delete, until it is gone. */
export async function follow(
  key: ServiceKey,
  generation: number,
  { until, timeoutMs, deadlineMs }: Watch,
  { session, connection, progress }: Following,
): Promise<Outcome> {
  for (;;) {
    const verdict = await look(connection, key, generation, until);
    const told = { service: key, generation, message: verdict.message };
    if (verdict.kind === "failed")
      return outcomeOf("failed", { ...told, message: await withLastStop(connection, key, verdict.message) });
    if (verdict.kind !== "waiting") return outcomeOf(verdict.kind, told);
    progress.show(key, generation, verdict.message);
    if (session.nowMs() >= deadlineMs) {
      const rest = verdict.isHeld ? "" : `; it goes on, look with longshore describe ${key}`;
      const message = `not ${until} within ${timeoutMs / 1000} s: ${verdict.message}${rest}`;
      return outcomeOf("timed out", { ...told, message });
    }
    await session.pause(Math.max(1, Math.min(pollMs, deadlineMs - session.nowMs())));
  }
}

async function look(
  { store }: Connection,
  key: ServiceKey,
  generation: number,
  until: Watch["until"],
): Promise<Verdict> {
  const service = await readService(store, key);
  if (until !== "deleted") return rolloutVerdict(generation, service, until);
  return deleteVerdict(generation, service, await readTasks(store, key));
}

/** Stops of ours that tell of a failure: all others are of tasks that nobody wanted any more. */
const failures: readonly (StopReason | undefined)[] = ["unhealthy", "failed to start"];

/** A message, and why the last task that failed stopped, unless it says so itself. */
async function withLastStop({ store }: Connection, key: ServiceKey, message: string): Promise<string> {
  const stopped = (await readTasks(store, key)).filter(({ status, stoppedReason, stopCode }) => {
    const own = ownStop(stoppedReason);
    const isTold = stoppedReason !== undefined || stopCode !== undefined;
    return status === "STOPPED" && isTold && (own === undefined || failures.includes(own));
  });
  const last = stopped.toSorted((a, b) => (a.stoppedAtMs ?? 0) - (b.stoppedAtMs ?? 0)).at(-1);
  const reason = last && whyStopped(last);
  if (reason === undefined || message.includes(reason)) return message;
  return `${message}; the last task that failed: ${reason}`;
}
