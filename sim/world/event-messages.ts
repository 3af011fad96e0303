import { observationBodies } from "../../core/model/bodies.ts";
import type { Observation } from "../../core/ports/queues.ts";
import type { EventEnvelope } from "../ecs/api.ts";
import { seenNode, seenTask, type WireInstance, type WireTask } from "../ecs/port-seen.ts";
import type { MemoryQueues } from "../queues.ts";
import type { SeededRandom } from "../random.ts";

/** How events of ECS arrive: all at once, never, twice (the second one later), late and out of order, or that twice. */
export type EventDelivery = boolean | "doubled" | "shuffled" | "doubled and shuffled";

/** Puts an event on the observations queue as it would arrive. Health is in no event, nor what remains of a node. */
export function deliverEvent(
  queues: MemoryQueues,
  random: SeededRandom,
  how: EventDelivery,
  event: EventEnvelope,
): void {
  if (how === false) return;
  for (const body of observationBodies([observationOf(event)], 0)) {
    const late = () => Math.floor(random.fraction() * 60);
    queues.send("observations", body, { delaySeconds: how === true || how === "doubled" ? 0 : late() });
    if (how === "doubled") queues.send("observations", body, { delaySeconds: late() * 5 });
    if (how === "doubled and shuffled") queues.send("observations", body, { delaySeconds: late() });
  }
}

function observationOf({ detail, time, "detail-type": type }: EventEnvelope): Observation {
  const readAtMs = Date.parse(time);
  const cluster = String(detail.clusterArn).split("/").at(-1) ?? "";
  if (type === "ECS Task State Change") {
    const times = ["createdAt", "startedAt", "stoppedAt"].map((name) => [name, seconds(detail[name])] as const);
    const task = { ...detail, ...Object.fromEntries(times.filter(([, value]) => value !== undefined)) };
    return { kind: "task", sighting: seenTask(task as unknown as WireTask, cluster, readAtMs) };
  }
  const { remaining: _, ...sighting } = seenNode(detail as unknown as WireInstance, cluster, readAtMs);
  return { kind: "node", sighting };
}

function seconds(time: unknown): number | undefined {
  return typeof time === "string" ? Date.parse(time) / 1000 : undefined;
}
