import type { NodeId } from "../model/ids.ts";
import { isLive, isOpen } from "../model/living.ts";
import type { CallRecord, ClusterRecord, NodeRecord, Resources } from "../model/records.ts";
import type { NodeSighting } from "../model/sightings.ts";
import type { Candidate } from "../placement/place.ts";
import { whyUnschedulable } from "./nodes.ts";
import type { ServiceView } from "./service-view.ts";

/** All that placement sees of a cluster: what is recorded of its nodes, and what remains of them now. */
export interface ClusterView {
  readonly nodes: readonly NodeRecord[];
  /** Undefined: ECS could not be asked, and nothing is placed on a node. A node that is not in it is not known to ECS now. */
  readonly sightings: ReadonlyMap<NodeId, NodeSighting> | undefined;
  readonly state: ClusterRecord | undefined;
}

/** Members of an open call that no record stands for: they may take their place at any moment. */
export interface Pending {
  readonly call: CallRecord;
  readonly count: number;
}

/** What the open calls of a service may still start, whether its plan wants it or not. */
export function pendingOf({ calls, tasks }: ServiceView): readonly Pending[] {
  return calls.filter(isOpen).map((call) => {
    const recorded = tasks.filter(({ token }) => token === call.token).length;
    return { call, count: Math.max(0, call.members.length - recorded) };
  });
}

/** Nodes that are part of a cluster: neither gone nor given up. */
export function nodesOf({ nodes, state }: Pick<ClusterView, "nodes" | "state">): readonly NodeRecord[] {
  return nodes.filter(({ status, nodeId }) => status !== "INACTIVE" && state?.lost[nodeId] === undefined);
}

/** The nodes of a cluster with what is free on each: what remains of it, less what open calls may still start there. */
export function candidatesOf(cluster: ClusterView, views: readonly ServiceView[]): readonly Candidate[] {
  const promised = views.flatMap(promisesOf);
  const tasks = views.flatMap((view) => view.tasks.filter(isLive));
  const tasksOn = Map.groupBy(tasks, ({ nodeId }) => nodeId);
  const promisedOn = Map.groupBy(promised, ({ nodeId }) => nodeId);
  return nodesOf(cluster).map((node): Candidate => {
    const sighting = cluster.sightings?.get(node.nodeId);
    const promises = promisedOn.get(node.nodeId) ?? [];
    const why = whyNot(node, sighting, cluster.state);
    return {
      nodeId: node.nodeId,
      zone: node.zone,
      attributes: node.attributes,
      schedulable: why === undefined,
      ...(why === undefined ? {} : { unschedulable: why }),
      registered: node.registered,
      free: without(sighting?.remaining ?? { cpuUnits: 0, memoryMib: 0 }, promises),
      taskCount: (tasksOn.get(node.nodeId)?.length ?? 0) + promises.reduce((sum, { count }) => sum + count, 0),
    };
  });
}

interface Promised {
  readonly nodeId: NodeId | undefined;
  readonly count: number;
  readonly need: Resources;
}

function promisesOf(view: ServiceView): readonly Promised[] {
  return pendingOf(view).map(({ call, count }) => {
    const content = view.revisions.find(({ revision }) => revision === call.revision)?.content;
    return { nodeId: call.nodeId, count, need: content?.task ?? { cpuUnits: 0, memoryMib: 0 } };
  });
}

function without(remaining: Resources, promises: readonly Promised[]): Resources {
  return promises.reduce(
    (free, { count, need }) => ({
      cpuUnits: free.cpuUnits - count * need.cpuUnits,
      memoryMib: free.memoryMib - count * need.memoryMib,
    }),
    remaining,
  );
}

/** Why a node takes no tasks: as it was seen just now, which may be newer than its record. */
function whyNot(
  node: NodeRecord,
  sighting: NodeSighting | undefined,
  state: ClusterRecord | undefined,
): string | undefined {
  if (sighting === undefined) return whyUnschedulable(node, state) ?? "not described by ECS";
  const { status, agentConnected } = sighting;
  return whyUnschedulable({ ...node, status, agentConnected }, state);
}
