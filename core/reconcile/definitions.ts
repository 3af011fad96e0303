import type { Revision } from "../model/ids.ts";
import type { RevisionRecord } from "../model/records.ts";
import type { Aimed, Snapshot } from "./snapshot.ts";

/** The record of the revision that the spec wants, once it is made. */
export function wantedRevision({
  revisions,
  wanted,
}: Pick<Snapshot, "revisions" | "wanted">): RevisionRecord | undefined {
  return revisions.find(({ revision }) => revision === wanted?.revision);
}

/** Whether ECS refused a revision's task definition since it was tried; what is tried anew is asked anew. */
export function isRefused({ refusal, refusedAtMs }: RevisionRecord, triedSinceMs: number): boolean {
  return refusal !== undefined && (refusedAtMs ?? 0) >= triedSinceMs;
}

/** Whether the wanted revision has yet to get its record, its generation in it, or its task definition, and may ask for it now. */
export function lacksDefinition({ aim, ...snapshot }: Aimed): boolean {
  const record = wantedRevision(snapshot);
  if (record === undefined || record.expiresAt !== undefined || bringsIn(snapshot)) return true;
  return record.taskDefinition === undefined && !isRefused(record, aim.rollout.startedAtMs) && !aim.rollout.failure;
}

/** Whether this generation brings a revision in, or back, that is on record as an earlier one's. */
export function bringsIn({
  spec,
  state,
  wanted,
  revisions,
}: Pick<Snapshot, "spec" | "state" | "wanted" | "revisions">): boolean {
  const record = wantedRevision({ revisions, ...(wanted ? { wanted } : {}) });
  const isNews = state?.revision !== wanted?.revision;
  return isNews && record !== undefined && spec !== undefined && record.generation !== spec.generation;
}

/** Whether a revision can be started: it has a task definition that nothing took back. */
export function isDefined({ revisions }: Pick<Snapshot, "revisions">, revision: Revision | undefined): boolean {
  const record = revisions.find((each) => each.revision === revision);
  return record?.taskDefinition !== undefined && record.refusal === undefined && record.expiresAt === undefined;
}
