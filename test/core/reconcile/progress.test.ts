import { describe, expect, test } from "vitest";
import type { Revision } from "../../../core/model/ids.ts";
import type { Progress, RolloutRecord } from "../../../core/model/records.ts";
import { classify } from "../../../core/reconcile/classify.ts";
import { decideProgress, isSettled } from "../../../core/reconcile/progress.ts";
import { drawPlan } from "../../support/drawn-plan.ts";
import { nowMs } from "../../support/service.ts";
import { anAimed, nothingYet, type Told } from "../../support/snapshot.ts";

const v1 = "v1" as Revision;
const v2 = "v2" as Revision;

interface Row extends Told {
  readonly name: string;
  readonly failed?: "paused" | "rolled back";
  /** Where it stood before; the revision is `v2` unless told. */
  readonly before?: Partial<Progress>;
}

/** A rollout from `v1` to `v2`, which is under way unless it failed. */
function midway({ name: _, failed, before, ...told }: Row): Told {
  const failure = { reason: "BreakerTripped", message: "", atMs: 1, outcome: failed ?? "paused" } as const;
  const rollout: RolloutRecord = { attempt: 1, revision: v2, startedAtMs: 0, ...(failed && { failure }) };
  return {
    wanted: "v2",
    plan: "v1:0-1 v2:0-1 max 4",
    rollout: { strategy: "rolling" },
    ...told,
    revisions: { v1: {}, ...told.revisions },
    state: { stable: v1, rollout, progress: { ...nothingYet, revision: v2, ...before }, ...told.state },
  };
}

function progress(row: Row): Progress {
  const snapshot = anAimed(midway(row));
  return decideProgress(snapshot, classify(snapshot, snapshot.state?.plan), snapshot.state?.stops ?? {});
}

describe("how far the target has come", () => {
  const counted = { updated: 1, ready: 1, available: 1, older: 2, atMs: nowMs - 9000 };
  test.for<Row & { readonly is: Partial<Progress> }>([
    {
      name: "its tasks are counted, and those of others",
      tasks: "v1 v1 v2 v2? v0",
      is: { updated: 2, ready: 1, available: 1, older: 0 },
    },
    { name: "no others than were there before", tasks: "v1 v1 v1 v2", before: counted, is: counted },
    {
      name: "one less of the others is progress",
      tasks: "v1 v2",
      before: counted,
      is: { ...counted, older: 1, atMs: nowMs },
    },
    {
      name: "one that stopped is one less",
      tasks: "v1 v1- v2",
      before: counted,
      is: { ...counted, older: 1, atMs: nowMs },
    },
    {
      name: "so is one out of reach",
      tasks: "v1 v1<abandoned v2",
      before: counted,
      is: { ...counted, older: 1, atMs: nowMs },
    },
    { name: "one that leaves is still there", tasks: "v1 v1<leaving v2", before: counted, is: counted },
    {
      name: "for another revision it begins anew",
      tasks: "v1 v1 v1 v2",
      before: { ...counted, revision: v1 },
      is: { updated: 1, ready: 1, available: 1, older: 3, atMs: nowMs },
    },
    {
      name: "and as it begins nothing has moved yet",
      tasks: "v1 v1 v1",
      plan: "v1:0-2 max 4",
      before: { ...counted, revision: v1 },
      is: { updated: 0, ready: 0, available: 0, older: 3, atMs: nowMs },
    },
    {
      name: "rolled back, it is what ran before",
      tasks: "v1 v1 v2 v2?",
      failed: "rolled back",
      before: { revision: v1, older: 9 },
      is: { revision: v1, updated: 2, ready: 2, available: 2, older: 2 },
    },
    {
      name: "nothing can run yet: it is what is wanted",
      plan: "none",
      revisions: { v2: { taskDefinition: undefined as never } },
      is: { revision: v2, updated: 0 },
    },
  ])("$name", ({ is, ...row }) => {
    expect(progress({ ...row, before: { older: 0, ...row.before } })).toMatchObject(is);
  });
});

describe("complete", () => {
  test.for<Row & { readonly is: boolean }>([
    { name: "all of the target are available, and nothing else lives", tasks: "v2 v2 v2", is: true },
    { name: "one of the others does", tasks: "v2 v2 v2 v1", is: false },
    {
      name: "what is proven goes on for want of a definition",
      tasks: "v1 v1 v1",
      revisions: { v2: "none" },
      is: false,
    },
    { name: "what failed stays, and works", tasks: "v2 v2 v2", failed: "paused", is: false },
    { name: "what ran before runs again", tasks: "v1 v1 v1", failed: "rolled back", is: true },
    { name: "what ran before runs again, short of one", tasks: "v1 v1", failed: "rolled back", is: false },
    { name: "as many as the autoscaler wants", tasks: "v2", autoscaling: { min: 0, max: 9 }, metrics: [10], is: true },
    { name: "held, and there all the same", tasks: "v2 v2 v2", spec: { rolloutPaused: true }, is: true },
    { name: "one of its own is still leaving", tasks: "v2 v2 v2 v2/7<leaving", is: true },
    { name: "an older one is still leaving", tasks: "v2 v2 v2 v1<leaving", is: false },
    { name: "one of as many as are wanted is leaving", tasks: "v2 v2 v2<leaving", is: false },
    {
      name: "once complete with a task, whatever fails later",
      tasks: "v2!",
      state: { progress: { ...nothingYet, revision: v2, available: 3, complete: true } },
      is: true,
    },
    {
      name: "complete without ever a task, and now there are to be some",
      tasks: "v2?",
      state: { progress: { ...nothingYet, revision: v2, complete: true } },
      is: false,
    },
    {
      name: "complete without a task, of what was proven before",
      tasks: "v2?",
      state: { stable: v2, progress: { ...nothingYet, revision: v2, complete: true } },
      is: true,
    },
  ])("$name: $is", ({ is, ...row }) => {
    expect(progress({ plan: "v2:0-2 max 4", ...row }).complete).toBe(is);
  });
});

describe("nothing is left to wait for", () => {
  const mine = { tasks: 4, cpuUnits: 1024, memoryMib: 2048 };
  interface Settled extends Row {
    readonly owed?: boolean;
    readonly sealed?: boolean;
    readonly is: boolean;
  }
  test.for<Settled>([
    { name: "one revision, all of it available", plan: "v2:0-2 max 4", tasks: "v2 v2 v2", is: true },
    { name: "also with a task that stopped", plan: "v2:0-2 max 4", tasks: "v2 v2 v2 v2-", is: true },
    { name: "not while two are there", plan: "v1:0 v2:0-1 max 4", tasks: "v1 v2 v2", is: false },
    {
      name: "unless that is held",
      plan: "v1:0 v2:0-1 max 4",
      tasks: "v1 v2 v2",
      spec: { rolloutPaused: true },
      is: true,
    },
    { name: "or failed and stays", plan: "v1:0 v2:0-1 max 4", tasks: "v1 v2 v2", failed: "paused", is: true },
    {
      name: "not if it is rolled back",
      plan: "v1:0 v2:0-1 max 4",
      tasks: "v1 v2 v2",
      failed: "rolled back",
      is: false,
    },
    { name: "rolled back", plan: "v1:0-2 max 4", tasks: "v1 v1 v1", failed: "rolled back", is: true },
    {
      name: "not while nothing can run",
      plan: "max 0",
      revisions: { v2: { taskDefinition: undefined as never } },
      is: false,
    },
    {
      name: "nothing can run, and it failed",
      plan: "max 0",
      failed: "paused",
      revisions: { v1: "none", v2: { taskDefinition: undefined as never } },
      is: true,
    },
    { name: "not while one is not available yet", plan: "v2:0-2 max 4", tasks: "v2 v2 v2~", is: false },
    { name: "not while one has to go", plan: "v2:0-1 max 4", tasks: "v2 v2 v2", is: false },
    { name: "not while quota is to be mended", plan: "v2:0-2 max 4", tasks: "v2 v2 v2", owed: true, is: false },
    { name: "not while a seal is missing", plan: "v2:0-2 max 4", tasks: "v2 v2 v2", sealed: false, is: false },
    { name: "not of a delete", plan: "v2:0-2 max 4", tasks: "v2 v2 v2", deleting: true, is: false },
  ])("$name: $is", ({ owed = false, sealed = true, is, ...row }) => {
    const snapshot = anAimed({ ...midway(row), usage: { "shop/web": mine } });
    const plan = snapshot.state?.plan ?? drawPlan("max 0");
    const quota = { held: owed ? { ...mine, tasks: 3 } : mine, entry: "keep", write: mine, refused: 0 } as const;
    expect(isSettled(snapshot, plan, { classified: classify(snapshot, plan), quota, isSealed: sealed })).toBe(is);
  });
});
