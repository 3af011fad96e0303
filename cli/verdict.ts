import type { Condition } from "../core/model/conditions.ts";
import type { TaskRecord } from "../core/model/records.ts";
import type { ServiceRecords } from "./read-records.ts";

/** Where a generation that was accepted stands. Everything but `waiting` is final. */
export type Verdict = {
  readonly kind: "waiting" | "live" | "failed" | "superseded" | "deleted";
  readonly message: string;
};

/**
 * Where the rollout of a generation stands, by the conditions of the state record.
 *
 * Live is what reconcile found complete for this very generation. A generation whose progress deadline passed has failed,
 * even if it should come up later: whoever waits for it has been told.
 */
export function rolloutVerdict(generation: number, { spec, state }: ServiceRecords): Verdict {
  if (spec === undefined) return { kind: "superseded", message: "it was deleted meanwhile" };
  const latest = Math.max(spec.generation, state?.generation ?? 0);
  if (latest > generation)
    return { kind: "superseded", message: `generation ${latest} ${spec.deleting ? "deletes it" : "took over"}` };
  if (spec.deleting) return { kind: "waiting", message: "the old tasks are stopped first" };
  if (state === undefined || state.generation < generation)
    return { kind: "waiting", message: "accepted, not looked at yet" };
  const progressing = conditionOf(state.conditions, "Progressing");
  if (progressing?.status === "False")
    return { kind: "failed", message: `${progressing.reason}: ${progressing.message}` };
  if (progressing?.reason === "Complete") return { kind: "live", message: progressing.message };
  return { kind: "waiting", message: spec.paused ? "paused" : tellProgress(state.conditions) };
}

/** Where a delete stands: its end is that neither the spec nor a task is left. */
export function deleteVerdict(
  generation: number,
  { spec, state }: ServiceRecords,
  tasks: readonly TaskRecord[],
): Verdict {
  if (spec?.next !== undefined || (spec !== undefined && spec.generation > generation))
    return { kind: "superseded", message: "it was applied again meanwhile" };
  const left = tasks.filter(({ status }) => status !== "STOPPED").length;
  if (spec === undefined && left === 0) return { kind: "deleted", message: "deleted: nothing is left of it" };
  const progressing = state && conditionOf(state.conditions, "Progressing");
  const isTold = progressing?.reason === "Deleting";
  return { kind: "waiting", message: isTold ? progressing.message : `stopping its tasks: ${left} left` };
}

/** The most telling of what reconcile says: why nothing starts, else how many tasks are available. */
function tellProgress(conditions: readonly Condition[]): string {
  const [placed, progressing] = [conditionOf(conditions, "Placed"), conditionOf(conditions, "Progressing")];
  if (placed?.status === "False") return placed.message;
  if (progressing?.reason === "BackingOff") return progressing.message;
  return conditionOf(conditions, "Available")?.message ?? progressing?.message ?? "on its way";
}

function conditionOf(conditions: readonly Condition[], type: Condition["type"]): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
