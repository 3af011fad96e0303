import { canonicalJson } from "../model/canonical.ts";
import type { Scale } from "../model/records.ts";
import type { Autoscaling } from "../model/service.ts";
import type { MetricReading } from "../ports/metrics.ts";
import { cooledAt, idleSince, isActive, isBlind, isIdle } from "./idle.ts";
import { addMove, forgottenAt as movesForgottenAt, paced, replicasMinuteAgo } from "./pace.ts";
import { type Demand, type Recommendation, readDemands, recommend, withinBounds } from "./recommend.ts";
import { forgottenAt as recommendedForgottenAt, remember, stabilise } from "./stabilise.ts";
import { explain, type ScaleReason } from "./why.ts";

/** What the autoscaler of one service looks at. */
export interface ScaleInput {
  readonly autoscaling: Autoscaling;
  /** What each metric of `autoscaling` showed, in its order; one without a reading is missing. */
  readonly metrics: readonly MetricReading[];
  /** What was decided before; undefined: the service starts. */
  readonly previous: Scale | undefined;
  /** Replicas of the first start. */
  readonly firstReplicas: number;
  readonly nowMs: number;
}

/** How many replicas a service has, and why. */
export interface ScaleDecision {
  /** `previous` itself where nothing changed. */
  readonly scale: Scale;
  readonly why: ScaleReason;
  /**
   * When the same readings would give another number of replicas by time alone, but not later than after
   * `pollSeconds`; undefined: never.
   */
  readonly nextLookMs: number | undefined;
}

/**
 * Decides how many replicas a service has, from what its metrics show: as Kubernetes' autoscaler where there are tasks,
 * as KEDA between none and one.
 *
 * The recommendation is moved as little as the windows demand, then as far as the pace allows, and bounds come last: a
 * manifest that changes them has its way at once. What cannot be read never takes a task away, and while the readings
 * recommend the same nothing is to be written, however their values wobble.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 * @see https://keda.sh/docs/latest/concepts/scaling-deployments/
 */
export function decideScale(given: ScaleInput): ScaleDecision {
  const { autoscaling, metrics } = given;
  const demands = readDemands(autoscaling, metrics);
  const scale = nextScale(given, demands);
  return {
    scale,
    why: explain(scale, demands, autoscaling),
    nextLookMs: nextLook({ ...given, previous: scale }, demands),
  };
}

function nextScale(given: ScaleInput, demands: readonly Demand[]): Scale {
  const { autoscaling, previous, nowMs } = given;
  const before = onRecord(given);
  const current = withinBounds(before.replicas, autoscaling);
  const recommendation = recommend(demands, current, autoscaling);
  const idleSinceMs = idleSince(before, demands, autoscaling, nowMs);
  const situation = { before, current, demands, idleSinceMs, autoscaling, nowMs };
  const isHeld = !recommendation || (isBlind(demands) && recommendation.replicas <= current);
  const moved = isHeld ? hold(situation, recommendation) : move(situation, recommendation);
  const next: Scale = {
    replicas: moved.replicas,
    ...(idleSinceMs === undefined ? {} : { idleSinceMs }),
    recommended: moved.recommended,
    moves: addMove(before.moves, moved.replicas - before.replicas, nowMs),
  };
  return previous && canonicalJson(next) === canonicalJson(previous) ? previous : next;
}

interface Situation {
  readonly before: Scale;
  /** As many as there were, within the bounds of now. */
  readonly current: number;
  readonly demands: readonly Demand[];
  readonly idleSinceMs: number | undefined;
  readonly autoscaling: Autoscaling;
  readonly nowMs: number;
}

/** What a pass over the replicas gives. */
type Moved = Pick<Scale, "replicas" | "recommended">;

/** Stays. What could be read is the least of what is wanted: it is remembered only where it is more than what stood. */
function hold({ before, current, autoscaling, nowMs }: Situation, recommendation: Recommendation | undefined): Moved {
  const { recommended } = before;
  const stood = recommended.at(-1)?.high ?? current;
  if (!recommendation || recommendation.replicas <= stood) return { replicas: current, recommended };
  return { replicas: current, recommended: remember({ ...recommendation, current, nowMs }, recommended, autoscaling) };
}

/** Goes towards a recommendation. What is recommended for where that leads is remembered: it may be to stay there. */
function move(situation: Situation, recommendation: Recommendation): Moved {
  const { before, current, demands, autoscaling, nowMs } = situation;
  const replicas = isCold(situation) ? 0 : follow(situation, recommendation);
  const there = recommend(demands, replicas, autoscaling) ?? recommendation;
  return { replicas, recommended: remember({ ...there, current, nowMs }, before.recommended, autoscaling) };
}

/** Whether a service has been idle for its whole cooldown: then its last tasks go at once. */
function isCold({ demands, idleSinceMs, autoscaling, nowMs }: Situation): boolean {
  return isIdle(demands, autoscaling) && idleSinceMs !== undefined && nowMs >= cooledAt(idleSinceMs, autoscaling);
}

/** With work there is a task whatever the windows say; without, the last one stays until the cooldown is over. */
function follow(situation: Situation, recommendation: Recommendation): number {
  const { before, current, demands, autoscaling, nowMs } = situation;
  const { min, max } = autoscaling;
  const target = stabilise({ ...recommendation, current, nowMs }, before.recommended, autoscaling);
  const reached = paced(target, current, replicasMinuteAgo(before, nowMs), autoscaling);
  const last = isActive(demands) ? 1 : Math.min(1, current);
  return withinBounds(reached, { min: Math.max(min, last), max });
}

/**
 * What stands, or the first start. Of a clock that went back, what lies ahead happened now: it cannot hold for longer.
 * Each recommendation ends where the next begins, so they have to be in order.
 */
function onRecord({ autoscaling, previous, firstReplicas, nowMs }: ScaleInput): Scale {
  if (!previous) return { replicas: withinBounds(firstReplicas, autoscaling), recommended: [], moves: [] };
  const { replicas, idleSinceMs, recommended, moves } = previous;
  return {
    replicas,
    ...(idleSinceMs === undefined ? {} : { idleSinceMs: Math.min(idleSinceMs, nowMs) }),
    recommended: recommended
      .map((each) => ({ ...each, sinceMs: Math.min(each.sinceMs, nowMs) }))
      .toSorted((a, b) => a.sinceMs - b.sinceMs),
    moves: moves.map((each) => ({ ...each, atMs: Math.min(each.atMs, nowMs) })),
  };
}

/** The first moment at which something is forgotten or over and the decision differs for it. */
function nextLook(given: ScaleInput & { readonly previous: Scale }, demands: readonly Demand[]): number | undefined {
  const { autoscaling, previous, nowMs } = given;
  const changesAtMs = timesAhead(given).find(
    (atMs) => nextScale({ ...given, nowMs: atMs }, demands).replicas !== previous.replicas,
  );
  return changesAtMs === undefined ? undefined : Math.min(changesAtMs, nowMs + autoscaling.pollSeconds * 1000);
}

function timesAhead({ autoscaling, previous, nowMs }: ScaleInput & { readonly previous: Scale }): readonly number[] {
  const { idleSinceMs, recommended, moves } = previous;
  return [
    ...(idleSinceMs === undefined ? [] : [cooledAt(idleSinceMs, autoscaling)]),
    ...recommendedForgottenAt(recommended, autoscaling),
    ...movesForgottenAt(moves),
  ]
    .filter((atMs) => atMs > nowMs)
    .toSorted((a, b) => a - b);
}
