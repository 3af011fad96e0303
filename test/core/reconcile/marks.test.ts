import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { FailureReason, RolloutRecord, StateRecord } from "../../../core/model/records.ts";
import { decideMarks } from "../../../core/reconcile/marks.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;

/** What is noted: `"v1 proven, v2 CrashLoop"`. */
function noted(told: Told): string {
  return decideMarks(aSnapshot({ revisions: { v1: {}, v2: {} }, wanted: "v2", ...told }))
    .map(({ record, changes }) => `${record.revision} ${changes.proven === true ? "proven" : changes.failed}`)
    .join(", ");
}

function failed(reason: FailureReason): Partial<StateRecord> {
  const failure = { reason, message: "", atMs: 0, outcome: "rolled back" } as const;
  return { rollout: { attempt: 1, revision: v2, startedAtMs: 0, failure } satisfies RolloutRecord };
}

describe("of revisions is noted", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "nothing before a rollout ended", is: "" },
    { name: "nothing without a state", plan: "none", is: "" },
    { name: "which one is proven", state: { stable: v1 }, is: "v1 proven" },
    { name: "that once", state: { stable: v1 }, revisions: { v1: { proven: true }, v2: {} }, is: "" },
    {
      name: "that it is proven after all",
      state: { stable: v1 },
      revisions: { v1: { proven: true, failed: "BreakerTripped" }, v2: {} },
      is: "v1 proven",
    },
    {
      name: "which one failed, and why",
      state: { stable: v1, ...failed("BreakerTripped") },
      is: "v1 proven, v2 BreakerTripped",
    },
    { name: "that once, too", state: failed("Cancelled"), revisions: { v1: {}, v2: { failed: "Cancelled" } }, is: "" },
    {
      name: "why it failed last",
      state: failed("Cancelled"),
      revisions: { v1: {}, v2: { failed: "BreakerTripped" } },
      is: "v2 Cancelled",
    },
    { name: "nothing of an earlier life", state: { stable: v1, uid: "u0" }, is: "" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(noted(told)).toBe(is);
  });
});
