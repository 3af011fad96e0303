import type { Revision } from "../model/ids.ts";
import { ownStop } from "../model/own-stops.ts";
import type { BackOff, CallRecord, RolloutRecord, StateRecord, Stop, TaskRecord } from "../model/records.ts";
import type { Restart } from "../model/service.ts";
import { classifyStop } from "../rollout/failures.ts";

const failureReasons: readonly Stop["why"][] = ["unhealthy", "failed to start"];

/** What a stopped task tells of its revision: by our own stop's reason where we stopped it, else by what ECS says. */
export type Verdict = ReturnType<typeof classifyStop>["kind"];

/** Why a task ended, as far as its revision had a part in it. */
export function verdictOf(task: TaskRecord, state: StateRecord | undefined): Verdict {
  const own = state?.stops[task.taskId]?.why ?? ownStop(task.stoppedReason);
  if (own !== undefined) return failureReasons.includes(own) ? "counts" : "innocent";
  return classifyStop(task).kind;
}

/** Whether a stopped task failed, or could not be started: the next one waits for a while. */
export function hasFailed(task: TaskRecord, state: StateRecord | undefined): boolean {
  return task.status === "STOPPED" && verdictOf(task, state) !== "innocent";
}

/** What is known of a service's tasks, and of the calls that started them. */
interface Known {
  readonly tasks: readonly TaskRecord[];
  readonly calls: readonly CallRecord[];
  readonly state?: StateRecord;
}

/** The failed tasks of a revision in one life of a service; one whose call nobody knows belongs to it. */
export function failedTasks(
  { tasks, calls, state }: Known,
  uid: string,
  revision: Revision,
  rollout: RolloutRecord | undefined,
): readonly TaskRecord[] {
  const callsBySeq = new Map(calls.map((call) => [call.seq, call]));
  // A revision that is tried again, by resume or a new attempt, begins anew.
  const sinceMs = rollout?.revision === revision ? rollout.startedAtMs : 0;
  return tasks.filter((task) => {
    const call = callsBySeq.get(task.call ?? 0);
    // By our own clock where it is known: ECS's may be behind the one that a rollout's start was read from.
    const begunAtMs = call?.firstSentAtMs ?? task.createdAtMs;
    return task.revision === revision && begunAtMs >= sinceMs && hasFailed(task, state) && (call?.uid ?? uid) === uid;
  });
}

/** Whether a failure of a revision is on record that its back-off does not count yet: until then nothing may start. */
export function hasUncountedFailure(
  known: Known & { readonly state: StateRecord },
  revision: Revision,
  restart: Restart,
): boolean {
  const { backOffs, uid, rollout } = known.state;
  const counted = backOffs.find((each) => each.revision === revision);
  return countFailures(counted, failedTasks(known, uid, revision, rollout), restart) !== counted;
}

/**
 * Counts failures of a revision in rounds: tasks that were already running when the last failure was counted belong to
 * that round, so that three tasks which crash together are one failure. One that ran for `resetSeconds`, as long after the
 * last failure, starts anew; waiting for a back-off, or to start, does not.
 *
 * @param failed Failed tasks of one revision, in any order, also those counted before.
 * @returns `previous` itself when nothing failed since.
 */
export function countFailures(
  previous: BackOff | undefined,
  failed: readonly TaskRecord[],
  restart: Restart,
): BackOff | undefined {
  return failed
    .toSorted((a, b) => stoppedAt(a) - stoppedAt(b))
    .reduce<BackOff | undefined>((counted, task) => {
      if (counted !== undefined && stoppedAt(task) <= counted.lastFailureAtMs) return counted;
      const sinceLast = stoppedAt(task) - (counted?.lastFailureAtMs ?? 0);
      const quiet = counted === undefined || Math.min(sinceLast, ranMs(task)) >= restart.resetSeconds * 1000;
      if (!quiet && task.createdAtMs <= counted.lastFailureAtMs) return counted;
      const failures = quiet ? 1 : counted.failures + 1;
      return { revision: task.revision ?? ("" as Revision), failures, lastFailureAtMs: stoppedAt(task) };
    }, previous);
}

/**
 * When the next start may be: `backoffSeconds` doubling with each failure up to `maxBackoffSeconds`, times a jitter.
 * @param jitter 0 ≤ x ≤ 1; 1 is the whole delay.
 */
export function notBefore(backOff: BackOff | undefined, restart: Restart, jitter: number): number {
  if (backOff === undefined) return 0;
  const doubled = restart.backoffSeconds * 2 ** Math.min(backOff.failures - 1, 30);
  return Math.round(backOff.lastFailureAtMs + Math.min(doubled, restart.maxBackoffSeconds) * 1000 * jitter);
}

/** How long it ran; 0 if it never did. */
function ranMs(task: TaskRecord): number {
  return stoppedAt(task) - (task.startedAtMs ?? stoppedAt(task));
}

function stoppedAt(task: TaskRecord): number {
  return task.stoppedAtMs ?? task.createdAtMs;
}
