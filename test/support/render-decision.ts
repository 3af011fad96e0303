import type { Plan, Stop } from "../../core/model/records.ts";
import type { Classified } from "../../core/reconcile/classify.ts";
import type { Decision } from "../../core/reconcile/reconcile.ts";
import type { TrafficChange } from "../../core/reconcile/traffic.ts";

/** A plan as `drawPlan` reads it, with what it bars: `"v1:0-2 max 3"`, `"max 0, bars v1 v2"`. */
export function renderPlan({ sets, maxLive, barred }: Plan): string {
  const drawn = [...sets.map(({ revision, slots }) => `${revision}:${slots}`), `max ${maxLive}`].join(" ");
  return barred.length === 0 ? drawn : `${drawn}, bars ${barred.join(" ")}`;
}

/** Who is on the way out, and why: `"t1 leaving: surplus, t2 stopping: unhealthy"`; none: `""`. */
export function renderStops(stops: Readonly<Record<string, Stop>>): string {
  return Object.entries(stops)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([taskId, { phase, why }]) => `${taskId} ${phase}: ${why}`)
    .join(", ");
}

/** The buckets of tasks in their order: `"kept surplus"`. */
export function renderBuckets(classified: readonly Classified[]): string {
  return classified.map(({ bucket }) => bucket).join(" ");
}

/** What target groups are told: `"+10.0.0.1:80 -10.0.0.2:80"`. */
export function renderTraffic(changes: readonly TrafficChange[]): string {
  return changes
    .flatMap(({ register, deregister }) => [
      ...register.map(({ id, port }) => `+${id}:${port}`),
      ...deregister.map(({ id, port }) => `-${id}:${port}`),
    ])
    .join(" ");
}

/** A decision as a line: the plan, who leaves or stops, whom the load balancer gains and loses. */
export function renderDecision({ next, traffic }: Decision): string {
  return [renderPlan(next.plan), renderStops(next.stops), renderTraffic(traffic)].filter(Boolean).join(" | ");
}
