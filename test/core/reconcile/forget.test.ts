import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { forgettable } from "../../../core/reconcile/forget.ts";
import { aRevision, nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

/** The sort keys of what is forgotten. */
function forgotten(told: Told): string {
  return forgettable(aSnapshot(told))
    .map(({ sort }) => sort)
    .join(" ");
}

/** A rollout of `v1` that is complete: nothing of it is counted any more. */
const proven: Told = { state: { stable: "v1" as Revision } };

describe("tasks", () => {
  test.for([
    { tasks: "v1-+3600", is: "" },
    { tasks: "v1-+3601", is: "task#t0" },
    { tasks: "v1+9999 v1-+9999", is: "task#t1" },
    { tasks: "v1<abandoned v1<stopping v1^+9999", is: "" },
  ])("$tasks: $is", ({ tasks, is }) => {
    expect(forgotten({ ...proven, tasks })).toBe(is);
  });

  test("an hour after they stopped, to the millisecond", () => {
    const snapshot = aSnapshot({ ...proven, tasks: "v1-+3600" });
    expect(forgettable({ ...snapshot, nowMs: nowMs + 1 })).toHaveLength(1);
  });

  test.for([
    { createdAgoMs: 3_600_001, stoppedAgoMs: 1, is: 0 },
    { createdAgoMs: 3_600_001, stoppedAgoMs: undefined, is: 1 },
    { createdAgoMs: 1, stoppedAgoMs: undefined, is: 0 },
  ])("made and stopped so long ago: %o", ({ createdAgoMs, stoppedAgoMs, is }) => {
    const snapshot = aSnapshot({ ...proven, tasks: "v1-" });
    const tasks = snapshot.tasks.map(({ stoppedAtMs: _, ...task }) => ({
      ...task,
      createdAtMs: nowMs - createdAgoMs,
      ...(stoppedAgoMs === undefined ? {} : { stoppedAtMs: nowMs - stoppedAgoMs }),
    }));
    expect(forgettable({ ...snapshot, tasks })).toHaveLength(is);
  });
});

describe("tasks of a rollout that is under way", () => {
  const rollout = { attempt: 1, revision: "v1" as Revision, startedAtMs: 0 };
  const failure = { reason: "Cancelled", message: "", atMs: 0, outcome: "paused" } as const;
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "are kept for its breaker", tasks: "v1-+9999", state: { stable: "v0" as Revision }, is: "" },
    { name: "also of the first one", tasks: "v1-+9999", is: "" },
    { name: "also before anything is stored", tasks: "v1-+9999", plan: "none", is: "" },
    { name: "not those of other revisions", tasks: "v1-+9999 v0-+9999", is: "task#t1" },
    { name: "not once it failed", tasks: "v1-+9999", state: { rollout: { ...rollout, failure } }, is: "task#t0" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(forgotten(told)).toBe(is);
  });

  test("not those that no breaker counts", () => {
    const snapshot = aSnapshot({ tasks: "v1-+9999" });
    const tasks = snapshot.tasks.map((task) => ({ ...task, stopCode: "UserInitiated" }));
    expect(forgettable({ ...snapshot, tasks }).map(({ sort }) => sort)).toEqual(["task#t0"]);
  });
});

describe("revisions beyond a history of ten", () => {
  /** Ten revisions, and two that are older than all of them: `old1` and, older still, `old2`. */
  const revisions = {
    ...Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`r${index}`, { createdAtMs: nowMs - index }])),
    old1: { createdAtMs: nowMs - 1000 },
    old2: { createdAtMs: nowMs - 2000 },
  };

  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "on which nothing stands", is: "revision#old1 revision#old2" },
    { name: "not the one that is wanted", wanted: "old1", plan: "r1:0 max 1", is: "revision#old2" },
    { name: "not one that is planned", plan: "old1:0 max 1", is: "revision#old2" },
    {
      name: "not the one to go back to",
      state: { stable: "old1" as Revision },
      is: "revision#old2",
    },
    { name: "not one of a task, even a stopped one", tasks: "old1-", is: "revision#old2" },
    { name: "not one of an open call", calls: "sent old1/0", is: "revision#old2" },
    { name: "also one of a closed call", calls: "answered old1/0=t9", is: "revision#old1 revision#old2" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(forgotten({ wanted: "r0", plan: "r0:0 max 1", ...told, revisions })).toBe(is);
  });

  test("ten are kept", () => {
    const snapshot = aSnapshot({ wanted: "r0", plan: "none" });
    const ten = Array.from({ length: 10 }, (_, index) => aRevision(`r${index}`));
    expect(forgettable({ ...snapshot, revisions: ten })).toEqual([]);
    expect(forgettable({ ...snapshot, revisions: [...ten, aRevision("r10", { createdAtMs: 1 })] })).toHaveLength(1);
  });
});
