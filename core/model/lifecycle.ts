import { invariant } from "./fault.ts";
import type { CallPhase, Stop, TaskStatus } from "./records.ts";

/**
 * What one slot is in, from nothing to a task that serves and back. Derived from records each time, never stored.
 * `open`: a call is out whose outcome is unknown.
 */
export type SlotState =
  | "empty"
  | "open"
  | "starting"
  | "running"
  | "healthy"
  | "in traffic"
  | "available"
  | "leaving"
  | "stopping"
  | "abandoned";

/** Every state of a slot, in the order in which a task comes through them. */
export const slotStates = [
  "empty",
  "open",
  "starting",
  "running",
  "healthy",
  "in traffic",
  "available",
  "leaving",
  "stopping",
  "abandoned",
] as const satisfies readonly SlotState[];

/** What can happen to a slot. */
export const slotEvents = [
  "called",
  "refused",
  "answered",
  "ran",
  "passed its checks",
  "joined its traffic",
  "proved ready",
  "failed its checks",
  "fell out of its traffic",
  "told to leave",
  "taken back",
  "told to stop",
  "lost",
  "stopped",
] as const;
/** One of `slotEvents`. */
export type SlotEvent = (typeof slotEvents)[number];

/** Losing a check falls back to `running`, losing a target to `healthy`: the task has to earn its place again. */
const live = { "told to leave": "leaving", "told to stop": "stopping", lost: "abandoned", stopped: "empty" } as const;

/**
 * The only legal moves of a slot; a pair that is absent cannot happen. `open` becomes `empty` only by a refusal or a
 * void: a lost answer leaves it open.
 */
export const slotMoves: Readonly<Record<SlotState, Partial<Record<SlotEvent, SlotState>>>> = {
  empty: { called: "open" },
  open: { refused: "empty", answered: "starting" },
  starting: { ...live, ran: "running" },
  running: { ...live, "passed its checks": "healthy" },
  healthy: { ...live, "joined its traffic": "in traffic", "failed its checks": "running" },
  "in traffic": {
    ...live,
    "proved ready": "available",
    "failed its checks": "running",
    "fell out of its traffic": "healthy",
  },
  available: { ...live, "failed its checks": "running", "fell out of its traffic": "healthy" },
  leaving: { "taken back": "running", "told to stop": "stopping", lost: "abandoned", stopped: "empty" },
  stopping: { lost: "abandoned", stopped: "empty" },
  abandoned: { "told to stop": "stopping", stopped: "empty" },
};

/** Whether a slot may go from one state to the other by one event. */
export function isLegalMove(from: SlotState, to: SlotState): boolean {
  return Object.values(slotMoves[from]).includes(to);
}

/** What can happen to a call. */
export const callEvents = ["answer", "refuse", "give up"] as const;
/** One of `callEvents`. */
export type CallEvent = (typeof callEvents)[number];

/** The only legal moves of a call. `give up`: nobody sends it again; from then on only looking settles it. */
export const callMoves: Readonly<Record<CallPhase, Partial<Record<CallEvent, CallPhase>>>> = {
  sent: { answer: "answered", refuse: "void", "give up": "settling" },
  settling: { answer: "answered", refuse: "void" },
  answered: {},
  void: {},
};

/** The phase that an event takes a call to. @throws Error when the table has no such move: a bug of ours. */
export function callAfter(phase: CallPhase, event: CallEvent): CallPhase {
  const next = callMoves[phase][event];
  invariant(next !== undefined, `a call that is ${phase} cannot ${event}`);
  return next;
}

/** What can happen to a stop. */
export const stopEvents = ["out of traffic", "wanted again", "stopped"] as const;
/** One of `stopEvents`. */
export type StopEvent = (typeof stopEvents)[number];

/**
 * The only legal moves of a stop: `leaving` could be taken back, `stopping` never. `gone`: no longer stored. The
 * simulation holds every record to it.
 */
export const stopMoves: Readonly<Record<Stop["phase"], Partial<Record<StopEvent, Stop["phase"] | "gone">>>> = {
  leaving: { "out of traffic": "stopping", "wanted again": "gone", stopped: "gone" },
  stopping: { stopped: "gone" },
};

/** Position in ECS's lifecycle; a task only moves up. */
export const taskStatuses = [
  "PROVISIONING",
  "PENDING",
  "ACTIVATING",
  "RUNNING",
  "DEACTIVATING",
  "STOPPING",
  "DEPROVISIONING",
  "STOPPED",
] as const satisfies readonly TaskStatus[];

/** Not yet running. */
export function isBeforeRunning(status: TaskStatus): boolean {
  return taskStatuses.indexOf(status) < taskStatuses.indexOf("RUNNING");
}

/** No longer running, and not yet stopped. */
export function isStopping(status: TaskStatus): boolean {
  return taskStatuses.indexOf(status) > taskStatuses.indexOf("RUNNING") && status !== "STOPPED";
}
