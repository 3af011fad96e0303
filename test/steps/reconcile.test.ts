import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import { keys } from "../../core/model/names.ts";
import type { CallRecord, Lease, NodeRecord, StateRecord, TaskRecord, UsageRecord } from "../../core/model/records.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { takeBudget } from "../../steps/budget.ts";
import { describeAndMerge } from "../../steps/merge-tasks.ts";
import { reconcileService } from "../../steps/reconcile.ts";
import { applied, aRunningService, scaled } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import { aStage, type Stage, sent } from "../support/stage.ts";

const slow = () => Promise.reject(new Fault("transient", "Timeout", "slow"));

function pass({ ports }: Stage, tasks: Partial<Tasks> = {}): Promise<void> {
  return reconcileService({ key, hops: 1 }, { ...ports, tasks: { ...ports.tasks, ...tasks } });
}

const stateOf = ({ store }: Stage) => store.get<StateRecord>(keys.state(key));
const tasksOf = ({ store }: Stage) => store.query<TaskRecord>(keys.service(key), "task#");

/** How many tasks ECS was told to stop. */
function stopped({ engine }: Stage): number {
  return engine.tasks().filter(({ desiredStatus }) => desiredStatus === "STOPPED").length;
}

/** Uses up what there is of the budget for task definitions, for the next twenty seconds. */
async function useUp(ports: Ports): Promise<void> {
  while (await takeBudget(ports, "task-definitions", "rollout", 1));
}

describe("while the next revision has no task definition", () => {
  /** A service whose surplus task is owed a StopTask that was not answered, and that wants another revision by now. */
  async function anOwedStop(): Promise<Stage> {
    const stage = await aRunningService();
    await scaled(stage, 1);
    await pass(stage, { stop: slow });
    expect([stopped(stage), Object.keys((await stateOf(stage))?.stops ?? {}).length]).toEqual([0, 1]);
    await applied(stage, { "spec.replicas": 1, "spec.task.containers[0].image": "shop/web:2" });
    stage.pass(20_000);
    return stage;
  }

  test.for<{ name: string; tasks: Partial<Tasks>; used: boolean }>([
    { name: "it cannot be registered for a time", tasks: { define: slow }, used: false },
    { name: "it cannot be looked for for a time", tasks: { findDefinition: slow }, used: false },
    { name: "its budget is used up", tasks: {}, used: true },
  ])("the stored plan stands, and a StopTask that it owes is sent: $name", async ({ tasks, used }) => {
    const stage = await anOwedStop();
    const before = await stateOf(stage);
    if (used) await useUp(stage.ports);
    await pass(stage, tasks);
    expect(stopped(stage)).toBe(1);
    expect((await stateOf(stage))?.plan).toEqual(before?.plan);
  });

  test("it is asked for again soon", async () => {
    const stage = await anOwedStop();
    const before = stage.queues.pending("work");
    await pass(stage, { define: slow });
    expect(stage.queues.pending("work")).toBe(before + 1);
    await pass(stage);
    expect((await stateOf(stage))?.plan.sets.at(-1)?.revision).not.toBe((await tasksOf(stage))[0]?.revision);
  });

  test("a fault that time does not mend is a fault of the pass", async () => {
    const stage = await anOwedStop();
    const broken = () => Promise.reject(new Error("broken"));
    await expect(pass(stage, { define: broken })).rejects.toThrow("broken");
  });
});

describe("the metrics of a new generation are looked at until the sweep comes round", () => {
  const queue = "arn:aws:sqs:eu-central-1:123456789012:orders";
  const following = (pollSeconds: number) => ({
    "spec.autoscaling": { min: 0, max: 5, pollSeconds, metrics: [{ type: "queue", queue, messagesPerTask: 10 }] },
  });

  test.for([
    { name: "every 5 seconds", pollSeconds: 5, looks: 11 },
    { name: "every 25 seconds", pollSeconds: 25, looks: 2 },
    { name: "rarely enough for the sweep", pollSeconds: 60, looks: 0 },
  ])("$name", async ({ pollSeconds, looks }) => {
    const stage = await aRunningService();
    await applied(stage, { "spec.replicas": 2, ...following(pollSeconds) });
    sent(stage, "work");
    await pass(stage);
    const before = stage.queues.pending("work");
    await pass(stage);
    expect(stage.queues.pending("work")).toBe(before);
    stage.pass(55_000);
    expect(sent(stage, "work").filter((wakeup) => (wakeup as { hops: number }).hops === 1)).toHaveLength(looks);
  });
});

describe("a surplus task leaves only while another serves, by evidence of now", () => {
  /** Two tasks, one a node, of which the one in slot 1 is surplus; and the node of the one that stays. */
  async function aSurplus(): Promise<{ readonly stage: Stage; readonly node: NodeRecord }> {
    const stage = await aRunningService();
    const staying = (await tasksOf(stage)).find(({ slot }) => slot === 0);
    const node = await stage.store.get<NodeRecord>(keys.node("main", staying?.nodeId ?? ""));
    if (node === undefined) throw new Error("a task without a node on record");
    await scaled(stage, 1);
    return { stage, node };
  }

  test("it leaves where the node of the other is within reach", async () => {
    const { stage } = await aSurplus();
    await pass(stage);
    expect(stopped(stage)).toBe(1);
  });

  test("it stays while the other's node is on record as out of reach: what ECS shows there is old", async () => {
    const { stage, node } = await aSurplus();
    const away = await stage.store.swap(node, { agentConnected: false, disconnectedAtMs: stage.clock.nowMs() });
    await pass(stage);
    expect(stopped(stage)).toBe(0);
    if (away) await stage.store.swap(away, { agentConnected: true });
    await pass(stage);
    expect(stopped(stage)).toBe(1);
  });

  test("it stays while ECS shows the other as out of reach, though no record says so yet", async () => {
    const { stage, node } = await aSurplus();
    const describeAway: Tasks["describe"] = async (cluster, taskIds) =>
      (await stage.tasks.describe(cluster, taskIds)).map((sighting) =>
        sighting.kind === "seen" && sighting.nodeId === node.nodeId ? { ...sighting, connected: false } : sighting,
      );
    await pass(stage, { describe: describeAway });
    expect(stopped(stage)).toBe(0);
  });

  test("it stays while the other cannot be described", async () => {
    const { stage } = await aSurplus();
    await pass(stage, { describe: slow });
    expect(stopped(stage)).toBe(0);
  });
});

describe("where the install's quota was cut below what is held", () => {
  /** Two tasks and the surge were entered, of which one task lives; the quota is one task by now. */
  async function aCutQuota(): Promise<Stage> {
    const stage = await aRunningService();
    const [task] = await tasksOf(stage);
    if (task === undefined) throw new Error("no task runs");
    await stage.tasks.stop("main", task.taskId, "by hand");
    stage.pass(60_000);
    await describeAndMerge(stage.ports, key, "main", [task.taskId]);
    const settings = { ...stage.ports.settings, quota: { services: 500, tasks: 1 } };
    return { ...stage, ports: { ...stage.ports, settings } };
  }

  const entered = async ({ store }: Stage) => (await store.get<UsageRecord>(keys.usage("shop")))?.entries[key]?.tasks;
  const seals = async ({ store }: Stage) =>
    (await store.query<CallRecord>(keys.service(key), "call#")).filter(({ members }) => members.length === 0);

  test("the plan that holds less is sealed, once, and its entry goes down", async () => {
    const stage = await aCutQuota();
    await pass(stage);
    const state = await stateOf(stage);
    expect([state?.held.tasks, await entered(stage)]).toEqual([1, 1]);
    expect((await seals(stage)).map(({ planVersion }) => planVersion)).toEqual([state?.sealVersion]);
  });

  test("the entry stays where it was while there is no seal", async () => {
    const stage = await aCutQuota();
    const create: Stage["store"]["create"] = async (item) => {
      if (item.sort.startsWith("call#")) throw new Error("died before the seal");
      return stage.store.create(item);
    };
    const dying = { ...stage, ports: { ...stage.ports, store: { ...stage.store, create } } };
    await expect(pass(dying)).rejects.toThrow("died before the seal");
    expect([(await stateOf(stage))?.held.tasks, await entered(stage)]).toEqual([1, 3]);
    await pass(stage);
    expect([(await seals(stage)).length, await entered(stage)]).toEqual([1, 1]);
  });
});

test("a service that was never made needs nothing", async () => {
  const stage = aStage();
  await pass(stage);
  expect(await stateOf(stage)).toBeUndefined();
  expect(stage.queues.pending("work") + stage.queues.pending("dispatch")).toBe(0);
});

describe("more stops than the budget has room for", () => {
  /** Ten tasks of a service that is scaled in to none, and room for `room` StopTasks in this window. */
  async function scaledIn(room: number): Promise<Stage> {
    const stage = await aRunningService({ "spec.replicas": 10 });
    await applied(stage, { "spec.replicas": 0, confirm: true });
    const used = 26 - room;
    for (let count = 0; count < used; count += 1) await takeBudget(stage.ports, "ecs-modify", "rollout", 1);
    await pass(stage);
    return stage;
  }
  const triesOf = async (stage: Stage) => Object.values((await stateOf(stage))?.stops ?? {}).map(({ tries }) => tries);

  test.for([
    { room: 10, stops: 10, tries: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
    { room: 9, stops: 9, tries: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1] },
    { room: 0, stops: 0, tries: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
  ])("room for $room: $stops are sent, and only they are counted as tried", async ({ room, stops, tries }) => {
    const stage = await scaledIn(room);
    expect(stopped(stage)).toBe(stops);
    expect((await triesOf(stage)).toSorted()).toEqual(tries);
  });

  test("the rest is asked for in the next window", async () => {
    const stage = await scaledIn(0);
    // What accept sent.
    expect(sent(stage, "work")).toHaveLength(1);
    stage.pass(1_000);
    expect(sent(stage, "work")).toEqual([]);
    stage.pass(1_000);
    expect(sent(stage, "work")).toMatchObject([{ key }]);
    await pass(stage);
    expect(stopped(stage)).toBe(10);
  });
});

describe("what two passes at once may do", () => {
  const leases = async ({ store }: Stage) => store.get(keys.lease(key));
  const taken = ({ store }: Stage) =>
    store.create<Lease>({
      ...keys.lease(key),
      schema: 1,
      uid: "other",
      holder: "other",
      untilMs: 1e15,
      wanted: 0,
      names: [],
    });

  test("a swap is done while somebody else has the lease, and is looked at again", async () => {
    const stage = await aRunningService();
    await taken(stage);
    await applied(stage, { "spec.replicas": 2, "spec.priority": 60 });
    await pass(stage);
    expect((await stateOf(stage))?.generation).toBe(2);
    expect(await leases(stage)).toMatchObject({ holder: "other", wanted: 0 });
  });

  test("what is more waits for the lease", async () => {
    const stage = await aRunningService();
    await taken(stage);
    await scaled(stage, 1);
    await pass(stage);
    expect((await stateOf(stage))?.generation).toBe(1);
    expect(await leases(stage)).toMatchObject({ holder: "other", wanted: 1 });
  });
});
