import { isBeforeRunning } from "../model/lifecycle.ts";
import { isLive, isOpen } from "../model/living.ts";
import { once } from "../model/once.ts";
import type { CallRecord, Plan, TaskRecord } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import { slotName, slotNames } from "../model/slots.ts";
import {
  formerTraffic,
  type Stage,
  servesAsBefore,
  stageOf,
  stages,
  targetHealthOf,
  trafficFor,
  trafficSince,
} from "./serving.ts";
import type { Planned } from "./snapshot.ts";

/** The one thing that matters about a task now. */
export type Bucket =
  | "stopped"
  | "returned"
  | "abandoned"
  | "stopping"
  | "leaving"
  | "unsettled"
  | "orphan"
  | "unowned"
  | "ending"
  | "lost"
  | "stuck"
  | "unhealthy"
  | "old"
  | "surplus"
  | "kept";

/** Whether a task of a bucket may be serving and may go on: nothing is the matter with it, wanted or not. */
export function serves(bucket: Bucket): boolean {
  return bucket === "kept" || bucket === "surplus" || bucket === "old";
}

/** A task with what matters about it now, and how far it has come. */
export interface Classified {
  readonly task: TaskRecord;
  readonly bucket: Bucket;
  readonly stage: Stage;
}

interface Rule {
  readonly bucket: Bucket;
  readonly matches: (task: TaskRecord, context: Context) => boolean;
}

interface Context {
  readonly snapshot: Planned;
  readonly plan: Plan | undefined;
  readonly slots: ReadonlySet<string>;
  readonly callByToken: ReadonlyMap<string, CallRecord>;
  /** Which task each slot belongs to, where several were given the same. */
  readonly holders: ReadonlyMap<string, Staged>;
}

type Staged = Pick<Classified, "task" | "stage">;

/** First match wins: what is over, what is on its way out, whose it is, whether it works, whether it is wanted. */
const rules: readonly Rule[] = [
  { bucket: "stopped", matches: (task) => task.status === "STOPPED" },
  { bucket: "stopping", matches: (task, { snapshot }) => snapshot.state?.stops[task.taskId]?.phase === "stopping" },
  { bucket: "returned", matches: (task, context) => task.abandonedAtMs !== undefined && !isGivenUp(task, context) },
  { bucket: "abandoned", matches: (task) => task.abandonedAtMs !== undefined },
  { bucket: "leaving", matches: (task, { snapshot }) => snapshot.state?.stops[task.taskId] !== undefined },
  { bucket: "unsettled", matches: (task, context) => task.slot === undefined && isOpenCall(task, context) },
  { bucket: "orphan", matches: (task, context) => task.slot === undefined && isProvenOrphan(task, context) },
  { bucket: "unowned", matches: (task) => task.slot === undefined },
  { bucket: "ending", matches: (task) => task.desiredStatus === "STOPPED" },
  { bucket: "lost", matches: isGivenUp },
  { bucket: "stuck", matches: isStuck },
  { bucket: "unhealthy", matches: isUnhealthy },
  { bucket: "old", matches: (task, { plan }) => !plan?.sets.some(({ revision }) => revision === task.revision) },
  { bucket: "surplus", matches: (task, { slots }) => !slots.has(slotName(task.revision, task.slot)) },
  {
    bucket: "orphan",
    matches: (task, { holders }) => holders.get(slotName(task.revision, task.slot))?.task.taskId !== task.taskId,
  },
  { bucket: "kept", matches: () => true },
];

/** Puts each task into one bucket, by the plan on record. */
export const classifyAsPlanned = once((snapshot: Planned) => classify(snapshot, snapshot.state?.plan));

/** Puts each task into one bucket, by a plan that may be newer than the one on record. */
export function classify(snapshot: Planned, plan: Plan | undefined): readonly Classified[] {
  const staged = snapshot.tasks.map((task) => ({ task, stage: stageOf(task, snapshot) }));
  const known = {
    snapshot,
    plan,
    slots: new Set(plan?.sets.flatMap(slotNames)),
    callByToken: new Map(snapshot.calls.map((call) => [call.token, call])),
  };
  const context: Context = { ...known, holders: holdersOf(staged, known) };
  return staged.map(({ task, stage }) => ({
    task,
    bucket: rules.find(({ matches }) => matches(task, context))?.bucket ?? "kept",
    stage,
  }));
}

/**
 * The one task that each slot belongs to: of several, such as an adopted one and one that was started meanwhile, the
 * furthest on its way to serving, then the oldest; never one that is on its way out, or will be for failing. The others have no owner: as surplus
 * they might have to stay until another slot is filled, which their being there can keep from starting.
 */
function holdersOf(staged: readonly Staged[], known: Omit<Context, "holders">): ReadonlyMap<string, Staged> {
  const { state, notice } = known.snapshot;
  const staying = staged.filter(
    ({ task }) =>
      isLive(task) &&
      task.desiredStatus === "RUNNING" &&
      state?.stops[task.taskId] === undefined &&
      notice?.tasks[task.taskId] === undefined &&
      !isStuck(task, known) &&
      !isUnhealthy(task, known),
  );
  const holders = new Map<string, Staged>();
  for (const each of staying) {
    const slot = slotName(each.task.revision, each.task.slot);
    const other = holders.get(slot);
    if (other === undefined || comesFirst(each, other)) holders.set(slot, each);
  }
  return holders;
}

function comesFirst(a: Staged, b: Staged): boolean {
  const further = stages.indexOf(a.stage) - stages.indexOf(b.stage) || b.task.createdAtMs - a.task.createdAtMs;
  return further === 0 ? a.task.taskId < b.task.taskId : further > 0;
}

function isGivenUp(task: TaskRecord, { snapshot }: Context): boolean {
  return snapshot.notice?.tasks[task.taskId] !== undefined;
}

function isOpenCall(task: TaskRecord, { callByToken }: Context): boolean {
  const call = callByToken.get(task.token);
  return call !== undefined && isOpen(call);
}

/** Its call is closed without it, or belonged to an earlier life of the service. No record proves nothing. */
function isProvenOrphan(task: TaskRecord, { callByToken, snapshot }: Context): boolean {
  const call = callByToken.get(task.token);
  if (call === undefined) return false;
  const isMember = call.members.some(({ taskId }) => taskId === task.taskId);
  return !isMember || (snapshot.state !== undefined && call.uid !== snapshot.state.uid);
}

function isStuck(task: TaskRecord, { plan, snapshot }: Pick<Context, "plan" | "snapshot">): boolean {
  const set = plan?.sets.find(({ revision }) => revision === task.revision);
  if (set === undefined || !isBeforeRunning(task.status)) return false;
  return snapshot.nowMs - task.createdAtMs > set.startDeadlineSeconds * 1000;
}

/**
 * A container failed its check, or the task's target fails its own past the grace. Unknown is not unhealthy; nor is one
 * that a new group refuses while it serves where it did before, or that ran before the group came and is refused there
 * alone: the group may be what is wrong.
 */
function isUnhealthy(task: TaskRecord, { snapshot }: Pick<Context, "snapshot">): boolean {
  if (task.status !== "RUNNING") return false;
  if (task.health === "UNHEALTHY") return true;
  if (servesAsBefore(task, snapshot)) return false;
  const startedAtMs = task.startedAtMs ?? task.createdAtMs;
  const fails = (entry: Traffic) =>
    snapshot.nowMs - startedAtMs > entry.healthGraceSeconds * 1000 &&
    targetHealthOf(task, entry, snapshot)?.state === "unhealthy";
  const failing = trafficFor(task, snapshot).filter(fails);
  const isNewer = (entry: Traffic) => (trafficSince(entry, snapshot) ?? 0) > startedAtMs;
  return failing.some((entry) => !isNewer(entry)) || (failing.length > 0 && formerTraffic(snapshot).some(fails));
}
