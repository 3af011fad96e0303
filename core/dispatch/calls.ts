import type { TaskId } from "../model/ids.ts";
import { isOpen, stoppedKeptMs, type Unrecorded, unrecorded } from "../model/living.ts";
import type { CallRecord, Member, TaskRecord } from "../model/records.ts";
import { skewMs } from "../model/skew.ts";
import type { Failure } from "../ports/tasks.ts";
import { mayStartAgain, type ServiceView } from "./service-view.ts";

/** A token is kept for an hour after the last task's end, or a day: a replay well before that starts nothing twice. */
const replayMs = 55 * 60_000;
/** The first sender is done by then: 5 s for its call. Doubles with each try. */
export const firstReplayMs = 10_000;
/** Longest that a request sent before the swap to settling can still be on its way, beside the function's timeout. */
const settleMs = 120_000;
const betweenListingsMs = 60_000 + skewMs;

/** What is to be done about a call: whose outcome is unknown, or (`record`) whose tasks are not on record. */
export type CallStep =
  | { readonly kind: "wait"; readonly untilMs: number }
  | { readonly kind: "answer"; readonly members: readonly Member[] }
  | { readonly kind: "replay" }
  | { readonly kind: "settle" }
  | { readonly kind: "list"; readonly isSecond: boolean }
  | { readonly kind: "record"; readonly members: readonly Unrecorded["member"][] };

/** A call that something is to be done about, or waited for. */
export interface CallDue {
  readonly call: CallRecord;
  readonly step: CallStep;
}

/** What every call of a service needs: the open ones, and those whose answer was not written down as tasks. */
export function callsDue(view: ServiceView, nowMs: number, functionTimeoutMs: number): readonly CallDue[] {
  const open = view.calls
    .filter(isOpen)
    .map((call): CallDue => ({ call, step: stepOf(call, view, nowMs, functionTimeoutMs) }));
  const unwritten = Map.groupBy(unrecorded({ tasks: view.tasks, calls: view.calls, nowMs }), ({ call }) => call);
  const answered = [...unwritten].map(
    ([call, missing]): CallDue => ({ call, step: { kind: "record", members: missing.map(({ member }) => member) } }),
  );
  return [...open, ...answered];
}

/**
 * Decides how an open call goes on. While it is `sent` the same bytes may be sent again, if all that it asks for may
 * still start; otherwise nobody sends it again, and it is settled by looking: two listings, well after the last moment at
 * which a request could still arrive. Tasks that were seen close it only when every member has one.
 */
export function stepOf(call: CallRecord, view: ServiceView, nowMs: number, functionTimeoutMs: number): CallStep {
  const seen = view.tasks.filter(({ token }) => token === call.token);
  if (seen.length >= call.members.length)
    return {
      kind: "answer",
      members: fill(
        call.members,
        seen.map(({ taskId }) => taskId),
        [],
      ),
    };
  return call.phase === "settling" ? settling(call, nowMs, functionTimeoutMs) : sent(call, view, nowMs);
}

function sent(call: CallRecord, view: ServiceView, nowMs: number): CallStep {
  if (nowMs - call.firstSentAtMs >= replayMs || !mayStartAgain(view, call, nowMs)) {
    // Whoever appended it may be about to send it: his deadline passes first.
    const untilMs = call.firstSentAtMs + firstReplayMs;
    return nowMs < untilMs ? { kind: "wait", untilMs } : { kind: "settle" };
  }
  const untilMs = call.firstSentAtMs + firstReplayMs * 2 ** Math.min(call.tries - 1, 8);
  return nowMs < untilMs ? { kind: "wait", untilMs } : { kind: "replay" };
}

function settling(call: CallRecord, nowMs: number, functionTimeoutMs: number): CallStep {
  const first = call.firstListing?.atMs;
  const untilMs =
    first === undefined ? (call.settlingSinceMs ?? nowMs) + functionTimeoutMs + settleMs : first + betweenListingsMs;
  return nowMs < untilMs ? { kind: "wait", untilMs } : { kind: "list", isSecond: first !== undefined };
}

/** Gives returned tasks, sorted, to the members in order; what is left over gets the failures' reasons. */
export function fill(
  members: readonly Member[],
  taskIds: readonly TaskId[],
  failures: readonly Failure[],
): readonly Member[] {
  const sorted = [...new Set(taskIds)].toSorted();
  return members.map(({ slot }, index) => {
    const taskId = sorted[index];
    if (taskId !== undefined) return { slot, taskId };
    return { slot, failure: failures[index - sorted.length]?.reason ?? failures[0]?.reason ?? "NOT_STARTED" };
  });
}

/** Calls that nobody needs any more: closed for an hour, all their tasks stopped or forgotten, and not the highest. */
export function forgettableCalls(
  calls: readonly CallRecord[],
  tasks: readonly TaskRecord[],
  nowMs: number,
): readonly CallRecord[] {
  const highest = Math.max(0, ...calls.map(({ seq }) => seq));
  const alive = new Set<string>(tasks.filter(({ status }) => status !== "STOPPED").map(({ token }) => token));
  return calls.filter(
    (call) =>
      call.seq !== highest &&
      call.closedAtMs !== undefined &&
      nowMs - call.closedAtMs >= stoppedKeptMs &&
      !alive.has(call.token),
  );
}
