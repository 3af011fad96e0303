import { array, assert, constantFrom, integer, property, record, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { indicesOf, slotsOf } from "../../../core/model/slots.ts";
import { takeAim } from "../../../core/reconcile/aim.ts";
import { decidePlan, samePlan, takesAway } from "../../../core/reconcile/plan.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { renderPlan } from "../../support/render-decision.ts";
import { anAimed, aSnapshot, type Told } from "../../support/snapshot.ts";

function plan(told: Told): string {
  return renderPlan(decidePlan(anAimed(told), () => 0));
}

describe("slots", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "a first plan", plan: "none", is: "v1:0-2 max 3" },
    { name: "the same count", plan: "v1:0,4,7 max 3", is: "v1:0,4,7 max 3" },
    { name: "more", plan: "v1:0,4 max 2", is: "v1:0-1,4 max 3" },
    {
      name: "more, past a slot where a task is stopping",
      plan: "v1:0,4 max 2",
      tasks: "v1/1<stopping",
      is: "v1:0,2,4 max 3",
    },
    {
      name: "more, into the slot of a task that was given up and never told to leave",
      plan: "v1:0-1 max 2",
      tasks: "v1/7",
      is: "v1:0-1,7 max 3",
    },
    {
      name: "more, into the slot of a call that is open",
      plan: "v1:0-1 max 2",
      calls: "sent v1/5",
      is: "v1:0-1,5 max 3",
    },
    { name: "more, whatever a closed call had", plan: "v1:0-1 max 2", calls: "void v1/5", is: "v1:0-2 max 3" },
    {
      name: "more, whatever an open call of another revision has",
      plan: "v1:0-1 max 2",
      calls: "sent v2/5",
      is: "v1:0-2 max 0",
    },
    {
      name: "more, whatever stopped or is out of reach",
      plan: "v1:0-1 max 2",
      tasks: "v1/2- v1/2<abandoned",
      is: "v1:0-2 max 3",
    },
    { name: "more, whatever has no slot yet", plan: "v1:0-1 max 2", tasks: "v1<loose", is: "v1:0-2 max 3" },
    { name: "none", replicas: 0, plan: "v1:0-2 max 3", is: "v1: max 0" },
    {
      name: "a revision that comes back takes its tasks back",
      plan: "v2:0-2 max 0",
      tasks: "v1 v1 v1",
      is: "v1:0-2 max 3",
    },
    {
      name: "an empty slot is traded for a task that may have to stay",
      plan: "v1:0-2 max 3",
      tasks: "v1/0 v1/1 v1/3",
      is: "v1:0-1,3 max 3",
    },
    {
      name: "a failing one is traded for a task that may have to stay",
      plan: "v1:0-2 max 3",
      tasks: "v1/0 v1/1 v1/2! v1/3",
      is: "v1:0-1,3 max 3",
    },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(plan(told)).toBe(is);
  });
});

describe("fewer: the slots that are worth least are given up", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    {
      name: "one that leaves before an empty one",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0<leaving",
      is: "v1:1 max 1",
    },
    {
      name: "one that leaves before an open call",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/1<leaving",
      calls: "sent v1/0",
      is: "v1:0 max 1",
    },
    {
      name: "an unhealthy one before an open call",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0!",
      calls: "sent v1/1",
      is: "v1:1 max 1",
    },
    {
      name: "a lost one before an open call",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0<lost",
      calls: "sent v1/1",
      is: "v1:1 max 1",
    },
    {
      name: "an open call before one that starts",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/1?",
      calls: "sent v1/0",
      is: "v1:1 max 1",
    },
    {
      name: "one that starts before one that runs",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0? v1/1~",
      is: "v1:1 max 1",
    },
    {
      name: "one that runs before one that is healthy",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0~ v1/1",
      traffic: [{}],
      targets: "",
      is: "v1:1 max 1",
    },
    {
      name: "one that is healthy before one in traffic",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0 v1/1*",
      traffic: [{}],
      targets: "t1 healthy",
      is: "v1:1 max 1",
    },
    {
      name: "one in traffic before one that is available",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/0* v1/1",
      is: "v1:1 max 1",
    },
    { name: "of equals the one whose zone has most", replicas: 2, tasks: "v1@a v1@b v1@b", is: "v1:0-1 max 2" },
    {
      name: "of equals the one whose zone has most of the rest",
      replicas: 2,
      plan: "v1:0-4 max 5",
      tasks: "v1@a v1@a v1@a v1@b v1@b",
      is: "v1:0,3 max 2",
    },
    { name: "of equals in one zone the highest", replicas: 1, tasks: "v1@a v1@a v1@a", is: "v1:0 max 1" },
    {
      name: "of equals one that the plan had given up before",
      replicas: 2,
      plan: "v1:3-4 max 2",
      tasks: "v1/3 v1/4 v1/0",
      is: "v1:3-4 max 2",
    },
    {
      name: "of equals outside the plan the highest, in whatever order they are listed",
      replicas: 2,
      plan: "v1:3 max 1",
      tasks: "v1/3 v1/5 v1/4",
      is: "v1:3-4 max 2",
    },
    {
      name: "all of less worth, and then of equals only as many as have to",
      replicas: 2,
      tasks: "v1 v1 v1 v1?",
      plan: "v1:0-3 max 4",
      is: "v1:0-1 max 2",
    },
    {
      name: "of equals in the fullest zone, though others serve there, and then elsewhere",
      replicas: 4,
      plan: "v1:0-5 max 6",
      tasks: "v1@b v1@b v1@b v1?@b v1?@a v1?@a",
      is: "v1:0-2,4 max 4",
    },
    {
      name: "of equals one after another, each time from the fullest zone",
      replicas: 4,
      plan: "v1:0-6 max 7",
      tasks: "v1@a v1@a v1@a v1@a v1@a v1@b v1@b",
      is: "v1:0-1,5-6 max 4",
    },
    {
      name: "of equals in zones that have as many, the highest",
      plan: "v1:0-1,4-5 max 4",
      tasks: "v1/0@a v1/1@b v1/4@b v1/5@a",
      is: "v1:0-1,4 max 3",
    },
    { name: "of empty ones the highest", replicas: 1, is: "v1:0 max 1" },
    { name: "worth before zone", replicas: 2, tasks: "v1@a v1@a v1?@b", is: "v1:0-1 max 2" },
    {
      name: "the worth of a slot is that of the better of two tasks",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v1/1 v1/1<leaving v1/0?",
      is: "v1:1 max 1",
    },
    {
      name: "a task of another revision is worth nothing",
      replicas: 1,
      plan: "v1:0-1 max 2",
      tasks: "v2/0 v1/1?",
      is: "v1:1 max 0",
    },
    {
      name: "a call of another revision is worth nothing",
      replicas: 1,
      plan: "v1:0-1 max 2",
      calls: "sent v2/1",
      is: "v1:0 max 0",
    },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(plan(told)).toBe(is);
  });

  test("5,000 to 10", () => {
    const tasks = Array.from({ length: 5000 }, (_, index) => `v1@z${index % 3}`).join(" ");
    expect(plan({ replicas: 10, plan: "v1:0-4999 max 5000", tasks })).toBe("v1:0-9 max 10");
  });
});

describe("any plan", () => {
  const told = record({
    replicas: integer({ min: 0, max: 8 }),
    planned: uniqueArray(integer({ min: 0, max: 9 }), { maxLength: 8 }),
    tasks: array(
      record({
        slot: integer({ min: 0, max: 12 }),
        mark: constantFrom("", "?", "!", "~"),
        word: constantFrom("", "<leaving", "<stopping", "<lost", "<abandoned"),
      }),
      { maxLength: 8 },
    ),
  });

  const twins = [
    { slot: 9, mark: "?", word: "" },
    { slot: 10, mark: "?", word: "" },
    { slot: 9, mark: "!", word: "" },
  ] as const;

  test("has as many slots as replicas, keeps what it can, and puts no new slot where something may live", () => {
    assert(
      property(told, ({ replicas, planned, tasks }) => {
        const snapshot = anAimed({
          replicas,
          plan: `v1:${slotsOf(planned)} max ${planned.length}`,
          tasks: tasks.map(({ slot, mark, word }) => `v1/${slot}${mark}${word}`).join(" "),
        });
        const after = decidePlan(snapshot, () => 0);
        const slots = after.sets.flatMap((set) => indicesOf(set.slots));
        expect(slots).toHaveLength(replicas);
        const going = snapshot.tasks.filter(
          ({ taskId, health, abandonedAtMs }) =>
            abandonedAtMs === undefined &&
            (health === "UNHEALTHY" || snapshot.state?.stops[taskId] || snapshot.notice?.tasks[taskId]),
        );
        const staying = snapshot.tasks.filter((task) => !going.includes(task) && task.abandonedAtMs === undefined);
        for (const index of slots.filter((slot) => !planned.includes(slot)))
          if (going.some(({ slot }) => slot === index)) expect(staying.some(({ slot }) => slot === index)).toBe(true);
        const again = { ...snapshot, ...(snapshot.state && { state: { ...snapshot.state, plan: after } }) };
        expect(renderPlan(decidePlan(again, () => 0))).toBe(renderPlan(after));
      }),
      // Two tasks in one slot, of which the further one fails.
      { examples: [[{ replicas: 1, planned: [], tasks: [...twins] }]] },
    );
  });
});

describe("recreate", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "nothing new lives while the old does", tasks: "v0 v0", is: "v1:0-2 max 0" },
    { name: "nor while it is on its way out", tasks: "v0<stopping", is: "v1:0-2 max 0" },
    { name: "nor while a call of it is open", calls: "settling v0/0", is: "v1:0-2 max 0" },
    { name: "it is gone", tasks: "v0-", is: "v1:0-2 max 3" },
    { name: "it is out of reach", tasks: "v0<abandoned", is: "v1:0-2 max 3" },
    { name: "its call is closed", calls: "answered v0/0=t9", is: "v1:0-2 max 3" },
    { name: "a task whose revision nobody knows yet does not count", tasks: "v0<loose", is: "v1:0-2 max 3" },
    { name: "the new one does not count", tasks: "v1", calls: "sent v1/1", is: "v1:0-2 max 3" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(plan({ ...told, plan: "v0:0-1 max 2" })).toBe(is);
  });
});

describe("recreate that failed and stays as it is", () => {
  const failure = { reason: "BreakerTripped", message: "", atMs: 1, outcome: "paused" } as const;
  const rollout = { attempt: 1, revision: "v1" as Revision, startedAtMs: 0, failure };
  const stable = "v0" as Revision;
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "what is proven comes back where nothing else is left", is: "v0:0-2 v1: max 3, bars v1" },
    { name: "not while the other lives", tasks: "v1", is: "v1:0-2 max 3, bars v1" },
    { name: "not while a call of it is open", calls: "sent v1/0", is: "v1:0-2 max 3, bars v1" },
    { name: "it stays", plan: "v0:0-2 v1: max 3", tasks: "v0 v0 v0", is: "v0:0-2 v1: max 3, bars v1" },
    { name: "not beside a third", tasks: "v2", is: "v0:0-2 v1: max 0, bars v1" },
    { name: "with nothing proven nothing comes back", state: { rollout }, is: "v1:0-2 max 3, bars v1" },
    { name: "nor what is on record no more", revisions: { v0: "none" }, is: "v1:0-2 max 3, bars v1" },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(plan({ plan: "v1:0-2 max 3", revisions: { v0: {} }, state: { rollout, stable }, ...told })).toBe(is);
  });
});

describe("what is not wanted yet, or not any more", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    {
      name: "no record of the revision: what was planned goes on, as many as are wanted",
      plan: "v0:0 max 1",
      revisions: { v1: "none" },
      is: "v0:0-2 max 3",
    },
    { name: "no record and no plan: nothing", plan: "none", revisions: { v1: "none" }, is: "max 0" },
    {
      name: "deleting: nothing, and every revision barred",
      plan: "v1:0-2 max 3",
      revisions: { v0: {} },
      deleting: true,
      is: "max 0, bars v0 v1",
    },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(plan(told)).toBe(is);
  });

  test("revisions are barred in order", () => {
    const snapshot = anAimed({ deleting: true, revisions: { v0: {} } });
    const turned = { ...snapshot, revisions: snapshot.revisions.toReversed() };
    expect(decidePlan(turned, () => 0).barred).toEqual(["v0", "v1"]);
  });

  test("no task definition, and none to come: what was planned goes on", () => {
    const snapshot = aSnapshot({ plan: "v0:0 max 1" });
    const revisions = snapshot.revisions.map(({ taskDefinition: _, ...record }) => ({ ...record, refusal: "no" }));
    expect(renderPlan(decidePlan(takeAim({ ...snapshot, revisions }), () => 0))).toBe("v0:0-2 max 3, bars v1");
  });
});

test("a set says all that dispatch has to know", () => {
  const { sets } = decidePlan(anAimed({ plan: "none", priority: 70 }), (revision) => (revision === "v1" ? 1234 : 0));
  expect(sets).toEqual([
    {
      id: "v1",
      revision: "v1",
      role: "main",
      slots: "0-2",
      priority: 70,
      placement: { capacity: [], spread: [], constraints: [] },
      capacity: "ec2",
      startDeadlineSeconds: 600,
      notBeforeMs: 1234,
    },
  ]);
});

describe("a plan takes something away", () => {
  test.for([
    { before: "v1:0-2 max 3", after: "v1:0-2 max 3", does: false },
    { before: "v1:0-2 max 3", after: "v1:0-3 max 4", does: false },
    { before: "v1:0-2 max 3", after: "v1:0-2 max 2", does: true },
    { before: "v1:0-2 max 3", after: "v1:0,2-3 max 3", does: true },
    { before: "v1:0-2 max 3", after: "v2:0-2 max 3", does: true },
    { before: "v1:0-2 max 3", after: "max 3", does: true },
    { before: "max 0", after: "v1:0-2 max 3", does: false },
    { before: "v1: max 0", after: "v2:0 max 1", does: false },
  ])("$before → $after: $does", ({ before, after, does }) => {
    expect(takesAway(drawPlan(before), drawPlan(after))).toBe(does);
  });

  test("not the first one", () => {
    expect(takesAway(undefined, drawPlan("max 0"))).toBe(false);
  });

  test("a revision barred, unless it was", () => {
    const barred = { ...drawPlan("max 0"), barred: ["v1" as Revision] };
    expect(takesAway(drawPlan("max 0"), barred)).toBe(true);
    expect(takesAway(barred, barred)).toBe(false);
    expect(takesAway(barred, drawPlan("max 0"))).toBe(false);
  });
});

describe("plans are the same", () => {
  const base = drawPlan("v1:0-2 max 3");
  test.for([
    { name: "as they are", other: base, is: true },
    {
      name: "whenever they begin",
      other: { ...base, sets: base.sets.map((set) => ({ ...set, notBeforeMs: 99 })) },
      is: true,
    },
    { name: "not with other slots", other: drawPlan("v1:0-3 max 3"), is: false },
    { name: "not with another ceiling", other: drawPlan("v1:0-2 max 2"), is: false },
    { name: "not with a revision barred", other: { ...base, barred: ["v0" as Revision] }, is: false },
  ])("$name", ({ other, is }) => {
    expect(samePlan(base, other)).toBe(is);
    expect(samePlan(other, base)).toBe(is);
  });

  test("not where there was none", () => {
    expect(samePlan(undefined, drawPlan("max 0"))).toBe(false);
  });
});
