import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, type Json, refusal } from "./world.ts";

const arn = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:cluster/${name}`;

describe("clusters", () => {
  test.for([
    { clusterName: undefined, made: "default" },
    { clusterName: "a-Z_9", made: "a-Z_9" },
    { clusterName: "c", made: "c" },
  ])("$clusterName is made, or found, as $made", ({ clusterName, made }) => {
    const world = aWorld();
    const { cluster } = world.engine.handle("CreateCluster", { clusterName });
    expect(cluster).toEqual({
      clusterName: made,
      clusterArn: arn(made),
      status: "ACTIVE",
      registeredContainerInstancesCount: 0,
      runningTasksCount: 0,
      pendingTasksCount: 0,
      activeServicesCount: 0,
      statistics: [],
      tags: [],
      settings: [],
      capacityProviders: [],
      defaultCapacityProviderStrategy: [],
    });
  });

  test.for(["", "a b", "a".repeat(256)])("%s is no name", (clusterName) => {
    expect(refusal(() => aWorld().call("CreateCluster", { clusterName }))).toBe(
      `InvalidParameterException: clusterName must be 1 to 255 letters, digits, hyphens and underscores, got ${clusterName}`,
    );
  });

  test("a cluster that is made again keeps what it has, and gets more tags", () => {
    const world = aReadyWorld();
    world.run();
    world.call("CreateCluster", { clusterName: "c", tags: [{ key: "a", value: "1" }] });
    expect(world.engine.tasks()).toHaveLength(1);
    expect(world.call("ListTagsForResource", { resourceArn: arn("c") })).toEqual({ tags: [{ key: "a", value: "1" }] });
  });

  test("count what is in them", () => {
    const world = aReadyWorld({ behave: () => ({ startsAfterMs: 100 }) });
    world.node("i-2");
    world.node("i-3");
    world.engine.terminateInstance("c", "i-3");
    world.run({ count: 2 });
    world.pass(100);
    world.run();
    world.call("CreateCluster", { clusterName: "d" });
    const { clusters } = world.engine.handle("DescribeClusters", { clusters: ["c", arn("d")] });
    expect(clusters).toMatchObject([
      { clusterName: "c", registeredContainerInstancesCount: 2, runningTasksCount: 2, pendingTasksCount: 1 },
      { clusterName: "d", registeredContainerInstancesCount: 0, runningTasksCount: 0, pendingTasksCount: 0 },
    ]);
  });

  test.for<{ clusters: readonly string[] | undefined; answer: Json }>([
    { clusters: undefined, answer: { clusters: [], failures: [{ arn: arn("default"), reason: "MISSING" }] } },
    { clusters: [], answer: { clusters: [], failures: [{ arn: arn("default"), reason: "MISSING" }] } },
    {
      clusters: ["c", "x"],
      answer: { clusters: [{ clusterName: "c" }], failures: [{ arn: arn("x"), reason: "MISSING" }] },
    },
  ])("$clusters described", ({ clusters, answer }) => {
    expect(aWorld().engine.handle("DescribeClusters", { clusters })).toMatchObject(answer);
  });

  test("the default one is meant where none is named", () => {
    const world = aWorld();
    expect(refusal(() => world.engine.handle("ListTasks", {}))).toBe("ClusterNotFoundException: Cluster not found.");
    world.engine.handle("CreateCluster", {});
    expect(world.engine.handle("ListTasks", {})).toEqual({ taskArns: [] });
    expect(world.engine.handle("ListTasks", { cluster: arn("c") })).toEqual({ taskArns: [] });
  });

  test("pages", () => {
    const world = aWorld();
    world.call("CreateCluster", { clusterName: "d" });
    const first = world.call("ListClusters", { maxResults: 1 });
    expect(first.clusterArns).toEqual([arn("c")]);
    expect(world.call("ListClusters", { maxResults: 1, nextToken: first.nextToken })).toEqual({
      clusterArns: [arn("d")],
    });
  });
});
