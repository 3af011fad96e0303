import type { NewEvent } from "../model/events.ts";
import type { TaskId } from "../model/ids.ts";
import type { BackOff, Plan, Progress, Stop, TaskRecord } from "../model/records.ts";
import type { Adoption } from "./ownership.ts";
import { hasFailed } from "./restart.ts";
import type { Planned } from "./snapshot.ts";

interface Changes {
  readonly plan: Plan;
  readonly planChanged: boolean;
  readonly stops: Readonly<Record<string, Stop>>;
  readonly progress: Progress;
  readonly backOff: BackOff | undefined;
}

/** What became of the plan, in words for people; empty when a pass decided nothing new. */
export function tellEvents(snapshot: Planned, changes: Changes): readonly NewEvent[] {
  return [
    ...planned(snapshot, changes),
    ...failures(snapshot, changes),
    ...stopped(snapshot, changes),
    ...completed(snapshot, changes),
  ];
}

function planned({ spec }: Planned, { plan, planChanged }: Changes): readonly NewEvent[] {
  const [set] = plan.sets;
  if (!planChanged) return [];
  const message = set
    ? `generation ${spec.generation}: ${spec.manifest.spec.replicas} tasks of revision ${set.revision}${plan.maxLive === 0 ? ", once the older ones are gone" : ""}`
    : `generation ${spec.generation}: no tasks`;
  return [{ type: "normal", reason: "Planned", message }];
}

function failures({ tasks, state }: Planned, { backOff }: Changes): readonly NewEvent[] {
  if (backOff === undefined || backOff.lastFailureAtMs === state?.backOff?.lastFailureAtMs) return [];
  const since = state?.backOff?.lastFailureAtMs ?? 0;
  return tasks
    .filter((task) => hasFailed(task, state) && task.revision === backOff.revision && (task.stoppedAtMs ?? 0) > since)
    .map((task) => ({
      type: "warning",
      reason: "TaskFailed",
      message: `task ${task.taskId} failed: ${whyEnded(task, state?.stops[task.taskId])}`,
    }));
}

function whyEnded(task: TaskRecord, stop: Stop | undefined): string {
  const exit = task.exitCode === undefined ? "" : ` (exit code ${task.exitCode})`;
  return stop ? stop.why : `${task.stoppedReason ?? task.stopCode ?? "no reason given"}${exit}`;
}

function stopped({ state }: Planned, { stops }: Changes): readonly NewEvent[] {
  return Object.entries(stops)
    .filter(([taskId]) => state?.stops[taskId] === undefined)
    .map(([taskId, { why }]) => ({
      type: why === "unhealthy" || why === "failed to start" ? "warning" : "normal",
      reason: "Stopping",
      message: `stopping task ${taskId}: ${why}`,
    }));
}

/** What became of single tasks' places in the records; an adoption from a call that is on record is no news. */
export function tellIdentities(adopt: readonly Adoption[], abandon: readonly TaskId[]): readonly NewEvent[] {
  return [
    ...adopt
      .filter(({ call }) => call === 0)
      .map(
        ({ taskId }): NewEvent => ({
          type: "warning",
          reason: "Adopted",
          message: `task ${taskId} carries this service's marks but is on no record: adopted`,
        }),
      ),
    ...abandon.map(
      (taskId): NewEvent => ({
        type: "warning",
        reason: "Abandoned",
        message: `task ${taskId} is out of reach past its grace: it is replaced, and stopped when it returns`,
      }),
    ),
  ];
}

function completed({ spec, state }: Planned, { progress }: Changes): readonly NewEvent[] {
  const before = state?.generation === spec.generation && state?.progress.complete;
  return progress.complete && !before
    ? [{ type: "normal", reason: "Complete", message: `generation ${spec.generation} is live` }]
    : [];
}
