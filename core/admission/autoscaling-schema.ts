import type { Autoscaling, Metric, Pace } from "../model/service.ts";
import { isMap } from "./json.ts";
import { type Draft, defaulted, object, optional, required } from "./objects.ts";
import { decimal, integer, list, oneOf, type Reader } from "./readers.ts";
import { queueArn } from "./words.ts";

const plannedMetrics = ["cpu", "memory", "requests", "custom"];

const metricType = required(
  oneOf(["queue"], (word) => plannedMetrics.includes(word)),
  "what is looked at; queue: the messages of an SQS queue, visible and in flight",
);

const queueMetric = object<Metric>({
  type: metricType,
  queue: required(queueArn, "the queue; once in metrics"),
  messagesPerTask: required(integer(1, 1_000_000), "how many messages a task is for"),
});

const metricHead = object<Pick<Metric, "type">>({ type: metricType }, { open: true });

/** Of another type only that is read: whatever else it holds, the type is what is wrong. */
const metric: Reader<Draft<Metric>> = {
  ...queueMetric,
  read(value, place, findings) {
    const isOther = isMap(value) && value.type !== undefined && value.type !== "queue";
    if (!isOther) return queueMetric.read(value, place, findings);
    metricHead.read(value, place, findings);
    return undefined;
  },
};

const window = integer(0, 3600);
const percentPerMinute = integer(1, 100);

const scaleIn = object<Pace>({
  windowSeconds: defaulted(window, 300, "the most tasks recommended within that time count"),
  percentPerMinute: defaulted(percentPerMinute, 10, "share of the tasks that may go in a minute"),
});

const scaleOut = object<Pace>({
  windowSeconds: defaulted(window, 0, "the fewest tasks recommended within that time count"),
  percentPerMinute: optional(percentPerMinute, "share of the tasks that may come in a minute; absent: any"),
});

/** How many tasks a service has, by what its metrics show. */
export const autoscalingSchema = object<Autoscaling>(
  {
    min: required(integer(0, 5000), "fewest tasks; 0: none without work"),
    max: required(integer(1, 5000), "most tasks, at least min"),
    metrics: required(list(metric, { least: 1, most: 5 }), "what it follows; the one that wants most tasks decides"),
    pollSeconds: defaulted(integer(5, 300), 30, "how often metrics are looked at"),
    cooldownSeconds: defaulted(
      integer(0, 3600),
      300,
      "how long no metric may be active before a service with min 0 has no task",
    ),
    activation: defaulted(integer(0, 1_000_000_000), 0, "a metric is active above this"),
    tolerance: defaulted(decimal(0, 1), 0.1, "so far, as a share, a metric may be off its target without a change"),
    scaleIn: defaulted(scaleIn, {}, "how fast tasks go"),
    scaleOut: defaulted(scaleOut, {}, "how fast tasks come"),
  },
  { planned: ["schedules"] },
);
