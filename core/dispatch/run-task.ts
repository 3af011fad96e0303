import type { NodeId, ServiceKey, Token } from "../model/ids.ts";
import { splitServiceKey } from "../model/ids.ts";
import { groupOf, startedByOf } from "../model/names.ts";
import type { RevisionContent, RunTaskInput } from "../model/records.ts";
import type { Settings } from "../model/settings.ts";

/** Where a call's tasks go: one node, or on Fargate one zone. */
export type Spot =
  | { readonly kind: "node"; readonly nodeId: NodeId; readonly ec2InstanceId: string; readonly zone: string }
  | { readonly kind: "zone"; readonly zone: string };

/** What a RunTask is made from. */
export interface Order {
  readonly key: ServiceKey;
  readonly installId: string;
  readonly settings: Settings;
  readonly cluster: string;
  readonly setId: string;
  readonly content: RevisionContent;
  readonly taskDefinition: string;
  readonly count: number;
  readonly spot: Spot;
}

/** The whole RunTask request: pinned to its node by a constraint, since RunTask has a token and StartTask has none. */
export function runTaskInput(order: Order, token: Token): RunTaskInput {
  const { key, installId, cluster, setId, content, taskDefinition, count, spot } = order;
  const { namespace, name } = splitServiceKey(key);
  return {
    cluster,
    taskDefinition,
    count,
    clientToken: token,
    startedBy: startedByOf(token, setId),
    group: groupOf(installId, key),
    launchType: spot.kind === "node" ? "EC2" : "FARGATE",
    enableECSManagedTags: true,
    ...(content.task.exec ? { enableExecuteCommand: true as const } : {}),
    propagateTags: "TASK_DEFINITION",
    tags: [
      { key: "longshore:install", value: installId },
      { key: "longshore:namespace", value: namespace },
      { key: "longshore:service", value: name },
    ],
    ...(spot.kind === "node"
      ? { placementConstraints: [{ type: "memberOf" as const, expression: `ec2InstanceId == ${spot.ec2InstanceId}` }] }
      : {}),
    ...(content.network.mode === "awsvpc" ? { networkConfiguration: networkOf(order) } : {}),
  };
}

/** Zones that Fargate tasks of a network can go to; a subnet whose zone is not known stands for its own. */
export function zonesOf(subnets: readonly string[], { defaults }: Settings): readonly string[] {
  return [...new Set(subnets.map((subnet) => defaults.subnetZones[subnet] ?? subnet))].toSorted();
}

/** Only the subnets of the call's zone: so the zone of each task is ours to choose. */
function networkOf({ content, spot, settings }: Order): NonNullable<RunTaskInput["networkConfiguration"]> {
  const { subnets, securityGroups, publicIp } = content.network;
  const inZone = subnets.filter((subnet) => (settings.defaults.subnetZones[subnet] ?? subnet) === spot.zone);
  return {
    awsvpcConfiguration: {
      subnets: inZone.length > 0 ? inZone : subnets,
      securityGroups,
      assignPublicIp: publicIp ? "ENABLED" : "DISABLED",
    },
  };
}
