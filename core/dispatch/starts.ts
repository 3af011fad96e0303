import type { NodeId, ServiceKey } from "../model/ids.ts";
import type { CallRecord, ClusterRecord, NodeRecord, PlannedSet, RevisionRecord } from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import type { NodeSighting } from "../model/sightings.ts";
import { type Candidate, explain, type Placed, place, placeOnZones } from "../placement/place.ts";
import { isLive, isOpen } from "../reconcile/snapshot.ts";
import { batchCalls, type PlacedSlot } from "./batches.ts";
import { type Purpose, roomFor } from "./budget.ts";
import { whyUnschedulable } from "./nodes.ts";
import { rampFrom } from "./ramp.ts";
import { type Spot, zonesOf } from "./run-task.ts";
import { type ServiceView, startable } from "./service-view.ts";

/** A node that refused a set is passed over for so long. */
const refusedMs = 60_000;

/** All that placement sees of a cluster: what is recorded of its nodes, and what remains of them now. */
export interface ClusterView {
  readonly nodes: readonly NodeRecord[];
  readonly sightings: ReadonlyMap<NodeId, NodeSighting>;
  readonly state: ClusterRecord | undefined;
}

/** One call to make. */
export interface Start {
  readonly set: PlannedSet;
  readonly revision: RevisionRecord & { readonly taskDefinition: string };
  readonly slots: readonly number[];
  readonly spot: Spot;
  readonly purpose: Purpose;
}

/** What ECS refused for good is not asked again for so long. */
const refusalMs = 5 * 60_000;

/** What may start of one service now, and what has no place. */
export interface ServiceStarts {
  readonly key: ServiceKey;
  readonly starts: readonly Start[];
  readonly unplaced?: { readonly tasks: number; readonly message: string };
}

/**
 * Chooses where and when: services in the order of their priority, then key; each sees what those before it took. How
 * many of a set start now its launch ramp says; the others wait for the answers.
 */
export function decideStarts(
  views: readonly ServiceView[],
  cluster: ClusterView,
  settings: Settings,
  nowMs: number,
): readonly ServiceStarts[] {
  const wants = views
    .toSorted(byPriority)
    .flatMap((view) => startable(view, nowMs).map((want) => wantOf(view, want.set, want.slots)));
  const ready = wants.flatMap((want) => (want === undefined ? [] : [want]));
  const candidates = candidatesOf(cluster, views);
  const onNodes = ready.filter(({ set }) => set.capacity === "ec2");
  const placed = new Map(
    place(
      onNodes.map((want) => requestOf(want, nowMs)),
      candidates,
    ).map((result, index) => [onNodes[index], result]),
  );
  return ready.map((want) => startsOf(want, placed.get(want), cluster, settings, nowMs));
}

interface Want {
  readonly view: ServiceView;
  readonly set: PlannedSet;
  readonly revision: RevisionRecord & { readonly taskDefinition: string };
  readonly slots: readonly number[];
}

/** A set whose revision has no task definition yet cannot start. */
function wantOf(view: ServiceView, set: PlannedSet, slots: readonly number[]): Want | undefined {
  const revision = view.revisions.find((each) => each.revision === set.revision);
  if (revision?.taskDefinition === undefined) return undefined;
  return { view, set, revision: { ...revision, taskDefinition: revision.taskDefinition }, slots };
}

function requestOf({ view, set, revision, slots }: Want, nowMs: number) {
  const placed = new Map<NodeId, number>();
  const add = (nodeId: NodeId | undefined, count: number) =>
    nodeId && placed.set(nodeId, (placed.get(nodeId) ?? 0) + count);
  for (const task of view.tasks) if (isLive(task) && task.revision === set.revision) add(task.nodeId, 1);
  for (const call of openOf(view, set)) add(call.nodeId, call.members.length);
  return {
    key: view.key,
    count: slots.length,
    need: { cpuUnits: revision.content.task.cpuUnits, memoryMib: revision.content.task.memoryMib },
    placement: set.placement,
    placed,
    excluded: refusing(view, set, nowMs),
  };
}

/** Open calls of a set whose tasks are not on record yet. */
function openOf({ calls, tasks }: ServiceView, { id }: PlannedSet): readonly CallRecord[] {
  return calls.filter((call) => call.setId === id && isOpen(call) && !tasks.some(({ token }) => token === call.token));
}

function refusing({ calls }: ServiceView, { id }: PlannedSet, nowMs: number): ReadonlySet<NodeId> {
  const refused = calls.filter(
    (call) =>
      call.setId === id &&
      nowMs - (call.closedAtMs ?? 0) < refusedMs &&
      call.members.some(({ failure }) => failure !== undefined),
  );
  return new Set(refused.flatMap(({ nodeId }) => nodeId ?? []));
}

/** What is free on each node: what remains of it, less the members of open calls that are not on record yet. */
function candidatesOf({ nodes, sightings, state }: ClusterView, views: readonly ServiceView[]): readonly Candidate[] {
  return nodes
    .filter(({ status, nodeId }) => status !== "INACTIVE" && state?.lost[nodeId] === undefined)
    .map((node): Candidate => {
      const why = sightings.has(node.nodeId) ? whyUnschedulable(node, state) : "agent disconnected";
      const pending = views.flatMap((view) => pendingOn(node.nodeId, view));
      const remaining = sightings.get(node.nodeId)?.remaining ?? { cpuUnits: 0, memoryMib: 0 };
      return {
        nodeId: node.nodeId,
        zone: node.zone,
        attributes: node.attributes,
        schedulable: why === undefined,
        ...(why === undefined ? {} : { unschedulable: why }),
        registered: node.registered,
        free: {
          cpuUnits: remaining.cpuUnits - pending.reduce((sum, { cpuUnits }) => sum + cpuUnits, 0),
          memoryMib: remaining.memoryMib - pending.reduce((sum, { memoryMib }) => sum + memoryMib, 0),
        },
        taskCount: views.reduce(
          (sum, { tasks }) => sum + tasks.filter((task) => isLive(task) && task.nodeId === node.nodeId).length,
          0,
        ),
      };
    });
}

function pendingOn(nodeId: NodeId, view: ServiceView) {
  return view.state.plan.sets
    .flatMap((set) => openOf(view, set))
    .filter((call) => call.nodeId === nodeId)
    .flatMap((call) => {
      const task = view.revisions.find(({ revision }) => revision === call.revision)?.content.task;
      return task ? call.members.map(() => ({ cpuUnits: task.cpuUnits, memoryMib: task.memoryMib })) : [];
    });
}

/** Why ECS refused the last call of a set, while it is not worth another try. */
function lastRefusal({ calls }: ServiceView, { id }: PlannedSet, nowMs: number): string | undefined {
  const last = calls.filter((call) => call.setId === id).at(-1);
  return last?.phase === "void" && nowMs - (last.closedAtMs ?? 0) < refusalMs ? last.refusal : undefined;
}

function startsOf(
  want: Want,
  onNodes: Placed | undefined,
  cluster: ClusterView,
  settings: Settings,
  nowMs: number,
): ServiceStarts {
  const { view, set, revision, slots } = want;
  const refusal = lastRefusal(view, set, nowMs);
  if (refusal !== undefined)
    return {
      key: view.key,
      starts: [],
      unplaced: { tasks: slots.length, message: `ECS refused to start them: ${refusal}` },
    };
  const zones = zonesOf(revision.content.network.subnets, settings);
  const onZones = onNodes
    ? undefined
    : placeOnZones(
        { key: view.key, count: slots.length, placement: set.placement, placed: placedZones(view, set) },
        zones,
      );
  const spots: readonly PlacedSlot[] = [
    ...(onNodes?.nodes ?? []).map((nodeId, index) => ({ slot: slots[index] ?? 0, nodeId })),
    ...(onZones?.zones ?? []).map((zone, index) => ({ slot: slots[index] ?? 0, zone })),
  ];
  const purpose = purposeOf(view, set);
  const most = rampFrom(view.calls, set.id, view.state.backOff?.lastFailureAtMs);
  const perCall = set.capacity === "fargate" ? roomFor("fargate-launches", purpose, settings) : 10;
  const batches = batchCalls(spots, { most, perCall });
  const unplaced = onNodes?.unplaced ?? onZones?.unplaced ?? 0;
  const message = onNodes
    ? explain(
        onNodes.rejections,
        cluster.nodes.filter(({ status, nodeId }) => status !== "INACTIVE" && cluster.state?.lost[nodeId] === undefined)
          .length,
      )
    : explain(onZones?.rejections ?? new Map(), zones.length, "zones");
  return {
    key: view.key,
    starts: batches.map((batch) => ({ set, revision, slots: batch.slots, spot: spotOf(batch, cluster), purpose })),
    ...(unplaced > 0 ? { unplaced: { tasks: unplaced, message } } : {}),
  };
}

function spotOf({ nodeId, zone }: { readonly nodeId?: NodeId; readonly zone?: string }, { nodes }: ClusterView): Spot {
  if (nodeId === undefined) return { kind: "zone", zone: zone ?? "" };
  const node = nodes.find((each) => each.nodeId === nodeId);
  return { kind: "node", nodeId, ec2InstanceId: node?.ec2InstanceId ?? "", zone: node?.zone ?? "" };
}

function placedZones(view: ServiceView, set: PlannedSet): ReadonlyMap<string, number> {
  const zones = new Map<string, number>();
  const add = (zone: string | undefined, count: number) => zone && zones.set(zone, (zones.get(zone) ?? 0) + count);
  for (const task of view.tasks) if (isLive(task) && task.revision === set.revision) add(task.zone, 1);
  for (const call of openOf(view, set)) add(call.zone, call.members.length);
  return zones;
}

/** A set that lost a task replaces; one that never had more tasks grows. */
function purposeOf(view: ServiceView, set: PlannedSet): Purpose {
  return view.tasks.some((task) => task.revision === set.revision && !isLive(task)) ? "replace" : "scale-out";
}

function byPriority(a: ServiceView, b: ServiceView): number {
  const priority = (view: ServiceView) => view.state.plan.sets[0]?.priority ?? 0;
  return priority(b) - priority(a) || (a.key < b.key ? -1 : 1);
}
