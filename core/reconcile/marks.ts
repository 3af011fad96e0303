import type { RevisionRecord } from "../model/records.ts";
import type { Changes } from "../ports/store.ts";
import { currentState, type Planned } from "./snapshot.ts";

/** What becomes known of a revision: that it was proven, or why it failed. */
export interface Mark {
  readonly record: RevisionRecord;
  readonly changes: Changes<RevisionRecord>;
}

/**
 * What is to be noted of revisions by what is stored of their rollouts: the state tells of the last one alone, and a
 * rollback wants to know which of all were ever live.
 */
export function decideMarks(snapshot: Planned): readonly Mark[] {
  const state = currentState(snapshot);
  const { failure, revision } = state?.rollout ?? {};
  return snapshot.revisions.flatMap((record): readonly Mark[] => {
    const isProven = record.revision === state?.stable;
    if (isProven && (record.proven !== true || record.failed !== undefined))
      return [{ record, changes: { proven: true, failed: undefined } }];
    if (!isProven && failure !== undefined && record.revision === revision && record.failed !== failure.reason)
      return [{ record, changes: { failed: failure.reason } }];
    return [];
  });
}
