import { describe, expect, test } from "vitest";
import type { Condition } from "../../../core/model/conditions.ts";
import type { Revision } from "../../../core/model/ids.ts";
import type { RolloutRecord, StateRecord } from "../../../core/model/records.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { differs, nextLook } from "../../../core/reconcile/next-state.ts";
import { decide } from "../../../core/reconcile/reconcile.ts";
import { carriedOut, settled } from "../../support/carried-out.ts";
import { aStop, drawPlan } from "../../support/drawn-plan.ts";
import { aSpec, nowMs } from "../../support/service.ts";
import { anAimed, aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;
const rolling = { strategy: "rolling" } as const;

/** A rollout of `v2` after `v1`, which failed unless told otherwise. */
function attempt(outcome?: "paused" | "rolled back"): RolloutRecord {
  const failure = { reason: "BreakerTripped", message: "", atMs: 1 } as const;
  return { attempt: 1, revision: v2, startedAtMs: 0, ...(outcome && { failure: { ...failure, outcome } }) };
}

describe("what is proven", () => {
  const told: Told = { wanted: "v2", plan: "v2:0-2 max 4", rollout: rolling, revisions: { v1: {} } };
  test.for<Told & { readonly name: string; readonly is: Revision | undefined }>([
    { name: "what is wanted, once it is complete", tasks: "v2 v2 v2", is: v2 },
    { name: "what was before, until then", tasks: "v2 v2", is: v1 },
    { name: "nothing, where nothing was before", tasks: "v2 v2", state: { stable: undefined as never }, is: undefined },
    { name: "not by a rollout that never had a task", replicas: 0, is: v1 },
    {
      name: "also by one that has none any more",
      state: { progress: { ...nothingYet, revision: v2, available: 3, complete: true } },
      is: v2,
    },
    {
      name: "what was before, where it runs again",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1",
      state: { rollout: attempt("rolled back") },
      is: v1,
    },
    { name: "nothing of another life of the service", tasks: "v1", state: { uid: "u0" }, is: undefined },
  ])("$name", ({ name: _, is, ...given }) => {
    const state = { stable: v1, rollout: attempt(), progress: { ...nothingYet, revision: v2 }, ...given.state };
    expect(decide(aSnapshot({ ...told, ...given, state })).next.stable).toBe(is);
  });

  test("is stored, and so are the attempt and the scale", () => {
    const given: Told = { autoscaling: { min: 0, max: 9 }, metrics: [30], tasks: "v1 v1 v1" };
    const { next } = decide(aSnapshot(given));
    expect(next).toMatchObject({ stable: v1, rollout: { attempt: 1, revision: v1 }, scale: { replicas: 3 } });
    expect(decide(aSnapshot({ tasks: "v1" })).next).not.toHaveProperty("stable");
    expect(decide(aSnapshot({ tasks: "v1" })).next).not.toHaveProperty("scale");
  });
});

describe("the traffic that goes with what is proven", () => {
  const now = aSpec({ traffic: [{}] }).manifest.spec.traffic;
  const before = aSpec({ traffic: [{ targetGroup: "arn:before" }] }).manifest.spec.traffic;
  test.for<Told & { readonly name: string; readonly is: StateRecord["stableTraffic"] }>([
    { name: "of now, once it is complete", tasks: "v2 v2 v2", is: now },
    { name: "of before, until then", tasks: "v2 v2", is: before },
    { name: "of now, though that of before is not left yet", tasks: "v2 v2 v2", state: { traffic: before }, is: now },
    {
      name: "of before, where that alone changes, and is not left yet",
      tasks: "v2 v2 v2",
      state: { stable: v2, traffic: before },
      is: before,
    },
    { name: "of now, where that alone changed", tasks: "v2 v2 v2", state: { stable: v2, traffic: now }, is: now },
    {
      name: "of before, where what was before runs again",
      plan: "v1:0-2 max 4",
      tasks: "v1 v1 v1",
      state: { rollout: attempt("rolled back") },
      is: before,
    },
    { name: "nothing, where nothing is proven", tasks: "v2", state: { stable: undefined as never }, is: undefined },
    { name: "nothing of another life of the service", tasks: "v2", state: { uid: "u0" }, is: undefined },
  ])("$name", ({ name: _, is, ...given }) => {
    const progress = { ...nothingYet, revision: v2 };
    const state = { stable: v1, stableTraffic: before, rollout: attempt(), progress, ...given.state };
    const told: Told = { wanted: "v2", plan: "v2:0-2 max 4", rollout: rolling, revisions: { v1: {} }, traffic: [{}] };
    expect(decide(aSnapshot({ ...told, ...given, state })).next.stableTraffic).toEqual(is);
  });
});

describe("how often it has to be looked at, though nothing happens", () => {
  const autoscaling = { min: 0, max: 9, pollSeconds: 30 };
  test.for<Told & { readonly name: string; readonly poll: string }>([
    { name: "its tasks have checks, those that live", tasks: "v1 v1-", poll: "60" },
    { name: "none of its tasks has", tasks: "v1", health: false, poll: "-" },
    { name: "none of them lives", tasks: "v1-", poll: "-" },
    { name: "its metrics", health: false, tasks: "v1", autoscaling, metrics: [10], poll: "30" },
    { name: "the more often of both", tasks: "v1", autoscaling, metrics: [10], poll: "30" },
    {
      name: "the more often of both, the other way round",
      tasks: "v1",
      autoscaling: { ...autoscaling, pollSeconds: 90 },
      metrics: [10],
      poll: "60",
    },
    { name: "no metrics of what is deleted", health: false, tasks: "v1", autoscaling, deleting: true, poll: "-" },
  ])("$name: $poll", ({ name: _, poll, ...told }) => {
    const { next } = decide(aSnapshot({ replicas: 1, ...told }));
    expect("kindRow" in next && String(next.kindRow).split("#").at(-1)).toBe(poll);
  });
});

describe("is swapped", () => {
  /** One task, as the autoscaler wants, proven and at rest. */
  const atRest = () =>
    settled(
      aSnapshot({
        tasks: "v1",
        replicas: 1,
        plan: "v1:0 max 1",
        autoscaling: { min: 0, max: 9 },
        metrics: [10],
        usage: { "shop/web": { tasks: 1, cpuUnits: 256, memoryMib: 512 } },
      }),
    );
  test.for<{ readonly name: string; readonly change: Partial<StateRecord> }>([
    { name: "another revision proven", change: { stable: v2 } },
    { name: "other traffic proven", change: { stableTraffic: aSpec({ traffic: [{}] }).manifest.spec.traffic } },
    { name: "another attempt", change: { rollout: attempt() } },
    { name: "another number of tasks before", change: { scale: { replicas: 2, recommended: [], moves: [] } } },
    { name: "a back-off that is over", change: { backOffs: [{ revision: v2, failures: 1, lastFailureAtMs: 1 }] } },
  ])("for $name", ({ change }) => {
    const { state, ...snapshot } = atRest();
    expect(decide({ ...snapshot, ...(state && { state }) }).swap).toBe(false);
    expect(decide({ ...snapshot, ...(state && { state: { ...state, ...change } }) }).swap).toBe(true);
  });

  test.for<{ readonly name: string; readonly change: Partial<StateRecord> }>([
    { name: "a tombstone", change: { tombstone: true } },
    { name: "another life", change: { uid: "u0" } },
  ])("for $name, though nothing else differs", ({ change }) => {
    const { state, spec = aSpec(), ...snapshot } = atRest();
    if (state === undefined) throw new Error("there is a state");
    const { next } = decide({ ...snapshot, spec, state });
    expect(differs(next, { spec, state })).toBe(false);
    expect(differs(next, { spec, state: { ...state, ...change } })).toBe(true);
    expect(differs(next, { spec })).toBe(true);
  });

  test("once for a scale that is no longer decided, and for what is no longer proven", () => {
    const { spec: _, ...snapshot } = atRest();
    const given = { ...snapshot, spec: aSpec({ replicas: 1 }), metrics: [] };
    expect(decide(given)).toMatchObject({ swap: true });
    expect(decide(given).next).not.toHaveProperty("scale");
    const again = { ...aSnapshot({ replicas: 1, tasks: "v1?" }) };
    const stored = carriedOut(again, decide(again));
    expect(decide(stored).swap).toBe(false);
    expect(decide({ ...stored, ...(stored.state && { state: { ...stored.state, waitRow: "x" } }) }).swap).toBe(true);
  });
});

describe("the message of a condition alone", () => {
  /** One of two tasks is available and the other is not; what was stored counts it otherwise. */
  const told = (joins: boolean, change: Partial<Condition> = {}) => {
    const joining: Told = { tasks: "v1 v1*", traffic: [{}], targets: "t0 healthy" };
    const snapshot = aSnapshot({ replicas: 2, ...(joins ? joining : { tasks: "v1 v1~" }) });
    const stored = carriedOut(snapshot, decide(snapshot));
    if (stored.state === undefined) throw new Error("there is a state");
    const conditions = stored.state.conditions.map((condition) =>
      condition.type === "Available" ? { ...condition, message: "otherwise", ...change } : condition,
    );
    return decide({ ...stored, targets: snapshot.targets, state: { ...stored.state, conditions } });
  };

  test("is not worth a write while traffic moves", () => {
    const { swap, traffic } = told(true);
    expect({ swap, moves: traffic.length }).toEqual({ swap: false, moves: 1 });
  });

  test.for<{ readonly name: string; readonly change: Partial<Condition> }>([
    { name: "its status", change: { status: "Unknown" } },
    { name: "its reason", change: { reason: "Other" } },
  ])("is written with $name", ({ change }) => {
    const { swap, next } = told(true, change);
    expect(swap).toBe(true);
    expect(next.conditions.find(({ type }) => type === "Available")?.message).toMatch(/^1 of 2 tasks/);
  });

  test("is written when nothing else moves", () => {
    const { swap, traffic } = told(false);
    expect({ swap, moves: traffic.length }).toEqual({ swap: true, moves: 0 });
  });
});

describe("when to look again", () => {
  /** In how many seconds; undefined: `never`. */
  function seconds(told: Told, scaling?: { readonly nextLookMs: number | undefined }, define = false): number {
    const snapshot = anAimed({ replicas: 2, ...told });
    const plan = snapshot.state?.plan ?? drawPlan("max 0");
    const decided = scaling && { scale: { replicas: 2, recommended: [], moves: [] }, why, ...scaling };
    const classified = classify(snapshot, plan);
    const stops = snapshot.state?.stops ?? {};
    return (nextLook(snapshot, { define, plan, classified, stops, scaling: decided }) - nowMs) / 1000;
  }
  const why = { kind: "following", message: "" } as const;

  /** Two sets, of which the slots wait for so many seconds. */
  function waits(older: number, target: number): NonNullable<Told["state"]> {
    const plan = drawPlan("v1:0 v2:0 max 2");
    const sets = plan.sets.map((set, index) => ({
      ...set,
      notBeforeMs: nowMs + (index === 0 ? older : target) * 1000,
    }));
    return { plan: { ...plan, sets } };
  }

  test.for<Told & { readonly name: string; readonly is: number; readonly scaleMs?: number }>([
    { name: "when the first of two sets may start", wanted: "v2", state: waits(70, 90), is: 70 },
    { name: "when the second of two may", wanted: "v2", state: waits(90, 70), is: 70 },
    { name: "soon, where one of them may start now", wanted: "v2", state: waits(90, 0), is: 5 },
    { name: "when the one may that is missing", wanted: "v2", tasks: "v2", state: waits(70, 3), is: 70 },
    { name: "not when the barred one may", wanted: "v2", state: barred(70, 90), is: 90 },
    { name: "when the autoscaler would decide otherwise", wanted: "v2", state: waits(70, 90), scaleMs: 40_000, is: 40 },
    { name: "not when it says that it never would", tasks: "v1 v1?", scaleMs: Number.NaN, is: 5 },
    { name: "soon, where nobody tells what it waits for", tasks: "v1 v1", is: 5 },
    { name: "not before now", tasks: "v1 v1", scaleMs: -5, is: 0 },
    { name: "a stop that was never tried: now", tasks: "v1 v1 v1/7<stopping", state: untried(), is: 0 },
    { name: "one that leaves before others stop", tasks: "v1 v1 v1/7<leaving v1/8<stopping", is: 1 },
  ])("$name: $is s", ({ name: _, is, scaleMs, ...told }) => {
    const at = scaleMs === undefined ? undefined : { nextLookMs: Number.isNaN(scaleMs) ? undefined : nowMs + scaleMs };
    expect(seconds(told, at)).toBe(is);
  });

  test("soon for a definition, whatever else there is to wait for", () => {
    expect(seconds({ wanted: "v2", state: waits(70, 90) }, { nextLookMs: nowMs }, true)).toBe(1);
  });

  function barred(older: number, target: number): NonNullable<Told["state"]> {
    const { plan = drawPlan("max 0") } = waits(older, target);
    return { plan: { ...plan, barred: [v1] } };
  }

  function untried(): NonNullable<Told["state"]> {
    return { stops: { t2: aStop({ phase: "stopping", tries: 0 }) } };
  }
});
