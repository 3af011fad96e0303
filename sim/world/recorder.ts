import type { TaskId } from "../../core/model/ids.ts";
import type { InstallRecord, Item, NamespaceRecord, SpecRecord, StateRecord } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { healthyInGroup, noEvidence, type PassEvidence, runningOf } from "./serving.ts";
import { isSpec, isState, keyOfItem, type Memory, nameOf, specName, written } from "./witness.ts";

const mostPlans = 50;
const mostPasses = 100;

/** Keeps what a call tells, for those who judge later ones. */
export function record(site: CallSite, answer: Answer, memory: Memory): void {
  recordEvidence(site, answer, memory);
  const item = written(site, answer);
  if (item !== undefined) recordItem(item, memory);
}

/** Keeps what an item tells, however it was written. */
export function recordItem(item: Item, memory: Memory): void {
  recordPause(item, memory);
  if (isSpec(item)) memory.specs.set(specName(item as SpecRecord), item as SpecRecord);
  if (!isState(item)) return;
  recordPlan(item as StateRecord, memory);
  recordFailure(item as StateRecord, memory);
}

/** A read gives evidence of what is true when it is answered; of each task and group the latest read counts. */
function recordEvidence(site: CallSite, answer: Answer, { aws, truth, clock, evidence }: Memory): void {
  const isRead = nameOf(site) === "tasks.describe" || nameOf(site) === "targets.health";
  if (!isRead || answer.kind === "error") return;
  const before = evidence.get(site.pass) ?? noEvidence;
  const more =
    site.port === "tasks"
      ? describedNow(site.args[1] as readonly TaskId[], before, { aws, truth })
      : { healthyIn: new Map([...before.healthyIn, healthyNow(site.args[0] as string, aws)]) };
  evidence.delete(site.pass);
  evidence.set(site.pass, { ...before, ...more, atMs: clock.nowMs() });
  for (const pass of [...evidence.keys()].slice(0, -mostPasses)) evidence.delete(pass);
}

function describedNow(
  asked: readonly TaskId[],
  { running, described }: PassEvidence,
  { aws, truth }: Pick<Memory, "aws" | "truth">,
): Partial<PassEvidence> {
  const others = [...running].filter(([taskId]) => !asked.includes(taskId));
  const tasks = asked.flatMap((taskId) => truth.task(taskId) ?? []);
  return { running: new Map([...others, ...runningOf(aws, tasks)]), described: new Set([...described, ...asked]) };
}

function healthyNow(group: string, aws: Memory["aws"]) {
  return [group, healthyInGroup(aws, group)] as const;
}

/** The install, a namespace and a service each say by themselves whether they are paused. */
function recordPause(item: Item, { pausedSinceMs, clock }: Memory): void {
  if (item.sort !== "spec") return;
  const { paused } = item as InstallRecord | NamespaceRecord | SpecRecord;
  if (!paused) pausedSinceMs.delete(item.partition);
  else if (!pausedSinceMs.has(item.partition)) pausedSinceMs.set(item.partition, clock.nowMs());
}

function recordPlan(state: StateRecord, { plans, clock }: Memory): void {
  const { plan, planVersion, held } = state;
  const key = keyOfItem(state);
  const stored = { sinceMs: clock.nowMs(), planVersion, plan, most: Math.min(plan.maxLive, held.tasks) };
  plans.set(key, [...(plans.get(key) ?? []).slice(-mostPlans), stored]);
}

function recordFailure(state: StateRecord, { failures, clock }: Memory): void {
  const key = keyOfItem(state);
  const { rollout, planVersion } = state;
  if (rollout?.failure === undefined) failures.delete(key);
  else if (failures.get(key)?.rollout.failure?.atMs !== rollout.failure.atMs)
    failures.set(key, { sinceMs: clock.nowMs(), planVersion, rollout });
}
