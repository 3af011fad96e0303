import { fill } from "../../core/dispatch/calls.ts";
import type { TaskId } from "../../core/model/ids.ts";
import { splitServiceKey } from "../../core/model/ids.ts";
import { splitStartedBy } from "../../core/model/names.ts";
import type { CallRecord, RunTaskInput } from "../../core/model/records.ts";
import { indicesOf } from "../../core/model/slots.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { taskIdOf, tokenOf } from "./truth.ts";
import {
  freshMs,
  type Invariant,
  keyOfItem,
  keyOfRun,
  liveOf,
  type Memory,
  nameOf,
  type StoredPlan,
  written,
} from "./witness.ts";

/** What must never come of a start. */
export const startInvariants: readonly Invariant[] = [
  { name: "S2 surge", after: withinPlan },
  { name: "S2 planned slots", after: planned },
  { name: "S3 start recorded first", before: startRecorded },
  { name: "S4 one owner per slot", after: oneOwner },
  { name: "S4 sealed", after: sealed },
  { name: "S10 quota", after: withinQuota },
  { name: "S12 barred", before: barredSince, after: barred },
];

/**
 * Live tasks never above what a plan of the last 5 s allowed when one more started; those aside that are abandoned, or
 * that a smaller count has told to leave.
 */
function withinPlan(site: CallSite, _: Answer, memory: Memory): string | undefined {
  if (nameOf(site) !== "tasks.run") return undefined;
  const key = keyOfRun(site, memory);
  if (key === undefined) return undefined;
  const sinceMs = memory.clock.nowMs() - freshMs;
  const plans = memory.plans.get(key) ?? [];
  const inForce = plans.filter((_, index) => (plans[index + 1]?.sinceMs ?? Number.POSITIVE_INFINITY) > sinceMs);
  const most = Math.max(0, ...inForce.map((plan) => plan.most));
  const stops = memory.truth.service(key).state?.stops ?? {};
  const live = liveOf(key, memory).filter((task) => stops[taskIdOf(task)]?.why !== "surplus");
  return live.length > most ? `${live.length} tasks of ${key} live, its plan allows ${most}` : undefined;
}

/** Each slot that a call is recorded for is one of its plan's, in a set that may start by then. */
function planned(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const call = recordedCall(site, answer);
  if (call === undefined) return undefined;
  const key = keyOfItem(call);
  const plans = (memory.plans.get(key) ?? []).filter(({ planVersion }) => planVersion === call.planVersion);
  const allows = ({ plan: { sets, barred } }: StoredPlan) =>
    sets.some(({ id, revision, slots, notBeforeMs }) => {
      const indices = indicesOf(slots);
      const isStartable = !barred.includes(revision) && notBeforeMs <= memory.clock.nowMs();
      return id === call.setId && isStartable && call.members.every(({ slot }) => indices.includes(slot));
    });
  const slots = call.members.map(({ slot }) => slot).join(" ");
  return plans.some(allows)
    ? undefined
    : `call ${call.seq} of ${key} is for slots ${slots} of ${call.setId}, which plan ${call.planVersion} does not allow`;
}

/** A revision that was given up starts no more: no call stands on a later plan, none is sent later than 5 s after. */
function barred(site: CallSite, answer: Answer, memory: Memory): string | undefined {
  const call = recordedCall(site, answer);
  const key = call === undefined ? undefined : keyOfItem(call);
  const failure = key && memory.failures.get(key);
  if (!failure || failure.rollout.revision !== call?.revision || call.planVersion < failure.planVersion)
    return undefined;
  return `call ${call.seq} of ${key} is for revision ${call.revision}, which has failed: ${failure.rollout.failure?.message}`;
}

function barredSince(site: CallSite, memory: Memory): string | undefined {
  const key = nameOf(site) === "tasks.run" ? keyOfRun(site, memory) : undefined;
  const failure = key && memory.failures.get(key);
  if (!failure || memory.clock.nowMs() - failure.sinceMs <= freshMs) return undefined;
  const { revision } = failure.rollout;
  const isOf = splitStartedBy((site.args[0] as RunTaskInput).startedBy).setId === revision;
  return isOf ? `a task of revision ${revision} of ${key} is started, which failed at ${failure.sinceMs}` : undefined;
}

/** The call that a write puts on record, unless it is a seal. */
function recordedCall(site: CallSite, answer: Answer): CallRecord | undefined {
  const item = nameOf(site) === "store.create" ? written(site, answer) : undefined;
  const call = item?.sort.startsWith("call#") ? (item as CallRecord) : undefined;
  return call && call.members.length > 0 ? call : undefined;
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
  const call = recordedCall(site, answer);
  if (call === undefined) return undefined;
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
