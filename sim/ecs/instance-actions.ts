import { arnOf, lastPart } from "./arns.ts";
import { clusterName } from "./clusters.ts";
import { invalidParameter } from "./errors.ts";
import { parseExpression } from "./expression.ts";
import type { Input } from "./inputs.ts";
import { findInstance, instancesOf } from "./instances.ts";
import { pageOf } from "./pages.ts";
import type { Ecs, InstanceState } from "./state.ts";
import { instanceJson, type Json } from "./wire.ts";

const statuses = ["ACTIVE", "DRAINING", "REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED"];

/** ARNs of a cluster's container instances, in pages; those that are INACTIVE never show. */
export function listContainerInstances(ecs: Ecs, input: Input<"ListContainerInstances">): Json {
  const wanted = input.status === undefined ? statuses : [input.status];
  if (input.status !== undefined && !statuses.includes(input.status)) {
    throw invalidParameter(`status must be one of ${statuses.join(", ")}, got ${input.status}`);
  }
  const matches = input.filter === undefined ? () => true : parseExpression(input.filter);
  const all = instancesOf(ecs, clusterName(ecs, input.cluster));
  const shows = (instance: InstanceState) => wanted.includes(instance.status) && matches(instance);
  const { items, nextToken } = pageOf({ all, keyOf: ({ id }) => id, shows }, input);
  return { containerInstanceArns: items.map(({ arn }) => arn), ...nextToken };
}

/** Describes up to 100 container instances; one that is unknown is a failure MISSING. */
export function describeContainerInstances(ecs: Ecs, input: Input<"DescribeContainerInstances">): Json {
  const cluster = clusterName(ecs, input.cluster);
  const ids = input.containerInstances;
  if (ids.length < 1) throw invalidParameter("Container instances cannot be empty.");
  if (ids.length > 100) throw invalidParameter(`containerInstances must be 1 to 100, got ${ids.length}`);
  const found = ids.map((id) => ({ id, instance: findInstance(ecs, cluster, id) }));
  return {
    containerInstances: found.flatMap(({ instance }) => (instance ? [instanceJson(ecs, instance, input.include)] : [])),
    failures: found.flatMap(({ id, instance }) =>
      instance ? [] : [{ arn: arnOf(ecs.options, "container-instance", cluster, lastPart(id)), reason: "MISSING" }],
    ),
  };
}
