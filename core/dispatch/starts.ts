import type { NodeId, ServiceKey } from "../model/ids.ts";
import { isLive } from "../model/living.ts";
import type { CallRecord, PlannedSet, RevisionRecord } from "../model/records.ts";
import type { Settings } from "../model/settings.ts";
import { explain, type Placed, place, placeOnZones, type Request } from "../placement/place.ts";
import { batchCalls, type PlacedSlot } from "./batches.ts";
import { type Purpose, roomFor } from "./budget.ts";
import { type ClusterView, candidatesOf, nodesOf, pendingOf } from "./candidates.ts";
import { rampFrom } from "./ramp.ts";
import { type Spot, zonesOf } from "./run-task.ts";
import { type ServiceView, startable } from "./service-view.ts";

/** A node that refused a set is passed over for so long, and twice as long each further time. */
const refusedMs = 60_000;
const mostRefusedMs = 5 * 60_000;
/** What ECS refused for good is not asked again for so long. */
const refusalMs = 5 * 60_000;
/** A call of fewer tasks is worth waiting for more, where so many places at least are about to be free. */
const fewTasks = 5;

/** One call to make. */
export interface Start {
  readonly set: PlannedSet;
  readonly revision: DefinedRevision;
  readonly slots: readonly number[];
  readonly spot: Spot;
  readonly purpose: Purpose;
  /** More tasks of the set find a place before long and could join: where calls are short, it waits for them. */
  readonly isGrowing: boolean;
}

type DefinedRevision = RevisionRecord & { readonly taskDefinition: string };

/** What may start of one set of a service now, and what has no place. */
export interface ServiceStarts {
  readonly key: ServiceKey;
  readonly starts: readonly Start[];
  readonly unplaced?: { readonly tasks: number; readonly message: string };
  /** Nodes could not be read: nothing is known now of what has a place and what has none. */
  readonly isUnknown?: true;
}

/**
 * Chooses where and when: services in the order of their priority, then key; each sees what those before it took, but
 * what ECS refuses for good takes nothing. How many of a set start now its launch ramp says; the others wait for the
 * answers.
 */
export function decideStarts(
  views: readonly ServiceView[],
  cluster: ClusterView,
  settings: Settings,
  nowMs: number,
): readonly ServiceStarts[] {
  const wants = views.toSorted(byPriority).flatMap((view) => wantsOf(view, nowMs));
  const onNodes = wants.filter(({ set, refusal }) => set.capacity === "ec2" && refusal === undefined);
  const requests = onNodes.map((want) => requestOf(want, nowMs));
  const results = cluster.sightings === undefined ? [] : place(requests, candidatesOf(cluster, views));
  const placed = new Map(results.map((result, index) => [onNodes[index], result]));
  return wants.map((want) => startsOf(want, placed.get(want), cluster, settings));
}

interface Want {
  readonly view: ServiceView;
  readonly set: PlannedSet;
  readonly revision: DefinedRevision;
  readonly slots: readonly number[];
  /** Why ECS refused the last call of the set, while it is not worth another try. */
  readonly refusal: string | undefined;
}

/** The sets of which something may start; one whose revision has no task definition yet cannot. */
function wantsOf(view: ServiceView, nowMs: number): readonly Want[] {
  return startable(view, nowMs).flatMap(({ set, slots }) => {
    const revision = view.revisions.find((each) => each.revision === set.revision);
    if (revision?.taskDefinition === undefined) return [];
    const defined = { ...revision, taskDefinition: revision.taskDefinition };
    return { view, set, revision: defined, slots, refusal: lastRefusal(view, set, nowMs) };
  });
}

function lastRefusal({ calls }: ServiceView, { id }: PlannedSet, nowMs: number): string | undefined {
  const last = calls.filter((call) => call.setId === id).at(-1);
  return last?.phase === "void" && nowMs - (last.closedAtMs ?? 0) < refusalMs ? last.refusal : undefined;
}

function requestOf({ view, set, revision, slots }: Want, nowMs: number): Request {
  const { cpuUnits, memoryMib } = revision.content.task;
  return {
    key: view.key,
    count: slots.length,
    need: { cpuUnits, memoryMib },
    placement: set.placement,
    placed: placesOf(view, set, ({ nodeId }) => nodeId),
    excluded: refusing(view, set, nowMs),
  };
}

/** How many tasks of a set each place has, or will have when open calls are answered. */
function placesOf<P extends string>(
  view: ServiceView,
  set: PlannedSet,
  placeOf: (of: { readonly nodeId?: NodeId; readonly zone?: string }) => P | undefined,
): ReadonlyMap<P, number> {
  const places = new Map<P, number>();
  const add = (place: P | undefined, count: number) =>
    place !== undefined && places.set(place, (places.get(place) ?? 0) + count);
  for (const task of view.tasks) if (isLive(task) && task.revision === set.revision) add(placeOf(task), 1);
  for (const { call, count } of pendingOf(view)) if (call.setId === set.id) add(placeOf(call), count);
  return places;
}

/** Nodes that refused tasks of a set lately, with ECS's word for why. */
function refusing({ calls }: ServiceView, { id }: PlannedSet, nowMs: number): ReadonlyMap<NodeId, string> {
  const ofNodes = Map.groupBy(
    calls.filter(({ setId, phase }) => setId === id && phase === "answered"),
    ({ nodeId }) => nodeId,
  );
  const refused = new Map<NodeId, string>();
  for (const [nodeId, its] of ofNodes) {
    const inARow = its.slice(its.findLastIndex((call) => failureOf(call) === undefined) + 1);
    const last = inARow.at(-1);
    if (nodeId === undefined || last === undefined) continue;
    const passedOverMs = Math.min(mostRefusedMs, refusedMs * 2 ** (inARow.length - 1));
    if (nowMs - (last.closedAtMs ?? 0) < passedOverMs) refused.set(nodeId, failureOf(last) ?? "");
  }
  return refused;
}

function failureOf({ members }: CallRecord): string | undefined {
  return members.find(({ failure }) => failure !== undefined)?.failure;
}

function startsOf(want: Want, onNodes: Placed | undefined, cluster: ClusterView, settings: Settings): ServiceStarts {
  const { view, set, revision, slots, refusal } = want;
  const none = { key: view.key, starts: [] };
  if (refusal !== undefined)
    return { ...none, unplaced: { tasks: slots.length, message: `ECS refused to start them: ${refusal}` } };
  if (set.capacity === "ec2" && onNodes === undefined) return { ...none, isUnknown: true };
  const { spots, unplaced, message } = onNodes ? spotsOnNodes(want, onNodes, cluster) : spotsOnZones(want, settings);
  const purpose = purposeOf(view, set);
  const most = rampFrom(view.calls, set.id, lastFailureOf(view, set));
  const perCall = set.capacity === "fargate" ? roomFor("fargate-launches", purpose, settings) : 10;
  const inOrder = set.placement.spread.some(({ whenUnsatisfiable }) => whenUnsatisfiable === "refuse");
  const mayGrow = purpose === "rollout" && !inOrder && soonFree(view) >= fewTasks;
  const starts = batchCalls(spots, { most, perCall, inOrder }).map((batch) => ({
    set,
    revision,
    slots: batch.slots,
    spot: spotOf(batch, cluster),
    purpose,
    isGrowing: mayGrow && batch.slots.length < Math.min(fewTasks, perCall, most),
  }));
  return {
    key: view.key,
    starts: inOrder ? starts : starts.toSorted((a, b) => b.slots.length - a.slots.length),
    ...(unplaced > 0 ? { unplaced: { tasks: unplaced, message } } : {}),
  };
}

interface Spots {
  readonly spots: readonly PlacedSlot[];
  readonly unplaced: number;
  readonly message: string;
}

function spotsOnNodes({ slots }: Want, { nodes, unplaced, rejections }: Placed, cluster: ClusterView): Spots {
  return {
    spots: nodes.map((nodeId, index) => ({ slot: slots[index] ?? 0, nodeId })),
    unplaced,
    message: explain(rejections, nodesOf(cluster).length),
  };
}

function spotsOnZones({ view, set, revision, slots }: Want, settings: Settings): Spots {
  const all = zonesOf(revision.content.network.subnets, settings);
  const placed = placesOf(view, set, ({ zone }) => zone);
  const request = { key: view.key, count: slots.length, placement: set.placement, placed };
  const { zones, unplaced, rejections } = placeOnZones(request, all);
  return {
    spots: zones.map((zone, index) => ({ slot: slots[index] ?? 0, zone })),
    unplaced,
    message: explain(rejections, all.length, "zones"),
  };
}

function spotOf({ nodeId, zone }: { readonly nodeId?: NodeId; readonly zone?: string }, { nodes }: ClusterView): Spot {
  if (nodeId === undefined) return { kind: "zone", zone: zone ?? "" };
  const node = nodes.find((each) => each.nodeId === nodeId);
  return { kind: "node", nodeId, ec2InstanceId: node?.ec2InstanceId ?? "", zone: node?.zone ?? "" };
}

/** Tasks that were told to stop and have yet to: each frees a place before long. */
function soonFree({ state, tasks }: ServiceView): number {
  return tasks.filter((task) => isLive(task) && (state.stops[task.taskId]?.tries ?? 0) > 0).length;
}

function lastFailureOf({ state }: ServiceView, { revision }: PlannedSet): number | undefined {
  return state.backOffs.find((each) => each.revision === revision)?.lastFailureAtMs;
}

/** A set beside older ones rolls out; one that lost a task replaces; one that never had more tasks grows. */
function purposeOf(view: ServiceView, set: PlannedSet): Purpose {
  if (view.state.plan.sets.length > 1 && set === view.state.plan.sets.at(-1)) return "rollout";
  return view.tasks.some((task) => task.revision === set.revision && !isLive(task)) ? "replace" : "scale-out";
}

function byPriority(a: ServiceView, b: ServiceView): number {
  const priority = (view: ServiceView) => view.state.plan.sets[0]?.priority ?? 0;
  return priority(b) - priority(a) || (a.key < b.key ? -1 : 1);
}
