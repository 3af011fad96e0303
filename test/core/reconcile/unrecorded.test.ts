import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { liveCount, pendingCalls } from "../../../core/model/living.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { decideAdoptions } from "../../../core/reconcile/ownership.ts";
import { emptySlots } from "../../../core/reconcile/plan.ts";
import { decide } from "../../../core/reconcile/reconcile.ts";
import type { Planned } from "../../../core/reconcile/snapshot.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { renderPlan } from "../../support/render-decision.ts";
import { nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

/** The snapshot of a service whose calls were all sent just now: what they were answered need not be on record yet. */
function justSent(told: Told): Planned {
  const snapshot = aSnapshot(told);
  return { ...snapshot, calls: snapshot.calls.map((call) => ({ ...call, firstSentAtMs: nowMs })) };
}

describe("a task that was answered and is not on record yet", () => {
  test("counts as live", () => {
    expect(liveCount(justSent({ tasks: "v1", calls: "answered v1/0=t0 1=x1; answered v1/2=x2" }))).toBe(3);
  });

  test("is pending, those on record are not", () => {
    const snapshot = justSent({
      tasks: "v1",
      calls: "answered v1/0=t0 1=x1; sent v1/2 3; void v1/4; answered v1/0=t0",
    });
    const pending = pendingCalls(snapshot).map(({ seq, members }) => `${seq}: ${members.map(({ slot }) => slot)}`);
    expect(pending).toEqual(["2: 2,3", "1: 1"]);
  });

  test("fills its slot", () => {
    const snapshot = justSent({ tasks: "v1/0", calls: "answered v1/1=x1" });
    expect(emptySlots(drawPlan("v1:0-2 max 3"), snapshot)).toMatchObject([{ slots: ["v1/2"] }]);
  });

  test("has the cluster look at it, though nothing is missing", () => {
    const told = { replicas: 1, calls: "answered v1/0=x1" };
    expect(decide(justSent(told)).wakeCluster).toBe(true);
    expect(decide(justSent({ ...told, tasks: "v1/0", calls: "answered v1/0=t0" })).wakeCluster).toBe(false);
  });

  test("holds up what is started in place of its revision", () => {
    const plan = (calls: string) =>
      renderPlan(decide(justSent({ wanted: "v2", plan: "v2:0-2 max 0", calls })).next.plan);
    expect(plan("answered v1/0=x1")).toBe("v2:0-2 max 0");
    expect(plan("answered v2/0=x1")).toBe("v2:0-2 max 3");
  });

  test("holds up the end of a delete", () => {
    const plan = { ...drawPlan("max 0"), barred: ["v1" as Revision] };
    const state = { plan, held: { tasks: 0, cpuUnits: 0, memoryMib: 0 } };
    const told = { deleting: true, calls: "answered v1/0=x1; seal 1", state };
    expect(decide(justSent(told)).finish).toBe(false);
    expect(decide(aSnapshot(told)).finish).toBe(true);
  });

  test("holds up a lower entry in the quota", () => {
    const told = {
      replicas: 0,
      plan: "v1: max 0",
      calls: "answered v1/0=x1; seal 1",
      usage: { "shop/web": { tasks: 1 } },
    };
    expect(decide(justSent(told)).quota.entry).toBe("keep");
    expect(decide(aSnapshot(told)).quota.entry).toBe("lower");
  });

  test("keeps its slot from tasks that are adopted", () => {
    const snapshot = justSent({ replicas: 2, tasks: "v1<loose", calls: "answered v1/0=x1" });
    const plan = drawPlan("v1:0-1 max 2");
    expect(decideAdoptions(classify(snapshot, plan), snapshot, plan)).toMatchObject([{ taskId: "t0", slot: 1 }]);
  });

  test("keeps its slot in the plan when another could be given up", () => {
    const snapshot = justSent({ replicas: 1, plan: "v1:0-1 max 2", calls: "answered v1/1=x1" });
    expect(renderPlan(decide(snapshot).next.plan)).toBe("v1:1 max 1");
  });
});
