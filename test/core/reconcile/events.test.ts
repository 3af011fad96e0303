import { describe, expect, test } from "vitest";
import type { Revision, TaskId } from "../../../core/model/ids.ts";
import { tellEvents, tellIdentities } from "../../../core/reconcile/events.ts";
import { aStop, drawPlan } from "../../support/drawn-plan.ts";
import { anAimed, aSnapshot, nothingYet, type Told } from "../../support/snapshot.ts";

type Changes = Parameters<typeof tellEvents>[1] & {
  readonly adopt: Parameters<typeof tellIdentities>[0];
  readonly abandon: Parameters<typeof tellIdentities>[1];
};

/** What is told, a line each: `"warning TaskFailed: …"`. */
function lines(told: Told, changes: Partial<Changes> = {}): readonly string[] {
  const nothing: Changes = {
    plan: drawPlan("v1:0-2 max 3"),
    planChanged: false,
    stops: {},
    progress: nothingYet,
    backOffs: [],
    adopt: [],
    abandon: [],
  };
  const { adopt, abandon, ...rest } = { ...nothing, ...changes };
  return [...tellEvents(anAimed(told), rest), ...tellIdentities(adopt, abandon)].map(
    ({ type, reason, message }) => `${type} ${reason}: ${message}`,
  );
}

function backOff(lastFailureAtMs: number) {
  return { revision: "v1" as Revision, failures: 1, lastFailureAtMs };
}

describe("a pass tells", () => {
  test("nothing where nothing changed", () => {
    expect(lines({ tasks: "v1 v1-" })).toEqual([]);
  });

  test.for([
    { plan: "v1:0-2 max 3", is: "normal Planned: generation 1: 3 tasks of revision v1" },
    { plan: "v1:0-2 max 0", is: "normal Planned: generation 1: 3 tasks of revision v1, once the older ones are gone" },
    { plan: "max 0", is: "normal Planned: generation 1: no tasks" },
  ])("the plan $plan", ({ plan, is }) => {
    expect(lines({}, { planChanged: true, plan: drawPlan(plan) })).toEqual([is]);
  });

  test.for([
    { why: "surplus" as const, is: "normal Stopping: stopping task t0: surplus" },
    { why: "unhealthy" as const, is: "warning Stopping: stopping task t0: unhealthy" },
    { why: "failed to start" as const, is: "warning Stopping: stopping task t0: failed to start" },
  ])("a stop that is new: $why", ({ why, is }) => {
    const stops = { t0: aStop({ why }) };
    expect(lines({ tasks: "v1" }, { stops })).toEqual([is]);
    expect(lines({ tasks: "v1", state: { stops } }, { stops })).toEqual([]);
  });

  test("an adoption without a call, and none with one", () => {
    const adoption = { taskId: "t0" as TaskId, slot: 0, revision: "v1" as Revision };
    expect(lines({}, { adopt: [{ ...adoption, call: 7 }] })).toEqual([]);
    expect(lines({}, { adopt: [{ ...adoption, call: 0 }] })).toEqual([
      "warning Adopted: task t0 carries this service's marks but is on no record: adopted",
    ]);
  });

  test("who is given up", () => {
    expect(lines({}, { abandon: ["t0" as TaskId] })).toEqual([
      "warning Abandoned: task t0 is out of reach past its grace: it is replaced, and stopped when it returns",
    ]);
  });

  test("the end of a rollout, once", () => {
    const progress = { ...nothingYet, complete: true };
    expect(lines({}, { progress })).toEqual(["normal Complete: generation 1 is live"]);
    expect(lines({ state: { progress } }, { progress })).toEqual([]);
    expect(lines({ state: { progress, generation: 0 } }, { progress })).toHaveLength(1);
    expect(lines({ plan: "none" }, { progress })).toHaveLength(1);
  });
});

describe("a rollout", () => {
  const v1 = "v1" as Revision;
  const v2 = "v2" as Revision;
  const failure = { reason: "BreakerTripped", message: "it broke", atMs: 1, outcome: "paused" } as const;
  const backward = { ...failure, outcome: "rolled back" } as const;
  /** A rollout of `v2` after `v1`, of which this is on record. */
  const rolling = (known?: typeof failure | typeof backward, more: Told["state"] = {}): Told => ({
    wanted: "v2",
    plan: "v1:0 v2:0 max 2",
    replicas: 1,
    state: {
      stable: v1,
      rollout: { attempt: 1, revision: v2, startedAtMs: 0, ...(known && { failure: known }) },
      progress: { ...nothingYet, revision: known?.outcome === "rolled back" ? v1 : v2 },
      ...more,
    },
  });
  const cancelled = { spec: { cancelled: 1 } };

  test("that fails is told once, with what follows", () => {
    const told =
      "warning RolloutFailed: the rollout of revision v2 failed: Cancelled: the rollout of generation 1 was cancelled";
    expect(lines({ ...rolling(), ...cancelled })).toEqual([`${told}; going back to revision v1`]);
    expect(lines({ ...rolling(undefined, { stable: undefined as never }), ...cancelled })).toEqual([
      `${told}; nothing more of it starts`,
    ]);
    expect(lines({ ...rolling(failure), ...cancelled })).toEqual([]);
    expect(lines({ ...rolling(backward), ...cancelled })).toEqual([]);
  });

  test("that fails in another life of the service is told in this one", () => {
    const told = { ...rolling(failure, { uid: "u0" }), ...cancelled };
    expect(lines(told)[0]).toContain("warning RolloutFailed: the rollout of revision v2 failed: Cancelled");
  });

  test("that was rolled back is told once it is", () => {
    const progress = { ...nothingYet, revision: v1 };
    const complete = { ...progress, complete: true };
    const told = ["warning RolledBack: revision v1 runs again"];
    expect(lines(rolling(backward), { progress })).toEqual([]);
    expect(lines(rolling(backward), { progress: complete })).toEqual(told);
    expect(lines(rolling(backward, { progress: complete }), { progress: complete })).toEqual([]);
    expect(lines(rolling(backward, { progress: { ...complete, revision: v2 } }), { progress: complete })).toEqual(told);
  });

  test("plans its sets in their order", () => {
    const plan = drawPlan("v1:0 v2:0-1 max 4");
    expect(lines(rolling(), { plan, planChanged: true })).toEqual([
      "normal Planned: generation 1: 1 task of revision v1, 2 tasks of revision v2",
    ]);
  });
});

describe("a change of scale", () => {
  const scale = { replicas: 6, recommended: [], moves: [] };
  const told: Told = { autoscaling: { min: 0, max: 9 }, metrics: [30] };
  test.for<Told & { readonly name: string; readonly are: readonly string[] }>([
    { name: "is told", ...told, state: { scale }, are: ["normal Scaled: scaled from 6 to 3 tasks"] },
    { name: "not when there is none", ...told, state: { scale: { ...scale, replicas: 3 } }, are: [] },
    { name: "not of a first start", ...told, are: [] },
    { name: "not of a delete", ...told, state: { scale }, deleting: true, are: [] },
    { name: "not after another life of the service", ...told, state: { scale, uid: "u0" }, are: [] },
  ])("$name", ({ name: _, are, ...given }) => {
    expect(lines(given)).toEqual(are);
  });
});

describe("failures", () => {
  const failed = aSnapshot({ tasks: "v1-" }).tasks[0]?.stoppedAtMs ?? 0;

  test.for<Told & { readonly name: string; readonly since?: number; readonly is: readonly string[] }>([
    {
      name: "with ECS's reason and the exit code",
      tasks: "v1-",
      is: ["warning TaskFailed: task t0 failed: Essential container in task exited (exit code 1)"],
    },
    {
      name: "with our own reason where we stopped it",
      tasks: "v1-",
      state: { stops: { t0: aStop({ why: "unhealthy" }) } },
      is: ["warning TaskFailed: task t0 failed: unhealthy"],
    },
    { name: "not of other revisions", tasks: "v0-", is: [] },
    { name: "not what is no failure", tasks: "v1-", state: { stops: { t0: aStop() } }, is: [] },
    { name: "not those told before", tasks: "v1-", since: failed, is: [] },
    {
      name: "only those since the last",
      tasks: "v1- v1-+7200",
      since: failed - 1,
      is: ["warning TaskFailed: task t0 failed: Essential container in task exited (exit code 1)"],
    },
  ])("$name", ({ name: _, since, is, ...told }) => {
    const before = since === undefined ? {} : { backOffs: [backOff(since)] };
    expect(lines({ ...told, state: { ...before, ...told.state } }, { backOffs: [backOff(failed + 1)] })).toEqual(is);
  });

  test("of each revision that counts anew", () => {
    const other = { ...backOff(failed + 1), revision: "v0" as Revision };
    const told: Told = { tasks: "v1- v0-", state: { backOffs: [backOff(failed), { ...other, lastFailureAtMs: 1 }] } };
    expect(lines(told, { backOffs: [backOff(failed), other] })).toEqual([
      "warning TaskFailed: task t1 failed: Essential container in task exited (exit code 1)",
    ]);
  });

  test("none when the count is the same", () => {
    expect(lines({ tasks: "v1-", state: { backOffs: [backOff(failed)] } }, { backOffs: [backOff(failed)] })).toEqual(
      [],
    );
    const earlier = backOff(failed - 1);
    expect(lines({ tasks: "v1-", state: { backOffs: [earlier] } }, { backOffs: [earlier] })).toEqual([]);
  });

  test.for([
    { given: { stoppedReason: undefined }, is: "EssentialContainerExited (exit code 1)" },
    { given: { stoppedReason: undefined, exitCode: undefined }, is: "EssentialContainerExited" },
    { given: { exitCode: 0 }, is: "Essential container in task exited (exit code 0)" },
  ])("say $is", ({ given, is }) => {
    const snapshot = anAimed({ tasks: "v1-" });
    const tasks = snapshot.tasks.map(
      (task) =>
        Object.fromEntries(
          Object.entries({ ...task, ...given }).filter(([, value]) => value !== undefined),
        ) as unknown as typeof task,
    );
    const changes = {
      plan: drawPlan("max 0"),
      planChanged: false,
      stops: {},
      progress: nothingYet,
      adopt: [],
      abandon: [],
    };
    const [event] = tellEvents({ ...snapshot, tasks }, { ...changes, backOffs: [backOff(failed)] });
    expect(event?.message).toBe(`task t0 failed: ${is}`);
  });
});
