import { array, assert, boolean, constantFrom, integer, property, record, shuffledSubarray } from "fast-check";
import { describe, expect, test } from "vitest";
import { isLive } from "../../../core/model/living.ts";
import { decide } from "../../../core/reconcile/reconcile.ts";
import type { Snapshot } from "../../../core/reconcile/snapshot.ts";
import { settled } from "../../support/carried-out.ts";
import { aSecondLater, isAtRest } from "../../support/passing-time.ts";
import { aSnapshot } from "../../support/snapshot.ts";

/** Any disorder of one service: tasks of two revisions in any state, calls, stops, a plan that is another. */
const disorder = record({
  replicas: integer({ min: 0, max: 5 }),
  planned: constantFrom("none", "max 0", "v1:0-2 max 3", "v1:0-5 max 6", "v1:1,3 max 2", "v0:0-3 max 4"),
  tasks: array(
    record({
      revision: constantFrom("v1", "v1", "v0"),
      slot: integer({ min: 0, max: 6 }),
      mark: constantFrom("", "", "?", "~", "!", "*", "-", "^"),
      word: constantFrom("", "", "", "<leaving", "<stopping", "<lost", "<returned", "<loose"),
    }),
    { maxLength: 7 },
  ),
  traffic: constantFrom([], [{}], [{ drainSeconds: 5 }]),
  deleting: constantFrom(false, false, false, true),
  quota: constantFrom(5000, 2),
  sealed: boolean(),
});
type Disorder = ReturnType<(typeof disorder)["generate"]>["value"];

function disordered({ replicas, planned, tasks, traffic, deleting, quota, sealed }: Disorder): Snapshot {
  return aSnapshot({
    replicas,
    plan: planned,
    tasks: tasks.map(({ revision, slot, mark, word }) => `${revision}/${slot}${mark}${word}`).join(" "),
    traffic,
    deleting,
    quota,
    usage: { "shop/a": { tasks: 1 } },
    // However many failed: what becomes of a rollout that fails is another property's.
    rollout: { breaker: { failures: 200 } },
    state: sealed ? {} : { planVersion: 4, sealVersion: 4 },
  });
}

describe("of any disorder", () => {
  test("what was decided and carried out is decided: the next passes write nothing", () => {
    assert(
      property(disorder, (given) => {
        settled(disordered(given));
      }),
    );
  });

  test("equal snapshots are decided alike, and the order of what they list does not matter", () => {
    const shuffled = disorder.chain((given) =>
      record({
        snapshot: constantFrom(disordered(given)),
        tasks: shuffledSubarray([...disordered(given).tasks], { minLength: disordered(given).tasks.length }),
      }),
    );
    assert(
      property(shuffled, ({ snapshot, tasks }) => {
        const [one, other] = [decide(snapshot), decide({ ...snapshot, tasks })];
        expect(decide(structuredClone(snapshot))).toEqual(one);
        expect({ ...inOrder(other) }).toEqual({ ...inOrder(one) });
      }),
    );
  });

  function inOrder(decision: ReturnType<typeof decide>) {
    const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).toSorted();
    const { adopt, abandon, ready, send, forget, events, traffic, ...rest } = decision;
    const lists = [adopt, abandon, ready, send, forget, events];
    const targets = traffic.map(({ register, deregister }) => [sorted(register), sorted(deregister)]);
    return { ...rest, lists: lists.map(sorted), targets };
  }
});

describe("with faults over and time passing", () => {
  test("every service comes to have what it wants, and rests", () => {
    assert(
      property(disorder, (given) => {
        let snapshot = disordered({ ...given, deleting: false, quota: 5000 });
        for (let second = 0; second < 400 && !isAtRest(snapshot); second += 1) snapshot = aSecondLater(snapshot).after;
        const live = snapshot.tasks.filter(isLive);
        expect(live.map(({ revision }) => revision)).toEqual(new Array<string>(given.replicas).fill("v1"));
        expect(isAtRest(snapshot)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("every delete comes to its end", () => {
    assert(
      property(disorder, (given) => {
        let snapshot = disordered({ ...given, deleting: true });
        for (let second = 0; second < 400 && !decide(snapshot).finish; second += 1)
          snapshot = aSecondLater(snapshot).after;
        expect(decide(snapshot).finish).toBe(true);
      }),
    );
  });
});
