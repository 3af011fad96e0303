import { Duration } from "aws-cdk-lib";
import { Alarm, type AlarmProps, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { Functions } from "./functions.ts";
import type { Queues } from "./queues.ts";

/** What of an install is watched. */
export interface Watched {
  readonly install: string;
  readonly functions: Functions;
  readonly queues: Queues;
  readonly table: Table;
}

/** What alarms watch, and who hears of them. */
export interface AlarmOptions extends Watched {
  readonly topic: ITopic | undefined;
}

/** An alarm under the install's name; its topic hears when it begins and when it ends. */
export function addAlarm(
  scope: Construct,
  { install, topic }: Pick<AlarmOptions, "install" | "topic">,
  { id, name, ...alarm }: AlarmProps & { readonly id: string; readonly name: string },
): void {
  const added = new Alarm(scope, id, { alarmName: `${install}-${name}`, ...alarm });
  if (!topic) return;
  added.addAlarmAction(new SnsAction(topic));
  added.addOkAction(new SnsAction(topic));
}

/** The two that hear of everything: the sweep ends with an error while it sees trouble, and it is never silent. */
export function createAlarms(scope: Construct, options: AlarmOptions): void {
  const { sweep } = options.functions;
  addAlarm(scope, options, {
    id: "TroubleAlarm",
    name: "trouble",
    alarmDescription: "the sweep reports trouble: its log says what and where",
    metric: sweep.metricErrors({ period: Duration.minutes(1), statistic: "Sum" }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
  addAlarm(scope, options, {
    id: "SilenceAlarm",
    name: "silence",
    alarmDescription: "the sweep did not run for five minutes: nothing is healed, what runs keeps running",
    metric: sweep.metricInvocations({ period: Duration.minutes(5), statistic: "Sum" }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 1,
    treatMissingData: TreatMissingData.BREACHING,
  });
}
