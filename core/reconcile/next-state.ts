import type { ScaleDecision } from "../autoscale/scale.ts";
import { canonicalJson } from "../model/canonical.ts";
import { isLive } from "../model/living.ts";
import { kindShardOf, shardOf } from "../model/names.ts";
import type { Fields, Item, Plan, StateRecord } from "../model/records.ts";
import type { Classified } from "./classify.ts";
import { emptySlots } from "./plan.ts";
import type { QuotaDecision } from "./quota.ts";
import { formerTraffic, hasChecks, readySince, traffic } from "./serving.ts";
import { type Aimed, currentState, type Planned } from "./snapshot.ts";
import { stopRetryMs } from "./stops.ts";

/** What is to be stored of a service's state: everything but what the store and the step number by themselves. */
export type NextState = Omit<Fields<StateRecord>, "planVersion" | "sealVersion" | "tombstone">;

/** What a pass decides of a state. */
type Parts = Pick<NextState, "plan" | "stops" | "conditions" | "progress" | "traffic"> & {
  readonly quota: QuotaDecision;
  readonly backOffs: StateRecord["backOffs"];
};

/**
 * The state that follows from what was decided.
 * @param unsettled The service is due from now on, or since it first was.
 * @param waiting   It waits in its cluster's index, by priority.
 */
export function nextState(snapshot: Aimed, parts: Parts, unsettled: boolean, waiting: boolean): NextState {
  const { key, spec, state, wanted, aim, settings, nowMs } = snapshot;
  const { generation } = spec;
  const { quota, ...rest } = parts;
  const stable = stableAfter(snapshot, parts.progress);
  const stableTraffic = stable && stableTrafficAfter(snapshot, parts.progress);
  const dueAtMs = unsettled ? (state?.dueAtMs ?? nowMs) : undefined;
  const cluster = state && !state.tombstone ? state.cluster : settings.cluster;
  const priority = String(100 - spec.manifest.spec.priority).padStart(3, "0");
  return {
    ...rest,
    generation,
    cluster,
    held: quota.held,
    rollout: aim.rollout,
    ...(stable === undefined ? {} : { stable }),
    ...(stableTraffic === undefined ? {} : { stableTraffic }),
    ...(aim.scaling === undefined ? {} : { scale: aim.scaling.scale }),
    ...(dueAtMs === undefined ? {} : { dueAtMs }),
    revision: wanted.revision,
    ...({
      kindShard: kindShardOf(key),
      kindRow: `${key}#state#${generation}#${dueAtMs ?? "-"}#${pollSeconds(snapshot) ?? "-"}`,
      ...(waiting ? { waitShard: `${cluster}#${shardOf(key)}`, waitRow: `${priority}#${key}` } : {}),
    } satisfies Partial<Item>),
  };
}

/** What a rollout leaves behind that was complete and had a task: proven, and what a later one goes back to. */
function stableAfter(snapshot: Aimed, progress: NextState["progress"]) {
  return isProven(snapshot, progress) ? snapshot.wanted.revision : currentState(snapshot)?.stable;
}

/** The traffic that goes with it: where that alone has changed, not before what was there is left. */
function stableTrafficAfter(snapshot: Aimed, progress: NextState["progress"]) {
  const { stable, stableTraffic } = currentState(snapshot) ?? {};
  const isLeft = stable !== snapshot.wanted.revision || formerTraffic(snapshot).length === 0;
  return isProven(snapshot, progress) && isLeft ? traffic(snapshot) : stableTraffic;
}

function isProven({ aim, wanted }: Aimed, { complete, available }: NextState["progress"]): boolean {
  return complete && available > 0 && aim.target === wanted.revision;
}

/** How often the service has to be looked at because nobody tells: of its tasks' health, of its metrics. */
function pollSeconds(snapshot: Aimed): number | undefined {
  const { autoscaling } = snapshot.spec.manifest.spec;
  const isChecked = snapshot.tasks.some((task) => isLive(task) && hasChecks(task, snapshot));
  const metrics = autoscaling === undefined || snapshot.spec.deleting ? [] : [autoscaling.pollSeconds];
  const polls = [...metrics, ...(isChecked ? [60] : [])];
  return polls.length > 0 ? Math.min(...polls) : undefined;
}

/** Whether there is no state of this life yet, or anything that `next` names, or leaves out, is stored differently. */
export function differs(next: NextState, { spec, state }: Pick<Planned, "spec" | "state">): boolean {
  if (state === undefined || state.tombstone || state.uid !== spec.uid) return true;
  const optional: readonly (keyof StateRecord)[] = [
    "stable",
    "stableTraffic",
    "scale",
    "dueAtMs",
    "waitShard",
    "waitRow",
  ];
  const wanted: Readonly<Record<string, unknown>> = {
    ...Object.fromEntries(optional.map((name) => [name, undefined])),
    ...next,
  };
  const stored: Readonly<Record<string, unknown>> = { ...state };
  return Object.entries(wanted).some(([name, value]) => canonicalJson(value) !== canonicalJson(stored[name]));
}

/** The same, but for the messages of conditions that are in other respects as they are stored: those stay. */
export function keepMessages(next: NextState, { state }: Pick<Planned, "state">): NextState {
  const conditions = next.conditions.map((condition) => {
    const stored = state?.conditions.find(({ type }) => type === condition.type);
    const isSame = stored?.status === condition.status && stored.reason === condition.reason;
    return isSame ? { ...condition, message: stored.message } : condition;
  });
  return { ...next, conditions };
}

/** How soon each kind of waiting has to be looked at again, ms: what no event tells us of is polled. */
const pollMs = { define: 1_000, join: 1_000, leave: 1_000, event: 5_000 } as const;

/** What a service that is not settled may be waiting for. */
interface Waiting {
  /** The wanted revision has no task definition yet. */
  readonly define: boolean;
  readonly plan: Plan;
  readonly classified: readonly Classified[];
  readonly stops: StateRecord["stops"];
  readonly scaling: ScaleDecision | undefined;
}

/** When a service that is not settled has to be looked at next, ms: when something is due, or polled. */
export function nextLook(snapshot: Planned, { define, plan, classified, stops, scaling }: Waiting): number {
  const { nowMs, spec } = snapshot;
  // A definition that the budget refused is asked for again soon: nothing else can go on before.
  if (define) return nowMs + pollMs.define;
  const times = classified.map(({ task, bucket, stage }) => {
    const stop = stops[task.taskId];
    if (stop?.phase === "leaving") return nowMs + pollMs.leave;
    if (stop) return (stop.lastTryAtMs ?? nowMs) + stopRetryMs(stop.tries);
    if (bucket === "stopped" || (bucket === "kept" && stage === "available")) return Number.POSITIVE_INFINITY;
    if (stage === "in traffic")
      return (readySince(task, snapshot) ?? nowMs) + spec.manifest.spec.rollout.minReadySeconds * 1000;
    return nowMs + (stage === "healthy" || stage === "running" ? pollMs.join : pollMs.event);
  });
  const delayed = emptySlots(plan, snapshot).map(({ set }) => set.notBeforeMs);
  const starts = delayed.filter((atMs) => atMs > nowMs);
  const polls = starts.length > 0 && starts.length === delayed.length ? [] : [nowMs + pollMs.event];
  const scales = scaling?.nextLookMs ?? Number.POSITIVE_INFINITY;
  return Math.max(nowMs, Math.min(...starts, ...polls, scales, ...times));
}
