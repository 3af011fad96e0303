import type { TaskId } from "../../core/model/ids.ts";
import type { Item, StateRecord, Stop } from "../../core/model/records.ts";
import { resolveBounds } from "../../core/rollout/bounds.ts";
import type { EngineTask } from "../ecs/api.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { noEvidence, type PassEvidence, serves, servingNow } from "./serving.ts";
import { type ServiceView, taskIdOf } from "./truth.ts";
import { type Invariant, isState, keyOfItem, type Memory, specName, written } from "./witness.ts";

/** What must never come of a task's being told to leave. */
export const leaveInvariants: readonly Invariant[] = [
  { name: "S1 availability, S12 replaced first", after: enoughStay },
];

/** Of our own will: what else a stop may be for can no longer wait. */
const voluntary: readonly Stop["why"][] = ["surplus", "replaced", "drained", "returned"];

/** Oldest evidence that a task's leaving may rest on. */
const evidenceMs = 60_000;

/** Between the look at a task and its stop: one that started so lately may be let go as not running. */
const startedMs = 10_000;

/**
 * When tasks that serve are told to leave of our own will, at least as many others serve as the spec of that decision
 * demands: by what was true when the pass read, not by what it was shown or made of it. All that leave, stop, or are out
 * of reach or given up, count as gone. A write counts from when it was made: on AWS one that has not arrived within
 * seconds is given up, though here it may stand still for minutes.
 */
function enoughStay(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const item = written(site, answer);
  if (item === undefined || !isState(item) || (item as StateRecord).tombstone) return undefined;
  const after = item as StateRecord;
  const before = beforeOf(site);
  const told = Object.entries(after.stops).filter(
    ([taskId, { why }]) => before?.stops[taskId] === undefined && voluntary.includes(why),
  );
  if (told.length === 0) return undefined;
  const view = viewOf(after, before, memory);
  const least = leastAvailable(after, view);
  const evidence = memory.evidence.get(site.pass) ?? noEvidence;
  const leaving = told.filter(([taskId]) => didServe(taskId as TaskId, view, evidence, memory));
  if (least === 0 || leaving.length === 0) return undefined;
  const names = leaving.map(([taskId, { why }]) => `${taskId} (${why})`).join(", ");
  const staying = lookedAt(evidence, view, memory).filter(
    (task) => after.stops[taskIdOf(task)] === undefined && serves(task, view, evidence),
  ).length;
  if (staying < least) return `${names} left though but ${staying} other tasks serve, and ${least} have to`;
  const ageMs = site.atMs - evidence.atMs;
  return ageMs > evidenceMs ? `${names} left by evidence that was ${ageMs} ms old` : undefined;
}

/** The tasks that a pass looked at, those that have stopped since with them, but not those given up. */
function lookedAt({ described }: PassEvidence, { tasks }: ServiceView, { truth }: Memory): readonly EngineTask[] {
  const abandoned = new Set(
    tasks.flatMap(({ taskId, abandonedAtMs }) => (abandonedAtMs === undefined ? [] : [taskId])),
  );
  return [...described].flatMap((taskId) => (abandoned.has(taskId) ? [] : (truth.task(taskId) ?? [])));
}

/** The service as the pass saw it that decided a state: with the spec of its generation, and the state of before. */
function viewOf(after: StateRecord, before: StateRecord | undefined, { truth, specs }: Memory): ServiceView {
  const { state: _, spec: __, ...rest } = truth.service(keyOfItem(after));
  const spec = specs.get(specName(after));
  return { ...rest, ...(spec ? { spec } : {}), ...(before ? { state: before } : {}) };
}

/** Whether a task served when the pass looked at it; one that it did not look at, whether it serves now. */
function didServe(taskId: TaskId, view: ServiceView, evidence: PassEvidence, memory: Memory): boolean {
  const { truth, aws, clock } = memory;
  const task = truth.task(taskId);
  if (task === undefined) return false;
  if (evidence.described.has(taskId)) return serves(task, view, evidence);
  const isNew = clock.nowMs() - (task.startedAtMs ?? clock.nowMs()) < startedMs;
  return !isNew && servingNow(aws, view, [task]).length > 0;
}

function beforeOf({ method, args }: CallSite): StateRecord | undefined {
  return method === "swap" ? (args[0] as Item as StateRecord) : undefined;
}

/** Tasks that have to serve by a spec and the count that was decided with it. */
function leastAvailable({ scale, plan }: StateRecord, { spec }: ServiceView): number {
  if (spec === undefined) return 0;
  const { rollout, replicas: wished, autoscaling } = spec.manifest.spec;
  const replicas = autoscaling === undefined ? wished : (scale?.replicas ?? wished);
  if (rollout.strategy === "recreate") return Math.min(plan.maxLive, replicas);
  return Math.min(plan.maxLive, replicas - resolveBounds(rollout, replicas).unavailable);
}
