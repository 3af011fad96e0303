import { assert, integer, property, record, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { BackOff, StopReason, TaskRecord } from "../../../core/model/records.ts";
import { countFailures, hasFailed, notBefore } from "../../../core/reconcile/restart.ts";
import { aStop } from "../../support/drawn-plan.ts";
import { aTask } from "../../support/drawn-tasks.ts";
import { aSnapshot } from "../../support/snapshot.ts";

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
