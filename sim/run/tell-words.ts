import type { PlannedSet, StateRecord } from "../../core/model/records.ts";
import { indicesOf } from "../../core/model/slots.ts";

/** The end of an id or an ARN: enough to tell it from others in one run. */
export function short(id: string): string {
  return id.slice(-6);
}

/** Service that an item belongs to, or whatever else its partition names. */
export function subjectOf(partition: string): string {
  return partition.slice(partition.indexOf("#") + 1);
}

/** A plan, as `slots 0 1 of ab12cd, 4 live at most`. */
export function wordsOfPlan({ plan }: Pick<StateRecord, "plan">): string {
  const sets = plan.sets.map(wordsOfSet).join(" and ");
  const barred = plan.barred.length > 0 ? `; barred: ${plan.barred.map(short).join(" ")}` : "";
  return `${sets === "" ? "no set" : sets}, ${plan.maxLive} live at most${barred}`;
}

function wordsOfSet({ revision, slots }: PlannedSet): string {
  const indices = indicesOf(slots);
  const [first, last] = [indices.at(0), indices.at(-1)];
  const isRun = first !== undefined && last !== undefined && indices.length > 2 && last - first === indices.length - 1;
  return `slots ${isRun ? `${first}-${last}` : indices.join(" ") || "none"} of revision ${short(revision)}`;
}
