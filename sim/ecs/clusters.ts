import { arnOf, lastPart } from "./arns.ts";
import { clusterNotFound, invalidParameter } from "./errors.ts";
import type { Input } from "./inputs.ts";
import { instancesOf } from "./instances.ts";
import { pageOf } from "./pages.ts";
import type { ClusterState, Ecs } from "./state.ts";
import { setTags } from "./tags.ts";
import type { Json } from "./wire.ts";

/** Adds a cluster, or answers the one of that name. */
export function createCluster(ecs: Ecs, input: Input<"CreateCluster">): Json {
  const name = input.clusterName ?? "default";
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw invalidParameter(`clusterName must be 1 to 255 letters, digits, hyphens and underscores, got ${name}`);
  }
  const cluster = ecs.state.clusters.get(name) ?? { name, arn: arnOf(ecs.options, "cluster", name) };
  ecs.state.clusters.set(name, cluster);
  setTags(ecs, cluster.arn, input.tags ?? []);
  return { cluster: clusterJson(ecs, cluster) };
}

/** Describes clusters, `default` when none is named. */
export function describeClusters(ecs: Ecs, input: Input<"DescribeClusters">): Json {
  const names = input.clusters?.length ? input.clusters : ["default"];
  if (names.length > 100) throw invalidParameter(`clusters must be 0 to 100, got ${names.length}`);
  const found = names.map((name) => ({ name, cluster: ecs.state.clusters.get(lastPart(name)) }));
  return {
    clusters: found.flatMap(({ cluster }) => (cluster ? [clusterJson(ecs, cluster)] : [])),
    failures: found.flatMap(({ name, cluster }) =>
      cluster ? [] : [{ arn: arnOf(ecs.options, "cluster", lastPart(name)), reason: "MISSING" }],
    ),
  };
}

/** ARNs of all clusters, in pages. */
export function listClusters(ecs: Ecs, input: Input<"ListClusters">): Json {
  const { items, nextToken } = pageOf({ all: [...ecs.state.clusters.values()], keyOf: ({ arn }) => arn }, input);
  return { clusterArns: items.map(({ arn }) => arn), ...nextToken };
}

/** Name of the cluster that a request means. Throws ClusterNotFoundException. */
export function clusterName(ecs: Ecs, nameOrArn: string | undefined): string {
  const name = lastPart(nameOrArn ?? "default");
  if (!ecs.state.clusters.has(name)) throw clusterNotFound();
  return name;
}

function clusterJson(ecs: Ecs, { name, arn }: ClusterState): Json {
  const tasks = [...ecs.state.tasks.values()].filter((task) => task.cluster === name);
  const pending = ["PROVISIONING", "PENDING", "ACTIVATING"];
  return {
    clusterArn: arn,
    clusterName: name,
    status: "ACTIVE",
    registeredContainerInstancesCount: instancesOf(ecs, name).filter(({ status }) => status !== "INACTIVE").length,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter(({ lastStatus }) => pending.includes(lastStatus)).length,
    activeServicesCount: 0,
    statistics: [],
    tags: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
