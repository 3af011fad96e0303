import type { RevisionRecord } from "../core/model/records.ts";

/**
 * What a number stands for as the aim of a rollback: a generation, where a revision has it; else the start of a revision,
 * where it is that of exactly one. A number that is neither stays one: its refusal names those that are.
 */
export function revisionMeant(
  to: number,
  revisions: readonly Pick<RevisionRecord, "revision" | "generation">[],
): number | string {
  if (revisions.some(({ generation }) => generation === to)) return to;
  return revisions.filter(({ revision }) => revision.startsWith(`${to}`)).length === 1 ? `${to}` : to;
}
