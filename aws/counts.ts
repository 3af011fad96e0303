import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { CountName, LogEntry } from "../core/ports/log.ts";

/** What the passes of one invocation count, as metrics of the install. */
export interface Counts {
  add(counts: NonNullable<LogEntry["counts"]>): void;
  /** Prints what was counted since the last time as one line; nothing, if nothing was. */
  publish(): void;
}

/**
 * Metrics in CloudWatch's embedded format: a line that the log group turns into metrics, at no call of ours. Namespace
 * `Longshore`, by install and by nothing else: each further dimension is another metric to pay for.
 */
export function embeddedMetrics(install: string, print: (line: string) => void): Counts {
  const metrics = new Metrics({ namespace: "Longshore" });
  // Powertools' own dimension is the name of a system.
  metrics.clearDefaultDimensions();
  metrics.setDefaultDimensions({ install });
  const sums = new Map<CountName, number>();
  return {
    add: (counts) => {
      for (const [name, count] of Object.entries(counts) as [CountName, number][])
        if (count > 0) sums.set(name, (sums.get(name) ?? 0) + count);
    },
    publish: () => {
      if (sums.size === 0) return;
      for (const [name, sum] of sums) metrics.addMetric(name, MetricUnit.Count, sum);
      sums.clear();
      print(JSON.stringify(metrics.serializeMetrics()));
      metrics.clearMetrics();
    },
  };
}
