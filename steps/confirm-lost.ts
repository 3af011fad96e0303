import type { NodeVerdicts } from "../core/dispatch/nodes.ts";
import { isFault } from "../core/model/fault.ts";
import type { Ports } from "../core/ports/index.ts";

/**
 * Of the nodes that are to be given up for being out of reach, those that a describe of now shows so as well: events come
 * late and out of order, and a record may miss that a node is back. What a describe shows otherwise goes to observe.
 */
export async function confirmLost(ports: Ports, cluster: string, verdicts: NodeVerdicts): Promise<NodeVerdicts> {
  const suspects = verdicts.lost.flatMap(({ nodeId, why }) => (why === "node lost" ? [nodeId] : []));
  if (suspects.length === 0) return verdicts;
  try {
    const shown = await ports.tasks.describeNodes(cluster, suspects);
    const back = shown.filter(({ agentConnected }) => agentConnected);
    if (back.length > 0)
      await ports.queues.report(
        back.map((sighting) => ({ kind: "node", sighting })),
        0,
      );
    return { ...verdicts, lost: verdicts.lost.filter(({ nodeId }) => !back.some((node) => node.nodeId === nodeId)) };
  } catch (error) {
    // What cannot be asked about now is not given up now.
    if (!isFault(error, "transient")) throw error;
    return { ...verdicts, lost: verdicts.lost.filter(({ why }) => why !== "node lost") };
  }
}
