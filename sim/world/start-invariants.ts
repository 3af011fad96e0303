import { fill } from "../../core/dispatch/calls.ts";
import type { TaskId } from "../../core/model/ids.ts";
import { splitServiceKey } from "../../core/model/ids.ts";
import type { CallRecord, RunTaskInput, StateRecord } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { taskIdOf, tokenOf } from "./truth.ts";
import {
  freshMs,
  type Invariant,
  isState,
  keyOfItem,
  keyOfRun,
  liveOf,
  type Memory,
  nameOf,
  written,
} from "./witness.ts";

/** What must never come of a start. */
export const startInvariants: readonly Invariant[] = [
  { name: "S2 surge", after: withinPlan },
  { name: "S3 start recorded first", before: startRecorded },
  { name: "S4 one owner per slot", after: oneOwner },
  { name: "S4 sealed", after: sealed },
  { name: "S10 quota", after: withinQuota },
];

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

function remember({ allowed, clock }: Memory, state: StateRecord): void {
  const { plan, held } = state;
  const key = keyOfItem(state);
  const most = Math.min(plan.maxLive, held.tasks);
  allowed.set(key, [...(allowed.get(key) ?? []).slice(-50), { sinceMs: clock.nowMs(), most }]);
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

/** No two live tasks in one slot, abandoned ones aside. */
function oneOwner(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const item = written(site, answer);
  const owned = item?.sort.startsWith("task#") ? keyOfItem(item) : undefined;
  const key = nameOf(site) === "tasks.run" ? keyOfRun(site, memory) : owned;
  if (key === undefined) return undefined;
  const { tasks, calls } = memory.truth.service(key);
  const owners = new Map<string, TaskId>();
  const recordOf = new Map(tasks.map((task) => [task.taskId, task] as const));
  const callOf = new Map(calls.map((call) => [call.token as string, call] as const));
  for (const task of liveOf(key, memory)) {
    const id = taskIdOf(task);
    const record = recordOf.get(id);
    const call = callOf.get(tokenOf(task));
    const slot = record?.slot ?? (call && slotIn(call, id, memory));
    const name = slot === undefined ? undefined : `${record?.revision ?? call?.revision}/${slot}`;
    if (name === undefined) continue;
    if (owners.has(name)) return `tasks ${owners.get(name)} and ${id} of ${key} are both in slot ${name}`;
    owners.set(name, id);
  }
  return undefined;
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

/** No call is recorded for a plan that a seal has ended, nor for a life that is over. */
function sealed(site: CallSite, answer: Answer, { truth }: Memory): string | undefined {
  const item = written(site, answer);
  if (nameOf(site) !== "store.create" || !item?.sort.startsWith("call#")) return undefined;
  const call = item as CallRecord;
  if (call.members.length === 0) return undefined;
  const key = keyOfItem(call);
  const { state, calls } = truth.service(key);
  const seal = calls.find(({ seq, members, planVersion }) => {
    return seq < call.seq && members.length === 0 && planVersion > call.planVersion;
  });
  if (seal) return `call ${call.seq} of ${key} stands on plan ${call.planVersion}, which seal ${seal.seq} has ended`;
  const isOver = state === undefined || state.tombstone || state.uid !== call.uid;
  return isOver ? `call ${call.seq} of ${key} was recorded for a life that is over` : undefined;
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
