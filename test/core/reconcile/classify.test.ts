import { assert, boolean, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Token } from "../../../core/model/ids.ts";
import { isLegalMove, slotStates } from "../../../core/model/lifecycle.ts";
import type { TaskRecord } from "../../../core/model/records.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { stageOf } from "../../../core/reconcile/serving.ts";
import { aStop } from "../../support/drawn-plan.ts";
import { aTask, drawTasks } from "../../support/drawn-tasks.ts";
import { renderBuckets } from "../../support/render-decision.ts";
import { aSpec, nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

/** The buckets by the stored plan, `v1:0-2 max 3` unless told. */
function buckets(told: Told): string {
  const snapshot = aSnapshot(told);
  return renderBuckets(classify(snapshot, snapshot.state?.plan));
}

describe("each bucket", () => {
  test.for<Told & { readonly name: string; readonly are: string }>([
    { name: "in a slot of the plan", tasks: "v1 v1? v1~", are: "kept kept kept" },
    { name: "beyond the plan's slots", tasks: "v1 v1/3 v1/1", are: "kept surplus kept" },
    { name: "two beyond the plan's slots", tasks: "v1/3 v1/3", are: "surplus surplus" },
    { name: "of another revision", tasks: "v1 v2/0", are: "kept old" },
    { name: "of a plan without sets", tasks: "v1 v1/7", plan: "max 0", are: "old old" },
    { name: "a failing container", tasks: "v1! v1", are: "unhealthy kept" },
    { name: "on a lost node", tasks: "v1<lost v1", are: "lost kept" },
    { name: "stopped by somebody", tasks: "v1^ v1", are: "ending kept" },
    { name: "told to leave", tasks: "v1<leaving", are: "leaving" },
    { name: "told to stop", tasks: "v1<stopping", are: "stopping" },
    { name: "abandoned", tasks: "v1<abandoned", are: "abandoned" },
    { name: "abandoned, and its node back", tasks: "v1<returned", are: "returned" },
    { name: "stopped", tasks: "v1- v1", are: "stopped kept" },
    { name: "of a call that is still open", tasks: "v1<of1", calls: "sent v1/0", are: "unsettled" },
    { name: "of a call that is settling", tasks: "v1<of1", calls: "settling v1/0", are: "unsettled" },
    { name: "of a call that closed without it", tasks: "v1<of1", calls: "answered v1/0=t9", are: "orphan" },
    { name: "of a call that was void", tasks: "v1<of1", calls: "void v1/0", are: "orphan" },
    { name: "of a call that closed with it", tasks: "v1<of1", calls: "answered v1/0=t0", are: "unowned" },
    { name: "without a call on record", tasks: "v1<loose", are: "unowned" },
  ])("$name", ({ name: _, are, ...told }) => {
    expect(buckets(told)).toBe(are);
  });

  test("of a call of the service's earlier life", () => {
    const told: Told = { tasks: "v1<of1", calls: "answered v1/0=t0" };
    expect(buckets({ ...told, state: { uid: "u2" } })).toBe("orphan");
    expect(buckets({ ...told, plan: "none" })).toBe("unowned");
  });
});

describe("the start deadline", () => {
  test.for([
    { tasks: "v1?+600", are: "kept" },
    { tasks: "v1?+601", are: "stuck" },
    { tasks: "v1~+601", are: "kept" },
    { tasks: "v2/0?+601", are: "old" },
  ])("$tasks: $are", ({ tasks, are }) => {
    expect(buckets({ tasks })).toBe(are);
  });
});

describe("a failing target", () => {
  const traffic = [{ healthGraceSeconds: 60 }];

  test.for<Told & { readonly name: string; readonly are: string }>([
    { name: "within its grace", tasks: "v1+60", traffic, targets: "t0 unhealthy", are: "kept" },
    { name: "past its grace", tasks: "v1+61", traffic, targets: "t0 unhealthy", are: "unhealthy" },
    { name: "without a grace", tasks: "v1+1", traffic: [{}], targets: "t0 unhealthy", are: "unhealthy" },
    {
      name: "in one group of two",
      tasks: "v1",
      traffic: [{ healthGraceSeconds: 9999 }, {}],
      targets: "t0 unhealthy",
      are: "unhealthy",
    },
    { name: "before the task runs", tasks: "v1?", traffic: [{}], targets: "t0 unhealthy", are: "kept" },
    { name: "counted from its start, not its creation", tasks: "v1+61", traffic, targets: "t0 initial", are: "kept" },
  ])("$name: $are", ({ name: _, are, ...told }) => {
    expect(buckets(told)).toBe(are);
  });

  test.for<Told & { readonly name: string; readonly sinceSeconds?: number; readonly are: string }>([
    { name: "that came while it ran", tasks: "v1+61", sinceSeconds: 60, are: "kept" },
    { name: "that was there when it started", tasks: "v1+60", sinceSeconds: 61, are: "unhealthy" },
    { name: "that was there from the first", tasks: "v1+61", are: "unhealthy" },
    { name: "that nobody has on record yet", tasks: "v1+61", state: { traffic: [] }, are: "kept" },
    {
      name: "that came while it ran, after one that refuses it too",
      tasks: "v1+61",
      sinceSeconds: 60,
      state: { traffic: aSpec({ traffic: [{ port: "http", targetGroup: "arn:before" }] }).manifest.spec.traffic },
      are: "unhealthy",
    },
  ])("of a group $name: $are", ({ name: _, sinceSeconds, are, ...told }) => {
    const [entry] = aSpec({ traffic: [{}] }).manifest.spec.traffic;
    const since = entry && sinceSeconds ? [{ ...entry, sinceMs: nowMs - sinceSeconds * 1000 }] : entry ? [entry] : [];
    const before = told.state?.traffic;
    const onRecord = before === undefined ? since : before.length === 0 ? [] : [...since, ...before];
    const given: Told = { ...told, traffic: [{}], targets: "t0 unhealthy", state: { traffic: onRecord } };
    const snapshot = aSnapshot(given);
    const reading = snapshot.targets.get("arn:group");
    const targets = new Map(reading ? ["arn:group", "arn:before"].map((group) => [group, reading] as const) : []);
    expect(renderBuckets(classify({ ...snapshot, targets }, snapshot.state?.plan))).toBe(are);
  });

  test("counts from when the task ran, or where nobody knows that, from when it was made", () => {
    const snapshot = aSnapshot({ tasks: "v1+90", traffic, targets: "t0 unhealthy" });
    const [task = aTask("t0")] = snapshot.tasks;
    const bucketOf = (given: Partial<TaskRecord>) => {
      const { startedAtMs: _, ...rest } = task;
      return renderBuckets(classify({ ...snapshot, tasks: [{ ...rest, ...given }] }, snapshot.state?.plan));
    };
    expect(bucketOf({ startedAtMs: nowMs - 60_000 })).toBe("kept");
    expect(bucketOf({})).toBe("unhealthy");
  });
});

describe("unknown is not dead", () => {
  test.for<Told & { readonly name: string }>([
    { name: "health that nobody knows", tasks: "v1~" },
    { name: "a target group that could not be read", tasks: "v1", traffic: [{}], targets: "unread" },
    { name: "a target group that does not exist", tasks: "v1", traffic: [{}], targets: "absent" },
    { name: "a target that is not registered", tasks: "v1", traffic: [{}], targets: "" },
    { name: "a target that is registering", tasks: "v1", traffic: [{}], targets: "t0 initial" },
    { name: "a target without health checks", tasks: "v1", traffic: [{}], targets: "t0 unavailable" },
    { name: "a target that is drained", tasks: "v1", traffic: [{}], targets: "t0 unhealthy.draining" },
    { name: "somebody else's failing target", tasks: "v1", traffic: [{}], targets: "10.9.9.9 unhealthy" },
    { name: "a task that a describe did not show", tasks: "v1", seen: [] },
  ])("$name", ({ name: _, ...told }) => {
    expect(buckets(told)).toBe("kept");
  });
});

describe("of two that match, the first speaks", () => {
  test.for<Told & { readonly first: string; readonly before: string }>([
    { first: "stopped", before: "stopping", tasks: "v1-", state: { stops: { t0: aStop({ phase: "stopping" }) } } },
    {
      first: "stopping",
      before: "returned",
      tasks: "v1<returned",
      state: { stops: { t0: aStop({ phase: "stopping" }) } },
    },
    {
      first: "stopping",
      before: "abandoned",
      tasks: "v1<abandoned",
      state: { stops: { t0: aStop({ phase: "stopping" }) } },
    },
    { first: "returned", before: "leaving", tasks: "v1<returned", state: { stops: { t0: aStop() } } },
    { first: "abandoned", before: "leaving", tasks: "v1<abandoned", state: { stops: { t0: aStop() } } },
    { first: "abandoned", before: "lost", tasks: "v1<abandoned" },
    { first: "leaving", before: "unsettled", tasks: "v1<of1", calls: "sent v1/0", state: { stops: { t0: aStop() } } },
    { first: "leaving", before: "surplus", tasks: "v1/9", state: { stops: { t0: aStop() } } },
    { first: "unsettled", before: "ending", tasks: "v1^<of1", calls: "sent v1/0" },
    { first: "orphan", before: "ending", tasks: "v1^<of1", calls: "void v1/0" },
    { first: "unowned", before: "ending", tasks: "v1^<loose" },
    { first: "ending", before: "lost", tasks: "v1^<lost" },
    { first: "ending", before: "old", tasks: "v2/0^" },
    { first: "lost", before: "stuck", tasks: "v1?+601<lost" },
    { first: "lost", before: "unhealthy", tasks: "v1!<lost" },
    { first: "unhealthy", before: "old", tasks: "v2/0!" },
    { first: "unhealthy", before: "surplus", tasks: "v1/9!" },
    { first: "stuck", before: "surplus", tasks: "v1/9?+601" },
    { first: "old", before: "surplus", tasks: "v2/9" },
  ])("$first before $before", ({ first, before: _, ...told }) => {
    expect(buckets(told)).toBe(first);
  });
});

describe("two tasks of one slot: one has no owner", () => {
  test.for<Told & { readonly name: string; readonly are: string }>([
    { name: "the one that serves stays", tasks: "v1/0?+500 v1/0+9", are: "orphan kept" },
    { name: "not one that fails, however far it came", tasks: "v1/0? v1/0!", are: "kept unhealthy" },
    { name: "not one that never ran", tasks: "v1/0?+601 v1/0?", are: "stuck kept" },
    { name: "the older stays", tasks: "v1/0+10 v1/0+20", are: "orphan kept" },
    { name: "the smaller id stays", tasks: "v1/0 v1/0", are: "kept orphan" },
    { name: "one that leaves does not count", tasks: "v1/0<leaving v1/0?", are: "leaving kept" },
    { name: "one that somebody stops does not count", tasks: "v1/0^ v1/0?", are: "ending kept" },
    { name: "one on a lost node does not count", tasks: "v1/0<lost v1/0?", are: "lost kept" },
    { name: "one that was abandoned does not count", tasks: "v1/0<returned v1/0?", are: "returned kept" },
    { name: "one that stopped does not count", tasks: "v1/0- v1/0?", are: "stopped kept" },
  ])("$name", ({ name: _, are, ...told }) => {
    expect(buckets(told)).toBe(are);
  });
});

test("of two tasks of one slot the smaller id stays, in whatever order they are listed", () => {
  const snapshot = aSnapshot({ tasks: "v1/0 v1/0" });
  const given = { ...snapshot, tasks: snapshot.tasks.toReversed() };
  expect(renderBuckets(classify(given, given.state?.plan))).toBe("orphan kept");
});

test("a task that has its slot has it whatever became of its call", () => {
  for (const calls of ["sent v1/0", "void v1/0", "answered v1/0=t9"]) {
    const snapshot = aSnapshot({ tasks: "v1", calls });
    const tasks = snapshot.tasks.map((task) => ({ ...task, token: "token-1" as Token }));
    expect(renderBuckets(classify({ ...snapshot, tasks }, snapshot.state?.plan))).toBe("kept");
  }
});

test("deadlines and graces are kept to the millisecond", () => {
  const late = (told: Told) => ({ ...aSnapshot(told), nowMs: nowMs + 1 });
  const stuck = late({ tasks: "v1?+600" });
  expect(renderBuckets(classify(stuck, stuck.state?.plan))).toBe("stuck");
  const failing = late({ tasks: "v1+60", traffic: [{ healthGraceSeconds: 60 }], targets: "t0 unhealthy" });
  expect(renderBuckets(classify(failing, failing.state?.plan))).toBe("unhealthy");
});

/** The stage of the first task drawn. */
function stage(told: Told): string {
  const snapshot = aSnapshot(told);
  return snapshot.tasks[0] ? stageOf(snapshot.tasks[0], snapshot) : "none";
}

describe("how far a task has come", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "not yet running", tasks: "v1?", is: "starting" },
    { name: "running, its health not known", tasks: "v1~", is: "running" },
    { name: "running, its health bad", tasks: "v1!", is: "running" },
    {
      name: "running without a check is healthy, and without traffic available",
      tasks: "v1~",
      health: false,
      is: "available",
    },
    { name: "told to stop", tasks: "v1^", is: "running" },
    { name: "healthy and not in its traffic", tasks: "v1", traffic: [{}], targets: "", is: "healthy" },
    { name: "healthy and registering", tasks: "v1", traffic: [{}], targets: "t0 initial", is: "healthy" },
    { name: "its group not read", tasks: "v1", traffic: [{}], targets: "unread", is: "healthy" },
    { name: "healthy in its traffic", tasks: "v1", traffic: [{}], is: "available" },
    { name: "ready only now", tasks: "v1*", is: "in traffic" },
    { name: "ready for less than it has to be", tasks: "v1+9", minReadySeconds: 10, is: "in traffic" },
    { name: "ready for as long as it has to be", tasks: "v1+10", minReadySeconds: 10, is: "available" },
    {
      name: "running for as long as it has to be, without any check",
      tasks: "v1+9",
      health: false,
      minReadySeconds: 10,
      is: "in traffic",
    },
    {
      name: "in one group, and the other is not for it",
      tasks: "v1",
      traffic: [{}, { port: "other" }],
      is: "available",
    },
  ])("$name: $is", ({ name: _, is, ...told }) => {
    expect(stage(told)).toBe(is);
  });

  test("in one group of two: healthy", () => {
    const snapshot = aSnapshot({ tasks: "v1", traffic: [{}, { targetGroup: "arn:b" }] });
    const targets = new Map(snapshot.targets).set("arn:b", { kind: "read", targets: [] });
    const [task = aTask("t0")] = snapshot.tasks;
    expect(stageOf(task, { ...snapshot, targets })).toBe("healthy");
    expect(stageOf(task, snapshot)).toBe("available");
  });

  test.for([
    { status: "RUNNING", desiredStatus: "STOPPED", is: "running" },
    { status: "DEACTIVATING", desiredStatus: "RUNNING", is: "running" },
    { status: "ACTIVATING", desiredStatus: "RUNNING", is: "starting" },
  ] as const)("$status, wanted $desiredStatus: $is", ({ status, desiredStatus, is }) => {
    const snapshot = aSnapshot({ tasks: "v1" });
    const [task = aTask("t0")] = snapshot.tasks;
    expect(stageOf({ ...task, status, desiredStatus }, snapshot)).toBe(is);
  });

  test("a target at another port of the same address is another's", () => {
    const snapshot = aSnapshot({ tasks: "v1", traffic: [{}] });
    const reading = { kind: "read", targets: [{ id: "10.0.0.0", port: 81, state: "healthy" }] } as const;
    const [task = aTask("t0")] = snapshot.tasks;
    expect(stageOf(task, { ...snapshot, targets: new Map([["arn:group", reading]]) })).toBe("healthy");
  });

  test("without checks counts from its start, or where nobody knows that, from when it was made", () => {
    const snapshot = aSnapshot({ health: false, minReadySeconds: 10, tasks: "v1+10" });
    const [task = aTask("t0")] = snapshot.tasks;
    const { startedAtMs: _, ...rest } = task;
    expect(stageOf({ ...task, startedAtMs: nowMs - 9000 }, snapshot)).toBe("in traffic");
    expect(stageOf(rest, snapshot)).toBe("available");
  });

  test("a check of a container that is not essential asks for nothing", () => {
    const snapshot = aSnapshot({ tasks: "v1~" });
    const { wanted } = snapshot;
    if (wanted === undefined) throw new Error("a snapshot names what it wants");
    const containers = wanted.content.task.containers.map((container) => ({ ...container, essential: false }));
    const content = { ...wanted.content, task: { ...wanted.content.task, containers } };
    const [task = aTask("t0")] = snapshot.tasks;
    expect(stageOf(task, { ...snapshot, wanted: { ...wanted, content } })).toBe("available");
  });

  test("an older revision is asked for its own checks, and a forgotten one for none", () => {
    const told: Told = { tasks: "v0/0~", wanted: "v1" };
    expect(stage(told)).toBe("running");
    expect(stage({ ...told, revisions: { v0: "none" } })).toBe("available");
  });
});

describe("stages move along legal moves alone", () => {
  const facts = record({
    runs: boolean(),
    health: constantFrom("HEALTHY" as const, "UNHEALTHY" as const, "UNKNOWN" as const),
    target: constantFrom("healthy", "initial", "unhealthy", "draining"),
    readyFor: integer({ min: 0, max: 20 }),
  });
  type Facts = typeof facts extends { generate: (...given: never[]) => { value: infer F } } ? F : never;

  function stageAt({ runs, health, target, readyFor }: Facts) {
    const snapshot = aSnapshot({ tasks: "v1", traffic: [{}], targets: `t0 ${target}`, minReadySeconds: 10 });
    const [drawn] = drawTasks(runs ? "v1~" : "v1?");
    const task = { ...(drawn?.task ?? aTask("t0")), health };
    return stageOf(readyFor > 0 ? { ...task, readySinceMs: nowMs - readyFor * 1000 } : task, snapshot);
  }

  /** Whether `to` can be reached from `from` by legal moves without passing through a stop or an empty slot. */
  function canReach(from: (typeof slotStates)[number], to: (typeof slotStates)[number]): boolean {
    const reached = new Set([from]);
    for (const state of reached)
      for (const next of slotStates)
        if (isLegalMove(state, next) && !["leaving", "stopping", "abandoned", "empty"].includes(next))
          reached.add(next);
    return reached.has(to);
  }

  test("one thing that changes is one move forward at most, or a fall that the table names", () => {
    assert(
      property(facts, facts, (before, after) => {
        // ECS's status only rises, and readiness is cleared by the pass that sees it gone.
        const later = { ...after, runs: before.runs || after.runs };
        const [from, to] = [stageAt(before), stageAt(later)];
        expect(from === to || canReach(from, to)).toBe(true);
        const falls = slotStates.indexOf(to) < slotStates.indexOf(from);
        if (falls && later.readyFor >= before.readyFor) expect(isLegalMove(from, to) || from === "healthy").toBe(true);
      }),
    );
  });
});
