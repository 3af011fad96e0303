import type { Revision } from "../model/ids.ts";
import type { BackOff, CallRecord, StateRecord, Stop, TaskRecord } from "../model/records.ts";
import type { Restart } from "../model/service.ts";

/** Stops that tell of the revision: it exited, or never started. Not: a person, a lost host, spot, maintenance. */
const failureCodes: readonly (string | undefined)[] = ["EssentialContainerExited", "TaskFailedToStart"];
const failureReasons: readonly Stop["why"][] = ["unhealthy", "failed to start"];

/** Whether a stopped task failed by itself: by our own stop's reason where we stopped it, else by ECS's stop code. */
export function hasFailed(task: TaskRecord, state: StateRecord | undefined): boolean {
  if (task.status !== "STOPPED") return false;
  const stop = state?.stops[task.taskId];
  return stop ? failureReasons.includes(stop.why) : failureCodes.includes(task.stopCode);
}

/** What is known of a service's tasks, and of the calls that started them. */
interface Known {
  readonly tasks: readonly TaskRecord[];
  readonly calls: readonly CallRecord[];
  readonly state?: StateRecord;
}

/** The tasks of one life of a service that failed by themselves; one whose call nobody knows belongs to it. */
export function failedTasks({ tasks, calls, state }: Known, uid: string): readonly TaskRecord[] {
  const lives = new Map(calls.map((call) => [call.seq, call.uid]));
  return tasks.filter((task) => hasFailed(task, state) && (lives.get(task.call ?? 0) ?? uid) === uid);
}

/** Whether a failure of a revision is on record that its back-off does not count yet: until then nothing may start. */
export function hasUncountedFailure(
  known: Known & { readonly state: StateRecord },
  revision: Revision,
  restart: Restart,
): boolean {
  const { backOff, uid } = known.state;
  const counted = backOff?.revision === revision ? backOff : undefined;
  return countFailures(counted, revision, failedTasks(known, uid), restart) !== counted;
}

/**
 * Counts failures of a revision in rounds: tasks that were already running when the last failure was counted belong to
 * that round, so that three tasks which crash together are one failure. One that ran for `resetSeconds`, as long after the
 * last failure, starts anew; waiting for a back-off, or to start, does not.
 *
 * @param failed Failed tasks, in any order, also those counted before.
 * @returns `previous` itself when nothing failed since.
 */
export function countFailures(
  previous: BackOff | undefined,
  revision: Revision,
  failed: readonly TaskRecord[],
  restart: Restart,
): BackOff | undefined {
  const start = previous?.revision === revision ? previous : undefined;
  return failed
    .filter((task) => task.revision === revision)
    .toSorted((a, b) => stoppedAt(a) - stoppedAt(b))
    .reduce<BackOff | undefined>((counted, task) => {
      const sinceLast = stoppedAt(task) - (counted?.lastFailureAtMs ?? 0);
      const quiet = counted === undefined || Math.min(sinceLast, ranMs(task)) >= restart.resetSeconds * 1000;
      if (!quiet && task.createdAtMs <= counted.lastFailureAtMs) return counted;
      return { revision, failures: quiet ? 1 : counted.failures + 1, lastFailureAtMs: stoppedAt(task) };
    }, start);
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
