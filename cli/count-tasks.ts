import { isLive } from "../core/model/living.ts";
import type { RevisionRecord, TaskRecord } from "../core/model/records.ts";
import type { ServiceRecords } from "./read-records.ts";

/** What is on record of a service, tasks that stopped too. */
export interface Recorded {
  readonly records: ServiceRecords;
  readonly revisions: readonly RevisionRecord[];
  readonly tasks: readonly TaskRecord[];
  readonly nowMs: number;
}

/** Tasks of the target that live now, how many of those are far enough, and tasks of other revisions that live. */
export interface TaskCounts {
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly older: number;
}

/**
 * Counts the tasks of a service as they are on record now. What the state record knows of a rollout's progress is no
 * count of tasks: it is the most that was ever seen.
 */
export function countTasks(recorded: Recorded): TaskCounts {
  const { records, tasks, nowMs } = recorded;
  const { spec, state } = records;
  const live = tasks.filter(isLive);
  const updated = live.filter(({ revision }) => revision !== undefined && revision === state?.progress.revision);
  const ready = updated.flatMap((task) => {
    const sinceMs = state?.stops[task.taskId] === undefined ? readySince(task, recorded) : undefined;
    return sinceMs === undefined ? [] : [sinceMs];
  });
  const minReadyMs = (spec?.manifest.spec.rollout.minReadySeconds ?? 0) * 1000;
  return {
    updated: updated.length,
    ready: ready.length,
    available: ready.filter((sinceMs) => nowMs - sinceMs >= minReadyMs).length,
    older: live.length - updated.length,
  };
}

/** Since when a task has served: with a check that has to pass, since it was seen to, else since it started. */
function readySince(task: TaskRecord, { records, revisions }: Recorded): number | undefined {
  if (task.status !== "RUNNING" || task.desiredStatus !== "RUNNING") return undefined;
  const content = revisions.find(({ revision }) => revision === task.revision)?.content;
  const isChecked = content?.task.containers.some(({ essential, health }) => essential && health !== undefined);
  const isServed = records.spec?.manifest.spec.traffic.length !== 0;
  return isChecked || isServed ? task.readySinceMs : (task.startedAtMs ?? task.createdAtMs);
}
