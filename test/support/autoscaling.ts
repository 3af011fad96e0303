import { decideScale, type ScaleDecision } from "../../core/autoscale/scale.ts";
import type { Scale } from "../../core/model/records.ts";
import type { Autoscaling, Metric } from "../../core/model/service.ts";
import type { MetricReading } from "../../core/ports/metrics.ts";

/** A queue with 5 messages for a task. */
export function aQueue(name: string, messagesPerTask = 5): Metric {
  return { type: "queue", queue: `arn:aws:sqs:eu-central-1:111122223333:${name}`, messagesPerTask };
}

/** 1 to 20 tasks for queue `jobs`, as fast as may be; the rest as in the manifest's defaults. */
export function anAutoscaling(given: Partial<Autoscaling> = {}): Autoscaling {
  return {
    min: 1,
    max: 20,
    metrics: [aQueue("jobs")],
    pollSeconds: 30,
    cooldownSeconds: 300,
    activation: 0,
    tolerance: 0.1,
    scaleIn: { windowSeconds: 0 },
    scaleOut: { windowSeconds: 0 },
    ...given,
  };
}

/** Readings drawn as `"50/-"`: 50 messages in the first queue, and the second could not be read. */
export function readings(drawn: string): readonly MetricReading[] {
  return drawn
    .split("/")
    .map((value) =>
      value === "-"
        ? { kind: "missing", reason: "no such queue" }
        : { kind: "read", sample: { kind: "total", value: Number(value) } },
    );
}

/** What was decided before: `replicas` of which nothing is remembered, unless told. */
export function aScale(replicas: number, given: Partial<Scale> = {}): Scale {
  return { replicas, recommended: [], moves: [], ...given };
}

/** What a row of a test tells: where it starts, and how the settings differ. */
export interface Course extends Partial<Autoscaling> {
  /** Replicas of the first start; 10 unless told. */
  readonly first?: number;
  readonly previous?: Scale;
}

/**
 * Looks at readings one after the other: `"0:50 30:50/-"` at second 0 and 30, each deciding from what the one before left.
 * @returns What each look decided.
 */
export function lookAt(looks: string, { first = 10, previous, ...given }: Course = {}): readonly ScaleDecision[] {
  const autoscaling = anAutoscaling(given);
  const decisions: ScaleDecision[] = [];
  for (const look of looks.split(" ")) {
    const [second, drawn = "-"] = look.split(":");
    const metrics = readings(drawn);
    const before = decisions.at(-1)?.scale ?? previous;
    const nowMs = Number(second) * 1000;
    decisions.push(decideScale({ autoscaling, metrics, previous: before, firstReplicas: first, nowMs }));
  }
  return decisions;
}

/** The replicas that each look decided: `"10 12"`. */
export function replicasOf(decisions: readonly ScaleDecision[]): string {
  return decisions.map(({ scale }) => scale.replicas).join(" ");
}
