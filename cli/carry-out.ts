import type { ServiceKey } from "../core/model/ids.ts";
import type { Connection } from "./connection.ts";
import type { Outgoing } from "./events.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import type { Progress } from "./progress.ts";
import { readService, readTasks } from "./read-records.ts";
import { awaitResult, type CommandResult } from "./result.ts";
import type { Session } from "./session.ts";
import { deleteVerdict, rolloutVerdict, type Verdict } from "./verdict.ts";
import { stopReasonOf } from "./views.ts";

/** What of a command is waited for, and how long. */
export interface Patience {
  /** `result`: that it was accepted; the others: what it leads to. */
  readonly until: "result" | "live" | "deleted";
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
  if (result.kind !== "accepted" || outgoing.key === undefined || patience.until === "result")
    return describeResult(result, outgoing.key ?? null, patience.timeoutMs);
  return follow(outgoing.key, result.generation, { patience, deadlineMs, following });
}

function describeResult(result: CommandResult, service: string | null, timeoutMs: number): Outcome {
  switch (result.kind) {
    case "accepted":
      return outcomeOf("accepted", {
        service,
        generation: result.generation,
        message: `accepted as generation ${result.generation}`,
      });
    case "unknown": {
      const message = `sent, but there is no result after ${timeoutMs / 1000} s: nobody reads the queue, or it is busy; look again with longshore describe ${service ?? ""}`;
      return outcomeOf("timed out", { service, message: message.trimEnd() });
    }
    default:
      return outcomeOf(result.kind, { service, message: result.kind, issues: result.issues });
  }
}

interface Watch {
  readonly patience: Patience;
  readonly deadlineMs: number;
  readonly following: Following;
}

/** Looks at the service until its generation is live, has failed or is superseded; for a delete, until it is gone. */
async function follow(
  key: ServiceKey,
  generation: number,
  { patience, deadlineMs, following }: Watch,
): Promise<Outcome> {
  const { session, connection, progress } = following;
  for (;;) {
    const verdict = await look(connection, key, generation, patience);
    const told = { service: key, generation, message: verdict.message };
    if (verdict.kind === "failed")
      return outcomeOf("failed", { ...told, message: verdict.message + (await lastStop(connection, key)) });
    if (verdict.kind !== "waiting") return outcomeOf(verdict.kind, told);
    progress.show(key, generation, verdict.message);
    if (session.nowMs() >= deadlineMs) {
      const message = `not ${patience.until} within ${patience.timeoutMs / 1000} s: ${verdict.message}; it goes on, look with longshore describe ${key}`;
      return outcomeOf("timed out", { ...told, message });
    }
    await session.pause(Math.max(1, Math.min(pollMs, deadlineMs - session.nowMs())));
  }
}

async function look({ store }: Connection, key: ServiceKey, generation: number, { until }: Patience): Promise<Verdict> {
  const service = await readService(store, key);
  if (until !== "deleted") return rolloutVerdict(generation, service);
  return deleteVerdict(generation, service, await readTasks(store, key));
}

/** Why the last task that stopped did so, as the end of a message. */
async function lastStop({ store }: Connection, key: ServiceKey): Promise<string> {
  const stopped = (await readTasks(store, key)).filter((task) => stopReasonOf(task) !== undefined);
  const last = stopped.toSorted((a, b) => (a.stoppedAtMs ?? 0) - (b.stoppedAtMs ?? 0)).at(-1);
  return last ? `; the last task that stopped: ${stopReasonOf(last)}` : "";
}
