import type { ScaleReason } from "../autoscale/why.ts";
import type { Condition, ConditionType } from "../model/conditions.ts";
import { whyStopped } from "../model/own-stops.ts";
import type { BackOff, Plan, Progress } from "../model/records.ts";
import { indicesOf, slotCount } from "../model/slots.ts";
import { type Bucket, type Classified, serves } from "./classify.ts";
import { isOverdue } from "./deadline.ts";
import type { Aimed, Planned } from "./snapshot.ts";

/** What conditions are told from: the decisions of this pass. */
export interface Facts {
  readonly snapshot: Aimed;
  readonly classified: readonly Classified[];
  readonly plan: Plan;
  readonly progress: Progress;
  readonly refusedByQuota: number;
  /** A slot is empty, or a call is open. */
  readonly waiting: boolean;
  readonly backOffs: readonly BackOff[];
}

type Finding = Omit<Condition, "type" | "sinceMs">;

interface Rule {
  readonly type: ConditionType;
  readonly find: (facts: Facts) => Finding | undefined;
}

/** First rule of a type that finds something speaks for it. */
const rules: readonly Rule[] = [
  { type: "Available", find: available },
  { type: "Progressing", find: deleting },
  { type: "Progressing", find: rolledBack },
  { type: "Progressing", find: heldOnItsWayBack },
  { type: "Progressing", find: rollingBack },
  { type: "Progressing", find: failed },
  { type: "Progressing", find: missingTargetGroup },
  { type: "Progressing", find: complete },
  { type: "Progressing", find: held },
  { type: "Progressing", find: overdue },
  { type: "Progressing", find: backingOff },
  { type: "Progressing", find: underWay },
  { type: "Placed", find: quotaExceeded },
  { type: "Placed", find: unplaceable },
  { type: "Placed", find: placed },
  { type: "ScalingActive", find: scaling },
];

/** What users are told, each with reason and message; `sinceMs` moves only when the status does. */
export function decideConditions(facts: Facts): readonly Condition[] {
  const types: readonly ConditionType[] = ["Available", "Progressing", "Placed", "ScalingActive"];
  return types.flatMap((type) => {
    const finding = firstFinding(type, facts);
    if (finding === undefined) return [];
    const before = facts.snapshot.state?.conditions.find((condition) => condition.type === type);
    const sinceMs = before?.status === finding.status ? before.sinceMs : facts.snapshot.nowMs;
    return [{ type, ...finding, sinceMs }];
  });
}

/** How many tasks are in each bucket or stage, as people say it: `1 starting, 2 available`; empty: there are none. */
export function countStages(classified: readonly Classified[]): string {
  const counts = new Map<string, number>();
  for (const { bucket, stage } of classified) {
    if (bucket === "stopped") continue;
    const name = bucket === "kept" ? stage : names[bucket];
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

const names: Record<Exclude<Bucket, "kept" | "stopped">, string> = {
  returned: "back but replaced",
  abandoned: "out of reach",
  stopping: "stopping",
  leaving: "leaving",
  unsettled: "not yet settled",
  orphan: "orphaned",
  unowned: "to be adopted",
  ending: "ending",
  lost: "out of reach",
  stuck: "stuck before running",
  unhealthy: "unhealthy",
  old: "of an older revision",
  surplus: "surplus",
};

function firstFinding(type: ConditionType, facts: Facts): Finding | undefined {
  for (const rule of rules) {
    const finding = rule.type === type ? rule.find(facts) : undefined;
    if (finding !== undefined) return finding;
  }
  return undefined;
}

function available(facts: Facts): Finding {
  const { snapshot, classified } = facts;
  const { replicas } = snapshot.aim;
  const count = classified.filter(({ bucket, stage }) => serves(bucket) && stage === "available").length;
  const stages = countStages(classified);
  const isTold = stages === "" || stages === `${count} available`;
  const message = `${count} of ${replicas} tasks are available${isTold ? "" : `: ${stages}`}`;
  if (count >= replicas) return { status: "True", reason: "ReplicasAvailable", message };
  const [unread] = [...snapshot.targets].find(([, reading]) => reading.kind === "unread") ?? [];
  const waits = backingOff(facts);
  return unread === undefined
    ? {
        status: "False",
        reason: "ReplicasUnavailable",
        message: waits === undefined ? message : `${message}; ${waits.message}`,
      }
    : { status: "Unknown", reason: "TargetsUnread", message: `target group ${unread} could not be read; ${message}` };
}

function deleting({ snapshot, classified }: Facts): Finding | undefined {
  if (!snapshot.spec.deleting) return undefined;
  const stages = countStages(classified);
  return { status: "True", reason: "Deleting", message: stages ? `stopping its tasks: ${stages}` : "no task is left" };
}

function rolledBack({ snapshot, progress }: Facts): Finding | undefined {
  const { failure, revision } = snapshot.aim.rollout;
  if (failure?.outcome !== "rolled back" || !progress.complete) return undefined;
  return {
    status: "False",
    reason: "RolledBack",
    message: `${failure.reason}: ${failure.message}; revision ${snapshot.aim.target} runs again in place of ${revision}`,
  };
}

function rollingBack({ snapshot, classified }: Facts): Finding | undefined {
  const { failure } = snapshot.aim.rollout;
  if (failure?.outcome !== "rolled back") return undefined;
  return {
    status: "False",
    reason: "RollingBack",
    message: `${failure.reason}: ${failure.message}; going back to revision ${snapshot.aim.target}${stagesAfterColon(classified)}`,
  };
}

function failed({ snapshot }: Facts): Finding | undefined {
  const { failure, revision } = snapshot.aim.rollout;
  if (failure === undefined) return undefined;
  const rest = `nothing more of revision ${revision} starts; change the spec, roll back, or resume to try it again`;
  return { status: "False", reason: failure.reason, message: `${failure.message}; ${rest}` };
}

/** Somebody holds what would go back. */
function heldOnItsWayBack(facts: Facts): Finding | undefined {
  const finding = facts.snapshot.aim.rollout.failure?.outcome === "rolled back" ? held(facts) : undefined;
  return finding && { ...finding, message: `${finding.message}; ${rollingBack(facts)?.message}` };
}

function held({ snapshot, plan, classified }: Facts): Finding | undefined {
  if (snapshot.spec.rolloutPaused !== true) return undefined;
  const sizes = plan.sets.length > 1 ? `: ${tellSets(snapshot, plan)}` : stagesAfterColon(classified);
  return { status: "Unknown", reason: "RolloutPaused", message: `the rollout is paused${sizes}` };
}

function missingTargetGroup({ snapshot }: Facts): Finding | undefined {
  const missing = [...snapshot.targets].find(([, reading]) => reading.kind === "absent");
  if (missing === undefined) return undefined;
  return {
    status: "False",
    reason: "TargetGroupNotFound",
    message: `target group ${missing[0]} does not exist: create it, or change spec.traffic`,
  };
}

function complete({ snapshot, progress }: Facts): Finding | undefined {
  if (!progress.complete) return undefined;
  return {
    status: "True",
    reason: "Complete",
    message: `generation ${snapshot.spec.generation} is live`,
  };
}

function overdue({ snapshot, classified, progress }: Facts): Finding | undefined {
  if (!isOverdue(snapshot, progress)) return undefined;
  const seconds = snapshot.spec.manifest.spec.rollout.progressDeadlineSeconds;
  return {
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: `no progress for more than ${seconds} seconds${stagesAfterColon(classified)}; look at the tasks' last stop, or raise spec.rollout.progressDeadlineSeconds`,
  };
}

/** Of the revision that everything should be of, else of the one that holds what runs. */
function backingOff({ snapshot, plan, backOffs }: Facts): Finding | undefined {
  const set = plan.sets.toReversed().find(({ notBeforeMs }) => snapshot.nowMs < notBeforeMs);
  const backOff = backOffs.find(({ revision }) => revision === set?.revision);
  if (set === undefined || backOff === undefined) return undefined;
  const { notBeforeMs } = set;
  const seconds = Math.ceil((notBeforeMs - backOff.lastFailureAtMs) / 1000);
  const times = backOff.failures === 1 ? "once" : `${backOff.failures} times in a row`;
  return {
    status: "True",
    reason: "BackingOff",
    message: `tasks failed ${times}: the next start waits ${seconds} s after the failure${lastStop(snapshot)}`,
  };
}

/** Why the last task stopped, in ECS's words. */
function lastStop({ tasks }: Planned): string {
  const [last] = tasks
    .filter(({ status }) => status === "STOPPED")
    .toSorted((a, b) => (b.stoppedAtMs ?? 0) - (a.stoppedAtMs ?? 0));
  return last?.stoppedReason === undefined ? "" : `; the last one stopped with: ${whyStopped(last)}`;
}

function underWay({ snapshot, plan, classified }: Facts): Finding {
  const sets = plan.sets.length > 1 ? `, ${tellSets(snapshot, plan)}` : "";
  return {
    status: "True",
    reason: "RollingOut",
    message: `generation ${snapshot.spec.generation} is on its way${sets}${stagesAfterColon(classified)}`,
  };
}

/** How many tasks each revision may have now: `3 of revision b beside 1 of a`. */
function tellSets({ aim }: Aimed, { sets }: Plan): string {
  const counts = sets.map(({ revision, slots }) => ({ revision, count: indicesOf(slots).length }));
  const target = counts.find(({ revision }) => revision === aim.target);
  const older = counts.filter((each) => each !== target).map(({ revision, count }) => `${count} of ${revision}`);
  return `${target?.count ?? 0} of revision ${aim.target} beside ${older.join(" and ")}`;
}

const scalingReasons: Readonly<Record<ScaleReason["kind"], string>> = {
  "metric missing": "MetricMissing",
  "cooling down": "CoolingDown",
  "at maximum": "AtMaximum",
  "at minimum": "AtMinimum",
  following: "Following",
};

function scaling({ snapshot }: Facts): Finding | undefined {
  if (snapshot.aim.scaling === undefined) return undefined;
  const { kind, message } = snapshot.aim.scaling.why;
  return { status: kind === "metric missing" ? "False" : "True", reason: scalingReasons[kind], message };
}

function quotaExceeded({ snapshot, plan, refusedByQuota }: Facts): Finding | undefined {
  if (refusedByQuota === 0) return undefined;
  return {
    status: "False",
    reason: "QuotaExceeded",
    message: `${refusedByQuota} of ${slotCount(plan.sets)} tasks are beyond the namespace's quota of ${snapshot.settings.quota.tasks} tasks`,
  };
}

/** What dispatch found of tasks that nobody wants any more is old news. */
function unplaceable({ snapshot, waiting }: Facts): Finding | undefined {
  const isWanted = waiting && !snapshot.spec.deleting;
  const unplaced = isWanted ? snapshot.notice?.unplaced : undefined;
  return (
    unplaced && {
      status: "False",
      reason: "Unplaceable",
      message: `${unplaced.tasks} of ${snapshot.aim.replicas} tasks have no place: ${unplaced.message}`,
    }
  );
}

function placed(): Finding {
  return { status: "True", reason: "Placed", message: "every task that may start has a place" };
}

function stagesAfterColon(classified: readonly Classified[]): string {
  const stages = countStages(classified);
  return stages === "" ? "" : `: ${stages}`;
}
