import { DescribeContainerInstancesCommand, type ECSClient, ListContainerInstancesCommand } from "@aws-sdk/client-ecs";
import type { NodeId } from "../core/model/ids.ts";
import type { NodeSighting } from "../core/model/sightings.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Tasks } from "../core/ports/tasks.ts";
import { lastPart } from "./arns.ts";
import { chunks } from "./chunks.ts";
import { translated } from "./faults.ts";
import { everyPage } from "./pages.ts";
import { seenNode } from "./seen.ts";

/** Most that ECS lists on a page or describes at once. */
const atOnce = 100;

/** Container instances, as ECS lists and describes them. */
export function ecsNodes(client: ECSClient, clock: Clock): Pick<Tasks, "listNodes" | "describeNodes"> {
  return {
    listNodes: (cluster) =>
      everyPage(async (nextToken) => {
        const command = new ListContainerInstancesCommand({ cluster, maxResults: atOnce, nextToken });
        const answer = await translated("ecs ListContainerInstances", () => client.send(command));
        return { items: (answer.containerInstanceArns ?? []).map(lastPart<NodeId>), next: answer.nextToken };
      }),
    describeNodes: async (cluster, nodeIds) => {
      const sightings: NodeSighting[] = [];
      for (const ids of chunks(nodeIds, atOnce)) {
        const readAtMs = clock.nowMs();
        const command = new DescribeContainerInstancesCommand({ cluster, containerInstances: [...ids] });
        const answer = await translated("ecs DescribeContainerInstances", () => client.send(command));
        sightings.push(...(answer.containerInstances ?? []).flatMap((node) => seenNode(node, cluster, readAtMs) ?? []));
      }
      return sightings;
    },
  };
}
