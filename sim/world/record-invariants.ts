import { callMoves, stopMoves } from "../../core/model/lifecycle.ts";
import type { CallRecord, Item, SpecRecord, StateRecord, TaskRecord } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import type { Truth } from "./truth.ts";
import { type Invariant, isState, keyOfItem, type Memory, nameOf, written } from "./witness.ts";

/** What must never become of a record. */
export const recordInvariants: readonly Invariant[] = [{ name: "S8 monotonic", after: neverBack }];

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
  const key = keyOfItem(after);
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
