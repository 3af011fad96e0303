import type { TaskId } from "../../core/model/ids.ts";
import type { Health, RevisionRecord } from "../../core/model/records.ts";
import type { Traffic } from "../../core/model/service.ts";
import type { EngineTask } from "../ecs/api.ts";
import type { SimulatedAws } from "./aws.ts";
import { type ServiceView, taskIdOf } from "./truth.ts";

/** What is true of tasks at the moment of a read, or at two moments where two reads tell of them. */
export interface Evidence {
  /** Tasks that run, are wanted running and are within reach of ECS, with what their own checks say. */
  readonly running: ReadonlyMap<TaskId, Health>;
  /** Tasks whose target is healthy, by target group. */
  readonly healthyIn: ReadonlyMap<string, ReadonlySet<TaskId>>;
}

/** What was true when a pass read. */
export interface PassEvidence extends Evidence {
  /** Every task that it looked at, whatever became of it. */
  readonly described: ReadonlySet<TaskId>;
  /** Of the latest read, ms. */
  readonly atMs: number;
}

/** Nothing was read. */
export const noEvidence: PassEvidence = { running: new Map(), healthyIn: new Map(), described: new Set(), atMs: 0 };

/** Those of some tasks that run, now. */
export function runningOf({ engine }: SimulatedAws, tasks: readonly EngineTask[]): Evidence["running"] {
  const away = new Set(engine.instances().flatMap(({ arn, agentConnected }) => (agentConnected ? [] : [arn])));
  const running = tasks.filter(
    ({ lastStatus, desiredStatus, instanceArn = "" }) =>
      lastStatus === "RUNNING" && desiredStatus === "RUNNING" && !away.has(instanceArn),
  );
  return new Map(running.map((task) => [taskIdOf(task), task.health]));
}

/** The tasks that a load balancer sends requests of a group to, now. */
export function healthyInGroup({ engine, elb }: SimulatedAws, group: string): ReadonlySet<TaskId> {
  const healthy = elb.targetHealth(group).filter(({ state }) => state === "healthy");
  return new Set(healthy.flatMap((target) => engine.taskAt(target) ?? []).map(taskIdOf));
}

/** The state of a task's target in a group; undefined: it has none there. */
export function targetStateOf({ engine, elb }: SimulatedAws, group: string, task: EngineTask): string | undefined {
  return elb.targetHealth(group).find((target) => engine.taskAt(target)?.arn === task.arn)?.state;
}

/** Those of a service's live tasks that serve now. */
export function servingNow(aws: SimulatedAws, view: ServiceView, live: readonly EngineTask[]): readonly EngineTask[] {
  const groups = [...trafficOf(view), ...formerTrafficOf(view)].map(({ targetGroup }) => targetGroup);
  const known = groups.filter((group) => aws.elb.targetGroups().some(({ arn }) => arn === group));
  const healthyIn = new Map(known.map((group) => [group, healthyInGroup(aws, group)]));
  const evidence: Evidence = { running: runningOf(aws, live), healthyIn };
  return live.filter((task) => serves(task, view, evidence));
}

/** Whether a task serves: it runs, passes its checks, and is healthy in all its traffic, or in all that was before. */
export function serves(task: EngineTask, view: ServiceView, { running, healthyIn }: Evidence): boolean {
  const taskId = taskIdOf(task);
  const revision = view.revisions.find(({ taskDefinition }) => taskDefinition === task.taskDefinition);
  const isIn = (entries: readonly Traffic[]) =>
    entries.every(({ targetGroup }) => healthyIn.get(targetGroup)?.has(taskId) ?? false);
  const health = running.get(taskId);
  if (health === undefined || (isChecked(revision) && health !== "HEALTHY")) return false;
  const current = trafficOf(view).filter((entry) => has(revision, entry));
  const former = formerTrafficOf(view).filter((entry) => has(revision, entry));
  if (former.length > 0 && isIn(former)) return true;
  // One that lacks what the traffic of now names has nowhere else to serve than where it did.
  return isIn(current) && (former.length === 0 || current.length === trafficOf(view).length);
}

/** The traffic of a service by its spec, or where its rollout was rolled back, by what was stable before. */
export function trafficOf({ spec, state }: Pick<ServiceView, "spec" | "state">): readonly Traffic[] {
  const isOfNow = state?.uid === spec?.uid && state?.rollout?.attempt === spec?.attempt;
  const before = isOfNow && state?.rollout?.failure?.outcome === "rolled back" ? state.stableTraffic : undefined;
  return before ?? spec?.manifest.spec.traffic ?? [];
}

/** Traffic that left the spec, and that tasks may still be in. */
function formerTrafficOf(view: ServiceView): readonly Traffic[] {
  const isSame = (a: Traffic, b: Traffic) =>
    a.targetGroup === b.targetGroup && a.container === b.container && a.port === b.port;
  return (view.state?.traffic ?? []).filter((entry) => !trafficOf(view).some((other) => isSame(entry, other)));
}

function isChecked(revision: RevisionRecord | undefined): boolean {
  return revision?.content.task.containers.some(({ essential, health }) => essential && health !== undefined) ?? false;
}

/** Whether tasks of a revision have what an entry names. */
function has(revision: RevisionRecord | undefined, { container, port }: Traffic): boolean {
  const found = revision?.content.task.containers.find(({ name }) => name === container);
  return revision === undefined || (found?.ports.some(({ name }) => name === port) ?? false);
}
