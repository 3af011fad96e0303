import { describe, expect, test } from "vitest";
import type { ClusterSnapshot } from "../../core/dispatch/cluster-plan.ts";
import type { NodeVerdicts } from "../../core/dispatch/nodes.ts";
import { Fault } from "../../core/model/fault.ts";
import type { NodeId, ServiceKey, TaskId } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { ClusterRecord, NoticeRecord } from "../../core/model/records.ts";
import type { Store } from "../../core/ports/store.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { announceNodes, writeNotice } from "../../steps/notices.ts";
import { aClusterRecord, drawNodes } from "../support/cluster-view.ts";
import { key } from "../support/service.ts";
import { seen } from "../support/sightings.ts";
import { aStage, between, type Stage } from "../support/stage.ts";

const api = "shop/api" as ServiceKey;
const unplaced = { tasks: 2, message: "0 of 1 nodes fit: 1 is draining" };
const find = ({ store }: Stage, of: ServiceKey = key) => store.get<NoticeRecord>(keys.notice("main", of));
const stateOf = ({ store }: Stage) => store.get<ClusterRecord>(keys.clusterState("main"));

function lostOn(nodeId: string, ...taskIds: readonly string[]): NoticeRecord["tasks"] {
  return Object.fromEntries(taskIds.map((id) => [id, { why: "node lost", nodeId: nodeId as NodeId, atMs: 1 }]));
}

/** A notice on record. */
async function noticed(stage: Stage, tasks: NoticeRecord["tasks"], more: Partial<NoticeRecord> = {}, of = key) {
  const place = keys.notice("main", of);
  const made = await stage.store.create<NoticeRecord>({ ...place, schema: 1, uid: of, tasks, ...more });
  if (made === undefined) throw new Error("there is one");
  return made;
}

describe("a notice", () => {
  test("that there is something to say is made", async () => {
    const stage = aStage();
    expect(await writeNotice(stage.ports, "main", key, undefined, { tasks: {}, unplaced })).toBe(true);
    expect(await find(stage)).toMatchObject({
      partition: "cluster#main",
      sort: "notice#shop/web",
      tasks: {},
      unplaced,
    });
  });

  test("that there is nothing to say is none", async () => {
    const stage = aStage();
    expect(await writeNotice(stage.ports, "main", key, undefined, { tasks: {} })).toBe(true);
    expect(await find(stage)).toBeUndefined();
  });

  test("changes as a whole", async () => {
    const stage = aStage();
    const before = await noticed(stage, lostOn("n1", "t1"), { unplaced });
    expect(await writeNotice(stage.ports, "main", key, before, { tasks: lostOn("n1", "t2") })).toBe(true);
    const after = await find(stage);
    expect(Object.keys(after?.tasks ?? {})).toEqual(["t2"]);
    expect(after).not.toHaveProperty("unplaced");
  });

  test("that has nothing left to say is removed", async () => {
    const stage = aStage();
    const before = await noticed(stage, {}, { unplaced });
    expect(await writeNotice(stage.ports, "main", key, before, { tasks: {} })).toBe(true);
    expect(await find(stage)).toBeUndefined();
  });

  test.for<{ name: string; parts: Pick<NoticeRecord, "tasks" | "unplaced"> }>([
    { name: "changed", parts: { tasks: {}, unplaced } },
    { name: "removed", parts: { tasks: {} } },
  ])("that somebody else wrote is not $name", async ({ parts }) => {
    const stage = aStage();
    const before = await noticed(stage, lostOn("n1", "t1"));
    const theirs = await stage.store.swap(before, { tasks: lostOn("n1", "t9") });
    expect(await writeNotice(stage.ports, "main", key, before, parts)).toBe(false);
    expect(await find(stage)).toEqual(theirs);
  });

  test("that somebody else made is not made again", async () => {
    const stage = aStage();
    const theirs = await noticed(stage, lostOn("n1", "t9"));
    expect(await writeNotice(stage.ports, "main", key, undefined, { tasks: {}, unplaced })).toBe(false);
    expect(await find(stage)).toEqual(theirs);
  });
});

interface Scene {
  readonly nodes?: string;
  readonly state?: Partial<ClusterRecord>;
  readonly lost?: NodeVerdicts["lost"];
  readonly returned?: readonly string[];
  /** What is listed on a node, as `task:service`; of nobody's without a service. */
  readonly on?: Readonly<Record<string, string>>;
  readonly list?: Tasks["list"];
  readonly store?: (stage: Stage) => Store;
}

/** Announces verdicts over the notices on record. */
async function announce(stage: Stage, { nodes = "n1 n2", lost = [], returned = [], on = {}, ...scene }: Scene) {
  const items = await stage.store.query<NoticeRecord>("cluster#main", "notice#");
  const state = scene.state && (await stage.store.create<ClusterRecord>(aClusterRecord(scene.state)));
  const snapshot: ClusterSnapshot = {
    installId: "local000",
    views: [],
    nodes: drawNodes(nodes),
    sightings: new Map(),
    state,
    notices: new Map(items.map((notice) => [notice.sort.slice("notice#".length) as ServiceKey, notice])),
  };
  const drawn = (nodeId: string) =>
    (on[nodeId] ?? "")
      .split(" ")
      .filter(Boolean)
      .map((each) => each.split(":"));
  const tasks: Tasks = {
    ...stage.tasks,
    list:
      scene.list ?? (async (_, filter) => ("nodeId" in filter ? drawn(filter.nodeId).map(([id]) => id as TaskId) : [])),
    describe: async (_, ids) =>
      ids.map((taskId) => {
        const owner = Object.keys(on)
          .flatMap(drawn)
          .find(([id]) => id === taskId)?.[1];
        if (owner === "missing") return { kind: "missing", taskId, cluster: "main", readAtMs: 1 };
        return seen({ taskId, group: owner === undefined ? "family:other" : `longshore/local000/shop/${owner}` });
      }),
  };
  const ports = { ...stage.ports, tasks, store: scene.store?.(stage) ?? stage.store };
  return announceNodes(ports, "main", snapshot, { lost, returned: returned as NodeId[] });
}

const n1Lost = [{ nodeId: "n1" as NodeId, why: "node lost" as const }];
const n1Gone = [{ nodeId: "n1" as NodeId, why: "node gone" as const }];

/** Tasks that a service is told of, as `t1 lost n1`. */
async function told(stage: Stage, of: ServiceKey = key): Promise<readonly string[]> {
  const notice = await find(stage, of);
  return Object.entries(notice?.tasks ?? {}).map(
    ([id, { why, nodeId }]) => `${id} ${why.replace("node ", "")} ${nodeId}`,
  );
}

describe("a node that is given up", () => {
  test("each service is told which of its tasks were on it, and the cluster remembers", async () => {
    const stage = aStage();
    const changed = await announce(stage, { lost: n1Lost, on: { n1: "t1:web t2:api t3:web", n2: "t4:web" } });
    expect(changed.toSorted()).toEqual([api, key]);
    expect(await told(stage)).toEqual(["t1 lost n1", "t3 lost n1"]);
    expect(await told(stage, api)).toEqual(["t2 lost n1"]);
    expect((await find(stage))?.tasks.t1?.atMs).toBe(stage.clock.nowMs());
    expect(await stateOf(stage)).toMatchObject({
      lost: { n1: stage.clock.nowMs() },
      lastLossAtMs: stage.clock.nowMs(),
    });
  });

  test("tasks of others, and those that cannot be seen, are nobody's", async () => {
    const stage = aStage();
    expect(await announce(stage, { lost: n1Lost, on: { n1: "t1 t2:missing" } })).toEqual([]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: stage.clock.nowMs() } });
  });

  test("what is told already stays, and so does what has no place", async () => {
    const stage = aStage();
    await noticed(stage, lostOn("n2", "t0"), { unplaced });
    await announce(stage, { lost: n1Lost, on: { n1: "t1:web" }, state: { lost: { n2: 5 }, lastLossAtMs: 5 } });
    expect(await told(stage)).toEqual(["t0 lost n2", "t1 lost n1"]);
    expect(await find(stage)).toMatchObject({ unplaced });
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: stage.clock.nowMs(), n2: 5 } });
  });

  test("because its instance is gone slows no other down", async () => {
    const stage = aStage();
    await announce(stage, { lost: n1Gone, on: { n1: "t1:web" }, state: { lastLossAtMs: 5 } });
    expect(await told(stage)).toEqual(["t1 gone n1"]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: stage.clock.nowMs() }, lastLossAtMs: 5 });
  });

  test("and that ECS no longer knows has no tasks", async () => {
    const stage = aStage();
    const list = () => Promise.reject(new Fault("terminal", "InvalidParameterException", "not found"));
    expect(await announce(stage, { lost: n1Gone, list })).toEqual([]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: stage.clock.nowMs() } });
  });

  test.for([
    { name: "while ECS must know it", lost: n1Lost, code: "InvalidParameterException" },
    { name: "without permission", lost: n1Gone, code: "AccessDeniedException" },
  ])("$name is not given up when its tasks cannot be listed", async ({ lost, code }) => {
    const stage = aStage();
    const list = () => Promise.reject(new Fault("terminal", code, "refused"));
    await expect(announce(stage, { lost, list })).rejects.toThrow("refused");
    expect(await stateOf(stage)).toBeUndefined();
  });

  test("nor when they cannot be listed for a time", async () => {
    const stage = aStage();
    const list = () => Promise.reject(new Fault("transient", "ServerException", "broken"));
    await expect(announce(stage, { lost: n1Gone, list })).rejects.toThrow("broken");
    expect(await stateOf(stage)).toBeUndefined();
  });
});

describe("a node that returned", () => {
  test("its tasks are no longer told of, and the cluster forgets it", async () => {
    const stage = aStage();
    await noticed(stage, { ...lostOn("n1", "t1"), ...lostOn("n2", "t2") });
    const changed = await announce(stage, { returned: ["n1"], state: { lost: { n1: 3, n2: 4 }, lastLossAtMs: 4 } });
    expect(changed).toEqual([key]);
    expect(await told(stage)).toEqual(["t2 lost n2"]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n2: 4 }, lastLossAtMs: 4 });
  });

  test("a notice that says nothing more is gone", async () => {
    const stage = aStage();
    await noticed(stage, lostOn("n1", "t1"));
    await announce(stage, { returned: ["n1"], state: { lost: { n1: 3 } } });
    expect(await find(stage)).toBeUndefined();
  });

  test("what has no place is still told", async () => {
    const stage = aStage();
    await noticed(stage, lostOn("n1", "t1"), { unplaced });
    await announce(stage, { returned: ["n1"], state: { lost: { n1: 3 } } });
    expect(await find(stage)).toMatchObject({ tasks: {}, unplaced });
  });

  test("while another is given up: one service is told both", async () => {
    const stage = aStage();
    await noticed(stage, lostOn("n2", "t2"));
    await announce(stage, { lost: n1Lost, returned: ["n2"], on: { n1: "t1:web" }, state: { lost: { n2: 3 } } });
    expect(await told(stage)).toEqual(["t1 lost n1"]);
    expect(Object.keys((await stateOf(stage))?.lost ?? {})).toEqual(["n1"]);
  });
});

test("nodes that no record is kept of are forgotten", async () => {
  const stage = aStage();
  await noticed(stage, { ...lostOn("n8", "t8"), ...lostOn("n2", "t2") });
  await announce(stage, { lost: n1Lost, nodes: "n1 n2", state: { lost: { n2: 2, n8: 1 } } });
  expect(await told(stage)).toEqual(["t2 lost n2"]);
  expect(Object.keys((await stateOf(stage))?.lost ?? {}).toSorted()).toEqual(["n1", "n2"]);
});

test("nothing to announce writes nothing", async () => {
  const stage = aStage();
  const before = await noticed(stage, lostOn("n1", "t1"));
  expect(await announce(stage, {})).toEqual([]);
  expect(await find(stage)).toEqual(before);
  expect(await stateOf(stage)).toBeUndefined();
});

describe("two at once: the cluster does not remember what a service was not told", () => {
  test("of a loss", async () => {
    const stage = aStage();
    const store = ({ store: inner }: Stage) => between(inner, "create", () => noticed(stage, lostOn("n2", "t0")));
    expect(await announce(stage, { lost: n1Lost, on: { n1: "t1:web" }, store })).toEqual([]);
    expect(await told(stage)).toEqual(["t0 lost n2"]);
    expect(await stateOf(stage)).toBeUndefined();
    expect(await announce(stage, { lost: n1Lost, on: { n1: "t1:web" } })).toEqual([key]);
    expect(await told(stage)).toEqual(["t0 lost n2", "t1 lost n1"]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: stage.clock.nowMs() } });
  });

  test("of a return", async () => {
    const stage = aStage();
    const before = await noticed(stage, { ...lostOn("n1", "t1"), ...lostOn("n2", "t2") });
    const store = ({ store: inner }: Stage) => between(inner, "swap", () => inner.swap(before, { unplaced }));
    await announce(stage, { returned: ["n1"], state: { lost: { n1: 3 } }, store });
    expect(await told(stage)).toEqual(["t1 lost n1", "t2 lost n2"]);
    expect(await stateOf(stage)).toMatchObject({ lost: { n1: 3 } });
  });

  test("a cluster's state that somebody else wrote stays his", async () => {
    const stage = aStage();
    const store = ({ store: inner }: Stage) =>
      between(inner, "swap", async () => {
        const state = await stateOf(stage);
        if (state) await inner.swap(state, { lost: { n2: 9 } });
      });
    await announce(stage, { lost: n1Lost, state: {}, store });
    expect(await stateOf(stage)).toMatchObject({ lost: { n2: 9 } });
  });
});
