import { describe, expect, test } from "vitest";
import { forgettable } from "../../../core/reconcile/forget.ts";
import { aRevision, nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

/** The sort keys of what is forgotten. */
function forgotten(told: Told): string {
  return forgettable(aSnapshot(told))
    .map(({ sort }) => sort)
    .join(" ");
}

describe("tasks", () => {
  test.for([
    { tasks: "v1-+3600", is: "" },
    { tasks: "v1-+3601", is: "task#t0" },
    { tasks: "v1+9999 v1-+9999", is: "task#t1" },
    { tasks: "v1<abandoned v1<stopping v1^+9999", is: "" },
  ])("$tasks: $is", ({ tasks, is }) => {
    expect(forgotten({ tasks })).toBe(is);
  });

  test("one that nobody knows the stop time of counts from when it was made", () => {
    const snapshot = aSnapshot({ tasks: "v1-+3601" });
    const tasks = snapshot.tasks.map(({ stoppedAtMs: _, ...task }) => ({ ...task, createdAtMs: nowMs - 1000 }));
    expect(forgettable({ ...snapshot, tasks })).toEqual([]);
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
