import { describe, expect, test } from "vitest";
import type { StateRecord } from "../../../core/model/records.ts";
import { holdsEntry, leftoversOf } from "../../../core/reconcile/leftovers.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

const tombstone: Partial<StateRecord> = { tombstone: true };

describe("tasks that outlived their service", () => {
  test.for<Told & { readonly name: string; readonly paused?: boolean; readonly is: string }>([
    { name: "those of calls that the tombstone stands over", tasks: "v1<of1 v1<of2", is: "t0 t1" },
    { name: "of a void call as well: it was closed without them", tasks: "v1<of3", is: "t0" },
    { name: "not those that no call on record started", tasks: "v1<of1 v1<of9 v1<loose", is: "t0" },
    { name: "not those that stopped", tasks: "v1-<of1 v1<of1", is: "t1" },
    { name: "not those that were told to stop", tasks: "v1^<of1 v1<of1", is: "t1" },
    { name: "those that are on their way up", tasks: "v1?<of1", is: "t0" },
    { name: "none where nothing was started", tasks: "", is: "" },
    { name: "none of a service that is there", tasks: "v1<of1", state: { tombstone: false }, is: "" },
    { name: "none of a service that has no state", tasks: "v1<of1", plan: "none", is: "" },
    { name: "none while it is paused", tasks: "v1<of1", paused: true, is: "" },
  ])("$name", ({ name: _, paused = false, is, ...told }) => {
    const calls = "answered v1/0=t0; answered v1/1=t1; void v1/2";
    const snapshot = aSnapshot({ state: tombstone, calls, ...told });
    expect(leftoversOf({ ...snapshot, paused }).join(" ")).toBe(is);
  });

  test("not one that was given up: it is stopped when it returns", () => {
    const snapshot = aSnapshot({ state: tombstone, calls: "answered v1/0=t0", tasks: "v1<of1" });
    const abandoned = snapshot.tasks.map((task) => ({ ...task, abandonedAtMs: 1 }));
    expect(leftoversOf({ ...snapshot, tasks: abandoned })).toEqual([]);
  });
});

describe("quota that is held by nobody", () => {
  const mine = { "shop/web": { tasks: 1 } };
  test.for<Told & { readonly name: string; readonly is: boolean }>([
    { name: "of a service whose tombstone alone is left", state: tombstone, usage: mine, is: true },
    { name: "of a service of which nothing is left", plan: "none", usage: mine, is: true },
    { name: "also when it is entered as nothing", state: tombstone, usage: { "shop/web": { tasks: 0 } }, is: true },
    { name: "not of a service that is there", usage: mine, is: false },
    { name: "not where it is another's", state: tombstone, usage: { "shop/api": { tasks: 1 } }, is: false },
    { name: "not where nothing was ever entered", state: tombstone, is: false },
  ])("$name: $is", ({ name: _, is, ...told }) => {
    expect(holdsEntry(aSnapshot(told))).toBe(is);
  });
});
