import type { Autoscaling, Metric } from "../model/service.ts";
import type { MetricReading, Sample } from "../ports/metrics.ts";

/** What one metric shows: work for so many tasks, not rounded, or nothing. */
export type Demand =
  | { readonly kind: "read"; readonly metric: string; readonly isActive: boolean; readonly tasks: number }
  | { readonly kind: "missing"; readonly metric: string; readonly why: string };

/** How many tasks the metrics want, within the bounds, and the metric that wants so many. */
export interface Recommendation {
  readonly replicas: number;
  readonly by: string;
}

/** What is to be known of a type of metric: how people call one, and how much of what it shows a task is for. */
interface MetricType<M extends Metric> {
  readonly name: (metric: M) => string;
  readonly ofOneTask: (metric: M) => number;
}

const metricTypes: { readonly [Type in Metric["type"]]: MetricType<Extract<Metric, { type: Type }>> } = {
  queue: {
    name: ({ queue }) => `queue ${queue.slice(queue.lastIndexOf(":") + 1)}`,
    ofOneTask: ({ messagesPerTask }) => messagesPerTask,
  },
};

/** How many tasks a sample is work for, by its kind. */
const tasksFor: Readonly<Record<Sample["kind"], (value: number, ofOneTask: number) => number>> = {
  total: (value, ofOneTask) => value / ofOneTask,
};

/** What fractions lose in a machine's arithmetic, relatively: far less than one message of the longest queue. */
const rounding = 1e-12;

/** What each metric of the manifest shows; one without a reading is missing, as is one that shows no count. */
export function readDemands(
  { metrics, activation }: Autoscaling,
  readings: readonly MetricReading[],
): readonly Demand[] {
  return metrics.map((metric, index) => {
    const { name, ofOneTask } = metricTypes[metric.type];
    const reading = readings[index] ?? { kind: "missing", reason: "it was not looked at" };
    if (reading.kind === "missing") return { kind: "missing", metric: name(metric), why: reading.reason };
    const { kind, value } = reading.sample;
    const isCount = Number.isFinite(value) && value >= 0;
    if (!isCount) return { kind: "missing", metric: name(metric), why: "what it shows is no count" };
    const tasks = tasksFor[kind](value, ofOneTask(metric));
    return { kind: "read", metric: name(metric), isActive: value > activation, tasks };
  });
}

/**
 * What the metrics that could be read recommend for so many replicas: the largest of what each wants, as in Kubernetes;
 * the first of the manifest where several want as many.
 *
 * @param replicas As many keep standing while a metric is off them by no more than the tolerance, both ends included.
 * @returns Between `min` and `max`, so that a backlog that wobbles beyond them changes nothing; undefined: none could be read.
 */
export function recommend(
  demands: readonly Demand[],
  replicas: number,
  autoscaling: Autoscaling,
): Recommendation | undefined {
  return demands
    .filter((demand) => demand.kind === "read")
    .map((demand) => ({ replicas: wanted(demand, replicas, autoscaling), by: demand.metric }))
    .reduce<Recommendation | undefined>(
      (most, each) => (most && most.replicas >= each.replicas ? most : each),
      undefined,
    );
}

/** A metric that is not active wants the least there may be, however wide the tolerance. */
function wanted({ isActive, tasks }: Demand & { kind: "read" }, replicas: number, autoscaling: Autoscaling): number {
  const { min, tolerance } = autoscaling;
  if (!isActive) return min;
  const isNear = Math.abs(tasks - replicas) <= replicas * (tolerance + rounding);
  return withinBounds(isNear ? replicas : Math.ceil(tasks), autoscaling);
}

/** A number of replicas held between `min` and `max`. */
export function withinBounds(replicas: number, { min, max }: Pick<Autoscaling, "min" | "max">): number {
  return Math.min(Math.max(replicas, min), max);
}
