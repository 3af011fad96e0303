import { isOpen } from "../model/living.ts";
import type { CallRecord } from "../model/records.ts";

/**
 * How many tasks of a set may start now: 1, then 2, 4, 8 and so on, doubling as its calls are answered without a failure.
 * It is one more than the tasks that those calls started, so it needs no record of its own; members of calls of unknown
 * outcome take their place in it. A failure of the set begins again at 1. The calls themselves hold ten tasks at most.
 *
 * A call fails when one of its members did or when it was void, that is, when it started nothing; a seal has no members
 * and says nothing. Nor does a call that is no longer on record: of a set that runs, those that started it are.
 *
 * @param calls  Of the service, in any order.
 * @param setId  The set; calls of others do not count.
 * @param lastFailureAtMs When a task of the set that had been started failed last; calls sent until then do not count.
 * @returns 0 or more; 0: the ramp is taken by calls that are not closed.
 */
export function rampFrom(
  calls: readonly CallRecord[],
  setId: string,
  lastFailureAtMs = Number.NEGATIVE_INFINITY,
): number {
  const own = calls.filter((call) => call.setId === setId);
  const lastFailure = Math.max(0, ...own.filter(failed).map((call) => call.seq));
  const good = own.filter(
    (call) => call.phase === "answered" && call.seq > lastFailure && call.firstSentAtMs > lastFailureAtMs,
  );
  return Math.max(0, 1 + members(good) - members(own.filter(isOpen)));
}

function failed({ phase, members }: CallRecord): boolean {
  return phase === "void" ? members.length > 0 : members.some((member) => member.failure !== undefined);
}

function members(calls: readonly CallRecord[]): number {
  return calls.reduce((sum, call) => sum + call.members.length, 0);
}
