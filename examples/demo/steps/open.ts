import { eventually, expect } from "../eventually.ts";
import type { Stage } from "../stage.ts";
import { nodeZones } from "../tasks-view.ts";

/** Shows the machines. */
export async function showCluster({ cluster, timeline }: Stage): Promise<number> {
  const zones = await eventually(
    "6 nodes",
    () => nodeZones(cluster.clients.ecs.reads),
    ({ length }) => length === 6,
  );
  const inZones = Map.groupBy(zones, (zone) => zone);
  expect(inZones.size === 3, `3 zones, found ${inZones.size}`);
  timeline.say([...inZones].map(([zone, nodes]) => `${zone}: ${nodes.length} nodes`).join("   "));
  timeline.say(`AWS endpoint: ${cluster.endpointUrl}`);
  return 0;
}
