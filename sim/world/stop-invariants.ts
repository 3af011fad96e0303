import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { isOpen } from "../../core/model/living.ts";
import type { StateRecord } from "../../core/model/records.ts";
import type { CallSite } from "./call-site.ts";
import type { Answer } from "./calls.ts";
import { taskIdOf, tokenOf } from "./truth.ts";
import { freshMs, type Invariant, isState, keyOfItem, keyOfRun, type Memory, nameOf, written } from "./witness.ts";

/** What must never come of a stop. */
export const stopInvariants: readonly Invariant[] = [
  { name: "S3 stop recorded first, S6 ours only", before: stopRecorded },
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
