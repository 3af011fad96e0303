import { canonicalJson } from "../model/canonical.ts";
import { shardOf } from "../model/names.ts";
import { isAuditTurn, type ServiceRow } from "./due.ts";

/**
 * Whether what was found of a service may be taken for what would be found now, as long as nothing outside the table speaks
 * against it: it is settled, stands in the index as it stood, and it is not its turn of the audit. Whoever writes a record
 * of a service wakes it, and what its pass leaves unsettled shows in the index; a wake-up that was lost is made good by the
 * audit.
 *
 * @param before How it stood in the index when that was found; undefined: nothing is remembered.
 */
export function mayRecall(before: ServiceRow | undefined, now: ServiceRow, nowMs: number): boolean {
  if (before === undefined || !isSettled(now) || isAuditTurn(shardOf(now.key), nowMs)) return false;
  return canonicalJson(before) === canonicalJson(now);
}

/** Decided about, and waiting for nothing. */
function isSettled({ generation, observed, dueAtMs }: ServiceRow): boolean {
  return generation !== undefined && generation === observed && dueAtMs === undefined;
}
