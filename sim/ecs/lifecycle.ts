import type { TaskStatus } from "../../core/model/records.ts";

/**
 * What may happen to a task: `step` its time in a status is over · `started` all its containers have started · `stop` it
 * shall stop · `exited` all its containers have exited · `lost` its host is gone.
 */
export type TaskSignal = "step" | "started" | "stop" | "exited" | "lost";

/**
 * The only legal moves; a signal that a status does not name changes nothing. A task that runs, or is about to, keeps
 * its status when it shall stop: ECS first shows RUNNING with the desired status STOPPED.
 */
export const moves: Readonly<Record<TaskStatus, Readonly<Partial<Record<TaskSignal, TaskStatus>>>>> = {
  PROVISIONING: { step: "PENDING", stop: "DEPROVISIONING", lost: "STOPPED" },
  PENDING: { step: "ACTIVATING", stop: "DEPROVISIONING", lost: "STOPPED" },
  ACTIVATING: { step: "DEACTIVATING", started: "RUNNING", stop: "ACTIVATING", lost: "STOPPED" },
  RUNNING: { step: "DEACTIVATING", stop: "RUNNING", lost: "STOPPED" },
  DEACTIVATING: { step: "STOPPING", lost: "STOPPED" },
  STOPPING: { exited: "DEPROVISIONING", lost: "STOPPED" },
  DEPROVISIONING: { step: "STOPPED", lost: "STOPPED" },
  STOPPED: {},
};

/** What a move depends on besides the status. */
export interface Standing {
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: "RUNNING" | "STOPPED";
  /** Only a network interface is provisioned and deprovisioned. */
  readonly hasInterface: boolean;
}

/** Where a signal takes a task; undefined: nowhere. */
export function nextStatus(task: Standing, signal: TaskSignal): TaskStatus | undefined {
  const wantedRunning = task.desiredStatus === "RUNNING";
  if (signal === "started" && !wantedRunning) return undefined;
  if (signal === "stop" && !wantedRunning) return undefined;
  const runs = task.lastStatus === "RUNNING" || task.lastStatus === "ACTIVATING";
  if (signal === "step" && runs && wantedRunning) return undefined;
  const next = moves[task.lastStatus][signal];
  return next === "DEPROVISIONING" && !task.hasInterface ? "STOPPED" : next;
}

/** Statuses whose next step the agent takes: while it is disconnected, they last. */
export const agentSteps: ReadonlySet<TaskStatus> = new Set(["PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING"]);
