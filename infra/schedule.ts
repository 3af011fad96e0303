import { Aws, Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnSchedule } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { arnIn } from "./names.ts";
import type { Permission } from "./permissions.ts";
import { createRole } from "./roles.ts";

/** What the schedule calls. */
export interface ScheduleOptions {
  readonly install: string;
  readonly sweep: IFunction;
  readonly dead: IQueue;
  readonly keyPermissions: readonly Permission[];
}

/** Calls the sweep each minute. Nothing is tried again, neither by the schedule nor by Lambda: the next minute does. */
export function scheduleSweep(scope: Construct, { install, sweep, dead, keyPermissions }: ScheduleOptions): void {
  sweep.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  const role = createRole(scope, "ScheduleRole", {
    description: `calls ${install}-sweep each minute`,
    service: "scheduler.amazonaws.com",
    if: {
      StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
      ArnLike: { "aws:SourceArn": arnIn(scope, "scheduler", "schedule-group/default") },
    },
    permissions: [
      { may: ["lambda:InvokeFunction"], on: [sweep.functionArn] },
      { may: ["sqs:SendMessage"], on: [dead.queueArn] },
      ...keyPermissions,
    ],
  });
  new CfnSchedule(scope, "Schedule", {
    name: `${install}-sweep`,
    description: "looks for what is due and what was missed",
    scheduleExpression: "rate(1 minute)",
    flexibleTimeWindow: { mode: "OFF" },
    target: {
      arn: sweep.functionArn,
      roleArn: role.attrArn,
      retryPolicy: { maximumRetryAttempts: 0 },
      deadLetterConfig: { arn: dead.queueArn },
    },
  });
}
