import type { NodeId, Revision, TaskId, Token } from "../../core/model/ids.ts";
import type { TaskRecord } from "../../core/model/records.ts";
import { key, nodeId, nowMs } from "./service.ts";

/** Where a task stands besides its own state: what else a snapshot has to say of it. */
export type Standing = "leaving" | "stopping" | "given up" | "abandoned" | "returned" | "none";

export interface Drawn {
  readonly task: TaskRecord;
  readonly standing: Standing;
}

const form =
  /^(?<revision>\w+)(?:\/(?<slot>\d+))?(?<mark>[?!~^*-])?(?:@(?<zone>\w+)(?:\.(?<node>\w+))?)?(?:\+(?<age>\d+))?(?:<(?<word>[\w-]+))?$/;

const words: Readonly<Record<string, Standing>> = {
  leaving: "leaving",
  stopping: "stopping",
  lost: "given up",
  abandoned: "abandoned",
  returned: "returned",
};

/**
 * Tasks drawn as text, named `t0`, `t1`, … in order: `"v1 v1! v2?"`. A task is its revision, then any of these:
 * - `/3`: its slot; otherwise the next of its revision that no task before it has. `<loose`: it has none, nor a call on
 *   record; `<of2`: it has none yet, and call 2 started it.
 * - its state: none available, `?` not yet running, `~` running, nothing known of its health, `!` running and unhealthy,
 *   `*` ready only now, `^` told by somebody to stop, `-` stopped by its own failure.
 * - `@a`: its zone; `@a.n2`: and its node.
 * - `+90`: created, started and stopped that many seconds ago (an hour; one that is not yet running 10 seconds).
 * - `<leaving`, `<stopping`: a stop is on record. `<lost`: its node is given up; `<abandoned`: and so was it;
 *   `<returned`: that node is back.
 */
export function drawTasks(text: string): readonly Drawn[] {
  const taken = new Map<string, number>();
  return (text === "" ? [] : text.split(" ")).map((drawing, index) => {
    const parts = form.exec(drawing)?.groups;
    if (parts?.revision === undefined)
      throw new Error(`a task must be drawn as "v1/0!@a+90<leaving", got "${drawing}"`);
    const { revision, word } = parts;
    const next = taken.get(revision) ?? 0;
    const slot = parts.slot === undefined ? next : Number(parts.slot);
    const isLoose = word === "loose" || word?.startsWith("of") === true;
    if (!isLoose && parts.mark !== "-") taken.set(revision, Math.max(next, slot + 1));
    const task = aTask(`t${index}`, {
      ...stateOf(parts.mark ?? "", nowMs - Number(parts.age ?? (parts.mark === "?" ? 10 : 3600)) * 1000),
      address: `10.0.0.${index}`,
      taskDefinition: `td/${revision}`,
      ...(parts.zone === undefined ? {} : { zone: parts.zone }),
      ...(parts.node === undefined ? {} : { nodeId: parts.node as NodeId }),
      ...(isLoose ? {} : { call: 1, slot, revision: revision as Revision }),
      ...(word?.startsWith("of") ? { token: `token-${word.slice(2)}` as Token } : {}),
      ...(word === "abandoned" || word === "returned" ? { abandonedAtMs: nowMs - 60_000 } : {}),
    });
    return { task, standing: words[word ?? ""] ?? "none" };
  });
}

/** One running, healthy task without a slot. */
export function aTask(taskId: string, given: Partial<TaskRecord> = {}): TaskRecord {
  return {
    partition: `service#${key}`,
    sort: `task#${taskId}`,
    schema: 1,
    version: 1,
    uid: taskId,
    taskId: taskId as TaskId,
    token: `token-${taskId}` as Token,
    setId: "main",
    taskDefinition: "td/v1",
    ecsVersion: 3,
    nodeId,
    ...(given.status === undefined ? stateOf("", nowMs - 3_600_000) : { health: "UNKNOWN", healthAtMs: 0 }),
    ...given,
  } as TaskRecord;
}

function stateOf(mark: string, atMs: number) {
  const running = { status: "RUNNING", desiredStatus: "RUNNING", createdAtMs: atMs, startedAtMs: atMs } as const;
  const known = { health: "HEALTHY", healthAtMs: atMs } as const;
  const unknown = { health: "UNKNOWN", healthAtMs: 0 } as const;
  switch (mark) {
    case "?":
      return { ...unknown, status: "PENDING", desiredStatus: "RUNNING", createdAtMs: atMs } as const;
    case "~":
      return { ...running, ...unknown };
    case "!":
      return { ...running, health: "UNHEALTHY", healthAtMs: atMs } as const;
    case "*":
      return { ...running, ...known };
    case "^":
      return { ...running, ...known, status: "STOPPING", desiredStatus: "STOPPED" } as const;
    case "-":
      return {
        ...running,
        ...unknown,
        status: "STOPPED",
        desiredStatus: "STOPPED",
        stoppedAtMs: atMs,
        stopCode: "EssentialContainerExited",
        stoppedReason: "Essential container in task exited",
        exitCode: 1,
      } as const;
    default:
      return { ...running, ...known, readySinceMs: atMs };
  }
}
