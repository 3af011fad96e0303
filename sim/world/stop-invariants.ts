import { type ServiceKey, splitServiceKey, type TaskId } from "../../core/model/ids.ts";
import { isOpen } from "../../core/model/living.ts";
import { familyOf, keys } from "../../core/model/names.ts";
import type { StateRecord } from "../../core/model/records.ts";
import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { targetStateOf, trafficOf } from "./serving.ts";
import { taskIdOf, tokenOf } from "./truth.ts";
import { freshMs, type Invariant, isState, keyOfItem, keyOfRun, type Memory, nameOf, written } from "./witness.ts";

/** What must never come of a stop. */
export const stopInvariants: readonly Invariant[] = [
  { name: "S3 stop recorded first, S6 ours only", before: stopRecorded },
  { name: "S21 no request is lost", before: drained },
  { name: "S5 nothing outlives its service", after: allGone },
  { name: "S15 pause", before: notPaused },
];

function stopRecorded(site: CallSite, { truth }: Memory): string | undefined {
  if (nameOf(site) !== "tasks.stop") return undefined;
  const task = truth.task(site.args[1] as TaskId);
  if (task === undefined || task.desiredStatus === "STOPPED") return undefined;
  const key = truth.ownerOf(task);
  if (key === undefined) return `task ${taskIdOf(task)} of group ${task.group} is not ours, and was stopped`;
  const { state, calls } = truth.service(key);
  if (state?.stops[taskIdOf(task)]?.phase === "stopping") return undefined;
  const call = calls.find(({ token }) => token === tokenOf(task));
  if (state?.tombstone && call !== undefined && call.phase !== "sent" && call.phase !== "settling") return undefined;
  return `task ${taskIdOf(task)} of ${key} was stopped without a stored reason`;
}

/** A tombstone is written when nothing of the service lives any more, and no call is open. */
function allGone(site: CallSite, answer: Answer, { truth }: Memory): string | undefined {
  const item = written(site, answer);
  if (item === undefined || !isState(item) || !(item as StateRecord).tombstone) return undefined;
  const key = keyOfItem(item);
  const live = truth.live(key).length;
  const open = truth.service(key).calls.filter(isOpen).length;
  return live + open > 0 ? `${key} was buried with ${live} live tasks and ${open} open calls` : undefined;
}

/** A task leaves its load balancers before it is stopped, and its last requests have the time that the spec gives them. */
function drained(site: CallSite, { truth, aws, clock }: Memory): string | undefined {
  const task = nameOf(site) === "tasks.stop" ? truth.task(site.args[1] as TaskId) : undefined;
  const key = task && truth.ownerOf(task);
  if (key === undefined || task?.desiredStatus !== "RUNNING" || task.lastStatus !== "RUNNING") return undefined;
  const view = truth.service(key);
  const stop = view.state?.stops[taskIdOf(task)];
  const entries = [...trafficOf(view), ...(view.state?.traffic ?? [])];
  const waits = (group: string) => {
    const seconds = entries.filter(({ targetGroup }) => targetGroup === group).map(({ drainSeconds }) => drainSeconds);
    return clock.nowMs() < (stop?.atMs ?? 0) + 1000 * Math.max(0, ...seconds) || seconds.length === 0;
  };
  const [early] = aws.elb.targetGroups().flatMap(({ arn }) => {
    const state = targetStateOf(aws, arn, task);
    return state !== undefined && requested.includes(state) && waits(arn) ? [`${state} in ${arn}`] : [];
  });
  return early && `task ${taskIdOf(task)} of ${key} was stopped while it was ${early}`;
}

/** A target in one of these states gets requests, or still has some to answer. */
const requested: readonly string[] = ["healthy", "draining"];

function notPaused(site: CallSite, memory: Memory): string | undefined {
  if (site.port !== "tasks" && site.port !== "targets") return undefined;
  const late = (key: ServiceKey) => pausedSince(key, memory).find((atMs) => memory.clock.nowMs() - atMs > freshMs);
  const concerned = concernedBy(site, memory);
  const [key] = concerned;
  // A group may be shared: then the call is for one of its services.
  if (key === undefined || !concerned.every((each) => late(each) !== undefined)) return undefined;
  return `${nameOf(site)} for ${concerned.join(" or ")}, which has been paused since ${late(key)}`;
}

/** When each pause that holds a service was stored. */
function pausedSince(key: ServiceKey, { pausedSinceMs }: Memory): readonly number[] {
  const { namespace } = splitServiceKey(key);
  const scopes = [keys.install(), keys.namespace(namespace), keys.spec(key)];
  return scopes.flatMap(({ partition }) => pausedSinceMs.get(partition) ?? []);
}

/** The services that a call may be for. */
function concernedBy(site: CallSite, memory: Memory): readonly ServiceKey[] {
  const { truth } = memory;
  const [first, second] = site.args;
  switch (nameOf(site)) {
    case "tasks.run":
      return [keyOfRun(site, memory) ?? []].flat();
    case "tasks.stop": {
      const task = truth.task(second as TaskId);
      return [(task && truth.ownerOf(task)) ?? []].flat();
    }
    case "tasks.define":
      return truth.services().filter((key) => familyOf(truth.installId(), key) === (first as TaskDefinition).family);
    default:
      return truth.services().filter((key) => {
        const view = truth.service(key);
        return [...trafficOf(view), ...(view.state?.traffic ?? [])].some(({ targetGroup }) => targetGroup === first);
      });
  }
}
