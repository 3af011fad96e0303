import type { SlotState } from "../model/lifecycle.ts";
import { isBeforeRunning } from "../model/lifecycle.ts";
import { once } from "../model/once.ts";
import type { RevisionContent, RevisionRecord, TaskRecord, TrafficOnRecord } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import type { Target, TargetHealth } from "../ports/targets.ts";
import { currentState, type Planned } from "./snapshot.ts";

/** How far a task has come on its way to serving, as far as its own state tells. */
export type Stage = Extract<SlotState, "starting" | "running" | "healthy" | "in traffic" | "available">;

/** In the order in which a task passes through them. */
export const stages: readonly Stage[] = ["starting", "running", "healthy", "in traffic", "available"];

/**
 * Where a task is on the way starting → running → healthy → in traffic → available. A task without a health check is
 * healthy when it runs; a service without traffic has each healthy task in it.
 */
export function stageOf(task: TaskRecord, snapshot: Planned): Stage {
  if (isBeforeRunning(task.status)) return "starting";
  if (!isRunning(task) || !isContainerHealthy(task, snapshot)) return "running";
  if (!isInTraffic(task, snapshot)) return "healthy";
  const minReadyMs = snapshot.spec.manifest.spec.rollout.minReadySeconds * 1000;
  const since = readySince(task, snapshot);
  return since !== undefined && snapshot.nowMs - since >= minReadyMs ? "available" : "in traffic";
}

/** Whether it runs, is healthy and is served by its traffic, for however short a time. */
export function isReady(task: TaskRecord, snapshot: Planned): boolean {
  return isRunning(task) && isContainerHealthy(task, snapshot) && isInTraffic(task, snapshot);
}

/** Since when a ready task has been ready: a task without any check since it started, else since we first saw it so. */
export function readySince(task: TaskRecord, snapshot: Planned): number | undefined {
  return hasChecks(task, snapshot) ? task.readySinceMs : (task.startedAtMs ?? task.createdAtMs);
}

/** Whether anything but running is asked of it: then when it became ready has to be recorded. */
export function hasChecks(task: TaskRecord, snapshot: Planned): boolean {
  return hasContainerCheck(task, snapshot) || traffic(snapshot).length > 0;
}

/** The target by which a load balancer reaches a task; undefined while it has no address, or its node is unknown. */
export function targetOf(task: TaskRecord, entry: Traffic, snapshot: Planned): Target | undefined {
  const content = contentOf(task, snapshot);
  const port = content && portOf(content, entry);
  if (port === undefined) return undefined;
  if (content?.network.mode === "awsvpc") return task.address === undefined ? undefined : { id: task.address, port };
  const instance = task.nodeId && snapshot.instances.get(task.nodeId);
  const hostPort = task.hostPorts?.[`${entry.container}:${port}`];
  return instance === undefined || hostPort === undefined ? undefined : { id: instance, port: hostPort };
}

/** The state of a task's target as it was read, if it is registered. */
export function targetHealthOf(task: TaskRecord, entry: Traffic, snapshot: Planned): TargetHealth | undefined {
  const target = targetOf(task, entry, snapshot);
  const reading = snapshot.targets.get(entry.targetGroup);
  if (target === undefined || reading?.kind !== "read") return undefined;
  return byName(reading.targets).get(targetName(target));
}

/** `<id>:<port>`: no two targets of a group have the same. */
export function targetName({ id, port }: Target): string {
  return `${id}:${port}`;
}

const byName = once((targets: readonly TargetHealth[]) => new Map(targets.map((each) => [targetName(each), each])));

function portOf({ task }: RevisionContent, entry: Traffic): number | undefined {
  const container = task.containers.find(({ name }) => name === entry.container);
  return container?.ports.find(({ name }) => name === entry.port)?.containerPort;
}

/** What a task has follows from its revision alone. */
type Revised = Pick<TaskRecord, "revision">;

/** Whether a task has what an entry names: one of an older revision may not. */
function isMeantFor(task: Revised, entry: Traffic, snapshot: Planned): boolean {
  const content = contentOf(task, snapshot);
  return content === undefined || portOf(content, entry) !== undefined;
}

/** What a task was started from, while its revision is on record. */
function contentOf(task: Revised, snapshot: Planned): RevisionContent | undefined {
  if (task.revision !== undefined && task.revision === snapshot.wanted.revision) return snapshot.wanted.content;
  return task.revision && contents(snapshot.revisions).get(task.revision);
}

const contents = once(
  (revisions: readonly RevisionRecord[]) => new Map(revisions.map(({ revision, content }) => [revision, content])),
);

/** The traffic of the service as it is wished for now: where a rollout was rolled back, that of what runs again. */
export function traffic(snapshot: Pick<Planned, "spec" | "state" | "wanted">): readonly Traffic[] {
  const { spec, wanted } = snapshot;
  const { rollout, stableTraffic } = currentState(snapshot) ?? {};
  const isOfNow = rollout?.attempt === spec.attempt && rollout.revision === wanted.revision;
  const before = isOfNow && rollout.failure?.outcome === "rolled back" ? stableTraffic : undefined;
  return before ?? spec.manifest.spec.traffic;
}

/** Traffic that is wished for no more while tasks of ours may still be registered in it. */
export function formerTraffic(snapshot: Planned): readonly TrafficOnRecord[] {
  const current = traffic(snapshot);
  return (snapshot.state?.traffic ?? []).filter((entry) => !current.some((other) => isSameTraffic(entry, other)));
}

/** Every traffic that tasks of ours may be registered in. */
export function allTraffic(snapshot: Planned): readonly Traffic[] {
  return [...traffic(snapshot), ...formerTraffic(snapshot)];
}

/** When an entry came to a service that ran already, until it is known to be good. */
export function trafficSince(entry: Traffic, snapshot: Planned): number | undefined {
  const known = currentState(snapshot)?.traffic;
  const stored = known?.find((other) => isSameTraffic(entry, other));
  return known !== undefined && stored === undefined ? snapshot.nowMs : stored?.sinceMs;
}

function isSameTraffic(a: Traffic, b: Traffic): boolean {
  return a.targetGroup === b.targetGroup && a.container === b.container && a.port === b.port;
}

function isRunning(task: TaskRecord): boolean {
  return task.status === "RUNNING" && task.desiredStatus === "RUNNING";
}

function hasContainerCheck(task: TaskRecord, snapshot: Planned): boolean {
  return (
    contentOf(task, snapshot)?.task.containers.some(({ essential, health }) => essential && health !== undefined) ??
    false
  );
}

function isContainerHealthy(task: TaskRecord, snapshot: Planned): boolean {
  return !hasContainerCheck(task, snapshot) || task.health === "HEALTHY";
}

/** Whether it is healthy in all of its traffic, or still in all of what that was before. */
function isInTraffic(task: TaskRecord, snapshot: Planned): boolean {
  return isHealthyIn(task, trafficFor(task, snapshot), snapshot) || servesAsBefore(task, snapshot);
}

/**
 * The traffic that a task is to be in: that of now; where it lacks what some of that names, such as a port that its
 * revision calls by another name, also what was before. Without either it serves as it is.
 */
export function trafficFor(task: Revised, snapshot: Planned): readonly Traffic[] {
  const wished = hasAll(task, snapshot) ? traffic(snapshot) : allTraffic(snapshot);
  return wished.filter((entry) => isMeantFor(task, entry, snapshot));
}

/** Whether it is healthy in all traffic of now: one that lacks what an entry names never is. */
export function isTakenUp(task: TaskRecord, snapshot: Planned): boolean {
  return hasAll(task, snapshot) && isHealthyIn(task, traffic(snapshot), snapshot);
}

/** Whether it has what every entry of the traffic of now names. */
function hasAll(task: Revised, snapshot: Planned): boolean {
  return traffic(snapshot).every((entry) => isMeantFor(task, entry, snapshot));
}

/** Whether it is healthy in all that the traffic was before the spec changed it: that is left only once it is not needed. */
export function servesAsBefore(task: TaskRecord, snapshot: Planned): boolean {
  const former = formerTraffic(snapshot).filter((entry) => isMeantFor(task, entry, snapshot));
  return former.length > 0 && isHealthyIn(task, former, snapshot);
}

function isHealthyIn(task: TaskRecord, entries: readonly Traffic[], snapshot: Planned): boolean {
  return entries
    .filter((entry) => isMeantFor(task, entry, snapshot))
    .every((entry) => targetHealthOf(task, entry, snapshot)?.state === "healthy");
}
