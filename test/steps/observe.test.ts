import { describe, expect, test } from "vitest";
import type { ServiceKey, TaskId } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import { type InstallRecord, type NodeRecord, schema, type TaskRecord } from "../../core/model/records.ts";
import type { NodeSighting, TaskSighting } from "../../core/model/sightings.ts";
import type { Observation } from "../../core/ports/queues.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { mergeSighting } from "../../steps/merge-tasks.ts";
import { observe } from "../../steps/observe.ts";
import { key } from "../support/service.ts";
import { createdAtMs, missing, seen, seenNode } from "../support/sightings.ts";
import { aStage, type Stage, sent } from "../support/stage.ts";

const api = "shop/api" as ServiceKey;
const apiGroup = "longshore/local000/shop/api";
const running = seen();
const stopped = seen({ ecsVersion: 4, status: "STOPPED", desiredStatus: "STOPPED" });

/** A stage on which these tasks are on record, each as it was seen last. */
async function aStageWith(...records: readonly (readonly [ServiceKey, TaskSighting])[]): Promise<Stage> {
  const stage = aStage();
  const install = { ...keys.install(), schema, uid: "i1", installId: "local000", paused: false };
  await stage.store.create<InstallRecord>(install);
  for (const [owner, sighting] of records) await mergeSighting(stage.ports, owner, sighting);
  return stage;
}

const task = (sighting: TaskSighting): Observation => ({ kind: "task", sighting });
const node = (sighting: NodeSighting): Observation => ({ kind: "node", sighting });

/** Whom a batch woke: services, then clusters. */
async function wokenBy(stage: Stage, batch: readonly Observation[], hops = 0, tasks: Partial<Tasks> = {}) {
  await observe(batch, hops, { ...stage.ports, tasks: { ...stage.tasks, ...tasks } });
  return [...sent(stage, "work"), ...sent(stage, "dispatch")];
}

const recordOf = ({ store }: Stage, taskId = "t1") => store.get<TaskRecord>(keys.task(key, taskId));
const web = { key, hops: 1 };
const main = { key: "main", hops: 1, names: [] };

/** A describe that shows these and misses all else. */
function describing(...shown: readonly TaskSighting[]): Pick<Tasks, "describe"> {
  return {
    describe: async (_, taskIds) =>
      taskIds.map(
        (taskId) =>
          shown.find((each) => each.taskId === taskId) ?? { ...missing(createdAtMs), taskId: taskId as TaskId },
      ),
  };
}

describe("a task that is on record", () => {
  test("is merged once for several events of a batch, by the latest of them, whatever their order", async () => {
    const stage = await aStageWith([key, running]);
    const before = await recordOf(stage);
    const stopping = seen({ ecsVersion: 5, status: "STOPPING", desiredStatus: "STOPPED" });
    await observe(
      [4, 6, 5].map((ecsVersion) => task({ ...stopping, ecsVersion })),
      0,
      stage.ports,
    );
    const after = await recordOf(stage);
    expect([after?.ecsVersion, (after?.version ?? 0) - (before?.version ?? 0)]).toEqual([6, 1]);
  });

  test("wakes its service again when a batch comes again, a later event that shows nothing more with it", async () => {
    const stage = await aStageWith([key, running]);
    const dying = task(seen({ ecsVersion: 4, status: "DEACTIVATING", desiredStatus: "STOPPED" }));
    const later = task(seen({ ecsVersion: 5, status: "STOPPING", desiredStatus: "STOPPED" }));
    expect(await wokenBy(stage, [dying])).toEqual([web]);
    expect(await wokenBy(stage, [dying, later])).toEqual([web]);
    expect(await wokenBy(stage, [later])).toEqual([]);
  });

  test("keeps what a read of an earlier version told of its health", async () => {
    const stage = await aStageWith([key, running]);
    await observe(
      [task(seen({ ecsVersion: 3, health: "HEALTHY" })), task(seen({ ecsVersion: 4, zone: "b" }))],
      0,
      stage.ports,
    );
    expect(await recordOf(stage)).toMatchObject({ ecsVersion: 4, health: "HEALTHY" });
  });

  test.for<{ name: string; sighting: TaskSighting; woken: readonly unknown[]; version: number }>([
    {
      name: "is merged, and its service woken",
      sighting: seen({ ecsVersion: 4, health: "HEALTHY" }),
      woken: [web],
      version: 4,
    },
    { name: "and is seen as it is recorded wakes again", sighting: running, woken: [web], version: 3 },
    {
      name: "and shows nothing new but its version wakes nobody",
      sighting: seen({ ecsVersion: 4 }),
      woken: [],
      version: 3,
    },
    { name: "and is seen as it was before wakes nobody", sighting: seen({ ecsVersion: 2 }), woken: [], version: 3 },
    { name: "and stopped wakes its cluster too", sighting: stopped, woken: [web, main], version: 4 },
    {
      name: "and is of another install wakes nobody",
      sighting: seen({ ecsVersion: 4, group: "longshore/other000/shop/web" }),
      woken: [],
      version: 3,
    },
    {
      name: "and is of nobody's group wakes nobody",
      sighting: seen({ ecsVersion: 4, group: "family:x" }),
      woken: [],
      version: 3,
    },
  ])("$name", async ({ sighting, woken, version }) => {
    const stage = await aStageWith([key, running]);
    expect(await wokenBy(stage, [task(sighting)])).toEqual(woken);
    expect((await recordOf(stage))?.ecsVersion).toBe(version);
  });

  test.for([
    { name: "is noted as missing where its owner is told", service: key, woken: [web], isMissing: true },
    { name: "is not where nobody says whose it is", service: undefined, woken: [], isMissing: false },
  ])("$name", async ({ service, woken, isMissing }) => {
    const stage = await aStageWith([key, running]);
    const missed = { ...missing(createdAtMs + 600_000), ...(service ? { service } : {}) };
    expect(await wokenBy(stage, [task(missed)])).toEqual(woken);
    expect((await recordOf(stage))?.missingAtMs !== undefined).toBe(isMissing);
  });

  test("that is missed again too soon wakes nobody again", async () => {
    const stage = await aStageWith([key, running]);
    const missed = { ...missing(createdAtMs + 600_000), service: key };
    await wokenBy(stage, [task(missed)]);
    expect(await wokenBy(stage, [task({ ...missed, readAtMs: missed.readAtMs + 1 })])).toEqual([]);
  });
});

describe("a batch", () => {
  test("wakes each service and each cluster once", async () => {
    const tasks = ["t1", "t2", "t3"].map((taskId) => seen({ taskId: taskId as TaskId }));
    const other = seen({ taskId: "t9" as TaskId, group: apiGroup });
    const stage = await aStageWith(...tasks.map((each) => [key, each] as const), [api, other]);
    const batch = [...tasks, other].map((each) => task({ ...each, ecsVersion: 4, status: "STOPPED" }));
    expect(await wokenBy(stage, batch)).toEqual([web, { key: api, hops: 1 }, main]);
  });

  test("counts as one step of its lineage", async () => {
    const stage = await aStageWith([key, running]);
    expect(await wokenBy(stage, [task(stopped)], 3)).toEqual([
      { key, hops: 4 },
      { ...main, hops: 4 },
    ]);
  });

  test("whose wake-up failed wakes at its second try whom the first merged", async () => {
    const stage = await aStageWith([key, running]);
    const queues = { ...stage.queues, wake: () => Promise.reject(new Error("not sent")) };
    await expect(observe([task(stopped)], 0, { ...stage.ports, queues })).rejects.toThrow("not sent");
    expect(await recordOf(stage)).toMatchObject({ status: "STOPPED" });
    expect(await wokenBy(stage, [task(stopped)])).toEqual([web, main]);
  });

  test("of nothing wakes nobody", async () => {
    expect(await wokenBy(await aStageWith(), [])).toEqual([]);
  });
});

describe("a task that is on no record", () => {
  const hint = seen({ ecsVersion: 9, status: "STOPPED", desiredStatus: "STOPPED" });

  test("is described first, and recorded as that shows it", async () => {
    const stage = await aStageWith();
    expect(await wokenBy(stage, [task(hint)], 0, describing(running))).toEqual([web]);
    expect(await recordOf(stage)).toMatchObject({ ecsVersion: 3, status: "RUNNING" });
  });

  test("and that a describe does not show is not recorded", async () => {
    const stage = await aStageWith();
    expect(await wokenBy(stage, [task(hint)], 0, describing())).toEqual([]);
    expect(await recordOf(stage)).toBeUndefined();
  });

  test("and that a describe shows as another's is not recorded", async () => {
    const stage = await aStageWith();
    const another = describing(seen({ group: "longshore/other000/shop/web" }));
    expect(await wokenBy(stage, [task(hint)], 0, another)).toEqual([]);
    expect(await recordOf(stage)).toBeUndefined();
  });

  test("is asked for once, however often it is hinted at", async () => {
    const stage = await aStageWith();
    const asked: TaskId[] = [];
    const describeOnce: Tasks["describe"] = async (cluster, taskIds) => {
      asked.push(...taskIds);
      return describing(running).describe(cluster, taskIds);
    };
    await wokenBy(stage, [task(hint), task(running)], 0, { describe: describeOnce });
    expect(asked).toEqual(["t1"]);
  });
});

describe("a node", () => {
  const place = keys.node("main", "n1");
  const nodeOf = ({ store }: Stage) => store.get<NodeRecord>(place);

  /** A stage on which `n1` is on record. */
  async function aStageWithNode(): Promise<Stage> {
    const stage = await aStageWith();
    await wokenBy(stage, [node(seenNode())]);
    return stage;
  }

  test("that is new is recorded, and its cluster woken", async () => {
    const stage = await aStageWith();
    expect(await wokenBy(stage, [node(seenNode())])).toEqual([main]);
    expect(await nodeOf(stage)).toMatchObject({ nodeId: "n1", agentConnected: true });
  });

  test.for<{ name: string; sighting: NodeSighting }>([
    { name: "is gone already", sighting: seenNode({ status: "INACTIVE" }) },
    { name: "is missed", sighting: seenNode({ missing: true }) },
  ])("that is new and $name is not recorded", async ({ sighting }) => {
    const stage = await aStageWith();
    expect(await wokenBy(stage, [node(sighting)])).toEqual([]);
    expect(await nodeOf(stage)).toBeUndefined();
  });

  test.for<{ name: string; given: Partial<NodeSighting>; woken: readonly unknown[]; connected: boolean }>([
    { name: "whose agent went away", given: { ecsVersion: 2, agentConnected: false }, woken: [main], connected: false },
    {
      name: "whose agent was away before",
      given: { ecsVersion: 0, agentConnected: false },
      woken: [],
      connected: true,
    },
    { name: "that is as recorded", given: { ecsVersion: 2 }, woken: [], connected: true },
  ])("$name", async ({ given, woken, connected }) => {
    const stage = await aStageWithNode();
    expect(await wokenBy(stage, [node(seenNode(given))])).toEqual(woken);
    expect((await nodeOf(stage))?.agentConnected).toBe(connected);
  });

  test("that is gone is remembered for two days", async () => {
    const stage = await aStageWithNode();
    expect(await wokenBy(stage, [node(seenNode({ ecsVersion: 2, status: "INACTIVE" }))])).toEqual([main]);
    expect((await nodeOf(stage))?.expiresAt).toBe(Math.floor(stage.clock.nowMs() / 1000) + 48 * 3600);
  });
});
