import type { Revision } from "../model/ids.ts";
import { whyStopped } from "../model/own-stops.ts";
import type { FailureReason, RolloutRecord, SpecRecord, StateRecord, TaskRecord } from "../model/records.ts";
import { breakerThreshold } from "../rollout/breaker.ts";
import { classifyRefusal, classifyStop } from "../rollout/failures.ts";
import { plural } from "../words/plural.ts";
import { isOverdue } from "./deadline.ts";
import { wantedRevision } from "./definitions.ts";
import { failedTasks, verdictOf } from "./restart.ts";
import { currentState, type Planned } from "./snapshot.ts";

/** What a rollout is judged by. */
interface Trial {
  readonly snapshot: Planned;
  readonly rollout: RolloutRecord;
  readonly replicas: number;
  /** The revision's tasks that failed since the rollout began. */
  readonly failed: readonly TaskRecord[];
}

interface Finding {
  readonly reason: FailureReason;
  readonly message: string;
}

/** First match wins: what somebody asked for, what can never come right, what went wrong too often, what took too long. */
const judgements: readonly ((trial: Trial) => Finding | undefined)[] = [
  cancelled,
  refusedDefinition,
  refusedCall,
  fatalStop,
  brokenTooOften,
  overdue,
];

/**
 * The attempt to bring about what the spec wants, and whether it has failed. It fails at most once, and only while the
 * revision has not been proven by a complete rollout; a failure that left everything as it is may be tried again by a
 * resume, one that was rolled back only by a new attempt.
 *
 * @param replicas Tasks wanted now: what the breaker's share is of.
 */
export function decideRollout(snapshot: Planned, replicas: number): RolloutRecord {
  const { spec, wanted } = snapshot;
  const rollout = currentRollout(snapshot);
  const stable = currentState(snapshot)?.stable;
  if (rollout.failure !== undefined || spec.deleting || stable === wanted.revision) return rollout;
  const failed = failedTasks(snapshot, spec.uid, wanted.revision, rollout);
  const trial = { snapshot, rollout, replicas, failed };
  for (const judge of judgements) {
    const finding = judge(trial);
    if (finding !== undefined)
      return { ...rollout, failure: { ...finding, ...consequence(snapshot, finding, stable) } };
  }
  return rollout;
}

/** What everything should be of in the end: what the spec wants, or what ran before, where that was tried in vain. */
export function targetOf(snapshot: Planned, { failure, revision }: RolloutRecord): Revision | undefined {
  if (failure?.outcome === "rolled back") return currentState(snapshot)?.stable;
  if (wantedRevision(snapshot)?.taskDefinition !== undefined) return revision;
  // Until it can be started, what is proven goes on, else what was planned last.
  const state = currentState(snapshot);
  const planned = state?.plan.sets.filter((set) => !state.plan.barred.includes(set.revision)) ?? [];
  return planned.find((set) => set.revision === state?.stable)?.revision ?? planned.at(-1)?.revision;
}

/** The stored attempt, unless the spec has begun another, or somebody resumed this very service to try again. */
function currentRollout(snapshot: Planned): RolloutRecord {
  const { spec, wanted, nowMs } = snapshot;
  const stored = currentState(snapshot)?.rollout;
  const isSame = stored?.attempt === spec.attempt && stored.revision === wanted.revision;
  const isRetried = stored?.failure?.outcome === "paused" && isResumed(spec, stored, stored.failure.atMs);
  if (isSame && !isRetried) return stored;
  const { attempt, resumedAtMs } = spec;
  const resumed = resumedAtMs === undefined ? {} : { resumedAtMs };
  return { attempt, revision: wanted.revision, startedAtMs: nowMs, ...resumed };
}

/** Each resume tries once, also one that a clock ahead of ours stamped. */
function isResumed({ resumedAtMs }: SpecRecord, rollout: RolloutRecord, failedAtMs: number): boolean {
  return resumedAtMs !== undefined && resumedAtMs >= failedAtMs && resumedAtMs !== rollout.resumedAtMs;
}

function consequence({ spec, revisions, nowMs }: Planned, { reason }: Finding, stable: Revision | undefined) {
  const isThere = revisions.some((each) => each.revision === stable && each.taskDefinition !== undefined);
  const isWished =
    reason === "Cancelled" || (spec.manifest.spec.rollout.onFailure === "rollback" && spec.isRollback !== true);
  return { atMs: nowMs, outcome: isThere && isWished ? "rolled back" : "paused" } as const;
}

function cancelled({ snapshot: { spec } }: Trial): Finding | undefined {
  if (spec.cancelled !== spec.generation) return undefined;
  return { reason: "Cancelled", message: `the rollout of generation ${spec.generation} was cancelled` };
}

function refusedDefinition({ snapshot, rollout }: Trial): Finding | undefined {
  const { refusal, refusedAtMs = 0 } = wantedRevision(snapshot) ?? {};
  if (refusal === undefined || refusedAtMs < rollout.startedAtMs) return undefined;
  return { reason: classifyRefusal(refusal), message: `ECS refused the task definition: ${refusal}` };
}

function refusedCall({ snapshot: { calls }, rollout }: Trial): Finding | undefined {
  const refused = calls.find(
    (call) =>
      call.revision === rollout.revision && call.refusal !== undefined && call.firstSentAtMs >= rollout.startedAtMs,
  );
  if (refused?.refusal === undefined) return undefined;
  return { reason: classifyRefusal(refused.refusal), message: `ECS refused to start its tasks: ${refused.refusal}` };
}

function fatalStop({ failed }: Trial): Finding | undefined {
  for (const task of failed) {
    const verdict = classifyStop(task);
    if (verdict.kind === "fatal")
      return { reason: verdict.reason, message: `task ${task.taskId} could not start: ${whyStopped(task)}` };
  }
  return undefined;
}

/** The breaker counts each task, where the back-off counts rounds; a task that became healthy resets nothing. */
function brokenTooOften({ snapshot, rollout, replicas, failed }: Trial): Finding | undefined {
  const threshold = breakerThreshold(snapshot.spec.manifest.spec.rollout.breaker, replicas);
  const counted = failed.filter((task) => verdictOf(task, snapshot.state) === "counts");
  const last = counted.toSorted((a, b) => (a.stoppedAtMs ?? 0) - (b.stoppedAtMs ?? 0)).at(-1);
  if (last === undefined || counted.length < threshold) return undefined;
  return {
    reason: "BreakerTripped",
    message: `${plural(counted.length, "task")} of revision ${rollout.revision} failed, and ${threshold} may not; the last one: ${whyStopped(last)}`,
  };
}

/** Where there is nothing to go back to, to wait is all that can be done: then only the condition tells. */
function overdue({ snapshot, rollout }: Trial): Finding | undefined {
  const state = currentState(snapshot);
  const seconds = snapshot.spec.manifest.spec.rollout.progressDeadlineSeconds;
  if (state?.stable === undefined || state.progress.complete || snapshot.spec.rolloutPaused) return undefined;
  if (state.generation !== snapshot.spec.generation || state.progress.revision !== rollout.revision) return undefined;
  if (!isOverdue(snapshot, state.progress)) return undefined;
  // A task on its way out is waited for by its drain, which has a deadline of its own.
  if (Object.values(state.stops).some(({ why }) => why === "replaced" || why === "surplus")) return undefined;
  return {
    reason: "ProgressDeadlineExceeded",
    message: `no progress for more than ${seconds} seconds${whyWaiting(snapshot, state)}`,
  };
}

/** What may be in the way, as far as it is on record. */
function whyWaiting({ notice }: Planned, { held, plan }: StateRecord): string {
  if (notice?.unplaced !== undefined)
    return `: ${notice.unplaced.tasks} tasks have no place, ${notice.unplaced.message}`;
  return held.tasks < plan.maxLive ? ": the namespace's quota has no room for the surge" : "";
}
