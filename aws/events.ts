import type { Observation } from "../core/ports/queues.ts";
import { lastPart } from "./arns.ts";
import { type Loose, looseObject, textIn, timeIn } from "./loose.ts";
import { seenNode, seenTask } from "./seen.ts";

/** What a kind of event shows, by its `detail-type`. */
const readers: ReadonlyMap<unknown, (detail: Loose, atMs: number) => Observation | undefined> = new Map([
  ["ECS Task State Change", taskObservation],
  ["ECS Container Instance State Change", nodeObservation],
]);

/**
 * What the body of a message of the observations queue shows: an EventBridge envelope, or observations of our own as
 * `Queues.report` sends them. Anything else, and an event that shows nothing of use, is tolerated: none.
 * @param body The JSON, as text or parsed.
 */
export function observationsFrom(body: unknown): readonly Observation[] {
  const message = looseObject(typeof body === "string" ? parsed(body) : body);
  if (Array.isArray(message.observations)) return message.observations.filter(isObservation);
  const read = readers.get(message["detail-type"]);
  if (!read || message.source !== "aws.ecs") return [];
  const detail = looseObject(message.detail);
  return [read(detail, timeIn(message.time) ?? timeIn(detail.updatedAt) ?? 0)].filter(isObservation);
}

function taskObservation(detail: Loose, atMs: number): Observation | undefined {
  const sighting = seenTask(detail, atMs);
  return sighting && { kind: "task", sighting };
}

/** What remains of a node is stale by the time that its event arrives: left out. */
function nodeObservation(detail: Loose, atMs: number): Observation | undefined {
  const { remainingResources: _, ...lasting } = detail;
  const sighting = seenNode(lasting, lastPart(textIn(detail.clusterArn) ?? ""), atMs);
  return sighting?.cluster ? { kind: "node", sighting } : undefined;
}

/** Ours are written by ourselves: it is enough that they say what they are of. */
function isObservation(value: unknown): value is Observation {
  const { kind, sighting } = looseObject(value);
  const { taskId, nodeId, cluster } = looseObject(sighting);
  if (!textIn(cluster)) return false;
  return (kind === "task" && textIn(taskId) !== undefined) || (kind === "node" && textIn(nodeId) !== undefined);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
