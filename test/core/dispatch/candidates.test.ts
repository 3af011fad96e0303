import { describe, expect, test } from "vitest";
import { candidatesOf, pendingOf } from "../../../core/dispatch/candidates.ts";
import type { NodeId } from "../../../core/model/ids.ts";
import { aCluster, type Clustered } from "../../support/cluster-view.ts";
import { aView, type Viewed } from "../../support/service-view.ts";

const n1 = { nodeId: "n1" as NodeId };

describe("what is free on a node", () => {
  test.for<{ name: string; cluster?: Clustered; views?: readonly Viewed[]; free: string }>([
    {
      name: "is what remains of it",
      cluster: { remaining: { n1: { cpuUnits: 700, memoryMib: 900 } } },
      free: "700/900",
    },
    {
      name: "less the members of a call that was sent",
      views: [{ calls: "sent v1/0 1", call: { 1: n1 } }],
      free: "512/1024",
    },
    { name: "and of one that is settling", views: [{ calls: "settling v1/0", call: { 1: n1 } }], free: "768/1536" },
    {
      name: "but not of a closed one",
      views: [{ calls: "void v1/0; answered v1/1=t0", call: { 1: n1, 2: n1 } }],
      free: "1024/2048",
    },
    {
      name: "nor of one to another node",
      views: [{ calls: "sent v1/0", call: { 1: { nodeId: "n2" as NodeId } } }],
      free: "1024/2048",
    },
    { name: "nor of one to a zone", views: [{ calls: "sent v1/0", call: { 1: { zone: "a" } } }], free: "1024/2048" },
    {
      name: "each member once, on record or not: ECS counts those that are",
      views: [{ calls: "sent v1/0 1 2", call: { 1: n1 }, tasks: "v1<of1 v1-<of1" }],
      free: "768/1536",
    },
    {
      name: "never more than the call has",
      views: [{ calls: "sent v1/0", call: { 1: n1 }, tasks: "v1<of1 v1<of1" }],
      free: "1024/2048",
    },
    {
      name: "of all services, by the size of each",
      views: [
        { calls: "sent v1/0", call: { 1: n1 } },
        { key: "shop/api", cpuUnits: 512, calls: "sent v1/0", call: { 1: n1 } },
      ],
      free: "256/1024",
    },
    {
      name: "also of a revision that is no longer planned",
      views: [{ plan: "v2:0 max 1", calls: "sent v1/0", call: { 1: n1 } }],
      free: "768/1536",
    },
    {
      name: "a call of a revision that is not on record takes nothing that we know of",
      views: [{ calls: "sent v1/0", call: { 1: n1 }, plan: "v2:0 max 1", revisions: { v1: "none" } }],
      free: "1024/2048",
    },
    { name: "nothing when ECS did not show it", cluster: { seen: { n1: "none" } }, free: "0/0" },
  ])("$name", ({ cluster, views = [], free }) => {
    const [node] = candidatesOf(aCluster(cluster), views.map(aView));
    expect(`${node?.free.cpuUnits}/${node?.free.memoryMib}`).toBe(free);
  });
});

describe("a node takes tasks", () => {
  test.for<{ name: string; cluster: Clustered; nodes: string }>([
    { name: "when it is active and its agent connected", cluster: { nodes: "n1" }, nodes: "n1" },
    { name: "not when its agent is away", cluster: { nodes: "n1!" }, nodes: "n1: agent disconnected" },
    { name: "not when it is draining", cluster: { nodes: "n1~" }, nodes: "n1: draining" },
    { name: "not when ECS does not show it", cluster: { seen: { n1: "none" } }, nodes: "n1: not described by ECS" },
    {
      name: "not when it drains since it was recorded",
      cluster: { seen: { n1: { status: "DRAINING" } } },
      nodes: "n1: draining",
    },
    {
      name: "not when its agent left since",
      cluster: { seen: { n1: { agentConnected: false } } },
      nodes: "n1: agent disconnected",
    },
    { name: "one that is gone is no part of the cluster", cluster: { nodes: "n1 n2-" }, nodes: "n1" },
    { name: "nor is one that was given up", cluster: { nodes: "n1 n2", lost: ["n2"] }, nodes: "n1" },
    { name: "there may be none", cluster: { nodes: "" }, nodes: "" },
  ])("$name", ({ cluster, nodes }) => {
    const found = candidatesOf(aCluster(cluster), []);
    const drawn = found.map(({ nodeId, schedulable, unschedulable }) =>
      schedulable ? nodeId : `${nodeId}: ${unschedulable}`,
    );
    expect(drawn.join(", ")).toBe(nodes);
  });
});

test("a node has the tasks that live on it and those that are on their way to it", () => {
  const views = [
    aView({ tasks: "v1/0 v1/1- v1/2<abandoned", calls: "sent v1/3 4", call: { 1: n1 } }),
    aView({ key: "shop/api", tasks: "v1/0" }),
  ];
  const found = candidatesOf(aCluster({ nodes: "n1 n2" }), views);
  expect(found.map(({ nodeId, taskCount }) => `${nodeId}:${taskCount}`)).toEqual(["n1:4", "n2:0"]);
});

test("a node's zone, attributes and size are those on record", () => {
  const cluster = aCluster({ nodes: "n1@b" });
  const [node] = cluster.nodes;
  const attributes = { gpu: "t4" };
  const [found] = candidatesOf({ ...cluster, nodes: node ? [{ ...node, attributes }] : [] }, []);
  expect(found).toMatchObject({ zone: "b", attributes, registered: { cpuUnits: 1024, memoryMib: 2048 } });
});

test("an open call promises the members that no record stands for", () => {
  const view = aView({ calls: "sent v1/0 1; void v1/2; settling v1/3", tasks: "v1<of1" });
  expect(pendingOf(view).map(({ call, count }) => `${call.seq}:${count}`)).toEqual(["1:1", "3:1"]);
});
