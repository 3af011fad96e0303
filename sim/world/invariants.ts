import { fill } from "../../core/dispatch/calls.ts";
import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { splitServiceKey } from "../../core/model/ids.ts";
import { callMoves, stopMoves } from "../../core/model/lifecycle.ts";
import { serviceOfGroup } from "../../core/model/names.ts";
import type { CallRecord, Item, RunTaskInput, SpecRecord, StateRecord, TaskRecord } from "../../core/model/records.ts";
import type { Settings } from "../../core/model/settings.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { isOpen } from "../../core/reconcile/snapshot.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./pass.ts";
import { type Truth, taskIdOf, tokenOf } from "./truth.ts";

/** Oldest plan, pause and evidence that a mutating call may rest on. */
const freshMs = 5_000;

/** What the checkers remember of a run. */
interface Memory {
  readonly truth: Truth;
  readonly clock: Pick<Clock, "nowMs">;
  readonly settings: Settings;
  /** How many live tasks the plans of each service allowed, and since when. */
  readonly allowed: Map<ServiceKey, { readonly sinceMs: number; readonly most: number }[]>;
  /** Every request that was sent, by its token. */
  readonly sent: Map<string, string>;
  readonly pausedAtMs: Map<string, number>;
}

/** One thing that must never happen. */
interface Invariant {
  /** Its ids in `reference/invariants.md`. */
  readonly name: string;
  readonly before?: (site: CallSite, memory: Memory) => string | undefined;
  readonly after?: (site: CallSite, answer: Answer, memory: Memory) => string | undefined;
}

/** Looks on at every call, and keeps what must not have happened. */
export interface Watch {
  before(site: CallSite): void;
  after(site: CallSite, answer: Answer): void;
  /** From now on nothing may be changed in AWS for this service (5 s late at most); undefined: no longer. */
  paused(key: ServiceKey, atMs: number | undefined): void;
  readonly violations: readonly string[];
}

const invariants: readonly Invariant[] = [
  { name: "S2 surge", after: withinPlan },
  { name: "S3 start recorded first", before: startRecorded },
  { name: "S3 stop recorded first, S6 ours only", before: stopRecorded },
  { name: "S4 one owner per slot", after: oneOwner },
  { name: "S4 sealed", after: sealed },
  { name: "S5 nothing outlives its service", after: allGone },
  { name: "S8 monotonic", after: neverBack },
  { name: "S10 quota", after: withinQuota },
  { name: "S15 pause", before: notPaused },
];

export function watchInvariants(truth: Truth, clock: Pick<Clock, "nowMs">, settings: Settings): Watch {
  const memory: Memory = { truth, clock, settings, allowed: new Map(), sent: new Map(), pausedAtMs: new Map() };
  const violations: string[] = [];
  const note = ({ name }: Invariant, found: string | undefined) => {
    if (found !== undefined) violations.push(`${name}: ${found}`);
  };
  return {
    violations,
    paused: (key, atMs) => {
      if (atMs === undefined) memory.pausedAtMs.delete(key);
      else memory.pausedAtMs.set(key, atMs);
    },
    before: (site) => {
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.before?.(site, memory));
    },
    after: (site, answer) => {
      if (!site.mutates) return;
      for (const each of invariants) note(each, each.after?.(site, answer, memory));
    },
  };
}

function nameOf(site: CallSite): string {
  return `${site.port}.${site.method}`;
}

function keyOfRun(site: CallSite, { truth }: Memory): ServiceKey | undefined {
  return serviceOfGroup(truth.installId(), (site.args[0] as RunTaskInput).group);
}

/** The item that a create or a swap wrote. */
function written(site: CallSite, answer: Answer): Item | undefined {
  if (nameOf(site) !== "store.swap" && nameOf(site) !== "store.create") return undefined;
  return answer.kind === "value" ? (answer.value as Item | undefined) : undefined;
}

/** Live tasks, abandoned ones aside, never above what a plan of the last 5 s allowed when one more started. */
function withinPlan(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const item = written(site, answer);
  if (item && isState(item)) remember(memory, item as StateRecord);
  if (nameOf(site) !== "tasks.run") return undefined;
  const key = keyOfRun(site, memory);
  if (key === undefined) return undefined;
  const sinceMs = memory.clock.nowMs() - freshMs;
  const plans = memory.allowed.get(key) ?? [];
  const inForce = plans.filter((_, index) => (plans[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) > sinceMs);
  const most = Math.max(0, ...inForce.map((plan) => plan.most));
  const live = liveOf(key, memory);
  return live.length > most ? `${live.length} tasks of ${key} live, its plan allows ${most}` : undefined;
}

function isState({ partition, sort }: Item): boolean {
  return sort === "state" && partition.startsWith("service#");
}

function remember({ allowed, clock }: Memory, { partition, plan, held }: StateRecord): void {
  const key = partition.slice("service#".length) as ServiceKey;
  const most = Math.min(plan.maxLive, held.tasks);
  allowed.set(key, [...(allowed.get(key) ?? []).slice(-50), { sinceMs: clock.nowMs(), most }]);
}

/** Tasks that really live and were not given up. */
function liveOf(key: ServiceKey, { truth }: Memory) {
  const abandoned = new Set<TaskId>(
    truth.service(key).tasks.flatMap(({ taskId, abandonedAtMs }) => (abandonedAtMs === undefined ? [] : [taskId])),
  );
  return truth.live(key).filter((task) => !abandoned.has(taskIdOf(task)));
}

function startRecorded(site: CallSite, memory: Memory): string | undefined {
  if (nameOf(site) !== "tasks.run") return undefined;
  const input = site.args[0] as RunTaskInput;
  const text = JSON.stringify(input);
  const before = memory.sent.get(input.clientToken);
  memory.sent.set(input.clientToken, text);
  if (before !== undefined && before !== text) return `token ${input.clientToken} was sent with another request`;
  const key = keyOfRun(site, memory);
  const calls = key ? memory.truth.service(key).calls.filter(({ token }) => token === input.clientToken) : [];
  if (calls.length !== 1) return `${calls.length} calls on record have the token ${input.clientToken}`;
  const [call] = calls;
  if (call?.phase === "void") return `call ${call.seq} of ${key} was void before it was sent`;
  if (call?.phase !== "sent" && before === undefined)
    return `call ${call?.seq} of ${key} was ${call?.phase} before it was sent`;
  if (call?.phase === "sent" && JSON.stringify(call.input) !== text)
    return `call ${call.seq} of ${key} was sent with other bytes than are on record`;
  return undefined;
}

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

/** No two live tasks in one slot, abandoned ones aside. */
function oneOwner(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const item = written(site, answer);
  const owned = item?.sort.startsWith("task#") ? (item.partition.slice("service#".length) as ServiceKey) : undefined;
  const key = nameOf(site) === "tasks.run" ? keyOfRun(site, memory) : owned;
  if (key === undefined) return undefined;
  const { tasks, calls } = memory.truth.service(key);
  const owners = new Map<string, TaskId>();
  for (const task of liveOf(key, memory)) {
    const id = taskIdOf(task);
    const record = tasks.find(({ taskId }) => taskId === id);
    const call = calls.find(({ token }) => token === tokenOf(task));
    const slot = record?.slot ?? (call && slotIn(call, id, memory));
    const name = slot === undefined ? undefined : `${record?.revision ?? call?.revision}/${slot}`;
    if (name === undefined) continue;
    if (owners.has(name)) return `tasks ${owners.get(name)} and ${id} of ${key} are both in slot ${name}`;
    owners.set(name, id);
  }
  return undefined;
}

/** No call is recorded for a plan that a seal has ended, nor for a life that is over. */
function sealed(site: CallSite, answer: Answer, { truth }: Memory): string | undefined {
  const item = written(site, answer);
  if (nameOf(site) !== "store.create" || !item?.sort.startsWith("call#")) return undefined;
  const call = item as CallRecord;
  if (call.members.length === 0) return undefined;
  const key = call.partition.slice("service#".length) as ServiceKey;
  const { state, calls } = truth.service(key);
  const seal = calls.find(({ seq, members, planVersion }) => {
    return seq < call.seq && members.length === 0 && planVersion > call.planVersion;
  });
  if (seal) return `call ${call.seq} of ${key} stands on plan ${call.planVersion}, which seal ${seal.seq} has ended`;
  const isOver = state === undefined || state.tombstone || state.uid !== call.uid;
  return isOver ? `call ${call.seq} of ${key} was recorded for a life that is over` : undefined;
}

/** The slot that a task has by its call: what is on record, or what will be. */
function slotIn({ token, members, phase }: CallRecord, id: TaskId, { truth }: Memory): number | undefined {
  if (phase === "void") return undefined;
  const key = truth.task(id);
  const owner = key && truth.ownerOf(key);
  if (owner === undefined) return undefined;
  const started = truth
    .live(owner)
    .filter((task) => tokenOf(task) === token)
    .map(taskIdOf);
  const filled = phase === "answered" ? members : fill(members, started, []);
  return filled.find(({ taskId }) => taskId === id)?.slot;
}

/** A tombstone is written when nothing of the service lives any more, and no call is open. */
function allGone(site: CallSite, answer: Answer, { truth }: Memory): string | undefined {
  const item = written(site, answer);
  if (item === undefined || !isState(item) || !(item as StateRecord).tombstone) return undefined;
  const key = item.partition.slice("service#".length) as ServiceKey;
  const live = truth.live(key).length;
  const open = truth.service(key).calls.filter(isOpen).length;
  return live + open > 0 ? `${key} was buried with ${live} live tasks and ${open} open calls` : undefined;
}

/** Versions, generations and what is final never go back; calls and stops make only legal moves. */
function neverBack(site: CallSite, answer: Answer, { truth }: Memory): string | undefined {
  const item = written(site, answer);
  if (nameOf(site) !== "store.swap" || item === undefined) return undefined;
  const before = site.args[0] as Item;
  if (item.sort.startsWith("task#")) return taskBack(before as TaskRecord, item as TaskRecord);
  if (item.sort.startsWith("call#")) return callBack(before as CallRecord, item as CallRecord);
  if (isState(item)) return stateBack(before as StateRecord, item as StateRecord, truth);
  if (item.sort === "spec" && item.partition.startsWith("service#"))
    return specBack(before as SpecRecord, item as SpecRecord);
  return undefined;
}

function taskBack(before: TaskRecord, after: TaskRecord): string | undefined {
  if (before.status === "STOPPED" && after.status !== "STOPPED") return `task ${after.taskId} came back to life`;
  if (after.ecsVersion < before.ecsVersion)
    return `task ${after.taskId} went from version ${before.ecsVersion} to ${after.ecsVersion}`;
  if (before.slot !== undefined && before.slot !== after.slot) return `task ${after.taskId} changed its slot`;
  return undefined;
}

function callBack(before: CallRecord, after: CallRecord): string | undefined {
  if (before.phase === after.phase) return undefined;
  const legal = Object.values(callMoves[before.phase]).includes(after.phase);
  return legal ? undefined : `call ${after.seq} went from ${before.phase} to ${after.phase}`;
}

function stateBack(before: StateRecord, after: StateRecord, truth: Truth): string | undefined {
  if (after.generation < before.generation)
    return `${after.partition} went back from generation ${before.generation} to ${after.generation}`;
  const [illegal] = Object.entries(before.stops).filter(([taskId, stop]) => {
    const next = after.stops[taskId]?.phase;
    return next !== undefined && next !== stop.phase && !Object.values(stopMoves[stop.phase]).includes(next);
  });
  if (illegal) return `the stop of task ${illegal[0]} went back from ${illegal[1].phase}`;
  const key = after.partition.slice("service#".length) as ServiceKey;
  const stopped = new Set<string>(
    truth.service(key).tasks.flatMap(({ taskId, status }) => (status === "STOPPED" ? [taskId] : [])),
  );
  const [forgotten] = Object.entries(before.stops).filter(
    ([taskId, { phase }]) => phase === "stopping" && after.stops[taskId] === undefined && !stopped.has(taskId),
  );
  return forgotten && `the stop of task ${forgotten[0]} was forgotten before it was seen to stop`;
}

function specBack(before: SpecRecord, after: SpecRecord): string | undefined {
  return after.generation < before.generation
    ? `${after.partition} went back from generation ${before.generation} to ${after.generation}`
    : undefined;
}

function withinQuota(site: CallSite, _: Answer, memory: Memory): string | undefined {
  if (nameOf(site) !== "tasks.run") return undefined;
  const key = keyOfRun(site, memory);
  if (key === undefined) return undefined;
  const { namespace } = splitServiceKey(key);
  const services = memory.truth.services().filter((each) => splitServiceKey(each).namespace === namespace);
  const live = services.reduce((sum, each) => sum + liveOf(each, memory).length, 0);
  const most = memory.settings.quota.tasks;
  return live > most ? `${live} tasks of namespace ${namespace} live, its quota is ${most}` : undefined;
}

function notPaused(site: CallSite, memory: Memory): string | undefined {
  if (site.port !== "tasks" && site.port !== "targets") return undefined;
  const late = [...memory.pausedAtMs].find(([, atMs]) => memory.clock.nowMs() - atMs > freshMs);
  const key = nameOf(site) === "tasks.run" ? keyOfRun(site, memory) : ownerOfStop(site, memory);
  const concerns = late && (key === undefined || key === late[0]);
  return concerns ? `${nameOf(site)} for ${late[0]}, which has been paused since ${late[1]}` : undefined;
}

function ownerOfStop(site: CallSite, { truth }: Memory): ServiceKey | undefined {
  const task = nameOf(site) === "tasks.stop" ? truth.task(site.args[1] as TaskId) : undefined;
  return task && truth.ownerOf(task);
}
