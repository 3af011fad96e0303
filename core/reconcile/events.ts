import type { NewEvent } from "../model/events.ts";
import type { TaskId } from "../model/ids.ts";
import { whyStopped } from "../model/own-stops.ts";
import type { BackOff, Plan, Progress, Stop } from "../model/records.ts";
import { indicesOf } from "../model/slots.ts";
import { plural } from "../words/plural.ts";
import type { Adoption } from "./ownership.ts";
import { hasFailed } from "./restart.ts";
import { type Aimed, currentState } from "./snapshot.ts";

interface Changes {
  readonly plan: Plan;
  readonly planChanged: boolean;
  readonly stops: Readonly<Record<string, Stop>>;
  readonly progress: Progress;
  readonly backOffs: readonly BackOff[];
}

/** What became of the plan, in words for people; empty when a pass decided nothing new. */
export function tellEvents(snapshot: Aimed, changes: Changes): readonly NewEvent[] {
  return [
    ...failed(snapshot),
    ...scaled(snapshot),
    ...planned(snapshot, changes),
    ...failures(snapshot, changes),
    ...stopped(snapshot, changes),
    ...completed(snapshot, changes),
  ];
}

/** A rollout that failed, once. */
function failed(snapshot: Aimed): readonly NewEvent[] {
  const { failure, revision } = snapshot.aim.rollout;
  if (failure === undefined || currentState(snapshot)?.rollout?.failure !== undefined) return [];
  const outcome =
    failure.outcome === "rolled back" ? `going back to revision ${snapshot.aim.target}` : "nothing more of it starts";
  return [
    {
      type: "warning",
      reason: "RolloutFailed",
      message: `the rollout of revision ${revision} failed: ${failure.reason}: ${failure.message}; ${outcome}`,
    },
  ];
}

function scaled(snapshot: Aimed): readonly NewEvent[] {
  const before = currentState(snapshot)?.scale?.replicas;
  const { scaling } = snapshot.aim;
  if (scaling === undefined || before === undefined || before === scaling.scale.replicas) return [];
  const message = `scaled from ${before} to ${scaling.scale.replicas} tasks`;
  return [{ type: "normal", reason: "Scaled", message }];
}

function planned({ spec }: Aimed, { plan, planChanged }: Changes): readonly NewEvent[] {
  if (!planChanged) return [];
  const sets = plan.sets
    .map(({ revision, slots }) => ({ revision, count: indicesOf(slots).length }))
    .map(({ revision, count }) => `${plural(count, "task")} of revision ${revision}`);
  const waits = plan.maxLive === 0 && plan.sets.some(({ slots }) => slots !== "");
  const wait = waits ? ", once the older ones are gone" : "";
  const message = `generation ${spec.generation}: ${sets.join(", ") || "no tasks"}${wait}`;
  return [{ type: "normal", reason: "Planned", message }];
}

function failures({ tasks, state }: Aimed, { backOffs }: Changes): readonly NewEvent[] {
  return backOffs.flatMap(({ revision, lastFailureAtMs }) => {
    const since = state?.backOffs.find((each) => each.revision === revision)?.lastFailureAtMs ?? 0;
    if (lastFailureAtMs === since) return [];
    return tasks
      .filter((task) => hasFailed(task, state) && task.revision === revision && (task.stoppedAtMs ?? 0) > since)
      .map(
        (task): NewEvent => ({
          type: "warning",
          reason: "TaskFailed",
          message: `task ${task.taskId} failed: ${state?.stops[task.taskId]?.why ?? whyStopped(task)}`,
        }),
      );
  });
}

function stopped({ state }: Aimed, { stops }: Changes): readonly NewEvent[] {
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

function completed({ spec, aim, state }: Aimed, { progress }: Changes): readonly NewEvent[] {
  const isKnown = state?.generation === spec.generation && state.progress.revision === progress.revision;
  if (!progress.complete || (isKnown && state.progress.complete)) return [];
  return aim.rollout.failure?.outcome === "rolled back"
    ? [{ type: "warning", reason: "RolledBack", message: `revision ${aim.target} runs again` }]
    : [{ type: "normal", reason: "Complete", message: `generation ${spec.generation} is live` }];
}
