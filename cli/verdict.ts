import type { Condition } from "../core/model/conditions.ts";
import type { SpecRecord, StateRecord, TaskRecord } from "../core/model/records.ts";
import { heldText, pauseOf } from "./pauses.ts";
import type { ServiceRecords } from "./read-records.ts";
import { wantedOf } from "./views.ts";

/** Where a generation that was accepted stands. Everything but `waiting` is final. */
export type Verdict = {
  readonly kind: "waiting" | "live" | "failed" | "rolled back" | "cancelled" | "refused" | "superseded" | "deleted";
  readonly message: string;
  /** Somebody paused it: without a person nothing goes on. */
  readonly isHeld?: true;
};

/**
 * What is waited for: that the generation is live; that it has as many tasks as it should, of whichever revision; that
 * its rollout was cancelled.
 */
export type Goal = "live" | "scaled" | "cancelled";

/**
 * Where the rollout of a generation stands, by the conditions of the state record.
 *
 * Live is what reconcile found complete for this very generation. A generation whose rollout failed stays so, even if its
 * tasks should come up later: whoever waits for it has been told. What is rolled back is waited for until that is done.
 */
export function rolloutVerdict(generation: number, records: ServiceRecords, goal: Goal = "live"): Verdict {
  const { spec, state } = records;
  if (spec === undefined) return { kind: "superseded", message: "it was deleted meanwhile" };
  const latest = Math.max(spec.generation, state?.generation ?? 0);
  if (latest > generation)
    return { kind: "superseded", message: `generation ${latest} ${spec.deleting ? "deletes it" : "took over"}` };
  const held = whyHeld(records);
  if (spec.deleting) return held ?? { kind: "waiting", message: "the old tasks are stopped first" };
  if (state === undefined || state.generation < generation)
    return held ?? { kind: "waiting", message: "accepted, not looked at yet" };
  const progressing = conditionOf(state.conditions, "Progressing");
  const ended = progressing && endOf(progressing, goal, conditionOf(state.conditions, "Available"));
  return ended ?? held ?? whyRolloutHeld(records) ?? { kind: "waiting", message: tellProgress(spec, state) };
}

/** How a rollout ended; undefined: it has not. */
function endOf(
  { status, reason, message }: Condition,
  goal: Goal,
  available: Condition | undefined,
): Verdict | undefined {
  if (reason === "Complete" && goal === "cancelled")
    return { kind: "refused", message: `it was complete before the cancel took effect: ${message}` };
  if (reason === "Complete") return { kind: "live", message };
  if (status !== "False" || reason === "RollingBack") return undefined;
  if (goal === "cancelled") return { kind: "cancelled", message };
  if (reason !== "RolledBack") return { kind: "failed", message: `${reason}: ${message}` };
  // A change of the number of tasks alone has nothing to do with what was rolled back before.
  if (goal === "scaled") return { kind: "live", message: available?.message ?? message };
  return { kind: "rolled back", message };
}

/** Why nothing goes on, where somebody paused everything of it: it is not even looked at then. */
function whyHeld(records: ServiceRecords): Verdict | undefined {
  const pause = pauseOf(records);
  if (pause === null || pause === "rollout") return undefined;
  return { kind: "waiting", message: heldText(pause, records.key), isHeld: true };
}

/** Why no more tasks are replaced, where somebody paused the rollout alone. */
function whyRolloutHeld({ key, state }: ServiceRecords): Verdict | undefined {
  const progressing = conditionOf(state?.conditions ?? [], "Progressing");
  if (progressing?.reason !== "RolloutPaused") return undefined;
  return { kind: "waiting", message: `${progressing.message}; longshore rollout resume ${key} ends it`, isHeld: true };
}

/** Where a delete stands: its end is that neither the spec nor a task is left. */
export function deleteVerdict(generation: number, records: ServiceRecords, tasks: readonly TaskRecord[]): Verdict {
  const { spec, state } = records;
  if (spec?.next !== undefined || (spec !== undefined && spec.generation > generation))
    return { kind: "superseded", message: "it was applied again meanwhile" };
  const left = tasks.filter(({ status }) => status !== "STOPPED").length;
  if (spec === undefined && left === 0) return { kind: "deleted", message: "deleted: nothing is left of it" };
  const held = spec && whyHeld(records);
  if (held) return { ...held, message: `${held.message}; tasks left: ${left}` };
  const progressing = state && conditionOf(state.conditions, "Progressing");
  const isTold = progressing?.reason === "Deleting";
  return { kind: "waiting", message: isTold ? progressing.message : `stopping its tasks: ${left} left` };
}

/** Reasons of `Progressing` that say more than how many tasks are available. */
const telling = ["BackingOff", "RollingBack"];

/** The most telling of what reconcile says: why nothing starts, else how far the rollout has come, and how many tasks are available. */
function tellProgress(spec: SpecRecord, state: StateRecord): string {
  const { conditions } = state;
  const [placed, progressing] = [conditionOf(conditions, "Placed"), conditionOf(conditions, "Progressing")];
  if (placed?.status === "False") return placed.message;
  if (progressing && telling.includes(progressing.reason)) return progressing.message;
  const available = conditionOf(conditions, "Available")?.message ?? progressing?.message ?? "on its way";
  return progressing?.reason === "RollingOut" ? `${tellReplaced(spec, state)}${available}` : available;
}

/** How many tasks are replaced, where there are older ones: the most that were seen, since a rollout is told by how far it came. */
function tellReplaced(spec: SpecRecord, { progress, ...state }: StateRecord): string {
  const { updated, older } = progress;
  return older === 0 ? "" : `${updated} of ${wantedOf(spec, state)} updated, ${older} older left; `;
}

function conditionOf(conditions: readonly Condition[], type: Condition["type"]): Condition | undefined {
  return conditions.find((condition) => condition.type === type);
}
