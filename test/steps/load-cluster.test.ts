import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import type { ServiceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import {
  type NodeRecord,
  type NoticeRecord,
  type SpecRecord,
  type StateRecord,
  schema,
} from "../../core/model/records.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { dispatchCluster } from "../../steps/dispatch.ts";
import { loadCluster } from "../../steps/load-cluster.ts";
import { aNodeRecord } from "../support/cluster-view.ts";
import { aSpec, key } from "../support/service.ts";
import { aView } from "../support/service-view.ts";
import { type Stage, sent } from "../support/stage.ts";
import { aWaitingService } from "../support/waiting-service.ts";

const noticeKey = keys.notice("main", key);
const broken = () => Promise.reject(new Fault("transient", "ServerException", "broken"));

function pass(stage: Stage, tasks: Partial<Tasks> = {}): Promise<void> {
  return dispatchCluster({ key: "main", hops: 1 }, { ...stage.ports, tasks: { ...stage.tasks, ...tasks } });
}

const running = ({ engine }: Stage) => engine.tasks().length;
const unplaced = async ({ store }: Stage) => (await store.get<NoticeRecord>(noticeKey))?.unplaced?.message;

describe("while nodes cannot be described", () => {
  test("what wants one waits, and a look follows in a few seconds", async () => {
    const stage = await aWaitingService();
    await pass(stage, { describeNodes: broken });
    expect([running(stage), await unplaced(stage)]).toEqual([0, undefined]);
    expect(sent(stage, "dispatch")).toEqual([]);
    stage.clock.advance(5_000);
    expect(sent(stage, "dispatch")).toEqual([{ key: "main", hops: 2, names: [] }]);
    await pass(stage);
    expect(running(stage)).toBe(1);
  });

  test("what was told of its placement before stays", async () => {
    const stage = await aWaitingService();
    const told = { tasks: 1, message: "0 of 2 nodes fit: 2 have not enough free memory: 512 MiB wanted" };
    await stage.store.create<NoticeRecord>({ ...noticeKey, schema, uid: key, tasks: {}, unplaced: told });
    await pass(stage, { describeNodes: broken });
    expect(await unplaced(stage)).toBe(told.message);
    await pass(stage);
    expect(await unplaced(stage)).toBeUndefined();
  });

  test("calls are settled all the same", async () => {
    const stage = await aWaitingService();
    await pass(stage, { run: broken });
    stage.clock.advance(10_000);
    await pass(stage, { describeNodes: broken });
    expect(running(stage)).toBe(1);
  });

  test("for good, the pass fails: somebody has to look", async () => {
    const stage = await aWaitingService();
    const denied = () => Promise.reject(new Fault("terminal", "AccessDeniedException", "may not describe"));
    await expect(pass(stage, { describeNodes: denied })).rejects.toThrow("may not describe");
  });
});

describe("a node", () => {
  test("that just registered and is not described yet waits, with what wants it", async () => {
    const stage = await aWaitingService();
    await pass(stage, { describeNodes: async () => [] });
    expect([running(stage), await unplaced(stage)]).toEqual([0, "0 of 2 nodes fit: 2 are not described by ECS"]);
    await pass(stage);
    expect([running(stage), await unplaced(stage)]).toEqual([1, undefined]);
  });

  test("that drains is not described, and said to drain", async () => {
    const stage = await aWaitingService();
    const records = await stage.store.query<NodeRecord>(keys.cluster("main"), "node#");
    for (const record of records) await stage.store.swap(record, { status: "DRAINING" });
    await pass(stage, { describeNodes: broken });
    expect(await unplaced(stage)).toBe("0 of 2 nodes fit: 2 are draining");
  });

  test("is not described while nothing wants one", async () => {
    const stage = await aWaitingService();
    const state = await stage.store.get<StateRecord>(keys.state(key));
    if (state) await stage.store.swap(state, { plan: { ...state.plan, maxLive: 0 } });
    const ports = {
      ...stage.ports,
      tasks: { ...stage.tasks, describeNodes: () => Promise.reject(new Error("asked")) },
    };
    expect((await loadCluster(ports, "main", [])).sightings).toEqual(new Map());
  });
});

describe("which services are looked at", () => {
  const api = "shop/api" as ServiceKey;
  /** Stores the state of another service. */
  async function withService(stage: Stage, name: ServiceKey, given: Partial<StateRecord> = {}) {
    const { state } = aView({ replicas: 1, state: given });
    await stage.store.create<StateRecord>({ ...state, ...keys.state(name) });
  }
  const looked = async (stage: Stage, names: readonly string[] | "all" = []) =>
    (await loadCluster(stage.ports, "main", names)).views.map((view) => view.key);

  test("those that wait, the most urgent first", async () => {
    const stage = await aWaitingService();
    await withService(stage, api, { waitShard: "main#9", waitRow: `000#${api}` });
    expect(await looked(stage)).toEqual([api, key]);
    expect(await looked(stage, "all")).toEqual([api, key]);
  });

  test("those that are named come first, each once", async () => {
    const stage = await aWaitingService();
    await withService(stage, api);
    expect(await looked(stage)).toEqual([key]);
    expect(await looked(stage, [api])).toEqual([api, key]);
    expect(await looked(stage, [key])).toEqual([key]);
  });

  test.for<{ name: string; given: Partial<StateRecord> }>([
    { name: "one of another cluster", given: { cluster: "other" } },
    { name: "one of a newer Longshore", given: { schema: 2 } },
  ])("not $name", async ({ given }) => {
    const stage = await aWaitingService();
    await withService(stage, api, given);
    expect(await looked(stage, [api, "shop/none"])).toEqual([key]);
  });

  test.for([
    { name: "a service that is paused", paused: true },
    { name: "one that is not", paused: false },
  ])("$name is seen so", async ({ paused }) => {
    const stage = await aWaitingService();
    await stage.store.create<SpecRecord>(aSpec({}, { paused }));
    const [view] = (await loadCluster(stage.ports, "main", [])).views;
    expect(view?.paused).toBe(paused);
  });
});

test("nodes, what was decided of them, and notices are read by their cluster", async () => {
  const stage = await aWaitingService();
  await stage.store.create<NodeRecord>({ ...aNodeRecord("n9"), partition: "cluster#other" });
  await stage.store.create<NoticeRecord>({ ...noticeKey, schema, uid: key, tasks: {} });
  const cluster = await loadCluster(stage.ports, "main", []);
  expect(cluster.nodes).toHaveLength(2);
  expect([...cluster.notices.keys()]).toEqual([key]);
  expect(cluster.state).toBeUndefined();
  expect([...(cluster.sightings?.keys() ?? [])].toSorted()).toEqual(
    cluster.nodes.map(({ nodeId }) => nodeId).toSorted(),
  );
});
