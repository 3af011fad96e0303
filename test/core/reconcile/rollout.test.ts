import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { stopText } from "../../../core/model/own-stops.ts";
import type { CallRecord, RolloutRecord, StateRecord, TaskRecord } from "../../../core/model/records.ts";
import { takeAim } from "../../../core/reconcile/aim.ts";
import type { Aim } from "../../../core/reconcile/snapshot.ts";
import { aStop } from "../../support/drawn-plan.ts";
import { nowMs } from "../../support/service.ts";
import { aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;

type Failure = NonNullable<RolloutRecord["failure"]>;

interface Row extends Told {
  readonly name: string;
  /** Changes of every task, and of every call. */
  readonly task?: Partial<TaskRecord>;
  readonly call?: Partial<CallRecord>;
  readonly is: string;
}

/** The attempt at `v2` that began 100 seconds ago, and what failed of it. */
function begun(failure?: Partial<Failure>): RolloutRecord {
  const given = { reason: "BreakerTripped", message: "it broke", atMs: nowMs - 9000, outcome: "paused" } as const;
  return {
    attempt: 1,
    revision: v2,
    startedAtMs: nowMs - 100_000,
    ...(failure && { failure: { ...given, ...failure } }),
  };
}

const midway = {
  stable: v1,
  rollout: begun(),
  progress: { ...nothingYet, revision: v2 },
} satisfies Partial<StateRecord>;

/** What a pass aims at that finds a rolling update from `v1` to `v2` under way. */
function aimOf({ name: _, is: __, task, call, ...told }: Partial<Row>): Aim {
  const snapshot = aSnapshot({
    wanted: "v2",
    plan: "v1:0-1 v2:0-1 max 4",
    rollout: { strategy: "rolling" },
    ...told,
    revisions: { v1: {}, ...told.revisions },
    state: { ...midway, ...told.state },
  });
  const tasks = snapshot.tasks.map((each) => ({ ...each, ...task }));
  return takeAim({ ...snapshot, tasks, calls: snapshot.calls.map((each) => ({ ...each, ...call })) }).aim;
}

/** Why it failed: `"BreakerTripped: …"`; not at all: `""`. */
function failure(row: Partial<Row>): string {
  const found = aimOf(row).rollout.failure;
  return found === undefined ? "" : `${found.reason}: ${found.message}`;
}

function check(row: Row): void {
  expect(failure(row)).toBe(row.is);
}

/** A record without its task definition, and why that was refused. */
function refused(refusal: string, refusedAtMs = nowMs - 1000): NonNullable<Told["revisions"]> {
  return { v2: { taskDefinition: undefined as never, refusal, refusedAtMs } };
}

describe("a rollout goes on", () => {
  test.for<Row>([
    { name: "when nothing is amiss", tasks: "v1 v1 v2? v2~", is: "" },
    { name: "while the definition is on its way", revisions: { v2: "none" }, is: "" },
    { name: "however the others fail", tasks: "v1-+5 v1-+4 v1-+3 v0-+2 v0-+1", is: "" },
  ])("$name", check);
});

describe("somebody cancels it", () => {
  test.for<Row>([
    { name: "this generation", spec: { cancelled: 1 }, is: "Cancelled: the rollout of generation 1 was cancelled" },
    { name: "not an earlier one", spec: { cancelled: 1, generation: 2 }, is: "" },
  ])("$name", check);
});

describe("its task definition is refused", () => {
  test.for<Row>([
    {
      name: "for what it says",
      revisions: refused("no such log driver"),
      is: "ConfigurationRefused: ECS refused the task definition: no such log driver",
    },
    {
      name: "for what we may not do",
      revisions: refused("AccessDenied: iam:PassRole"),
      is: "PermissionMissing: ECS refused the task definition: AccessDenied: iam:PassRole",
    },
    {
      name: "as it began",
      revisions: refused("no", nowMs - 100_000),
      is: "ConfigurationRefused: ECS refused the task definition: no",
    },
    { name: "not before it began", revisions: refused("no", nowMs - 100_001), is: "" },
    { name: "not that of another revision", revisions: { v1: { refusal: "no", refusedAtMs: nowMs } }, is: "" },
  ])("$name", check);
});

describe("RunTask is refused for good", () => {
  const call: Partial<CallRecord> = { refusal: "not authorized to perform iam:PassRole" };
  const is = "PermissionMissing: ECS refused to start its tasks: not authorized to perform iam:PassRole";
  test.for<Row>([
    { name: "for its tasks", calls: "void v2/0", call, is },
    { name: "as it began", calls: "void v2/0", call: { ...call, firstSentAtMs: nowMs - 100_000 }, is },
    { name: "not before it began", calls: "void v2/0", call: { ...call, firstSentAtMs: nowMs - 100_001 }, is: "" },
    { name: "not for those of another revision", calls: "void v1/0", call, is: "" },
    { name: "not by a call that only came to nothing", calls: "void v2/0", is: "" },
  ])("$name", check);
});

describe("a task could not start, and none ever will", () => {
  const unpulled: Partial<TaskRecord> = {
    stopCode: "TaskFailedToStart",
    stoppedReason: "CannotPullContainerError: shop/web:2: not found",
  };
  const is = "ImageUnavailable: task t0 could not start: CannotPullContainerError: shop/web:2: not found (exit code 1)";
  test.for<Row>([
    { name: "of the revision", tasks: "v2-+50", task: { ...unpulled, startedAtMs: undefined as never }, is },
    { name: "not one that ran", tasks: "v2-+50", task: unpulled, is: "" },
    { name: "not of another", tasks: "v1-+50", task: { ...unpulled, startedAtMs: undefined as never }, is: "" },
    {
      name: "not one of before",
      tasks: "v2-+101",
      task: { ...unpulled, startedAtMs: undefined as never },
      is: "",
    },
  ])("$name", check);

  test("what is fatal is found among what is not, and one is enough", () => {
    const snapshot = { tasks: "v2-+50 v2-+40", rollout: { strategy: "rolling", breaker: { failures: 9 } } } as const;
    expect(failure({ ...snapshot, task: { ...unpulled, startedAtMs: undefined as never } })).toBe(is);
  });
});

describe("too many of its tasks fail", () => {
  const last = "the last one: Essential container in task exited (exit code 1)";
  const tripped = `BreakerTripped: 3 tasks of revision v2 failed, and 3 may not; ${last}`;
  const fewer = { rollout: { strategy: "rolling", breaker: { failures: 1 } } } as const;
  test.for<Row>([
    { name: "as many as may not", tasks: "v2-+50 v2-+40 v2-+30", is: tripped },
    { name: "one less may", tasks: "v2-+50 v2-+40", is: "" },
    { name: "whatever became healthy between", tasks: "v2-+50 v2-+40 v2+35 v2-+30 v2", is: tripped },
    {
      name: "each is one, also where they crash together",
      tasks: "v2-+50 v2-+50 v2-+50",
      is: tripped,
    },
    {
      name: "a plain count",
      ...fewer,
      tasks: "v2-+50",
      is: `BreakerTripped: 1 task of revision v2 failed, and 1 may not; ${last}`,
    },
    { name: "none of a plain count", ...fewer, tasks: "v2", is: "" },
    { name: "a share of what is wanted now", replicas: 7, tasks: "v2-+50 v2-+40 v2-+30", is: "" },
    {
      name: "a share of what the autoscaler wants",
      replicas: 7,
      autoscaling: { min: 0, max: 9 },
      metrics: [20],
      tasks: "v2-+50 v2-+40 v2-+30",
      is: tripped,
    },
    { name: "not those of before it began", tasks: "v2-+101 v2-+40 v2-+30", is: "" },
    { name: "one that was made as it began", tasks: "v2-+100 v2-+40 v2-+30", is: tripped },
    { name: "not those of other revisions", tasks: "v1-+50 v2-+40 v2-+30", is: "" },
    { name: "not those that ended for want of capacity", ...fewer, tasks: "v2-+50", task: unplaced(), is: "" },
    { name: "not those that somebody stopped", ...fewer, tasks: "v2-+50", task: { stopCode: "UserInitiated" }, is: "" },
  ])("$name", check);

  function unplaced(): Partial<TaskRecord> {
    return { startedAtMs: undefined as never, stopCode: "TaskFailedToStart", stoppedReason: "RESOURCE:MEMORY" };
  }

  test("the last one is the one that stopped last, in whatever order they are listed", () => {
    const snapshot = aSnapshot({ wanted: "v2", tasks: "v2-+50 v2-+30 v2-+40", state: midway });
    const tasks = snapshot.tasks.map((task, index) => ({ ...task, stoppedReason: `reason ${index}` }));
    expect(takeAim({ ...snapshot, tasks }).aim.rollout.failure?.message).toContain("the last one: reason 1 (");
    const [first, second, third] = tasks;
    const unknown = [second, { ...third, stoppedAtMs: undefined as never }, first].flatMap((task) => task ?? []);
    const given = { ...snapshot, tasks: unknown as typeof tasks };
    expect(takeAim(given).aim.rollout.failure?.message).toContain("the last one: reason 1 (");
  });

  const ours = { stopCode: "UserInitiated", exitCode: undefined as never };
  test.for<Row>([
    {
      name: "one that we stopped as unhealthy counts",
      task: { ...ours, stoppedReason: stopText("unhealthy") },
      is: "BreakerTripped: 1 task of revision v2 failed, and 1 may not; the last one: unhealthy",
    },
    {
      name: "one that we stopped as stuck counts",
      task: { ...ours, stoppedReason: stopText("failed to start") },
      is: "BreakerTripped: 1 task of revision v2 failed, and 1 may not; the last one: failed to start",
    },
    {
      name: "one whose stop is still stored counts by that",
      task: ours,
      state: { stops: { t0: aStop({ why: "unhealthy" }) } },
      is: `BreakerTripped: 1 task of revision v2 failed, and 1 may not; the last one: Essential container in task exited`,
    },
    {
      name: "one that we stopped as surplus does not, however it ended",
      task: { stoppedReason: stopText("surplus") },
      is: "",
    },
    {
      name: "nor one whose stored stop says so",
      state: { stops: { t0: aStop({ why: "replaced" }) } },
      is: "",
    },
  ])("by our own hand: $name", (row) => {
    check({ ...fewer, tasks: "v2-+50", ...row });
  });

  test("not one of an earlier life of the service", () => {
    const told: Partial<Row> = { ...fewer, tasks: "v2-+50", calls: "answered v2/0=t0" };
    const firstSentAtMs = nowMs - 50_000;
    expect(failure({ ...told, call: { uid: "u0", firstSentAtMs } })).toBe("");
    expect(failure({ ...told, call: { uid: "u1", firstSentAtMs } })).toContain("BreakerTripped");
  });
});

describe("it takes too long", () => {
  const late = { ...midway.progress, atMs: nowMs - 600_001 };
  const held = { tasks: 4, cpuUnits: 1024, memoryMib: 2048 };
  const state = { progress: late, held };
  const is = "ProgressDeadlineExceeded: no progress for more than 600 seconds";
  test.for<Row>([
    { name: "longer than it may", state, is },
    { name: "just as long as it may", state: { progress: { ...late, atMs: nowMs - 600_000 } }, is: "" },
    {
      name: "longer than the spec says",
      progressDeadlineSeconds: 60,
      state: { progress: { ...late, atMs: nowMs - 60_001 }, held },
      is: "ProgressDeadlineExceeded: no progress for more than 60 seconds",
    },
    { name: "not since a resume", state, resumedAtMs: nowMs - 600_000, is: "" },
    { name: "long since a resume", state, resumedAtMs: nowMs - 600_001, is },
    { name: "never while it is held", state, spec: { rolloutPaused: true }, is: "" },
    { name: "not with nothing to go back to", state: { ...state, stable: undefined as never }, is: "" },
    { name: "not once it is complete", state: { progress: { ...late, complete: true } }, is: "" },
    { name: "not by the progress of another generation", state, spec: { generation: 2 }, is: "" },
    { name: "not by the progress of another revision", state: { progress: { ...late, revision: v1 } }, is: "" },
    {
      name: "and what has no place says so",
      state,
      notice: { tasks: {}, unplaced: { tasks: 2, message: "1 node is full" } },
      is: `${is}: 2 tasks have no place, 1 node is full`,
    },
    { name: "and other notices say nothing", state, notice: { tasks: {} }, is },
    {
      name: "and a quota without room for the surge says so",
      state: { ...state, held: { ...held, tasks: 3 } },
      is: `${is}: the namespace's quota has no room for the surge`,
    },
    {
      name: "not while one that is replaced leaves",
      state: { ...state, stops: { t0: aStop({ why: "replaced" }) } },
      is: "",
    },
    { name: "nor while one too many does", state: { ...state, stops: { t0: aStop({ why: "surplus" }) } }, is: "" },
    { name: "but while one that failed does", state: { ...state, stops: { t0: aStop({ why: "unhealthy" }) } }, is },
  ])("$name", check);
});

describe("of several reasons the first counts", () => {
  const stopped = "v2-+50 v2-+40 v2-+30";
  const fatal = {
    startedAtMs: undefined as never,
    stopCode: "TaskFailedToStart",
    stoppedReason: "CannotPullContainerError: shop/web:2: not found",
  };
  const everything: Partial<Row> = {
    spec: { cancelled: 1 },
    revisions: refused("bad"),
    calls: "void v2/0",
    call: { refusal: "AccessDenied" },
    tasks: stopped,
    task: fatal,
    state: { progress: { ...midway.progress, atMs: 0 } },
  };
  const uncancelled = { ...everything, spec: {} };
  const defined = { ...uncancelled, revisions: {} };
  const called = { ...defined, calls: "" };
  const ran = { ...called, task: {} };
  test.for<{ readonly row: Partial<Row>; readonly is: string }>([
    { row: everything, is: "Cancelled: the" },
    { row: uncancelled, is: "ConfigurationRefused: ECS refused the task definition" },
    { row: defined, is: "PermissionMissing: ECS refused to start its tasks" },
    { row: called, is: "ImageUnavailable: task t0 could not start" },
    { row: ran, is: "BreakerTripped: 3" },
    { row: { ...ran, tasks: "" }, is: "ProgressDeadlineExceeded: no" },
  ])("$is …", ({ row, is }) => {
    expect(failure(row).slice(0, is.length)).toBe(is);
  });

  test.for<{ readonly name: string; readonly row: Partial<Row>; readonly is: string }>([
    { name: "a proven revision fails no more", row: { state: { ...everything.state, stable: v2 } }, is: "" },
    { name: "nor does what is deleted", row: { deleting: true }, is: "" },
    {
      name: "what failed has failed once",
      row: { state: { ...everything.state, rollout: begun({}) } },
      is: "BreakerTripped: it broke",
    },
  ])("none: $name", ({ row, is }) => {
    expect(failure({ ...everything, ...row })).toBe(is);
  });
});

describe("then", () => {
  /** What becomes of it, and what everything goes to. */
  function outcome(row: Partial<Row>): string {
    const { rollout, target } = aimOf({ tasks: "v2-+50 v2-+40 v2-+30", ...row });
    expect(rollout).toMatchObject({ attempt: 1, revision: v2, startedAtMs: nowMs - 100_000, failure: { atMs: nowMs } });
    return `${rollout.failure?.outcome} → ${target}`;
  }

  test.for<Row>([
    { name: "what ran before comes back", is: "rolled back → v1" },
    {
      name: "not where the spec says to pause",
      rollout: { strategy: "rolling", onFailure: "pause" },
      is: "paused → v2",
    },
    { name: "not where it went back already", spec: { isRollback: true }, is: "paused → v2" },
    { name: "not where nothing was proven", state: { stable: undefined as never }, is: "paused → v2" },
    { name: "not where that is on no record", revisions: { v1: "none" }, is: "paused → v2" },
    {
      name: "not where that has no task definition",
      revisions: { v1: { taskDefinition: undefined as never } },
      is: "paused → v2",
    },
    {
      name: "cancelled it comes back, whatever the spec says",
      rollout: { strategy: "rolling", onFailure: "pause" },
      spec: { cancelled: 1 },
      is: "rolled back → v1",
    },
    { name: "also what went back already", spec: { cancelled: 1, isRollback: true }, is: "rolled back → v1" },
    {
      name: "but not where nothing was proven",
      spec: { cancelled: 1 },
      state: { stable: undefined as never },
      is: "paused → v2",
    },
  ])("$name", ({ is, ...row }) => {
    expect(outcome(row)).toBe(is);
  });
});

describe("the attempt", () => {
  const fresh = { attempt: 1, revision: v2, startedAtMs: nowMs };
  const failed = (outcome: Failure["outcome"]): Partial<StateRecord> => ({ rollout: begun({ outcome }) });

  interface Attempt extends Told {
    readonly name: string;
    readonly is: RolloutRecord;
    readonly target?: Revision | undefined;
  }
  test.for<Attempt>([
    { name: "goes on as it is stored", is: begun() },
    { name: "begins where there is no state", plan: "none", is: fresh },
    { name: "begins where none is stored", state: { rollout: undefined as never }, is: fresh },
    { name: "begins anew in another life of the service", state: { uid: "u0" }, is: fresh },
    { name: "begins anew over a tombstone", state: { tombstone: true }, is: fresh },
    { name: "begins anew when the spec says so", spec: { attempt: 2 }, is: { ...fresh, attempt: 2 } },
    { name: "not for another generation alone", spec: { generation: 5 }, is: begun() },
    {
      name: "begins anew for another revision, though nobody asked: the install's defaults changed",
      wanted: "v3",
      is: { ...fresh, revision: "v3" as Revision },
    },
    { name: "that failed stays failed", state: failed("paused"), is: begun({ outcome: "paused" }) },
    {
      name: "that failed and was rolled back stays so",
      state: failed("rolled back"),
      is: begun({ outcome: "rolled back" }),
      target: v1,
    },
    {
      name: "that failed is tried again on a resume",
      state: failed("paused"),
      spec: { resumedAtMs: nowMs - 9000 },
      is: { ...fresh, resumedAtMs: nowMs - 9000 },
    },
    {
      name: "not again on a resume that was tried",
      state: { rollout: { ...begun({ outcome: "paused" }), resumedAtMs: nowMs + 30_000 } },
      spec: { resumedAtMs: nowMs + 30_000 },
      is: { ...begun({ outcome: "paused" }), resumedAtMs: nowMs + 30_000 },
    },
    {
      name: "not on a resume of before",
      state: failed("paused"),
      spec: { resumedAtMs: nowMs - 9001 },
      is: begun({ outcome: "paused" }),
    },
    {
      name: "not on a resume of the namespace or the install",
      state: failed("paused"),
      resumedAtMs: nowMs,
      is: begun({ outcome: "paused" }),
    },
    { name: "nor does a resume begin one that goes on", spec: { resumedAtMs: nowMs }, is: begun() },
    {
      name: "that was rolled back is not tried again on a resume",
      state: failed("rolled back"),
      spec: { resumedAtMs: nowMs },
      is: begun({ outcome: "rolled back" }),
      target: v1,
    },
    {
      name: "that was rolled back is tried again by a new one",
      state: failed("rolled back"),
      spec: { attempt: 2 },
      is: { ...fresh, attempt: 2 },
    },
  ])("$name", ({ name: _, is, target, ...told }) => {
    const aim = aimOf(told);
    expect(aim.rollout).toEqual(is);
    expect(aim.target).toBe(target ?? is.revision);
  });

  test("anew counts no failure of before", () => {
    const tasks = "v2-+50 v2-+40 v2-+30";
    expect(failure({ tasks, state: failed("paused"), spec: { resumedAtMs: nowMs } })).toBe("");
    expect(failure({ tasks, state: failed("rolled back"), spec: { attempt: 2 } })).toBe("");
    expect(failure({ tasks, revisions: refused("no"), spec: { attempt: 2 } })).toBe("");
    expect(failure({ calls: "void v2/0", call: { refusal: "no" }, spec: { attempt: 2 } })).toBe("");
  });
});

describe("until what is wanted can be started", () => {
  const undefinedYet = { v2: { taskDefinition: undefined as never } };
  test.for<Told & { readonly name: string; readonly is: Revision | undefined }>([
    { name: "what is proven goes on", revisions: undefinedYet, is: v1 },
    { name: "also before that is on record", revisions: { v2: "none" }, is: v1 },
    {
      name: "also where it failed",
      revisions: undefinedYet,
      state: { rollout: begun({ outcome: "paused" }) },
      is: v1,
    },
    {
      name: "what is proven before what was planned last",
      revisions: undefinedYet,
      plan: "v1:0 v0:0 max 4",
      is: v1,
    },
    { name: "else what was planned last", revisions: undefinedYet, plan: "v0:0 v3:0 max 4", is: "v3" as Revision },
    {
      name: "else what was planned last, unless that is barred",
      revisions: undefinedYet,
      plan: "v0:0 v3:0 max 4, bars v3",
      is: "v0" as Revision,
    },
    {
      name: "nothing where all that was planned is barred",
      revisions: undefinedYet,
      plan: "v3:0 max 4, bars v3",
      is: undefined,
    },
    { name: "nothing where nothing was planned", revisions: undefinedYet, plan: "none", is: undefined },
    { name: "then that is aimed at", is: v2 },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(aimOf(told).target).toBe(is);
  });
});
