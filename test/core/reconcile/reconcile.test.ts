import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import { kindShardOf, shardOf } from "../../../core/model/names.ts";
import type { Progress, StateRecord } from "../../../core/model/records.ts";
import { emptySlots } from "../../../core/reconcile/plan.ts";
import { decide } from "../../../core/reconcile/reconcile.ts";
import type { Snapshot } from "../../../core/reconcile/snapshot.ts";
import { carriedOut, isQuiet, settled } from "../../support/carried-out.ts";
import { aStop, drawPlan } from "../../support/drawn-plan.ts";
import { renderDecision } from "../../support/render-decision.ts";
import { aRevision, aSpec, key, nowMs } from "../../support/service.ts";
import { aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

const mine = { "shop/web": { tasks: 3, cpuUnits: 768, memoryMib: 1536 } };

/** Three available tasks of a service that has nothing left to do. */
function atRest(told: Told = {}): Snapshot {
  return settled(aSnapshot({ tasks: "v1 v1 v1", usage: mine, ...told }));
}

/** Three slots of `v1` that wait for so long after a failure. */
function waitingFor(ms: number): Partial<StateRecord> {
  const plan = drawPlan("v1:0-2 max 3");
  const sets = plan.sets.map((set) => ({ ...set, notBeforeMs: nowMs + ms }));
  return { backOffs: [{ revision: "v1" as Revision, failures: 1, lastFailureAtMs: nowMs }], plan: { ...plan, sets } };
}

describe("one pass", () => {
  test.for<Told & { readonly name: string; readonly is: string }>([
    { name: "a new service", plan: "none", is: "v1:0-2 max 3" },
    { name: "nothing to do", tasks: "v1 v1 v1", is: "v1:0-2 max 3" },
    {
      name: "scaled down",
      replicas: 2,
      plan: "v1:0-2 max 3",
      tasks: "v1 v1 v1",
      is: "v1:0-1 max 2 | t2 stopping: surplus",
    },
    {
      name: "scaled down in traffic",
      replicas: 2,
      plan: "v1:0-2 max 3",
      tasks: "v1 v1 v1",
      traffic: [{}],
      is: "v1:0-1 max 2 | t2 leaving: surplus | -10.0.0.2:80",
    },
    {
      name: "a new revision",
      plan: "v0:0-1 max 2",
      tasks: "v0 v0",
      is: "v1:0-2 max 0 | t0 stopping: replaced, t1 stopping: replaced",
    },
    { name: "a new revision once the old is gone", plan: "v1:0-2 max 0", tasks: "v0-", is: "v1:0-2 max 3" },
    { name: "a crash", tasks: "v1 v1 v1/2-", is: "v1:0-2 max 3" },
    {
      name: "scaled down while one is not available (S1)",
      replicas: 2,
      plan: "v1:0-2 max 3",
      tasks: "v1~ v1 v1~",
      is: "v1:0-1 max 2",
    },
    { name: "a failing task", tasks: "v1 v1 v1!", is: "v1:0-1,3 max 3 | t2 stopping: unhealthy" },
    {
      name: "deleted",
      tasks: "v1 v1? v1<lost",
      deleting: true,
      is: "max 0, bars v1 | t0 stopping: deleted, t1 stopping: deleted, t2 stopping: deleted",
    },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(renderDecision(decide(aSnapshot(told)))).toBe(is);
  });

  test("needs a spec", () => {
    const { spec: _, ...snapshot } = aSnapshot();
    expect(() => decide(snapshot)).toThrow("broken invariant: decide needs a spec");
  });
});

describe("rest", () => {
  test("writes nothing and waits for nothing", () => {
    const decision = decide(atRest());
    expect(isQuiet(decision)).toBe(true);
    expect(decision).toMatchObject({ lookAtMs: undefined, wakeCluster: false, needsEvidence: false });
    expect(decision.next).not.toHaveProperty("dueAtMs");
  });

  test("is also where nothing can be defined, until somebody asks to try again", () => {
    const told: Told = { plan: "v0:0-2 max 3", tasks: "v0 v0 v0", usage: mine };
    const snapshot = aSnapshot(told);
    const revisions = snapshot.revisions.map(({ taskDefinition, ...revision }) =>
      revision.revision === "v1"
        ? { ...revision, refusal: "no", refusedAtMs: nowMs }
        : { ...revision, taskDefinition: taskDefinition ?? "" },
    );
    const atRest = settled({ ...snapshot, revisions });
    expect(decide(atRest)).toMatchObject({ define: false, swap: false, lookAtMs: undefined });
    expect(decide(atRest).next.progress).toMatchObject({ revision: "v0", available: 3, complete: false });
    expect(decide(atRest).next.stable).toBeUndefined();
    const later = (given: Partial<Snapshot>) => decide({ ...atRest, nowMs: nowMs + 300_000, ...given }).define;
    expect(later({})).toBe(false);
    const { spec = aSpec() } = atRest;
    expect(later({ spec: { ...spec, resumedAtMs: nowMs } })).toBe(true);
    expect(later({ spec: { ...spec, attempt: 2 } })).toBe(true);
  });

  test.for<Told & { readonly name: string }>([
    { name: "a task starts", tasks: "v1 v1 v1?" },
    { name: "a task is missing", tasks: "v1 v1" },
    { name: "one is ready only now", tasks: "v1 v1 v1*", minReadySeconds: 5 },
    { name: "one is out of reach", tasks: "v1 v1 v1 v1/7<abandoned" },
    { name: "one is stopping", tasks: "v1 v1 v1 v1/7<stopping" },
    { name: "a call is open", tasks: "v1 v1 v1", calls: "sent v1/0" },
    { name: "the service is deleted", tasks: "v1 v1 v1", deleting: true },
    { name: "a plan is not sealed", tasks: "v1 v1 v1", state: { planVersion: 4, sealVersion: 4 } },
    { name: "a definition is missing", plan: "v0:0-2 max 3", tasks: "v0 v0 v0", revisions: { v1: "none" } },
    {
      name: "a delete waits for a target",
      plan: "max 0",
      deleting: true,
      tasks: "v1-",
      traffic: [{}],
      targets: "t0 draining",
      usage: {},
      state: { plan: { ...drawPlan("max 0"), barred: ["v1" as Revision] } },
    },
    {
      name: "more is entered in its namespace than it holds",
      tasks: "v1 v1 v1",
      usage: { "shop/web": { tasks: 9, cpuUnits: 9999, memoryMib: 9999 } },
    },
  ])("is not where $name", ({ name: _, ...told }) => {
    const snapshot = aSnapshot({ usage: mine, ...told });
    const complete: Progress = { ...nothingYet, updated: 3, ready: 3, available: 3, atMs: 1, complete: true };
    const { next, lookAtMs } = decide({
      ...snapshot,
      ...(snapshot.state && { state: { ...snapshot.state, progress: complete } }),
    });
    expect(next.dueAtMs).toBe(nowMs);
    expect(lookAtMs).toBeGreaterThanOrEqual(nowMs);
  });

  test("what is due stays due since it first was", () => {
    expect(decide(aSnapshot({ tasks: "v1?", state: { dueAtMs: 7 } })).next.dueAtMs).toBe(7);
    expect(decide(atRest({ state: { dueAtMs: 7 } })).next).not.toHaveProperty("dueAtMs");
  });
});

describe("when to look again", () => {
  const complete = { ...nothingYet, updated: 3, ready: 3, available: 3, atMs: nowMs - 5000, complete: true };

  test.for<Told & { readonly name: string; readonly seconds: number }>([
    { name: "an empty slot", tasks: "v1 v1", seconds: 5 },
    { name: "an empty slot that waits", tasks: "v1 v1", state: waiting(2), seconds: 2 },
    { name: "an empty slot that waits for long", tasks: "v1 v1", state: waiting(90), seconds: 90 },
    { name: "an empty slot that has waited", tasks: "v1 v1", state: waiting(0), seconds: 5 },
    {
      name: "an empty slot that waits while another is out of reach",
      tasks: "v1 v1 v1/7<abandoned",
      state: waiting(90),
      seconds: 5,
    },
    { name: "a stopped task, for which nobody waits", tasks: "v1 v1 v1? v1-", seconds: 5 },
    { name: "a full plan that would wait", tasks: "v1 v1 v1?", state: waiting(2), seconds: 5 },
    { name: "a task that starts", tasks: "v1 v1 v1?", seconds: 5 },
    { name: "a task of which nothing is known yet", tasks: "v1 v1 v1~", seconds: 1 },
    {
      name: "a task that joins its traffic",
      tasks: "v1 v1 v1",
      traffic: [{}],
      targets: "t0 healthy, t1 healthy, t2 initial",
      seconds: 1,
    },
    { name: "a task that has to be ready for longer", tasks: "v1 v1 v1+3", minReadySeconds: 6, seconds: 3 },
    { name: "a task that is ready only now", tasks: "v1 v1 v1*", minReadySeconds: 4, seconds: 4 },
    { name: "a task that leaves", tasks: "v1 v1 v1 v1/7<leaving", traffic: [{}], seconds: 1 },
    { name: "a task that was told to stop", tasks: "v1 v1 v1 v1/7<stopping", seconds: 2 },
    { name: "the soonest of all", tasks: "v1 v1? v1~ v1/7<stopping", seconds: 1 },
  ])("$name: $seconds s", ({ name: _, seconds, state, ...told }) => {
    const { lookAtMs } = decide(aSnapshot({ ...told, state: { progress: complete, ...state } }));
    expect(lookAtMs).toBe(nowMs + seconds * 1000);
  });

  test("never in the past", () => {
    const stops = { t3: aStop({ phase: "stopping", tries: 1, lastTryAtMs: nowMs - 1_999 }) };
    expect(decide(aSnapshot({ tasks: "v1 v1 v1 v1/7", state: { stops } })).lookAtMs).toBe(nowMs + 1);
    const snapshot = aSnapshot({ tasks: "v1 v1 v1*", minReadySeconds: 4 });
    const tasks = snapshot.tasks.map((task, index) => (index === 2 ? { ...task, readySinceMs: nowMs - 3999 } : task));
    expect(decide({ ...snapshot, tasks }).lookAtMs).toBe(nowMs + 1);
  });

  test("soon, for a task definition that is not there yet", () => {
    expect(decide(aSnapshot({ plan: "none", revisions: { v1: "none" } }))).toMatchObject({
      define: true,
      lookAtMs: nowMs + 1000,
    });
  });

  function waiting(seconds: number): Partial<StateRecord> {
    return waitingFor(seconds * 1000);
  }
});

describe("whom it wakes", () => {
  test.for<Told & { readonly name: string; readonly is: boolean }>([
    { name: "nobody when all slots are filled", tasks: "v1 v1 v1", is: false },
    { name: "the cluster for an empty slot", tasks: "v1 v1", is: true },
    { name: "nobody while it has to wait", tasks: "v1 v1", state: waitingFor(1), is: false },
    { name: "the cluster when it has waited", tasks: "v1 v1", state: waitingFor(0), is: true },
    {
      name: "the cluster for an open call, though it has to wait",
      tasks: "v1 v1",
      calls: "sent v1/2",
      state: waitingFor(1),
      is: true,
    },
    { name: "the cluster for an open call", tasks: "v1 v1 v1", calls: "sent v2/9", is: true },
    {
      name: "the cluster to take back what it tells of no place",
      tasks: "v1 v1 v1",
      notice: { tasks: {}, unplaced: { tasks: 1, message: "full" } },
      is: true,
    },
    { name: "nobody for another notice", tasks: "v1 v1 v1", notice: { tasks: {} }, is: false },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(decide(aSnapshot(told)).wakeCluster).toBe(is);
  });

  test.for<Told & { readonly empty: number }>([
    { tasks: "v1 v1? v1<stopping", empty: 0 },
    { tasks: "v1 v1- v1/2<abandoned", empty: 2 },
    { tasks: "v1", calls: "sent v1/1; answered v1/2=t9; settling v2/2", empty: 1 },
    { tasks: "v2 v2 v2", empty: 3 },
  ])("%o", ({ empty, ...told }) => {
    const found = emptySlots(drawPlan("v1:0-2 max 3"), aSnapshot(told)).flatMap(({ slots }) => slots);
    expect(found.length).toBe(empty);
  });

  test.for<Told & { readonly name: string; readonly is: boolean }>([
    { name: "not at rest", tasks: "v1 v1 v1", is: false },
    { name: "not for those that go whatever remains", tasks: "v1 v1 v1!", is: false },
    { name: "not for those that may go by what is known", tasks: "v1 v1 v1 v1", is: false },
    { name: "for a surplus task that has to stay", tasks: "v1~ v1~ v1 v1", is: true },
    { name: "for one that would have to stay by what is known", tasks: "v1 v1 v1 v1", seen: [], is: true },
    { name: "not for older ones, which leave together", tasks: "v0 v0", seen: [], is: false },
  ])("evidence is asked for: $name", ({ name: _, is, ...told }) => {
    expect(decide(aSnapshot(told)).needsEvidence).toBe(is);
  });
});

describe("seals", () => {
  test.for<Told & { readonly name: string; readonly seal: boolean; readonly takesAway: boolean }>([
    { name: "a plan that stays needs none", tasks: "v1 v1 v1", seal: false, takesAway: false },
    { name: "a plan that took something away and has none", state: { sealVersion: 4 }, seal: true, takesAway: false },
    { name: "one of that version", state: { sealVersion: 4 }, calls: "seal 4", seal: false, takesAway: false },
    { name: "one of a later version", state: { sealVersion: 4 }, calls: "seal 5", seal: false, takesAway: false },
    { name: "one of an earlier version", state: { sealVersion: 4 }, calls: "seal 3", seal: true, takesAway: false },
    {
      name: "one below the highest call",
      state: { sealVersion: 4 },
      calls: "seal 4; answered v1/0=t0",
      seal: true,
      takesAway: false,
    },
    {
      name: "one that another plan was decided over",
      replicas: 2,
      plan: "v1:0-2 max 3",
      state: { sealVersion: 4 },
      seal: false,
      takesAway: true,
    },
  ])("$name", ({ name: _, seal, takesAway, ...told }) => {
    expect(decide(aSnapshot(told))).toMatchObject({ seal, takesAway });
  });

  test("a tombstone's plan is nothing to take away", () => {
    const state = { tombstone: true, uid: "u0" };
    expect(decide(aSnapshot({ state, plan: "v1:0-8 max 9" }))).toMatchObject({ takesAway: false, swap: true });
  });

  test("no quota is lowered before the seal", () => {
    const usage = { "shop/web": { tasks: 9, cpuUnits: 9, memoryMib: 9 } };
    const told: Told = {
      tasks: "v1 v1 v1",
      cpuUnits: 1,
      usage: { "shop/web": { ...usage["shop/web"], memoryMib: 9999 } },
    };
    expect(decide(aSnapshot({ ...told, state: { sealVersion: 4 } })).quota.entry).toBe("keep");
    expect(decide(aSnapshot({ ...told, state: { sealVersion: 4 }, calls: "seal 4" })).quota.entry).toBe("lower");
  });
});

describe("less held quota is sealed like less plan", () => {
  /** Three tasks are entered and held. */
  const told: Told = { tasks: "v1 v1 v1", usage: mine };
  const refused = { refusal: "no such role", refusedAtMs: nowMs };

  /** Rounds of passes of which nothing else happens: what each does about the seal and the entry. */
  function rounds(snapshot: Snapshot): readonly string[] {
    const seen: string[] = [];
    for (let round = 0, next = snapshot; round < 3; round += 1) {
      const decision = decide(next);
      const { swap, takesAway, seal, quota } = decision;
      seen.push([swap && "swap", (swap && takesAway) || seal ? "seal" : "", quota.entry].filter(Boolean).join(" "));
      next = carriedOut(next, decision);
    }
    return seen;
  }

  test("where the install's quota was cut: sealed first, and the entry stays while more than that live", () => {
    const snapshot = aSnapshot({ ...told, quota: 2 });
    const decision = decide(snapshot);
    expect(decision).toMatchObject({ planChanged: false, takesAway: true, swap: true, quota: { entry: "keep" } });
    expect(decision.next.held.tasks).toBe(2);
    const after = carriedOut(snapshot, decision);
    expect(after.state).toMatchObject({ sealVersion: 6, planVersion: 6 });
    expect(decide(after)).toMatchObject({ takesAway: false, seal: false, quota: { entry: "keep" } });
  });

  test("the entry is lowered after the seal, once no more than that live", () => {
    expect(rounds(aSnapshot({ ...told, tasks: "v1 v1", quota: 2 }))).toEqual(["swap seal keep", "lower", "keep"]);
  });

  test("so it is where replicas are lowered while the definition is refused: what runs is scaled", () => {
    const { taskDefinition: _, ...v1 } = aRevision("v1", refused);
    const snapshot = aSnapshot({ ...told, replicas: 2, wanted: "v1", plan: "v0:0-2 max 3", tasks: "v0 v0" });
    const stored = snapshot.state && { ...snapshot.state, held: { tasks: 3, cpuUnits: 768, memoryMib: 1536 } };
    const given = { ...snapshot, revisions: [aRevision("v0"), v1], ...(stored ? { state: stored } : {}) };
    expect(decide(given)).toMatchObject({ define: false, planChanged: true, takesAway: true });
    expect(renderDecision(decide(given))).toBe("v0:0-1 max 2, bars v1");
    expect(rounds(given)).toEqual(["swap seal keep", "lower", "swap keep"]);
  });

  test("a crash between swap and seal is mended before the entry goes down", () => {
    const snapshot = aSnapshot({ ...told, tasks: "v1 v1", quota: 2 });
    const unsealed = { ...carriedOut(snapshot, decide(snapshot)), calls: [] };
    expect(rounds(unsealed)).toEqual(["seal keep", "lower", "keep"]);
  });

  test("more held quota takes nothing away", () => {
    const state = { held: { tasks: 2, cpuUnits: 512, memoryMib: 1024 } };
    const usage = { "shop/web": state.held };
    expect(decide(aSnapshot({ ...told, usage, state }))).toMatchObject({ takesAway: false, quota: { entry: "raise" } });
  });

  test("nor does what a tombstone held", () => {
    expect(decide(aSnapshot({ ...told, quota: 2, state: { tombstone: true } })).takesAway).toBe(false);
  });
});

describe("back-off", () => {
  test("waits from the failure, by the jitter of the pass that saw it, and no longer at the next", () => {
    const snapshot = aSnapshot({ tasks: "v1 v1 v1/2-+1", jitter: 0.5 });
    const decision = decide(snapshot);
    expect(decision.next.backOffs).toEqual([{ revision: "v1", failures: 1, lastFailureAtMs: nowMs - 1000 }]);
    expect(decision.next.plan.sets).toMatchObject([{ revision: "v1", notBeforeMs: nowMs + 4000 }]);
    const again = decide({ ...carriedOut(snapshot, decision), jitter: 1 });
    expect(again.next.plan.sets).toMatchObject([{ revision: "v1", notBeforeMs: nowMs + 4000 }]);
  });

  test.for([
    { name: "does not count what failed in an earlier life of the service", life: "before", failures: [] },
    { name: "counts what failed in this one", life: undefined, failures: [1] },
  ])("$name", ({ life, failures }) => {
    const snapshot = aSnapshot({ tasks: "v1-+1", calls: "answered v1/0=t0" });
    const [call] = snapshot.calls;
    const calls = call ? [{ ...call, uid: life ?? snapshot.spec?.uid ?? "" }] : [];
    const tasks = snapshot.tasks.map((task) => ({ ...task, call: call?.seq ?? 0 }));
    expect(decide({ ...snapshot, calls, tasks }).next.backOffs.map((each) => each.failures)).toEqual(failures);
  });

  test("is over with a new revision", () => {
    const backOff = { revision: "v0" as Revision, failures: 9, lastFailureAtMs: nowMs };
    const { next } = decide(aSnapshot({ plan: "v0:0-2 max 3", tasks: "v0-", state: { backOffs: [backOff] } }));
    expect(next.backOffs).toEqual([]);
    expect(next.plan.sets).toMatchObject([{ revision: "v1", notBeforeMs: 0 }]);
  });

  test("is each revision's own", () => {
    const told: Told = {
      wanted: "v2",
      plan: "v1:0-2 v2:0 max 4",
      tasks: "v1 v1 v1/2-+1 v2-+2",
      rollout: { strategy: "rolling" },
      restart: { backoffSeconds: 20 },
    };
    const backOffs = [{ revision: "v1" as Revision, failures: 2, lastFailureAtMs: nowMs - 3_700_000 }];
    const { next } = decide(aSnapshot({ ...told, state: { stable: "v1" as Revision, backOffs } }));
    expect(next.backOffs).toEqual([
      { revision: "v1", failures: 3, lastFailureAtMs: nowMs - 1000 },
      { revision: "v2", failures: 1, lastFailureAtMs: nowMs - 2000 },
    ]);
    expect(next.plan.sets).toMatchObject([{ notBeforeMs: nowMs + 79_000 }, { notBeforeMs: nowMs + 18_000 }]);
  });

  test.for<Told & { readonly name: string; readonly failures: readonly number[] }>([
    { name: "goes on while its revision is tried", failures: [4] },
    { name: "begins anew when it is tried again", spec: { attempt: 2 }, failures: [] },
    { name: "goes on in what another attempt does not try", spec: { attempt: 2 }, wanted: "v2", failures: [4] },
  ])("$name", ({ name: _, failures, ...told }) => {
    const v1 = "v1" as Revision;
    const rollout = { attempt: 1, revision: v1, startedAtMs: 0 };
    const backOffs = [{ revision: v1, failures: 4, lastFailureAtMs: nowMs - 1000 }];
    const given: Told = { plan: "v1:0-2 max 4", tasks: "v1 v1 v1/2-+1", rollout: { strategy: "rolling" }, ...told };
    const { next } = decide(aSnapshot({ ...given, state: { rollout, backOffs, stable: v1 } }));
    expect(next.backOffs.map((each) => each.failures)).toEqual(failures);
  });

  test("is told once", () => {
    const snapshot = aSnapshot({ tasks: "v1 v1 v1/2-+1" });
    const decision = decide(snapshot);
    expect(decision.events.map(({ reason }) => reason)).toContain("TaskFailed");
    expect(decide(carriedOut(snapshot, decision)).events).toEqual([]);
  });
});

describe("progress", () => {
  const before: Progress = { ...nothingYet, updated: 2, ready: 2, available: 2, atMs: 7 };

  test.for<Told & { readonly name: string; readonly is: Partial<Progress> }>([
    { name: "none: since it began", tasks: "v1 v1", is: { ...before } },
    { name: "another task", tasks: "v1 v1 v1?", is: { updated: 3, ready: 2, available: 2, atMs: nowMs } },
    {
      name: "another one ready",
      tasks: "v1 v1 v1*",
      minReadySeconds: 5,
      state: { progress: { ...before, updated: 3 } },
      is: { updated: 3, ready: 3, available: 2, atMs: nowMs },
    },
    {
      name: "another one available",
      tasks: "v1 v1 v1 v1/7<leaving",
      state: { progress: { ...before, updated: 4, ready: 4 } },
      is: { available: 3, atMs: nowMs },
    },
    { name: "a loss is no progress, and its repair neither", tasks: "v1", is: { ...before } },
    {
      name: "what stopped, is out of reach or of another revision counts for nothing",
      tasks: "v1- v1- v1- v1<abandoned v0 v0 v0",
      is: { ...before },
    },
    {
      name: "another generation begins anew",
      tasks: "v1?",
      spec: { generation: 2 },
      is: { updated: 1, ready: 0, available: 0, atMs: nowMs, complete: false },
    },
    {
      name: "a tombstone's counts for nothing",
      tasks: "v1?",
      state: { tombstone: true, progress: before },
      is: { updated: 1, atMs: nowMs },
    },
    { name: "a service without state begins", plan: "none", is: { updated: 0, ready: 0, available: 0, atMs: nowMs } },
  ])("$name", ({ name: _, is, ...told }) => {
    expect(decide(aSnapshot({ ...told, state: { progress: before, ...told.state } })).next.progress).toMatchObject(is);
  });

  test.for<Told & { readonly name: string; readonly complete: boolean }>([
    { name: "all available", tasks: "v1 v1 v1", complete: true },
    { name: "one not", tasks: "v1 v1 v1*", minReadySeconds: 5, complete: false },
    { name: "one missing", tasks: "v1 v1", complete: false },
    { name: "an older one lives", tasks: "v1 v1 v1 v0", complete: false },
    { name: "one too many lives", tasks: "v1 v1 v1 v1/7^", complete: false },
    { name: "a call is open", tasks: "v1 v1 v1", calls: "sent v1/7", complete: false },
    { name: "one is stopping", tasks: "v1 v1 v1!", complete: false },
    {
      name: "a stop is owed to one out of reach",
      tasks: "v1 v1 v1 v1/7<abandoned",
      state: { stops: { t3: aStop() } },
      complete: true,
    },
    { name: "none wanted", replicas: 0, complete: true },
    { name: "deleting", replicas: 0, deleting: true, complete: false },
    { name: "not defined yet", replicas: 0, revisions: { v1: "none" }, complete: false },
    { name: "its definition refused", replicas: 0, revisions: { v1: { refusal: "no" } }, complete: false },
    {
      name: "once complete, whatever fails later",
      tasks: "v1!",
      state: { progress: { ...nothingYet, available: 3, complete: true } },
      complete: true,
    },
  ])("complete: $name: $complete", ({ name: _, complete, ...told }) => {
    expect(decide(aSnapshot(told)).next.progress.complete).toBe(complete);
  });

  test("completing is progress, once", () => {
    const full: Progress = { ...nothingYet, updated: 3, ready: 3, available: 3, atMs: 7 };
    expect(decide(aSnapshot({ tasks: "v1 v1 v1", state: { progress: full } })).next.progress.atMs).toBe(nowMs);
    const complete = { ...full, complete: true };
    expect(decide(aSnapshot({ tasks: "v1 v1 v1", state: { progress: complete } })).next.progress.atMs).toBe(7);
  });
});

describe("a definition is asked for", () => {
  const told: Told = { plan: "none" };
  test.for<Told & { readonly name: string; readonly define: boolean }>([
    { name: "there is one", ...told, define: false },
    { name: "no record", ...told, revisions: { v1: "none" }, define: true },
    {
      name: "a record of an earlier life, about to expire",
      ...told,
      revisions: { v1: { expiresAt: 1 } },
      define: true,
    },
    { name: "deleting", ...told, revisions: { v1: "none" }, deleting: true, define: false },
  ])("$name: $define", ({ name: _, define, ...given }) => {
    expect(decide(aSnapshot(given)).define).toBe(define);
  });

  test("a record without one, unless it was refused", () => {
    const snapshot = aSnapshot(told);
    const revisions = snapshot.revisions.map(({ taskDefinition: _, ...revision }) => revision);
    expect(decide({ ...snapshot, revisions }).define).toBe(true);
    const refused = revisions.map((each) => ({ ...each, refusal: "no", refusedAtMs: nowMs }));
    expect(decide({ ...snapshot, revisions: refused }).define).toBe(false);
  });
});

describe("a delete is over", () => {
  const told: Told = { deleting: true, plan: "max 0", usage: {} };
  /** The plan of a delete, as it is stored and sealed. */
  const held = { tasks: 0, cpuUnits: 0, memoryMib: 0 };
  const state: Partial<StateRecord> = { plan: { ...drawPlan("max 0"), barred: ["v1" as Revision] }, held };

  test.for<Told & { readonly name: string; readonly finish: boolean }>([
    { name: "nothing is left", tasks: "v1-", finish: true },
    { name: "a task lives", tasks: "v1<stopping", finish: false },
    { name: "a task is out of reach", tasks: "v1<abandoned", finish: false },
    { name: "a call is open", calls: "settling v1/0", finish: false },
    { name: "a target drains", tasks: "v1-", traffic: [{}], targets: "t0 draining", finish: false },
    { name: "its quota is still entered", usage: { "shop/web": { tasks: 1 } }, finish: false },
    { name: "its quota is entered as nothing", usage: { "shop/web": { tasks: 0 } }, finish: true },
    { name: "no usage was ever entered", usage: {}, finish: true },
    { name: "the plan is not sealed", state: { ...state, sealVersion: 9 }, finish: false },
    { name: "the plan is not stored", state: { held }, finish: false },
    { name: "it may still start what it held", state: { ...state, held: { ...held, tasks: 1 } }, finish: false },
    { name: "it never had a state", plan: "none", finish: true },
    { name: "its state is a tombstone", state: { ...state, tombstone: true }, tasks: "v1", finish: true },
    { name: "its state is of an earlier life", state: { ...state, uid: "u0" }, tasks: "v1", finish: true },
    { name: "it is not deleted", deleting: false, finish: false },
    { name: "it is not deleted, and new", deleting: false, plan: "none", finish: false },
  ])("$name: $finish", ({ name: _, finish, ...given }) => {
    expect(decide(aSnapshot({ ...told, state, revisions: { v1: {} }, ...given })).finish).toBe(finish);
  });
});

describe("what is stored", () => {
  test("names generation, revision, cluster, and where the indexes have it", () => {
    const { next } = decide(aSnapshot({ tasks: "v1 v1?", priority: 7, spec: { generation: 4 } }));
    expect(next).toMatchObject({
      generation: 4,
      revision: "v1",
      cluster: "main",
      kindShard: kindShardOf(key),
      kindRow: `${key}#state#4#${nowMs}#60`,
      waitShard: `main#${shardOf(key)}`,
      waitRow: `093#${key}`,
    });
  });

  test("at rest it is due at no time and waits for nothing; without checks nobody has to ask", () => {
    expect(decide(atRest()).next).toMatchObject({ kindRow: `${key}#state#1#-#60` });
    expect(decide(atRest()).next).not.toHaveProperty("waitRow");
    expect(decide(atRest({ health: false })).next).toMatchObject({ kindRow: `${key}#state#1#-#-` });
    expect(decide(atRest({ tasks: "v1-", replicas: 0 })).next).toMatchObject({ kindRow: `${key}#state#1#-#-` });
  });

  test("a service stays in its cluster, and waits there; a new life begins in the install's", () => {
    const state = { cluster: "other" };
    expect(decide(aSnapshot({ state })).next).toMatchObject({ cluster: "other", waitShard: `other#${shardOf(key)}` });
    expect(decide(aSnapshot({ state: { ...state, tombstone: true } })).next.cluster).toBe("main");
  });

  test("the most urgent waits first", () => {
    const rows = [0, 7, 100].map((priority) => waitRowOf(decide(aSnapshot({ priority })).next));
    expect(rows.toSorted()).toEqual(rows.toReversed());
  });

  test.for<{ readonly name: string; readonly change: Partial<StateRecord> }>([
    {
      name: "a back-off that is over",
      change: { backOffs: [{ revision: "v0" as Revision, failures: 1, lastFailureAtMs: 1 }] },
    },
    { name: "a due time that is over", change: { dueAtMs: 1 } },
    { name: "a wait that is over", change: { waitShard: "x" } },
    { name: "its row", change: { waitRow: "x" } },
    { name: "another revision", change: { revision: "v0" as Revision } },
    { name: "a condition", change: { conditions: [] } },
    { name: "a stop of long ago", change: { stops: { t9: aStop({ atMs: nowMs - 3_600_000 }) } } },
    { name: "what is held", change: { held: { tasks: 0, cpuUnits: 0, memoryMib: 0 } } },
    { name: "a tombstone", change: { tombstone: true } },
    { name: "another life", change: { uid: "u0" } },
  ])("is swapped for $name", ({ change }) => {
    const { state, ...snapshot } = atRest();
    expect(decide({ ...snapshot, ...(state && { state: { ...state, ...change } }) }).swap).toBe(true);
    expect(decide({ ...snapshot, ...(state && { state }) }).swap).toBe(false);
  });

  test("what only the store knows is no reason to", () => {
    const { state, ...snapshot } = atRest();
    expect(decide({ ...snapshot, ...(state && { state: { ...state, expiresAt: 99, version: 99 } }) }).swap).toBe(false);
  });
});

function waitRowOf(next: object): string {
  return "waitRow" in next ? String(next.waitRow) : "";
}
