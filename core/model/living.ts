import type { TaskId } from "./ids.ts";
import { once } from "./once.ts";
import type { CallRecord, Member, TaskRecord } from "./records.ts";
import { slotName } from "./slots.ts";

/** The tasks and calls of one service, as they were on record at a moment. */
export interface Recorded {
  readonly tasks: readonly TaskRecord[];
  readonly calls: readonly CallRecord[];
  readonly nowMs: number;
}

/** Neither STOPPED nor abandoned. */
export function isLive(task: TaskRecord): boolean {
  return task.status !== "STOPPED" && task.abandonedAtMs === undefined;
}

/** Its outcome is not known yet: each of its members counts as live. */
export function isOpen(call: CallRecord): boolean {
  return call.phase === "sent" || call.phase === "settling";
}

/** Tasks that live or may live: those on record, and the members of open and answered calls that no record stands for. */
export function liveCount(recorded: Recorded): number {
  const live = recorded.tasks.filter(isLive);
  const open = recorded.calls.filter(isOpen);
  const unseen = open.map((call) =>
    Math.max(0, call.members.length - live.filter((task) => task.token === call.token).length),
  );
  return live.length + unseen.reduce((sum, count) => sum + count, 0) + unrecorded(recorded).length;
}

/**
 * How long ECS shows a stopped task, and how long records of stopped tasks and closed calls are kept: until then a task
 * without a record was never recorded.
 */
export const stoppedKeptMs = 3_600_000;

/** One task of an answered call that no record stands for yet. */
export interface Unrecorded {
  readonly call: CallRecord;
  readonly member: Member & { readonly taskId: TaskId };
}

/**
 * Tasks that ECS answered with and that are not on record yet: whoever was answered died before he wrote them down, or is
 * about to. They live until a record says otherwise.
 */
export const unrecorded = once(({ tasks, calls, nowMs }: Recorded): readonly Unrecorded[] => {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return calls
    .filter(({ phase, firstSentAtMs }) => phase === "answered" && nowMs - firstSentAtMs < stoppedKeptMs)
    .flatMap((call) =>
      call.members.flatMap(({ slot, taskId }) =>
        taskId === undefined || known.has(taskId) ? [] : [{ call, member: { slot, taskId } }],
      ),
    );
});

/**
 * Calls with the members that may live although no record need stand for them: all of open ones, and of answered ones
 * those that are not on record yet.
 */
export const pendingCalls = once((recorded: Recorded): readonly CallRecord[] => {
  const unwritten = Map.groupBy(unrecorded(recorded), ({ call }) => call);
  const answered = [...unwritten].map(([call, missing]) => ({ ...call, members: missing.map(({ member }) => member) }));
  return [...recorded.calls.filter(isOpen), ...answered];
});

/** Names of the slots that a live task stands in by its own record, or that a pending call may put one in. */
export const takenSlots = once(
  (recorded: Recorded): ReadonlySet<string> =>
    new Set([
      ...recorded.tasks.filter(isLive).map(({ revision, slot }) => slotName(revision, slot)),
      ...pendingCalls(recorded).flatMap(({ revision, members }) => members.map(({ slot }) => slotName(revision, slot))),
    ]),
);

/** Highest call or seal on record. */
export function highestCall(calls: readonly CallRecord[]): CallRecord | undefined {
  return calls.reduce<CallRecord | undefined>(
    (highest, call) => (highest && highest.seq > call.seq ? highest : call),
    undefined,
  );
}
