import type { NodeId, Revision, ServiceKey, TaskId } from "../model/ids.ts";
import type {
  CallRecord,
  Member,
  NoticeRecord,
  RevisionContent,
  RevisionRecord,
  SpecRecord,
  StateRecord,
  TaskRecord,
  UsageRecord,
} from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import type { TargetHealth } from "../ports/targets.ts";

/** What a read of a target group gave: its targets, the news that there is no such group, or nothing. */
export type TargetReading =
  | { readonly kind: "read"; readonly targets: readonly TargetHealth[] }
  | { readonly kind: "absent" }
  | { readonly kind: "unread" };

/** All that is known of one service at one moment. The lists are complete and in the order of their sort keys. */
export interface Snapshot {
  readonly key: ServiceKey;
  /** When the reads of this snapshot began. */
  readonly nowMs: number;
  readonly settings: Settings;
  readonly installId: string;
  /** The install, the namespace or the service is paused. */
  readonly paused: boolean;
  readonly spec?: SpecRecord;
  readonly state?: StateRecord;
  readonly revisions: readonly RevisionRecord[];
  /** Every call and seal on record, of this life of the service and earlier ones. */
  readonly calls: readonly CallRecord[];
  readonly tasks: readonly TaskRecord[];
  /** What the spec wants to run, with its hash. */
  readonly wanted?: { readonly revision: Revision; readonly content: RevisionContent };
  readonly notice?: NoticeRecord;
  readonly usage?: UsageRecord;
  /** By target group. */
  readonly targets: ReadonlyMap<string, TargetReading>;
  /** EC2 instance of each node that a task with host ports runs on. */
  readonly instances: ReadonlyMap<NodeId, string>;
  /** Tasks that ECS showed in a read that began with this snapshot, running and within reach: evidence for S1. */
  readonly seen: ReadonlySet<TaskId>;
  /** 0 ≤ x ≤ 1: what a back-off is multiplied with (full jitter). */
  readonly jitter: number;
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
export function liveCount(tasks: readonly TaskRecord[], calls: readonly CallRecord[], nowMs: number): number {
  const live = tasks.filter(isLive);
  const open = calls.filter(isOpen);
  const unseen = open.map((call) =>
    Math.max(0, call.members.length - live.filter((task) => task.token === call.token).length),
  );
  return live.length + unseen.reduce((sum, count) => sum + count, 0) + unrecorded(tasks, calls, nowMs).length;
}

/** The record of a task is kept for at least so long after it stopped: until then a task without one was never recorded. */
const recordKeptMs = 3_600_000;

/** One task of an answered call that no record stands for yet. */
export interface Unrecorded {
  readonly call: CallRecord;
  readonly member: Member & { readonly taskId: TaskId };
}

/**
 * Tasks that ECS answered with and that are not on record yet: whoever was answered died before he wrote them down, or is
 * about to. They live until a record says otherwise.
 */
export function unrecorded(
  tasks: readonly TaskRecord[],
  calls: readonly CallRecord[],
  nowMs: number,
): readonly Unrecorded[] {
  const known = new Set(tasks.map(({ taskId }) => taskId));
  return calls
    .filter(({ phase, firstSentAtMs }) => phase === "answered" && nowMs - firstSentAtMs < recordKeptMs)
    .flatMap((call) =>
      call.members.flatMap(({ slot, taskId }) =>
        taskId === undefined || known.has(taskId) ? [] : [{ call, member: { slot, taskId } }],
      ),
    );
}

/**
 * Calls with the members that may live although no record need stand for them: all of open ones, and of answered ones
 * those that are not on record yet.
 */
export function pendingCalls({
  tasks,
  calls,
  nowMs,
}: Pick<Snapshot, "tasks" | "calls" | "nowMs">): readonly CallRecord[] {
  const unwritten = Map.groupBy(unrecorded(tasks, calls, nowMs), ({ call }) => call);
  const answered = [...unwritten].map(([call, missing]) => ({ ...call, members: missing.map(({ member }) => member) }));
  return [...calls.filter(isOpen), ...answered];
}

/** Highest call or seal on record. */
export function highestCall(calls: readonly CallRecord[]): CallRecord | undefined {
  return calls.reduce<CallRecord | undefined>(
    (highest, call) => (highest && highest.seq > call.seq ? highest : call),
    undefined,
  );
}
