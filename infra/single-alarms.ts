import { Duration } from "aws-cdk-lib";
import { ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type AlarmOptions, addAlarm, type Watched } from "./alarms.ts";
import { functionNames, idOf, queueNames } from "./names.ts";

interface Watch {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly metric: IMetric;
  /** Alarming from here on. */
  readonly from: number;
}

const period = Duration.minutes(5);
/** A message is given back after 3 minutes: one that is older was tried before, or nobody takes it. */
const oldSeconds = 600;

/** An alarm for each thing that can go wrong, for those who want to be told which by AWS itself. */
export function createSingleAlarms(scope: Construct, options: AlarmOptions): void {
  for (const { id, name, description, metric, from } of watches(options))
    addAlarm(scope, options, {
      id,
      name,
      alarmDescription: description,
      metric,
      threshold: from,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
}

function watches({ functions, queues, table }: Watched): readonly Watch[] {
  const total = { period, statistic: "Sum" };
  const most = { period, statistic: "Maximum" };
  return [
    ...[
      ...queueNames.map((name) => ({ name, dead: queues[name].dead })),
      { name: "sweep", dead: queues.sweepDead },
    ].map(({ name, dead }) => ({
      id: `${idOf(name)}DeadLettersAlarm`,
      name: `${name}-dead-letters`,
      description: `messages that nobody can work on are in ${name}'s dead letters`,
      metric: dead.metricApproximateNumberOfMessagesVisible(most),
      from: 1,
    })),
    ...queueNames.map((name) => ({
      id: `${idOf(name)}AgeAlarm`,
      name: `${name}-age`,
      description: `the oldest message on ${name} waits too long`,
      metric: queues[name].queue.metricApproximateAgeOfOldestMessage(most),
      from: oldSeconds,
    })),
    ...functionNames.flatMap((name) => [
      {
        id: `${idOf(name)}ErrorsAlarm`,
        name: `${name}-errors`,
        description: `${name} fails as a whole: its log says why`,
        metric: functions[name].metricErrors(total),
        from: 1,
      },
      {
        id: `${idOf(name)}ThrottlesAlarm`,
        name: `${name}-throttles`,
        description: `${name} has no concurrency left in this account and region`,
        metric: functions[name].metricThrottles(total),
        from: 1,
      },
      {
        id: `${idOf(name)}RecursionAlarm`,
        name: `${name}-recursion`,
        description: `Lambda stopped a loop of messages through ${name}`,
        metric: functions[name].metric("RecursiveInvocationsDropped", total),
        from: 1,
      },
    ]),
    ...["ReadThrottleEvents", "WriteThrottleEvents"].map((metric) => ({
      id: `Table${metric}Alarm`,
      name: `table-${metric.startsWith("Read") ? "read" : "write"}-throttles`,
      description: "the table is at its maximum: see the prop tableLimits",
      metric: table.metric(metric, total),
      from: 1,
    })),
  ];
}
