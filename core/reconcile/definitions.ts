import type { RevisionRecord } from "../model/records.ts";
import type { Snapshot } from "./snapshot.ts";

/** What ECS refused is asked again after so long: a permission may have been missing for a moment. */
const refusedForMs = 5 * 60_000;

/** The record of the revision that the spec wants, once it is made. */
export function wantedRevision({
  revisions,
  wanted,
}: Pick<Snapshot, "revisions" | "wanted">): RevisionRecord | undefined {
  return revisions.find(({ revision }) => revision === wanted?.revision);
}

/** Whether ECS refused a revision's task definition so lately that it is not asked again yet. */
export function isRefused({ refusal, refusedAtMs }: RevisionRecord, nowMs: number): boolean {
  return refusal !== undefined && nowMs - (refusedAtMs ?? 0) < refusedForMs;
}

/** Whether the wanted revision has yet to get its record or its task definition, and may ask for it now. */
export function lacksDefinition(snapshot: Snapshot): boolean {
  const record = wantedRevision(snapshot);
  if (record === undefined || record.expiresAt !== undefined) return true;
  return record.taskDefinition === undefined && !isRefused(record, snapshot.nowMs);
}

/** Whether the wanted revision can be planned with: it has a task definition that nothing took back. */
export function isDefined(snapshot: Snapshot): boolean {
  const record = wantedRevision(snapshot);
  return record?.taskDefinition !== undefined && record.refusal === undefined && record.expiresAt === undefined;
}
