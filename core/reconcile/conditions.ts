import type { Condition, ConditionType } from "../model/conditions.ts";
import type { BackOff, Progress } from "../model/records.ts";
import { type Bucket, type Classified, serves } from "./classify.ts";
import { wantedRevision } from "./definitions.ts";
import type { Planned } from "./snapshot.ts";

/** What conditions are told from: the decisions of this pass. */
export interface Facts {
  readonly snapshot: Planned;
  readonly classified: readonly Classified[];
  readonly progress: Progress;
  readonly refusedByQuota: number;
  /** A slot is empty, or a call is open. */
  readonly waiting: boolean;
  readonly backOff: BackOff | undefined;
  readonly notBeforeMs: number;
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
  { type: "Progressing", find: refusedDefinition },
  { type: "Progressing", find: missingTargetGroup },
  { type: "Progressing", find: complete },
  { type: "Progressing", find: overdue },
  { type: "Progressing", find: backingOff },
  { type: "Progressing", find: underWay },
  { type: "Placed", find: quotaExceeded },
  { type: "Placed", find: unplaceable },
  { type: "Placed", find: placed },
];

/** What users are told, each with reason and message; `sinceMs` moves only when the status does. */
export function decideConditions(facts: Facts): readonly Condition[] {
  const types: readonly ConditionType[] = ["Available", "Progressing", "Placed"];
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

/** How many tasks of the wanted revision are available. */
export function availableCount({ snapshot, classified }: Pick<Facts, "snapshot" | "classified">): number {
  return classified.filter(
    ({ task, bucket, stage }) => serves(bucket) && stage === "available" && task.revision === snapshot.wanted.revision,
  ).length;
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
  const replicas = wantedReplicas(snapshot);
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

function refusedDefinition({ snapshot }: Facts): Finding | undefined {
  const record = wantedRevision(snapshot);
  if (record?.refusal === undefined) return undefined;
  return {
    status: "False",
    reason: "TaskDefinitionRefused",
    message: `ECS refused the task definition: ${record.refusal}; change the spec`,
  };
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
  const replicas = wantedReplicas(snapshot);
  return {
    status: "True",
    reason: "Complete",
    message: `generation ${snapshot.spec.generation} is live: ${replicas} of ${replicas} tasks became available`,
  };
}

function overdue({ snapshot, classified, progress }: Facts): Finding | undefined {
  const seconds = snapshot.spec.manifest.spec.rollout.progressDeadlineSeconds;
  if (snapshot.nowMs - progress.atMs <= seconds * 1000) return undefined;
  return {
    status: "False",
    reason: "ProgressDeadlineExceeded",
    message: `no progress for more than ${seconds} seconds${stagesAfterColon(classified)}; look at the tasks' last stop, or raise spec.rollout.progressDeadlineSeconds`,
  };
}

function backingOff({ snapshot, backOff, notBeforeMs }: Facts): Finding | undefined {
  if (backOff === undefined || snapshot.nowMs >= notBeforeMs) return undefined;
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
  const code = last?.exitCode === undefined ? "" : ` (exit code ${last.exitCode})`;
  return last?.stoppedReason === undefined ? "" : `; the last one stopped with: ${last.stoppedReason}${code}`;
}

function underWay({ snapshot, classified }: Facts): Finding {
  return {
    status: "True",
    reason: "RollingOut",
    message: `generation ${snapshot.spec.generation} is on its way${stagesAfterColon(classified)}`,
  };
}

function quotaExceeded({ snapshot, refusedByQuota }: Facts): Finding | undefined {
  if (refusedByQuota === 0) return undefined;
  return {
    status: "False",
    reason: "QuotaExceeded",
    message: `${refusedByQuota} of ${wantedReplicas(snapshot)} tasks are beyond the namespace's quota of ${snapshot.settings.quota.tasks} tasks`,
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
      message: `${unplaced.tasks} of ${wantedReplicas(snapshot)} tasks have no place: ${unplaced.message}`,
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

function wantedReplicas({ spec }: Planned): number {
  return spec.deleting ? 0 : spec.manifest.spec.replicas;
}
