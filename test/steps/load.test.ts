import { describe, expect, test } from "vitest";
import type { NodeId } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import {
  type NamespaceRecord,
  type NodeRecord,
  type SpecRecord,
  type StateRecord,
  schema,
  type TaskRecord,
} from "../../core/model/records.ts";
import { revisionContent } from "../../core/model/revision.ts";
import type { Store } from "../../core/ports/store.ts";
import { revisionOf } from "../../steps/digest.ts";
import { readInstall } from "../../steps/install.ts";
import { loadSnapshot, readService } from "../../steps/load.ts";
import { aNodeRecord } from "../support/cluster-view.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { aSpec, key } from "../support/service.ts";
import { aSnapshot } from "../support/snapshot.ts";
import { aStage, type Stage } from "../support/stage.ts";

interface Pause {
  readonly paused?: boolean;
  readonly resumedAtMs?: number;
}

/** `shop/web`, with what is known of the pauses of its install, its namespace and itself. */
async function aPausable(given: { install?: Pause; namespace?: Pause; service?: Pause }): Promise<Stage> {
  const stage = aStage();
  await stage.store.swap(await readInstall(stage.ports), given.install ?? {});
  const place = { ...keys.namespace("shop"), schema, uid: "n1", lastCommand: "c1" };
  if (given.namespace) await stage.store.create<NamespaceRecord>({ ...place, paused: false, ...given.namespace });
  await stage.store.create<SpecRecord>(aSpec({}, given.service));
  return stage;
}

test.for<{ readonly name: string; readonly given: Parameters<typeof aPausable>[0]; readonly is: Required<Pause> }>([
  { name: "nothing", given: {}, is: { paused: false, resumedAtMs: 0 } },
  { name: "its install's", given: { install: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  { name: "its namespace's", given: { namespace: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  { name: "its own", given: { service: { paused: true } }, is: { paused: true, resumedAtMs: 0 } },
  {
    name: "the latest end, its install's",
    given: { install: { resumedAtMs: 3 }, namespace: { resumedAtMs: 2 }, service: { resumedAtMs: 1 } },
    is: { paused: false, resumedAtMs: 3 },
  },
  {
    name: "the latest end, its namespace's",
    given: { install: { resumedAtMs: 1 }, namespace: { resumedAtMs: 3 }, service: { resumedAtMs: 2 } },
    is: { paused: false, resumedAtMs: 3 },
  },
  {
    name: "the latest end, its own, in spite of a pause that goes on",
    given: { install: { resumedAtMs: 1 }, namespace: { paused: true }, service: { resumedAtMs: 3 } },
    is: { paused: true, resumedAtMs: 3 },
  },
])("of the pauses of a service it reads $name", async ({ given, is }) => {
  const { ports } = await aPausable(given);
  expect(await readService(ports, key)).toMatchObject(is);
  expect(await loadSnapshot(ports, key, false)).toMatchObject(is);
});

test.for<{ readonly outcome: "rolled back" | "paused"; readonly are: readonly string[] }>([
  { outcome: "rolled back", are: ["arn:stable", "arn:former"] },
  { outcome: "paused", are: ["arn:group", "arn:former"] },
])("of a rollout that is $outcome it reads the target groups $are", async ({ outcome, are }) => {
  const { ports, store } = aStage();
  const spec = aSpec({ traffic: [{}] });
  const trafficOf = (targetGroup: string) => aSpec({ traffic: [{ targetGroup }] }).manifest.spec.traffic;
  const { state } = aSnapshot({
    state: {
      traffic: trafficOf("arn:former"),
      stableTraffic: trafficOf("arn:stable"),
      rollout: {
        attempt: 1,
        revision: revisionOf(revisionContent(spec, ports.settings)),
        startedAtMs: 0,
        failure: { reason: "Cancelled", message: "", atMs: 1, outcome },
      },
    },
  });
  await store.create<SpecRecord>(spec);
  if (state) await store.create<StateRecord>(state);
  const snapshot = await loadSnapshot(ports, key, false);
  expect("targets" in snapshot && [...snapshot.targets.keys()]).toEqual(are);
});

describe("the EC2 instances behind its tasks", () => {
  interface OnNodes {
    readonly nodes: number;
    readonly tasksEach?: number;
    readonly traffic?: "now" | "before";
    readonly ports?: "none";
    readonly evidence?: true;
  }

  /** `shop/web` with tasks on so many nodes, and how often records of nodes are read: `2 gets`, `1 queries`. */
  async function onNodes({ nodes, tasksEach = 1, traffic, ports }: OnNodes) {
    const stage = aStage();
    await stage.store.create<SpecRecord>(aSpec(traffic === "now" ? { traffic: [{}] } : {}));
    const { state } = aSnapshot(
      traffic === "before" ? { state: { traffic: aSpec({ traffic: [{}] }).manifest.spec.traffic } } : {},
    );
    if (state) await stage.store.create<StateRecord>(state);
    for (let index = 0; index < nodes; index += 1) {
      const nodeId = `n${index}` as NodeId;
      await stage.store.create<NodeRecord>(aNodeRecord(nodeId));
      for (let each = 0; each < tasksEach; each += 1)
        await stage.store.create<TaskRecord>(
          aTask(`${nodeId}-${each}`, { nodeId, ...(ports === "none" ? {} : { hostPorts: { "app:80": 32_768 } }) }),
        );
    }
    const reads = { gets: 0, queries: 0 };
    const store: Store = {
      ...stage.store,
      get: (named) => {
        if (named.sort.startsWith("node#")) reads.gets += 1;
        return stage.store.get(named);
      },
      query: (partition, prefix) => {
        if (partition === keys.cluster("main")) reads.queries += 1;
        return stage.store.query(partition, prefix);
      },
    };
    return { ports: { ...stage.ports, store }, reads };
  }

  test.for<
    OnNodes & { readonly name: string; readonly reads: { gets: number; queries: number }; readonly known: number }
  >([
    { name: "not without traffic", nodes: 2, reads: { gets: 0, queries: 0 }, known: 0 },
    { name: "with traffic", nodes: 2, traffic: "now", reads: { gets: 2, queries: 0 }, known: 2 },
    { name: "with traffic that it left", nodes: 2, traffic: "before", reads: { gets: 2, queries: 0 }, known: 2 },
    { name: "not without ports", nodes: 2, traffic: "now", ports: "none", reads: { gets: 0, queries: 0 }, known: 0 },
    { name: "of each node once", nodes: 1, tasksEach: 3, traffic: "now", reads: { gets: 1, queries: 0 }, known: 1 },
    { name: "of a few one by one", nodes: 25, traffic: "now", reads: { gets: 25, queries: 0 }, known: 25 },
    { name: "of many at once", nodes: 26, traffic: "now", reads: { gets: 0, queries: 1 }, known: 26 },
    {
      name: "with all nodes where evidence is needed",
      nodes: 2,
      traffic: "now",
      evidence: true,
      reads: { gets: 0, queries: 1 },
      known: 2,
    },
  ])("are read $name", async ({ name: _, reads, known, evidence, ...given }) => {
    const scene = await onNodes(given);
    const snapshot = await loadSnapshot(scene.ports, key, evidence === true);
    expect(scene.reads).toEqual(reads);
    const instances = Array.from({ length: known }, (__, index) => [`n${index}`, `i-n${index}`] as const);
    expect(snapshot).toMatchObject({ instances: new Map(instances) });
    expect("instances" in snapshot && snapshot.instances.size).toBe(known);
  });
});
