import { array, assert, boolean, constantFrom, integer, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { isLive, liveCount } from "../../../core/model/living.ts";
import type { RolloutRecord, TaskRecord } from "../../../core/model/records.ts";
import type { Amount } from "../../../core/model/service.ts";
import { markReady } from "../../../core/reconcile/ownership.ts";
import { samePlan } from "../../../core/reconcile/plan.ts";
import { stageOf } from "../../../core/reconcile/serving.ts";
import type { Planned } from "../../../core/reconcile/snapshot.ts";
import { resolveBounds } from "../../../core/rollout/bounds.ts";
import { aSecondLater, isAtRest, type Second } from "../../support/passing-time.ts";
import { nowMs } from "../../support/service.ts";
import { aSnapshot } from "../../support/snapshot.ts";

const v2 = "v2" as Revision;

/** Any moment of an update to `v2`, of which `v1` may be what ran before, and `v0` what was tried in vain. */
const midway = record({
  replicas: integer({ min: 0, max: 6 }),
  strategy: constantFrom("rolling", "rolling", "rolling", "recreate"),
  maxSurge: constantFrom<Amount[]>(0, 1, 2, "25%", "100%"),
  maxUnavailable: constantFrom<Amount[]>(0, 1, 3, "50%"),
  stable: constantFrom("v1", "v1", "v1", "v2", "none"),
  planned: constantFrom(
    "max 0",
    "v1:0-3 max 5",
    "v1:0-2 v2:0-1 max 4",
    "v0:1 v1:0,4 v2:2-3 max 6, bars v0",
    "v2:0-4 max 5",
  ),
  tasks: array(
    record({
      revision: constantFrom("v2", "v2", "v1", "v1", "v0"),
      slot: integer({ min: 0, max: 5 }),
      mark: constantFrom("", "", "", "?", "~", "!", "*", "-+5", "^"),
      word: constantFrom("", "", "", "", "<leaving", "<stopping", "<lost", "<returned", "<loose"),
    }),
    { maxLength: 8 },
  ),
  failed: constantFrom("no", "no", "no", "paused", "rolled back"),
  traffic: constantFrom([], [{}], [{ drainSeconds: 5 }]),
  /** When somebody holds the rollout, in seconds from then. */
  heldAfter: constantFrom("never", "never", 3, 5, 8, 13, 30),
  broken: constantFrom("no", "no", "v2"),
  onFailure: constantFrom("rollback", "pause"),
  isRollback: boolean(),
});
type Midway = ReturnType<(typeof midway)["generate"]>["value"];

function begun(given: Midway): Planned {
  const { replicas, strategy, maxSurge, maxUnavailable, planned, tasks, failed, traffic, onFailure, isRollback } =
    given;
  const outcome = failed === "rolled back" && given.stable !== "v1" ? "paused" : failed;
  const failure = { reason: "BreakerTripped", message: "it failed", atMs: nowMs - 9000 } as const;
  const rollout: RolloutRecord = {
    attempt: 1,
    revision: v2,
    startedAtMs: nowMs - 30_000,
    ...(outcome === "no" || given.stable === "v2" ? {} : { failure: { ...failure, outcome } }),
  };
  return aSnapshot({
    replicas,
    wanted: "v2",
    revisions: { v0: { createdAtMs: 1 }, v1: { createdAtMs: 2 }, v2: {} },
    plan: planned,
    tasks: tasks.map(({ revision, slot, mark, word }) => draw(revision, slot, mark, word)).join(" "),
    traffic,
    rollout: { strategy, maxSurge, maxUnavailable, onFailure },
    spec: { isRollback },
    state: { rollout, ...(given.stable === "none" ? {} : { stable: given.stable as Revision }) },
  });

  function draw(revision: string, slot: number, mark: string, word: string): string {
    return mark.startsWith("-") ? `${revision}/${slot}${mark}` : `${revision}/${slot}${mark}${word}`;
  }
}

/** Tasks that are available, nothing is the matter with them, and nobody has told them to go. */
function availableTasks(snapshot: Planned): readonly TaskRecord[] {
  const { state, notice } = snapshot;
  const isStaying = ({ taskId, abandonedAtMs, slot }: TaskRecord) =>
    slot !== undefined &&
    abandonedAtMs === undefined &&
    state?.stops[taskId] === undefined &&
    notice?.tasks[taskId] === undefined;
  return markReady(snapshot).filter((task) => isStaying(task) && stageOf(task, snapshot) === "available");
}

/** What must never happen in a second, by what was there before it. */
function checkSafe(before: Planned, { decision, started, after }: Second): void {
  const { replicas, rollout } = before.spec.manifest.spec;
  const { surge, unavailable } = resolveBounds(rollout, replicas);
  const { plan, stops } = decision.next;
  const serving = availableTasks(before);
  const isWilled = ({ taskId }: TaskRecord) => ["surplus", "replaced", "returned"].includes(stops[taskId]?.why ?? "");
  const left = serving.filter(({ taskId }) => stops[taskId] === undefined);
  if (serving.some(isWilled))
    expect(left.length, "available tasks left").toBeGreaterThanOrEqual(replicas - unavailable);
  expect(plan.maxLive).toBeLessThanOrEqual(replicas + surge);
  // What a smaller count told to leave takes nobody's place.
  const spare = after.tasks.filter((task) => isLive(task) && after.state?.stops[task.taskId]?.why === "surplus").length;
  if (started.length > 0) expect(liveCount(after) - spare, "live").toBeLessThanOrEqual(after.state?.plan.maxLive ?? 0);
  // One that lacks a record counts once it has its revision.
  const isAmong = ({ revision: own }: TaskRecord) =>
    before.tasks.some((other) => isLive(other) && other.revision !== undefined && other.revision !== own);
  if (rollout.strategy === "recreate" && samePlan(after.state?.plan, plan))
    expect(
      started.filter((task) => task.revision === "v2" && isAmong(task)),
      "new beside old",
    ).toEqual([]);
  // What was drawn may stand for another pass: who is adopted or ready is written first, and alone.
  if (samePlan(after.state?.plan, plan) && decision.next.rollout?.failure !== undefined)
    expect(started.map(({ revision }) => revision)).not.toContain("v2");
}

/** What everything comes to, by what became of the rollout: `v1 v1 v1`. */
function checkEnd({ tasks, state, spec }: Planned, { replicas, strategy, stable, broken }: Midway): void {
  const live = tasks.filter(isLive).map(({ revision }) => revision);
  const all = (revision: string) => new Array<string>(replicas).fill(revision);
  const failure = state?.rollout?.failure;
  if (spec.rolloutPaused || failure?.outcome === "paused") {
    if ((stable !== "none" && strategy === "rolling") || (failure === undefined && broken === "no"))
      expect(live.length).toBeGreaterThanOrEqual(replicas);
  } else {
    expect(live).toEqual(all(failure === undefined ? "v2" : "v1"));
    if (replicas > 0) expect(state?.stable).toBe(failure === undefined ? "v2" : "v1");
  }
  if (failure !== undefined) expect(state?.stable ?? "none").toBe(stable);
}

describe("from any moment of an update", () => {
  test("it comes to its end or goes back, never short of tasks by its own will and never past its bounds", () => {
    assert(
      property(midway, (drawn) => {
        const given: Midway = { ...drawn, broken: drawn.stable === "v2" ? "no" : drawn.broken };
        let snapshot = begun(given);
        for (let second = 0; second < 500 && !isAtRest(snapshot); second += 1) {
          const passed = aSecondLater(snapshot, given.broken);
          checkSafe(snapshot, passed);
          const { spec } = snapshot;
          snapshot = {
            ...snapshot,
            ...passed.after,
            spec: { ...spec, rolloutPaused: spec.rolloutPaused || second === given.heldAfter },
          };
        }
        expect(isAtRest(snapshot)).toBe(true);
        checkEnd(snapshot, given);
      }),
      { numRuns: 150 },
    );
  });
});
