import type { Revision, TaskId } from "../model/ids.ts";
import { isLive, takenSlots } from "../model/living.ts";
import type { Plan, TaskRecord } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import { indicesOf, slotName } from "../model/slots.ts";
import type { Bucket, Classified } from "./classify.ts";
import { formerTraffic, hasChecks, isReady, traffic } from "./serving.ts";
import type { Aimed, Planned } from "./snapshot.ts";

/** A task gets its place in the records, once. `call` 0: adopted without one. */
export interface Adoption {
  readonly taskId: TaskId;
  readonly call: number;
  readonly slot: number;
  readonly revision: Revision;
}

/**
 * Gives tasks without a slot theirs: from the call that started them, else by group and revision a slot that is free.
 * One whose revision is not on record is left alone: missing records prove nothing.
 */
export function decideAdoptions(classified: readonly Classified[], snapshot: Planned, plan: Plan): readonly Adoption[] {
  const taken = new Set(takenSlots(snapshot));
  return classified
    .filter(({ bucket }) => bucket === "unowned")
    .flatMap(({ task }) => {
      const adoption = fromCall(task, snapshot) ?? byRevision(task, snapshot, plan, taken);
      if (adoption) taken.add(slotName(adoption.revision, adoption.slot));
      return adoption ?? [];
    });
}

function fromCall(task: TaskRecord, { calls }: Planned): Adoption | undefined {
  const call = calls.find(({ token }) => token === task.token);
  const member = call?.members.find(({ taskId }) => taskId === task.taskId);
  return call && member && { taskId: task.taskId, call: call.seq, slot: member.slot, revision: call.revision };
}

function byRevision(
  task: TaskRecord,
  { revisions }: Planned,
  plan: Plan,
  taken: ReadonlySet<string>,
): Adoption | undefined {
  const revision = revisions.find(({ taskDefinition }) => taskDefinition === task.taskDefinition)?.revision;
  if (revision === undefined) return undefined;
  const set = plan.sets.find((each) => each.revision === revision);
  const planned = set ? indicesOf(set.slots) : [];
  const free = planned.find((index) => !taken.has(slotName(revision, index)));
  let slot = free ?? 0;
  while (taken.has(slotName(revision, slot))) slot += 1;
  return { taskId: task.taskId, call: 0, slot, revision };
}

/** Also what was on its way out: nothing tells that it will ever get there, and its slot has to be free again. */
const outOfReach: readonly Bucket[] = ["lost", "ending", "leaving", "stopping"];

/** Tasks on lost nodes that are given up now; at most as many are out of reach at once as the service has replicas. */
export function decideAbandoned(classified: readonly Classified[], snapshot: Aimed): readonly TaskId[] {
  const already = snapshot.tasks.filter(
    ({ abandonedAtMs, status }) => abandonedAtMs !== undefined && status !== "STOPPED",
  ).length;
  const cap = Math.max(1, snapshot.aim.replicas);
  return classified
    .filter(
      ({ task, bucket }) =>
        outOfReach.includes(bucket) && isLive(task) && snapshot.notice?.tasks[task.taskId] !== undefined,
    )
    .slice(0, Math.max(0, cap - already))
    .map(({ task }) => task.taskId);
}

/**
 * The tasks with `readySinceMs` as this snapshot shows it: set when a task with checks is ready first, cleared when it
 * is not. A target group that could not be read changes nothing.
 */
export function markReady(snapshot: Planned): readonly TaskRecord[] {
  const readings = (entries: readonly Traffic[]) => entries.map(({ targetGroup }) => snapshot.targets.get(targetGroup));
  const isBlind =
    readings(traffic(snapshot)).some((reading) => reading?.kind !== "read") ||
    readings(formerTraffic(snapshot)).some((reading) => reading?.kind === "unread");
  if (isBlind) return snapshot.tasks;
  return snapshot.tasks.map((task) => {
    if (!isLive(task) || !hasChecks(task, snapshot)) return task;
    const ready = isReady(task, snapshot);
    if (ready === (task.readySinceMs !== undefined)) return task;
    const { readySinceMs: _, ...rest } = task;
    return ready ? { ...rest, readySinceMs: snapshot.nowMs } : rest;
  });
}
