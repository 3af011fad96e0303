import { describe, expect, test } from "vitest";
import { decideChange } from "../../../core/admission/change.ts";
import type { Ground } from "../../../core/admission/ground.ts";
import type { Revision } from "../../../core/model/ids.ts";
import { aFailure, aGround, aGroundSpec, aHistory, aimed, changesOf, outcomeOf } from "../../support/ground.ts";
import { nowMs } from "../../support/service.ts";
import { nothingYet } from "../../support/snapshot.ts";

const restart = { type: "restart", ...aimed } as const;
const cancel = { type: "cancel", ...aimed } as const;

describe("restart", () => {
  test("counts one more, and is a new attempt; a pause of the rollout stays", () => {
    const spec = aGroundSpec({ restarts: 2, isRollback: true, cancelled: 4, rolloutPaused: true });
    expect(changesOf(decideChange(restart, aGround({ spec })))).toStrictEqual({
      restarts: 3,
      generation: 5,
      attempt: 5,
      isRollback: undefined,
      cancelled: undefined,
      acceptedAtMs: nowMs,
      lastCommand: "c9",
      wroteManifest: 8,
      kindRow: "shop/web#spec#5",
    });
  });
});

describe("cancel", () => {
  test("marks the generation, and makes no other", () => {
    expect(decideChange(cancel, aGround({ history: aHistory() }))).toStrictEqual({
      kind: "swap",
      generation: 4,
      changes: { cancelled: 4, lastCommand: "c9" },
    });
  });

  const complete = { ...nothingYet, complete: true };
  const failed = (outcome: "paused" | "rolled back") => ({ history: aHistory(aFailure(outcome)) });

  test.for<{ readonly name: string; readonly ground: Partial<Ground>; readonly is: string }>([
    { name: "of what reconcile has not seen yet", ground: { history: aHistory({ generation: 3 }) }, is: "swap 4" },
    {
      name: "of what follows a complete generation",
      ground: { history: aHistory({ generation: 3, progress: complete }) },
      is: "swap 4",
    },
    {
      name: "of what was cancelled",
      ground: { history: aHistory(), spec: aGroundSpec({ cancelled: 4 }) },
      is: "nothing 4",
    },
    {
      name: "of what came after something that was cancelled",
      ground: { history: aHistory(), spec: aGroundSpec({ cancelled: 3 }) },
      is: "swap 4",
    },
    {
      name: "of what is complete",
      ground: { history: aHistory({ progress: complete }) },
      is: "refused nothing-to-cancel",
    },
    {
      name: "of what runs already",
      ground: { history: aHistory({ stable: "bbbb2222" as Revision }) },
      is: "refused nothing-to-cancel",
    },
    {
      name: "without anything to go back to",
      ground: { history: { revisions: [], wanted: "bbbb2222" as Revision } },
      is: "refused nothing-to-cancel",
    },
    { name: "of what failed", ground: failed("paused"), is: "refused nothing-to-cancel" },
    { name: "of what is rolled back", ground: failed("rolled back"), is: "refused nothing-to-cancel" },
    {
      name: "of what failed, and is tried again since",
      ground: { ...failed("paused"), spec: aGroundSpec({ resumedAtMs: 500 }) },
      is: "swap 4",
    },
    {
      name: "of what failed after it was resumed",
      ground: { ...failed("paused"), spec: aGroundSpec({ resumedAtMs: 499 }) },
      is: "refused nothing-to-cancel",
    },
    {
      name: "of what was rolled back before a pause ended",
      ground: { ...failed("rolled back"), spec: aGroundSpec({ resumedAtMs: 501 }) },
      is: "refused nothing-to-cancel",
    },
    {
      name: "of an attempt after one that failed",
      ground: { ...failed("paused"), spec: aGroundSpec({ attempt: 4 }) },
      is: "swap 4",
    },
  ])("$name: $is", ({ ground, is }) => {
    expect(outcomeOf(decideChange(cancel, aGround(ground)))).toBe(is);
  });

  test.for<{ readonly ground: Partial<Ground>; readonly message: string }>([
    {
      ground: {},
      message: "service shop/web has never been rolled out completely: there is nothing to go back to",
    },
    {
      ground: { history: aHistory({ progress: complete }) },
      message: "service shop/web has no rollout under way",
    },
    {
      ground: failed("paused"),
      message: "service shop/web has no rollout under way: it failed (BreakerTripped) and is paused; roll back instead",
    },
    {
      ground: failed("rolled back"),
      message: "service shop/web has no rollout under way: it failed (BreakerTripped) and is rolled back already",
    },
  ])("says $message", ({ ground, message }) => {
    expect(decideChange(cancel, aGround(ground))).toEqual({
      kind: "refused",
      issues: [{ code: "nothing-to-cancel", path: "metadata.name", message }],
    });
  });
});
