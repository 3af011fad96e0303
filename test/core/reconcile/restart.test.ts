import { assert, integer, property, record, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { stopText } from "../../../core/model/own-stops.ts";
import type { BackOff, RolloutRecord, StopReason, TaskRecord } from "../../../core/model/records.ts";
import {
  countFailures,
  failedTasks,
  hasFailed,
  hasUncountedFailure,
  notBefore,
  verdictOf,
} from "../../../core/reconcile/restart.ts";
import { aCall, aStop } from "../../support/drawn-plan.ts";
import { aTask } from "../../support/drawn-tasks.ts";
import { nowMs } from "../../support/service.ts";
import { aSnapshot, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const restart = { backoffSeconds: 10, maxBackoffSeconds: 300, resetSeconds: 600 };

/** A failed task as its life in seconds: created, ran from (`-`: never) and stopped. */
function failure(life: string, given: Partial<TaskRecord> = {}): TaskRecord {
  const [created, started, stopped] = life.split(" ");
  return aTask(`t${life}`, {
    status: "STOPPED",
    revision: v1,
    createdAtMs: Number(created) * 1000,
    ...(started === "-" ? {} : { startedAtMs: Number(started) * 1000 }),
    stoppedAtMs: Number(stopped) * 1000,
    ...given,
  });
}

/** Failures counted, and when the last was: `"2 at 30"`. */
function count(lives: readonly string[], previous?: BackOff, given: Partial<typeof restart> = {}): string {
  const failed = lives.map((life) => failure(life));
  const counted = countFailures(previous, failed, { ...restart, ...given });
  return counted ? `${counted.failures} at ${counted.lastFailureAtMs / 1000}` : "none";
}

function backOff(failures: number, atSeconds: number, revision = v1): BackOff {
  return { revision, failures, lastFailureAtMs: atSeconds * 1000 };
}

describe("what is a failure", () => {
  test.for<{
    readonly name: string;
    readonly given: Partial<TaskRecord>;
    readonly why?: StopReason;
    readonly is: boolean;
  }>([
    { name: "it exited", given: { stopCode: "EssentialContainerExited" }, is: true },
    { name: "it never started", given: { stopCode: "TaskFailedToStart" }, is: true },
    { name: "a person stopped it", given: { stopCode: "UserInitiated" }, is: false },
    { name: "its host was lost", given: { stopCode: "TerminationNotice" }, is: false },
    { name: "spot took it", given: { stopCode: "SpotInterruption" }, is: false },
    { name: "the scheduler stopped it", given: { stopCode: "ServiceSchedulerInitiated" }, is: false },
    { name: "nobody says why", given: {}, is: false },
    { name: "we stopped it as unhealthy", given: { stopCode: "UserInitiated" }, why: "unhealthy", is: true },
    { name: "we stopped it as stuck", given: {}, why: "failed to start", is: true },
    {
      name: "we stopped it as surplus, and it exited",
      given: { stopCode: "EssentialContainerExited" },
      why: "surplus",
      is: false,
    },
    { name: "we stopped it as replaced", given: {}, why: "replaced", is: false },
    { name: "we stopped it on its return", given: {}, why: "returned", is: false },
    { name: "it still runs", given: { status: "RUNNING", stopCode: "EssentialContainerExited" }, is: false },
  ])("$name: $is", ({ given, why, is }) => {
    const { state } = aSnapshot({ state: { stops: why ? { t1: aStop({ why }) } : {} } });
    expect(hasFailed(aTask("t1", { status: "STOPPED", ...given }), state)).toBe(is);
  });

  test("also where there is no state yet", () => {
    expect(hasFailed(aTask("t1", { status: "STOPPED", stopCode: "TaskFailedToStart" }), undefined)).toBe(true);
  });
});

describe("what an end tells of the revision", () => {
  test.for<{
    readonly name: string;
    readonly given: Partial<TaskRecord>;
    readonly why?: StopReason;
    readonly is: string;
  }>([
    { name: "it exited", given: { stopCode: "EssentialContainerExited", startedAtMs: 1 }, is: "counts" },
    { name: "there was no room", given: { stopCode: "TaskFailedToStart", stoppedReason: "RESOURCE:CPU" }, is: "waits" },
    { name: "nobody says", given: {}, is: "innocent" },
    { name: "we told it to go as unhealthy", given: { stoppedReason: stopText("unhealthy") }, is: "counts" },
    { name: "we told it to go as stuck", given: { stoppedReason: stopText("failed to start") }, is: "counts" },
    {
      name: "we told it to go as replaced, and it exited badly",
      given: { stopCode: "EssentialContainerExited", stoppedReason: stopText("replaced") },
      is: "innocent",
    },
    {
      name: "the stored stop before what ECS shows",
      given: { stoppedReason: stopText("surplus") },
      why: "unhealthy",
      is: "counts",
    },
  ])("$name: $is", ({ given, why, is }) => {
    const { state } = aSnapshot({ state: { stops: why ? { t1: aStop({ why }) } : {} } });
    expect(verdictOf(aTask("t1", { status: "STOPPED", ...given }), state)).toBe(is);
  });

  test("also what only waits is followed by a wait", () => {
    const task = aTask("t1", { status: "STOPPED", stopCode: "TaskFailedToStart", stoppedReason: "RESOURCE:CPU" });
    expect(hasFailed(task, undefined)).toBe(true);
  });
});

describe("the failed tasks of a revision", () => {
  const v0 = "v0" as Revision;
  const exited = { stopCode: "EssentialContainerExited" };
  const tasks = [
    failure("0 1 10", exited),
    failure("5 6 11", exited),
    failure("1 2 12", { ...exited, revision: v0 }),
    failure("1 2 13", { ...exited, call: 1 }),
    failure("1 2 14", { ...exited, call: 2 }),
    failure("7 8 15"),
    failure("7 8 16", { ...exited, status: "STOPPING" }),
    failure("4 6 17", { ...exited, call: 3 }),
  ];
  const calls = [
    aCall(1, { uid: "u1", firstSentAtMs: 1000 }),
    aCall(2, { uid: "u0", firstSentAtMs: 1000 }),
    aCall(3, { uid: "u1", firstSentAtMs: 5200 }),
  ];
  const rollout = (revision: Revision, startedAtMs: number) => ({ attempt: 1, revision, startedAtMs });

  test.for<{
    readonly name: string;
    readonly uid?: string;
    readonly of?: Revision;
    readonly since?: RolloutRecord;
    readonly are: string;
  }>([
    { name: "of this life, or of nobody knows which", are: "t0 1 10, t5 6 11, t1 2 13, t4 6 17" },
    { name: "of an earlier life, or of nobody knows which", uid: "u0", are: "t0 1 10, t5 6 11, t1 2 14" },
    { name: "of another revision", of: v0, are: "t1 2 12" },
    {
      name: "that were asked for since it was tried, however far ECS's clock is behind",
      since: rollout(v1, 5000),
      are: "t5 6 11, t4 6 17",
    },
    { name: "all, where another is tried", since: rollout(v0, 5000), are: "t0 1 10, t5 6 11, t1 2 13, t4 6 17" },
  ])("$name", ({ uid = "u1", of = v1, since, are }) => {
    expect(
      failedTasks({ tasks, calls }, uid, of, since)
        .map(({ taskId }) => taskId)
        .join(", "),
    ).toBe(are);
  });
});

describe("a failure that its back-off does not count", () => {
  const counted: BackOff = { revision: v1, failures: 1, lastFailureAtMs: nowMs - 5000 };
  const rollout = { attempt: 1, revision: v1, startedAtMs: nowMs - 2000 };
  test.for<Told & { readonly name: string; readonly is: boolean }>([
    { name: "there is none", tasks: "v1", is: false },
    { name: "the first", tasks: "v1-+5", is: true },
    { name: "it is counted", tasks: "v1-+5", state: { backOffs: [counted] }, is: false },
    { name: "another came since", tasks: "v1-+5 v1-+3", state: { backOffs: [counted] }, is: true },
    { name: "it is another revision's", tasks: "v0-+5", is: false },
    {
      name: "another revision's count is not its own",
      tasks: "v1-+5",
      state: { backOffs: [{ ...counted, revision: "v0" as Revision }] },
      is: true,
    },
    { name: "it is of before the revision was tried anew", tasks: "v1-+3", state: { rollout }, is: false },
    { name: "it is of another life", tasks: "v1-+5", calls: "answered v1/0=t0", state: { uid: "u2" }, is: false },
  ])("$name: $is", ({ name: _, is, ...told }) => {
    const { tasks, calls, state } = aSnapshot(told);
    if (state === undefined) throw new Error("there is a state");
    expect(hasUncountedFailure({ tasks, calls, state }, v1, restart)).toBe(is);
  });
});

describe("failures are counted in rounds", () => {
  test.for([
    { name: "none", lives: [], counted: "none" },
    { name: "one", lives: ["0 1 10"], counted: "1 at 10" },
    { name: "three that crash together", lives: ["0 1 10", "0 1 11", "1 2 12"], counted: "1 at 10" },
    { name: "one that was made in the moment of the last failure", lives: ["0 1 10", "10 11 20"], counted: "1 at 10" },
    { name: "one that was made after the last failure", lives: ["0 1 10", "11 12 20"], counted: "2 at 20" },
    { name: "a crash loop", lives: ["0 1 10", "20 21 30", "50 51 60"], counted: "3 at 60" },
  ])("$name: $counted", ({ lives, counted }) => {
    expect(count(lives)).toBe(counted);
  });

  test("in whatever order they are seen", () => {
    const lives = ["0 1 10", "0 1 11", "20 21 30", "50 51 60"];
    assert(
      property(shuffledSubarray(lives, { minLength: 4 }), (order) => {
        expect(count(order)).toBe("3 at 60");
      }),
    );
  });

  test.for([
    { name: "those counted before", lives: ["0 1 10", "20 21 30"], previous: backOff(2, 30), counted: "2 at 30" },
    { name: "one that is seen late", lives: ["0 1 25"], previous: backOff(2, 30), counted: "2 at 30" },
    { name: "a new one", lives: ["31 32 40"], previous: backOff(2, 30), counted: "3 at 40" },
  ])("after a count: $name", ({ lives, previous, counted }) => {
    expect(count(lives, previous)).toBe(counted);
  });

  test("nothing new leaves the very same count", () => {
    const previous = backOff(2, 30);
    expect(countFailures(previous, [failure("0 1 10"), failure("20 21 30")], restart)).toBe(previous);
  });

  test("without a stop time counts from when it was made", () => {
    const { stoppedAtMs: _, ...task } = failure("7 - 9");
    expect(countFailures(undefined, [task], restart)).toEqual(backOff(1, 7));
  });
});

describe("running for resetSeconds starts anew", () => {
  test.for([
    { name: "it ran for long enough", lives: ["31 40 640"], counted: "1 at 640" },
    { name: "it ran for less", lives: ["31 40 639"], counted: "5 at 639" },
    { name: "it waited and did not run", lives: ["900 910 920"], counted: "5 at 920" },
    { name: "it never ran", lives: ["31 - 700"], counted: "5 at 700" },
    { name: "it ran from before the last failure, which is long ago", lives: ["0 1 630"], counted: "1 at 630" },
    { name: "it ran from before the last failure, which is not", lives: ["-9999 -9999 629"], counted: "4 at 30" },
  ])("$name", ({ lives, counted }) => {
    expect(count(lives, backOff(4, 30))).toBe(counted);
  });

  test("a ceiling beyond resetSeconds is reached all the same", () => {
    const lives = ["0 1 2", "700 701 702", "2200 2201 2202", "5000 5001 5002"];
    expect(count(lives, undefined, { maxBackoffSeconds: 3600 })).toBe("4 at 5002");
  });

  test("resetSeconds 0 never counts beyond one", () => {
    expect(count(["0 1 2", "3 4 5", "6 7 8"], undefined, { resetSeconds: 0 })).toBe("1 at 8");
    expect(count(["0 1 2"], backOff(1, 2), { resetSeconds: 0 })).toBe("1 at 2");
    expect(count(["3 - 5"], backOff(1, 2), { resetSeconds: 0 })).toBe("1 at 5");
    const previous = backOff(1, 5);
    expect(countFailures(previous, [failure("3 - 5")], { ...restart, resetSeconds: 0 })).toBe(previous);
  });
});

describe("the next start", () => {
  test.for([
    { failures: 1, seconds: 10 },
    { failures: 2, seconds: 20 },
    { failures: 3, seconds: 40 },
    { failures: 5, seconds: 160 },
    { failures: 6, seconds: 300 },
    { failures: 1000, seconds: 300 },
  ])("after $failures waits $seconds seconds", ({ failures, seconds }) => {
    expect(notBefore(backOff(failures, 100), restart, 1)).toBe((100 + seconds) * 1000);
  });

  test("waits for nothing without a failure, nor with no back-off", () => {
    expect(notBefore(undefined, restart, 1)).toBe(0);
    expect(notBefore(backOff(9, 100), { ...restart, backoffSeconds: 0 }, 1)).toBe(100_000);
  });

  test("is shortened by the jitter: full jitter", () => {
    expect(notBefore(backOff(2, 100), restart, 0)).toBe(100_000);
    expect(notBefore(backOff(2, 100), restart, 0.25)).toBe(105_000);
    assert(
      property(
        record({ failures: integer({ min: 1, max: 2000 }), jitter: integer({ min: 0, max: 100 }) }),
        ({ failures, jitter }) => {
          const atMs = notBefore(backOff(failures, 100), restart, jitter / 100);
          expect(Number.isInteger(atMs)).toBe(true);
          expect(atMs).toBeGreaterThanOrEqual(100_000);
          expect(atMs).toBeLessThanOrEqual(400_000);
        },
      ),
    );
  });
});
