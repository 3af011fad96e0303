import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { decideAbandoned, decideAdoptions, markReady } from "../../../core/reconcile/ownership.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { nodeId, nowMs } from "../../support/service.ts";
import { anAimed, aSnapshot, type Told } from "../../support/snapshot.ts";

/** Who gets which place: `"t0→v1/2 by 1"`; by 0: without a call. */
function adoptions(told: Told): string {
  const snapshot = aSnapshot(told);
  const plan = snapshot.state?.plan ?? drawPlan("max 0");
  return decideAdoptions(classify(snapshot, plan), snapshot, plan)
    .map(({ taskId, revision, slot, call }) => `${taskId}→${revision}/${slot} by ${call}`)
    .join(" ");
}

describe("a task without a slot gets its place", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "from its call", tasks: "v1<of1", calls: "answered v1/2=t0", is: "t0→v1/2 by 1" },
    { name: "from the second call", tasks: "v1<of2", calls: "void v1/2; answered v1/1=t9 2=t0", is: "t0→v1/2 by 2" },
    {
      name: "from its call, also where that slot is taken since",
      tasks: "v1<of1 v1/2",
      calls: "answered v1/2=t0",
      is: "t0→v1/2 by 1",
    },
    { name: "in a free slot of the plan", tasks: "v1 v1<loose", is: "t1→v1/1 by 0" },
    {
      name: "in a free slot of the plan, wherever that begins",
      plan: "v1:3-4 max 2",
      tasks: "v1/3 v1<loose",
      is: "t1→v1/4 by 0",
    },
    { name: "each in its own", tasks: "v1<loose v1 v1<loose", is: "t0→v1/1 by 0 t2→v1/2 by 0" },
    { name: "not in one that a call was just given", tasks: "v1<loose", calls: "sent v1/0", is: "t0→v1/1 by 0" },
    { name: "in one whose call is closed", tasks: "v1<loose", calls: "void v1/0", is: "t0→v1/0 by 0" },
    {
      name: "in one whose task stopped, or is out of reach",
      tasks: "v1/0- v1/0<abandoned v1<loose",
      is: "t2→v1/0 by 0",
    },
    { name: "beyond a plan that is full", tasks: "v1 v1 v1 v1<loose", is: "t3→v1/3 by 0" },
    { name: "beyond a plan that is full, past what is taken", tasks: "v1 v1 v1 v1/3 v1<loose", is: "t4→v1/4 by 0" },
    {
      name: "below a plan that is full, where nothing is",
      plan: "v1:1-3 max 3",
      tasks: "v1/1 v1/2 v1/3 v1<loose",
      is: "t3→v1/0 by 0",
    },
    { name: "of a revision that is not planned", tasks: "v0 v0<loose", is: "t1→v0/1 by 0" },
    { name: "not of a revision that is not on record", tasks: "v9<loose", revisions: { v9: "none" }, is: "" },
    { name: "not while its call is open", tasks: "v1<of1", calls: "sent v1/0", is: "" },
    { name: "not of a call that closed without it", tasks: "v1<of1", calls: "answered v1/0=t9", is: "" },
    { name: "not one that has its own", tasks: "v1", is: "" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(adoptions(told)).toBe(is);
  });

  test("past a slot of the plan that is held, not into it", () => {
    expect(adoptions({ plan: "v1:1 max 1", tasks: "v1/1 v1/0 v1<loose", replicas: 1 })).toBe("t2→v1/2 by 0");
  });
});

function abandoned(told: Told): string {
  const snapshot = anAimed(told);
  return decideAbandoned(classify(snapshot, snapshot.state?.plan), snapshot).join(" ");
}

describe("a task out of reach is given up", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "on a lost node", tasks: "v1 v1<lost", is: "t1" },
    { name: "not on any other", tasks: "v1 v1~ v1^ v1<leaving v1<stopping", is: "" },
    { name: "also when somebody stops it", tasks: "v1^<lost", is: "t0" },
    { name: "not before it has its place", tasks: "v1<loose", notice: lost("t0"), is: "" },
    { name: "not twice", tasks: "v1<abandoned", is: "" },
    { name: "not when it stopped", tasks: "v1-", notice: lost("t0"), is: "" },
    { name: "as many as there are replicas", replicas: 2, tasks: "v1<lost v1<lost v1<lost", is: "t0 t1" },
    { name: "those before count", replicas: 2, tasks: "v1<abandoned v1<returned v1<lost", is: "" },
    { name: "those that stopped since do not", replicas: 2, tasks: "v1<abandoned v1<lost", is: "t1" },
    { name: "one of a service without replicas", replicas: 0, tasks: "v1<lost v1<lost", is: "t0" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(abandoned(told)).toBe(is);
  });

  test.for(["leaving", "stopping"])("also while it is %s: nothing tells that it will ever have stopped", (phase) => {
    expect(abandoned({ tasks: `v1<${phase}`, notice: lost("t0") })).toBe("t0");
    expect(abandoned({ tasks: `v1<${phase}`, notice: lost("t9") })).toBe("");
  });

  test("one that was given up and stopped makes room", () => {
    const snapshot = anAimed({ replicas: 1, tasks: "v1- v1<lost" });
    const tasks = snapshot.tasks.map((task, index) => (index === 0 ? { ...task, abandonedAtMs: 1 } : task));
    const given = { ...snapshot, tasks };
    expect(decideAbandoned(classify(given, given.state?.plan), given)).toEqual(["t1"]);
  });

  test("and while it stops it is not given up again", () => {
    const snapshot = anAimed({ tasks: "v1<stopping", notice: lost("t0") });
    const given = { ...snapshot, tasks: snapshot.tasks.map((task) => ({ ...task, abandonedAtMs: 1 })) };
    expect(decideAbandoned(classify(given, given.state?.plan), given)).toEqual([]);
  });
});

function lost(taskId: string) {
  return { tasks: { [taskId]: { why: "node lost" as const, nodeId, atMs: nowMs } } };
}

/** Since when each task counts as ready: `now`, `before`, or `-`. */
function marks(told: Told): string {
  return markReady(aSnapshot(told))
    .map(({ readySinceMs }) => (readySinceMs === undefined ? "-" : readySinceMs === nowMs ? "now" : "before"))
    .join(" ");
}

describe("since when a task is ready", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "it was", tasks: "v1", is: "before" },
    { name: "it is now", tasks: "v1*", is: "now" },
    { name: "it is not", tasks: "v1? v1~ v1! v1^", is: "- - - -" },
    { name: "healthy in its traffic now", tasks: "v1*", traffic: [{}], is: "now" },
    { name: "healthy and not in its traffic", tasks: "v1*", traffic: [{}], targets: "t0 initial", is: "-" },
    { name: "it was in its traffic", tasks: "v1", traffic: [{}], targets: "t0 unhealthy", is: "-" },
    { name: "without anything to check", tasks: "v1", health: false, is: "-" },
    { name: "in traffic alone", tasks: "v1*", health: false, traffic: [{}], is: "now" },
    { name: "nobody could read its group", tasks: "v1 v1*", traffic: [{}], targets: "unread", is: "before -" },
    { name: "its group is gone", tasks: "v1 v1*", traffic: [{}], targets: "absent", is: "before -" },
    { name: "it is out of reach", tasks: "v1<abandoned v1*<returned", is: "before -" },
  ])("$name: $is", ({ name: _, is, ...told }) => {
    expect(marks(told)).toBe(is);
  });

  test("it was, and fails now", () => {
    const snapshot = aSnapshot({ tasks: "v1" });
    const tasks = snapshot.tasks.map((task) => ({ ...task, health: "UNKNOWN" as const }));
    expect(markReady({ ...snapshot, tasks })[0]).not.toHaveProperty("readySinceMs");
    const stopping = snapshot.tasks.map((task) => ({ ...task, status: "STOPPED" as const }));
    expect(markReady({ ...snapshot, tasks: stopping })[0]).toHaveProperty("readySinceMs");
  });

  test("a revision that nobody knows asks for no checks", () => {
    const snapshot = aSnapshot({ tasks: "v1*" });
    const tasks = snapshot.tasks.map((task) => ({ ...task, revision: "v9" as Revision }));
    expect(markReady({ ...snapshot, tasks })[0]).not.toHaveProperty("readySinceMs");
  });
});
