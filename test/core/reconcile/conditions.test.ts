import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { BackOff, Plan, Progress, RolloutRecord, Scale } from "../../../core/model/records.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { countStages, decideConditions, type Facts } from "../../../core/reconcile/conditions.ts";
import { availableCount } from "../../../core/reconcile/progress.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { nowMs } from "../../support/service.ts";
import { anAimed, aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

interface Row extends Told {
  readonly name: string;
  readonly facts?: Partial<Facts>;
  readonly is: string;
}

function conditionsOf(told: Told, facts: Partial<Facts> = {}) {
  const snapshot = anAimed(told);
  const plan = snapshot.state?.plan ?? drawPlan("max 0");
  const classified = classify(snapshot, plan);
  const nothing = { progress: nothingYet, refusedByQuota: 0, waiting: true, backOffs: [] };
  return decideConditions({ snapshot, classified, plan, ...nothing, ...facts });
}

/** What one condition says: `"True Complete: generation 1 is live"`. */
function check(type: string): (row: Row) => void {
  return ({ name: _, facts, is, ...told }) => {
    const found = conditionsOf(told, facts).find((condition) => condition.type === type);
    expect(`${found?.status} ${found?.reason}: ${found?.message}`).toBe(is);
  };
}

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;
const failedTwice: BackOff = { revision: v1, failures: 2, lastFailureAtMs: nowMs };
/** Three slots of `v1`, of which nothing starts before then. */
function waitingUntil(notBeforeMs: number): Plan {
  const plan = drawPlan("v1:0-2 max 3");
  return { ...plan, sets: plan.sets.map((set) => ({ ...set, notBeforeMs })) };
}

const complete: Progress = { ...nothingYet, complete: true };
const late: Progress = { ...nothingYet, atMs: nowMs - 600_001 };
const unplaced = { tasks: {}, unplaced: { tasks: 2, message: "2 nodes have not enough free CPU: 256 units wanted" } };

describe("Available", () => {
  test.for<Row>([
    {
      name: "none wanted any more",
      deleting: true,
      tasks: "v1<stopping",
      is: "True ReplicasAvailable: 0 of 0 tasks are available: 1 stopping",
    },
    { name: "all", tasks: "v1 v1 v1", is: "True ReplicasAvailable: 3 of 3 tasks are available" },
    {
      name: "more than all",
      tasks: "v1 v1 v1 v1",
      is: "True ReplicasAvailable: 4 of 3 tasks are available: 3 available, 1 surplus",
    },
    {
      name: "older ones too",
      tasks: "v0 v0 v1",
      is: "True ReplicasAvailable: 3 of 3 tasks are available: 1 available, 2 of an older revision",
    },
    { name: "none yet", is: "False ReplicasUnavailable: 0 of 3 tasks are available" },
    { name: "none wanted", replicas: 0, is: "True ReplicasAvailable: 0 of 0 tasks are available" },
    {
      name: "too few",
      tasks: "v1 v1? v1<leaving",
      is: "False ReplicasUnavailable: 1 of 3 tasks are available: 1 available, 1 leaving, 1 starting",
    },
    {
      name: "too few, and the next start waits",
      tasks: "v1",
      facts: { backOffs: [failedTwice], plan: waitingUntil(nowMs + 1) },
      is: "False ReplicasUnavailable: 1 of 3 tasks are available; tasks failed 2 times in a row: the next start waits 1 s after the failure",
    },
    {
      name: "nobody knows",
      tasks: "v1",
      traffic: [{}],
      targets: "unread",
      is: "Unknown TargetsUnread: target group arn:group could not be read; 0 of 3 tasks are available: 1 healthy",
    },
    {
      name: "a group that is gone is known",
      tasks: "v1",
      traffic: [{}],
      targets: "absent",
      is: "False ReplicasUnavailable: 0 of 3 tasks are available: 1 healthy",
    },
    {
      name: "a group that could not be read hides nothing that is enough",
      replicas: 0,
      traffic: [{}],
      targets: "unread",
      is: "True ReplicasAvailable: 0 of 0 tasks are available",
    },
  ])("$name", check("Available"));

  test.for<Row>([
    {
      name: "leaving, stopping, lost and failing ones do not count",
      tasks: "v1<leaving v1<stopping v1<lost v1!",
      is: "0",
    },
    { name: "surplus ones do", tasks: "v1 v1/9", is: "2" },
    { name: "older ones are another revision's", tasks: "v0 v1", is: "1" },
    { name: "only those that are available", tasks: "v1 v1* v1~ v1?", is: "1" },
  ])("of the wanted revision: $name", ({ name: _, is, facts: __, ...told }) => {
    const snapshot = anAimed(told);
    expect(String(availableCount(snapshot, classify(snapshot, snapshot.state?.plan)))).toBe(is);
  });
});

describe("Progressing", () => {
  test.for<Row>([
    { name: "on its way", tasks: "v1 v1?", is: "True RollingOut: generation 1 is on its way: 1 available, 1 starting" },
    { name: "deleting", tasks: "v1<stopping", deleting: true, is: "True Deleting: stopping its tasks: 1 stopping" },
    { name: "deleting, with no task left", deleting: true, is: "True Deleting: no task is left" },
    {
      name: "its definition refused",
      revisions: { v1: { refusal: "no such role" } },
      is: "False ConfigurationRefused: ECS refused the task definition: no such role; nothing more of revision v1 starts; change the spec, roll back, or resume to try it again",
    },
    {
      name: "an older definition refused",
      revisions: { v0: { refusal: "no such role" } },
      is: "True RollingOut: generation 1 is on its way",
    },
    {
      name: "no target group",
      traffic: [{}],
      targets: "absent",
      is: "False TargetGroupNotFound: target group arn:group does not exist: create it, or change spec.traffic",
    },
    {
      name: "complete",
      facts: { progress: complete },
      is: "True Complete: generation 1 is live",
    },
    {
      name: "too late",
      tasks: "v1?",
      facts: { progress: late },
      is: "False ProgressDeadlineExceeded: no progress for more than 600 seconds: 1 starting; look at the tasks' last stop, or raise spec.rollout.progressDeadlineSeconds",
    },
    {
      name: "too late, with no task",
      facts: { progress: late },
      is: "False ProgressDeadlineExceeded: no progress for more than 600 seconds; look at the tasks' last stop, or raise spec.rollout.progressDeadlineSeconds",
    },
    {
      name: "just in time",
      facts: { progress: { ...late, atMs: nowMs - 600_000 } },
      is: "True RollingOut: generation 1 is on its way",
    },
    {
      name: "waiting after a failure",
      facts: { backOffs: [{ ...failedTwice, failures: 1 }], plan: waitingUntil(nowMs + 1) },
      is: "True BackingOff: tasks failed once: the next start waits 1 s after the failure",
    },
    {
      name: "waiting after several",
      tasks: "v1-+9 v1-",
      facts: {
        backOffs: [{ ...failedTwice, lastFailureAtMs: nowMs - 30_000 }],
        plan: waitingUntil(nowMs + 10_000),
      },
      is: "True BackingOff: tasks failed 2 times in a row: the next start waits 40 s after the failure; the last one stopped with: Essential container in task exited (exit code 1)",
    },
    {
      name: "the wait is over",
      facts: { backOffs: [failedTwice], plan: waitingUntil(nowMs) },
      is: "True RollingOut: generation 1 is on its way",
    },
    {
      name: "too late, but for a resume",
      resumedAtMs: nowMs - 600_000,
      facts: { progress: late },
      is: "True RollingOut: generation 1 is on its way",
    },
    {
      name: "too late, and a resume is long ago",
      resumedAtMs: nowMs - 600_001,
      facts: { progress: late },
      is: "False ProgressDeadlineExceeded: no progress for more than 600 seconds; look at the tasks' last stop, or raise spec.rollout.progressDeadlineSeconds",
    },
    {
      name: "no failure, no wait",
      facts: { plan: waitingUntil(nowMs + 1) },
      is: "True RollingOut: generation 1 is on its way",
    },
  ])("$name", check("Progressing"));

  /** `v2` beside `v1`, which is stable. */
  const midway: Told = { wanted: "v2", plan: "v0:4 v1:0-1 v2:0-2 max 4", tasks: "v1 v1 v2?" };

  /** A rollout of `v2` that was under way, with this on record. */
  function rolling(failure?: RolloutRecord["failure"]): Told {
    const rollout = { attempt: 1, revision: v2, startedAtMs: 0, ...(failure && { failure }) };
    return { ...midway, state: { stable: v1, rollout } };
  }

  const cancelled = {
    reason: "Cancelled",
    message: "somebody did not like it",
    atMs: nowMs,
    outcome: "paused",
  } as const;
  const backward = { ...cancelled, outcome: "rolled back" } as const;

  test.for<Row>([
    {
      name: "on its way beside older ones",
      ...rolling(),
      is: "True RollingOut: generation 1 is on its way, 3 of revision v2 beside 1 of v0 and 2 of v1: 2 available, 1 starting",
    },
    {
      name: "on its way, and nothing planned of it yet",
      ...rolling(),
      plan: "v1:0-1 v0:0 max 4",
      is: "True RollingOut: generation 1 is on its way, 0 of revision v2 beside 2 of v1 and 1 of v0: 2 available, 1 of an older revision",
    },
    {
      name: "held by hand",
      ...rolling(),
      spec: { rolloutPaused: true },
      is: "Unknown RolloutPaused: the rollout is paused: 3 of revision v2 beside 1 of v0 and 2 of v1",
    },
    {
      name: "held by hand with one revision",
      tasks: "v1?",
      spec: { rolloutPaused: true },
      is: "Unknown RolloutPaused: the rollout is paused: 1 starting",
    },
    {
      name: "held by hand with no task",
      spec: { rolloutPaused: true },
      is: "Unknown RolloutPaused: the rollout is paused",
    },
    {
      name: "failed",
      ...rolling(cancelled),
      is: "False Cancelled: somebody did not like it; nothing more of revision v2 starts; change the spec, roll back, or resume to try it again",
    },
    {
      name: "going back",
      ...rolling(backward),
      is: "False RollingBack: Cancelled: somebody did not like it; going back to revision v1: 2 available, 1 starting",
    },
    {
      name: "going back, with no task yet",
      ...rolling(backward),
      tasks: "",
      is: "False RollingBack: Cancelled: somebody did not like it; going back to revision v1",
    },
    {
      name: "going back, and held by hand",
      ...rolling(backward),
      tasks: "",
      spec: { rolloutPaused: true },
      is: "Unknown RolloutPaused: the rollout is paused: 2 of revision v1 beside 1 of v0 and 3 of v2; Cancelled: somebody did not like it; going back to revision v1",
    },
    {
      name: "gone back",
      ...rolling(backward),
      facts: { progress: complete },
      is: "False RolledBack: Cancelled: somebody did not like it; revision v1 runs again in place of v2",
    },
  ])("$name", check("Progressing"));

  const waitingTwice: BackOff = { revision: v2, failures: 3, lastFailureAtMs: nowMs - 1000 };
  const bothWait = drawPlan("v1:0-1 v2:0-2 max 4");
  test.for<Row>([
    {
      name: "of two that wait it is the target",
      facts: { plan: { ...bothWait, sets: bothWait.sets.map((set) => ({ ...set, notBeforeMs: nowMs + 1000 })) } },
      is: "True BackingOff: tasks failed 3 times in a row: the next start waits 2 s after the failure",
    },
    {
      name: "else the one that holds what runs",
      facts: {
        plan: { ...bothWait, sets: bothWait.sets.map((set, index) => ({ ...set, notBeforeMs: nowMs + 1 - index })) },
      },
      is: "True BackingOff: tasks failed 2 times in a row: the next start waits 1 s after the failure",
    },
  ])("waiting: $name", (row) => {
    check("Progressing")({
      ...row,
      ...rolling(),
      tasks: "",
      facts: { backOffs: [failedTwice, waitingTwice], ...row.facts },
    });
  });

  const everything: Row = {
    name: "",
    ...rolling(backward),
    deleting: true,
    traffic: [{}],
    targets: "absent",
    spec: { rolloutPaused: true },
    facts: { progress: { ...late, complete: true }, backOffs: [failedTwice], plan: waitingUntil(nowMs + 1) },
    is: "",
  };
  const runsAgain = { ...everything, deleting: false };
  const goesBack = { ...runsAgain, facts: { ...runsAgain.facts, progress: late } };
  const moves = { ...goesBack, spec: {} };
  const stays = { ...runsAgain, ...rolling(cancelled) };
  const unfailed = { ...runsAgain, ...rolling() };
  const found = { ...unfailed, targets: "" };
  const incomplete = { ...found, facts: { ...found.facts, progress: late } };
  const unheld = { ...incomplete, spec: {} };
  const intime = { ...unheld, facts: { ...unheld.facts, progress: nothingYet } };

  test.for<{ readonly reason: string; readonly row: Row }>([
    { reason: "Deleting", row: everything },
    { reason: "RolledBack", row: runsAgain },
    { reason: "RolloutPaused", row: goesBack },
    { reason: "RollingBack", row: moves },
    { reason: "Cancelled", row: stays },
    { reason: "TargetGroupNotFound", row: unfailed },
    { reason: "Complete", row: found },
    { reason: "RolloutPaused", row: incomplete },
    { reason: "ProgressDeadlineExceeded", row: unheld },
    { reason: "BackingOff", row: intime },
    { reason: "RollingOut", row: { ...intime, facts: {} } },
  ])("$reason before what comes after it", ({ reason, row: { name: _, is: __, facts, ...told } }) => {
    expect(conditionsOf(told, facts).find(({ type }) => type === "Progressing")?.reason).toBe(reason);
  });

  test("the last stop is the latest, with what is known of it", () => {
    const snapshot = anAimed({ tasks: "v1-+9 v1-+5 v1-+7 v1", rollout: { breaker: { failures: 4 } } });
    const tasks = snapshot.tasks.map(({ exitCode: _, ...task }, index) => ({
      ...task,
      stoppedReason: `reason ${index}`,
    }));
    const classified = classify(snapshot, snapshot.state?.plan);
    const facts = {
      classified,
      progress: nothingYet,
      refusedByQuota: 0,
      waiting: true,
      plan: waitingUntil(nowMs + 1),
      backOffs: [failedTwice],
    };
    const progressing = (given: typeof tasks) =>
      decideConditions({ ...facts, snapshot: { ...snapshot, tasks: given } }).find(
        ({ type }) => type === "Progressing",
      );
    expect(progressing(tasks)?.message).toContain("; the last one stopped with: reason 1");
    expect(progressing(tasks)?.message).not.toContain("exit code");
    const silent = tasks.map(({ stoppedReason: _, ...task }) => task as (typeof tasks)[number]);
    expect(progressing(silent)?.message).not.toContain("stopped with");
  });
});

describe("Placed", () => {
  const placed = "True Placed: every task that may start has a place";
  test.for<Row>([
    { name: "every task", is: placed },
    {
      name: "beyond the quota",
      quota: 2,
      facts: { refusedByQuota: 1 },
      is: "False QuotaExceeded: 1 of 3 tasks are beyond the namespace's quota of 2 tasks",
    },
    {
      name: "no room",
      notice: unplaced,
      is: "False Unplaceable: 2 of 3 tasks have no place: 2 nodes have not enough free CPU: 256 units wanted",
    },
    {
      name: "beyond the quota, and no room for the rest",
      quota: 2,
      notice: unplaced,
      facts: { refusedByQuota: 1 },
      is: "False QuotaExceeded: 1 of 3 tasks are beyond the namespace's quota of 2 tasks",
    },
    { name: "no room, and nothing waits for any", notice: unplaced, facts: { waiting: false }, is: placed },
    { name: "no room, and it is deleted", deleting: true, notice: unplaced, is: placed },
  ])("$name", check("Placed"));
});

describe("ScalingActive", () => {
  const scale: Scale = { replicas: 4, recommended: [], moves: [] };
  const told: Told = { autoscaling: { min: 2, max: 6 }, state: { scale } };
  test.for<Row>([
    { name: "following", metrics: [40], is: "True Following: queue jobs wants 4 tasks (2 to 6 allowed)" },
    { name: "at the most", metrics: [99], is: "True AtMaximum: queue jobs wants 6 tasks or more, and max is 6" },
    { name: "at the least", metrics: [9], is: "True AtMinimum: queue jobs wants 2 tasks or fewer, and min is 2" },
    {
      name: "cooling down",
      autoscaling: { min: 0, max: 6 },
      metrics: [0],
      is: "True CoolingDown: no metric is above 0: 1 task for now, none after 300 s of that",
    },
    {
      name: "blind",
      metrics: ["missing"],
      is: "False MetricMissing: cannot read queue jobs (it was not there): 4 tasks, and no change until that is read",
    },
    { name: "not of what is deleted", deleting: true, metrics: [40], is: "undefined undefined: undefined" },
  ])("$name", (row) => {
    check("ScalingActive")({ ...told, ...row });
  });

  test("goes on, and is told, while the rollout is held", () => {
    const facts = conditionsOf({ ...told, metrics: [60], spec: { rolloutPaused: true } });
    expect(facts.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      "Available ReplicasUnavailable",
      "Progressing RolloutPaused",
      "Placed Placed",
      "ScalingActive AtMaximum",
    ]);
  });
});

describe("since when", () => {
  const before = { type: "Available" as const, status: "False" as const, reason: "x", message: "x", sinceMs: 7 };

  test.for([
    { name: "it was so before", conditions: [before], sinceMs: 7 },
    { name: "it was otherwise", conditions: [{ ...before, status: "True" as const }], sinceMs: nowMs },
    { name: "another condition was so", conditions: [{ ...before, type: "Placed" as const }], sinceMs: nowMs },
    { name: "nothing was said", conditions: [], sinceMs: nowMs },
  ])("$name", ({ conditions, sinceMs }) => {
    expect(conditionsOf({ state: { conditions } })[0]?.sinceMs).toBe(sinceMs);
  });

  test("each condition is told once, in the same order", () => {
    expect(conditionsOf({}).map(({ type }) => type)).toEqual(["Available", "Progressing", "Placed"]);
    expect(conditionsOf({ plan: "none" }).map(({ sinceMs }) => sinceMs)).toEqual([nowMs, nowMs, nowMs]);
  });
});

test("how many tasks are in which state, in people's words", () => {
  const snapshot = aSnapshot({
    tasks:
      "v1 v1? v1~ v1! v1^ v1- v0 v1/8 v1<leaving v1<stopping v1<lost v1<abandoned v1<returned v1<loose v1<of1 v1<of2 v1?+601",
    calls: "sent v1/9; void v1/9",
    replicas: 20,
  });
  expect(countStages(classify(snapshot, snapshot.state?.plan))).toBe(
    "2 available, 1 back but replaced, 1 ending, 1 leaving, 1 not yet settled, 1 of an older revision, 1 orphaned, 2 out of reach, 1 running, 1 starting, 1 stopping, 1 stuck before running, 1 to be adopted, 1 unhealthy",
  );
});
