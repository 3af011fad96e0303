import type { TrafficOnRecord } from "../model/records.ts";
import type { Traffic } from "../model/service.ts";
import type { Target } from "../ports/targets.ts";
import { type Bucket, type Classified, serves } from "./classify.ts";
import {
  allTraffic,
  formerTraffic,
  isTakenUp,
  targetHealthOf,
  targetName,
  targetOf,
  traffic,
  trafficFor,
  trafficSince,
} from "./serving.ts";
import type { Aimed, Planned } from "./snapshot.ts";

/** What has to be told to one target group. */
export interface TrafficChange {
  readonly targetGroup: string;
  readonly register: readonly Target[];
  readonly deregister: readonly Target[];
}

/** By then a load balancer has found a target that is gone to be unhealthy, whatever its intervals. */
const reuseMs = 10 * 60_000;

/** Tasks that may join: also surplus ones, until they are told to leave. */
const serving: readonly Bucket[] = ["kept", "surplus", "old", "lost"];
/** Tasks that must not serve any more. One out of reach keeps its place: its load balancer sees for itself. */
const gone: readonly Bucket[] = ["stopped", "stopping", "leaving", "ending", "orphan", "returned"];

/**
 * Compares who should be in each target group with who is. Targets that are not of our tasks are left alone; a group
 * that could not be read is left alone; nothing is registered while the service is being deleted. A group that left the
 * spec is left by everybody, once as many as have to be available are healthy in those that took its place; until then
 * it is joined by those alone that lack what these name.
 */
export function decideTraffic(classified: readonly Classified[], snapshot: Aimed): readonly TrafficChange[] {
  const former = formerTraffic(snapshot);
  const isOver = former.length > 0 && isTakenOver(classified, snapshot);
  return allTraffic(snapshot).flatMap((entry) => {
    const reading = snapshot.targets.get(entry.targetGroup);
    if (reading?.kind !== "read") return [];
    const isFormer = former.includes(entry);
    const of = (matches: (each: Classified) => boolean) =>
      classified.filter(matches).flatMap(({ task }) => targetOf(task, entry, snapshot) ?? []);
    // Of one that runs and passes its own check; one that is further may still be in former groups alone.
    const joins = ({ task, bucket, stage }: Classified) =>
      serving.includes(bucket) &&
      stage !== "starting" &&
      stage !== "running" &&
      trafficFor(task, snapshot).includes(entry);
    const joining = snapshot.spec.deleting || (isFormer && isOver) ? [] : of(joins);
    const registered = namesOf(
      reading.targets.filter(({ state }) => state !== "draining" && state !== "unhealthy.draining"),
    );
    const register = joining.filter((target) => !registered.has(targetName(target)));
    // An address that went over to a task that stays is that task's, also while nothing is known of its health.
    const staying = namesOf(
      isFormer && isOver ? [] : of(({ bucket, stage }) => !gone.includes(bucket) && stage !== "starting"),
    );
    const leaves = (each: Classified) =>
      ((isFormer && isOver) || gone.includes(each.bucket)) && !isReused(each, entry, snapshot);
    const deregister = of(leaves).filter(
      (target) => registered.has(targetName(target)) && !staying.has(targetName(target)),
    );
    return register.length + deregister.length > 0
      ? [{ targetGroup: entry.targetGroup, register, deregister: unique(deregister) }]
      : [];
  });
}

/** Whether former groups are needed no more: enough tasks are healthy in those of now, or nobody is wanted. */
function isTakenOver(classified: readonly Classified[], snapshot: Aimed): boolean {
  const taken = classified.filter(({ task, bucket }) => serves(bucket) && isTakenUp(task, snapshot));
  return snapshot.spec.deleting || taken.length >= snapshot.aim.minAvailable;
}

/** Whether a target of any task of ours is still registered or draining. */
export function holdsTargets(classified: readonly Classified[], snapshot: Planned): boolean {
  return allTraffic(snapshot).some((entry) => holdsTargetsIn(entry, classified, snapshot));
}

/**
 * The traffic to keep on record: the spec's, and what left it as long as a target of ours is in it, or a revision of the
 * stored plan has nothing else to serve in.
 */
export function trafficOnRecord(classified: readonly Classified[], snapshot: Aimed): readonly TrafficOnRecord[] {
  const sets = snapshot.state?.plan.sets ?? [];
  const held = formerTraffic(snapshot).filter(
    (entry) =>
      holdsTargetsIn(entry, classified, snapshot) ||
      sets.some(({ revision }) => trafficFor({ revision }, snapshot).includes(entry)),
  );
  return [...traffic(snapshot).map((entry) => recorded(entry, classified, snapshot)), ...held];
}

/** An entry with when it came, until as many tasks were healthy in it as have to be available. */
function recorded(entry: Traffic, classified: readonly Classified[], snapshot: Aimed): TrafficOnRecord {
  const sinceMs = trafficSince(entry, snapshot);
  const healthy = classified.filter(
    ({ task, bucket }) => serves(bucket) && targetHealthOf(task, entry, snapshot)?.state === "healthy",
  );
  const isGood = healthy.length >= Math.max(1, snapshot.aim.minAvailable);
  return sinceMs === undefined || isGood ? entry : { ...entry, sinceMs };
}

function holdsTargetsIn(entry: Traffic, classified: readonly Classified[], snapshot: Planned): boolean {
  const reading = snapshot.targets.get(entry.targetGroup);
  if (reading?.kind === "absent") return false;
  if (reading?.kind !== "read") return true;
  return classified.some(({ task }) => targetHealthOf(task, entry, snapshot) !== undefined);
}

/** What answers well at the address of a task that stopped long ago is somebody else, in a group that services share. */
function isReused({ task, bucket }: Classified, entry: Traffic, snapshot: Planned): boolean {
  const stoppedMs = snapshot.nowMs - (task.stoppedAtMs ?? task.createdAtMs);
  return bucket === "stopped" && stoppedMs > reuseMs && targetHealthOf(task, entry, snapshot)?.state === "healthy";
}

function namesOf(targets: readonly Target[]): ReadonlySet<string> {
  return new Set(targets.map(targetName));
}

function unique(targets: readonly Target[]): readonly Target[] {
  return [...new Map(targets.map((target) => [targetName(target), target])).values()];
}
