import type { Metric } from "../model/service.ts";

/** What a metric showed. `total`: of the whole service, to be shared among its tasks. Never negative. */
export interface Sample {
  readonly kind: "total";
  readonly value: number;
}

/** What a look at a metric gave; one that is missing never takes a task away. */
export type MetricReading =
  | { readonly kind: "read"; readonly sample: Sample }
  | { readonly kind: "missing"; readonly reason: string };

/** What the number of a service's tasks follows. */
export interface Metrics {
  /** Reads a metric now. @throws Fault transient, or terminal where there is no such thing to read. */
  read(metric: Metric): Promise<Sample>;
}
