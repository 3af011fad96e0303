import { describe, expect, test } from "vitest";
import { liveCount } from "../../../core/model/living.ts";
import { decidePlan } from "../../../core/reconcile/plan.ts";
import { decideQuota, entryOf, heldOf } from "../../../core/reconcile/quota.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { aContent } from "../../support/service.ts";
import { anAimed, aSnapshot, type Told } from "../../support/snapshot.ts";

const mine = "shop/web";

/** An entry for that many tasks of the usual size. */
function entry(tasks: number) {
  return { tasks, cpuUnits: tasks * 256, memoryMib: tasks * 512 };
}

function decide({ sealed = true, ...told }: Told & { readonly sealed?: boolean }) {
  const snapshot = anAimed(told);
  return decideQuota(
    snapshot,
    decidePlan(snapshot, () => 0),
    aContent(told).task,
    sealed,
  );
}

describe("what a service holds of its namespace's quota", () => {
  test.for<Told & { readonly name: string; readonly count: number; readonly refused: number }>([
    { name: "what it wants", count: 3, refused: 0 },
    {
      name: "what others leave",
      quota: 10,
      usage: { "shop/a": { tasks: 5 }, "shop/b": { tasks: 4 } },
      count: 1,
      refused: 2,
    },
    { name: "exactly what others leave", quota: 10, usage: { "shop/a": { tasks: 7 } }, count: 3, refused: 0 },
    { name: "nothing where others left nothing", quota: 10, usage: { "shop/a": { tasks: 12 } }, count: 0, refused: 3 },
    { name: "its own entry is no other's", quota: 3, usage: { [mine]: entry(3) }, count: 3, refused: 0 },
    { name: "nothing while it is deleted", deleting: true, usage: { [mine]: entry(3) }, count: 0, refused: 0 },
    { name: "nothing while nothing is planned", plan: "none", revisions: { v1: "none" }, count: 0, refused: 0 },
  ])("$name", ({ name: _, count, refused, ...told }) => {
    const decided = decide(told);
    expect(decided.held).toEqual(entry(count));
    expect(decided.refused).toBe(refused);
  });
});

describe("its entry", () => {
  test.for<Told & { readonly name: string; readonly sealed?: boolean; readonly is: string }>([
    { name: "is raised from nothing", is: "raise" },
    { name: "is raised for more tasks", usage: { [mine]: entry(2) }, is: "raise" },
    {
      name: "is raised for more tasks, though with less CPU",
      usage: { [mine]: { tasks: 2, cpuUnits: 9999, memoryMib: 9999 } },
      is: "raise",
    },
    { name: "is raised for more CPU", usage: { [mine]: { ...entry(3), cpuUnits: 1 } }, is: "raise" },
    { name: "is raised for more memory", usage: { [mine]: { ...entry(3), memoryMib: 1 } }, is: "raise" },
    { name: "is raised also before the seal", usage: { [mine]: entry(2) }, sealed: false, is: "raise" },
    { name: "stays when it is right", usage: { [mine]: entry(3) }, is: "keep" },
    { name: "stays before the seal", usage: { [mine]: entry(4) }, sealed: false, is: "keep" },
    {
      name: "stays while more than that live",
      usage: { [mine]: entry(4) },
      tasks: "v1 v1 v1 v1/9<leaving",
      is: "keep",
    },
    {
      name: "stays while more than that may live",
      usage: { [mine]: entry(4) },
      tasks: "v1 v1 v1",
      calls: "sent v1/9",
      is: "keep",
    },
    {
      name: "is lowered once no more than that live",
      usage: { [mine]: entry(4) },
      tasks: "v1 v1 v1 v1/9-",
      is: "lower",
    },
    { name: "is lowered for less CPU", usage: { [mine]: { ...entry(3), cpuUnits: 9999 } }, is: "lower" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(decide(told).entry).toBe(is);
  });

  test("goes down in no part while it is raised: what it counted may still live", () => {
    const told: Told = {
      replicas: 1,
      cpuUnits: 4096,
      usage: { [mine]: { tasks: 4, cpuUnits: 1024, memoryMib: 2048 } },
    };
    expect(decide(told)).toMatchObject({
      entry: "raise",
      held: { tasks: 1, cpuUnits: 4096, memoryMib: 512 },
      write: { tasks: 4, cpuUnits: 4096, memoryMib: 2048 },
    });
  });

  test("is lowered to what is held", () => {
    expect(decide({ usage: { [mine]: entry(4) } })).toMatchObject({ entry: "lower", write: entry(3) });
  });

  test("is nothing where there is none", () => {
    expect(entryOf(aSnapshot())).toEqual(entry(0));
    expect(entryOf(aSnapshot({ usage: { [mine]: entry(2) } }))).toEqual(entry(2));
  });
});

describe("what a plan may hold", () => {
  test.for<Told & { readonly name: string; readonly drawn: string; readonly count: number }>([
    { name: "what the spec wants", drawn: "v1:0-2 max 3", count: 3 },
    { name: "as many as may live at once, a surge too", drawn: "v1:0-2 max 4", count: 4 },
    { name: "as many as have a slot, where that is more", drawn: "v0:0-4 v1:0-1 max 4", count: 7 },
    { name: "as many as are wanted, while nothing new may live yet", drawn: "v1:0-1 max 0", count: 3 },
    { name: "no more than the quota", drawn: "v1:0-2 max 3", quota: 2, count: 2 },
    { name: "what others leave of it", drawn: "v1:0-2 max 3", quota: 4, usage: { "shop/a": { tasks: 3 } }, count: 1 },
    {
      name: "nothing of a quota that is overdrawn",
      drawn: "v1:0-2 max 3",
      quota: 2,
      usage: { "shop/a": { tasks: 5 } },
      count: 0,
    },
    { name: "nothing without a set", drawn: "max 3", count: 0 },
  ])("$name: $count", ({ name: _, drawn, count, ...told }) => {
    expect(heldOf(anAimed(told), drawPlan(drawn), aContent().task)).toEqual(entry(count));
  });
});

describe("what lives or may live", () => {
  test.for<Told & { readonly name: string; readonly count: number }>([
    { name: "nothing", count: 0 },
    { name: "tasks that run, start, leave or stop", tasks: "v1 v1? v1<leaving v1<stopping v1^ v1<lost", count: 6 },
    { name: "not what stopped or is out of reach", tasks: "v1- v1<abandoned v1<returned", count: 0 },
    { name: "members of open calls", calls: "sent v1/0 1; settling v1/2", count: 3 },
    { name: "not of closed ones", calls: "answered v1/0=t9; void v1/1", count: 0 },
    { name: "a member that was seen already counts once", tasks: "v1<of1", calls: "sent v1/0 1", count: 2 },
    { name: "more seen than members count themselves", tasks: "v1<of1 v1<of1", calls: "sent v1/0", count: 2 },
  ])("$name: $count", ({ name: _, count, ...told }) => {
    expect(liveCount(aSnapshot(told))).toBe(count);
  });
});
