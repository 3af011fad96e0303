import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import {
  ApplicationLogLevel,
  Architecture,
  Code,
  EventSourceMapping,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { bundleOf } from "./bundles.ts";
import { consumers, type FunctionName, functionNames, idOf, queueNames, timeoutSeconds } from "./names.ts";
import type { Permission } from "./permissions.ts";
import type { Queues } from "./queues.ts";
import { createRole } from "./roles.ts";

/** The functions of an install. */
export type Functions = Readonly<Record<FunctionName, LambdaFunction>>;

/** What the functions are made of. */
export interface FunctionOptions {
  readonly install: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: Readonly<Record<FunctionName, readonly Permission[]>>;
  /** What every function may do besides. */
  readonly common: readonly Permission[];
  readonly logRetentionDays: number;
}

/**
 * Nearly all of a pass is waiting. Node with our code takes 70 MB, the records of 10,000 tasks 80 MB more. Lambda gives CPU
 * by memory: with less than this third of one, a cold start takes visibly longer.
 */
const memorySize = 512;

/** Each function, with a role and a log group of its own. */
export function createFunctions(scope: Construct, options: FunctionOptions): Functions {
  const created = functionNames.map((name) => [name, createFunction(scope, name, options)]);
  return Object.fromEntries(created) as Functions;
}

function createFunction(scope: Construct, name: FunctionName, options: FunctionOptions): LambdaFunction {
  const functionName = `${options.install}-${name}`;
  const logGroup = new LogGroup(scope, `${idOf(name)}Logs`, {
    logGroupName: `/aws/lambda/${functionName}`,
    retention: options.logRetentionDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const writeLogs = { may: ["logs:CreateLogStream", "logs:PutLogEvents"], on: [logGroup.logGroupArn] };
  const role = createRole(scope, `${idOf(name)}Role`, {
    description: `what ${functionName} may do`,
    service: "lambda.amazonaws.com",
    permissions: [...options.permissions[name], ...options.common, writeLogs],
  });
  return new LambdaFunction(scope, idOf(name), {
    functionName,
    description: descriptions[name],
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: Code.fromAsset(bundleOf(name)),
    handler: "index.handler",
    memorySize,
    timeout: Duration.seconds(timeoutSeconds),
    environment: { ...options.environment },
    // As an import it takes no more: nothing that is built on the function adds to what it may do.
    role: Role.fromRoleArn(scope, `${idOf(name)}FunctionRole`, role.attrArn, { mutable: false }),
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    // Lambda's own lines about invocations that went well would be all that is written at rest.
    systemLogLevelV2: SystemLogLevel.WARN,
  });
}

const descriptions: Readonly<Record<FunctionName, string>> = {
  accept: "takes commands, and stores what is wanted",
  observe: "stores what AWS shows of tasks and nodes",
  reconcile: "decides what of a service should exist",
  dispatch: "decides where and when tasks start",
  sweep: "looks each minute for what is due and what was missed",
};

/**
 * Each queue wakes its function, ten messages at a time at most, and takes back those alone that failed; commands one by
 * one, since those of a group that come together with one that fails would count its tries as theirs, and become dead
 * letters with it. No maximum of concurrency: with one, Lambda keeps five pollers at every empty queue.
 */
export function connect(scope: Construct, functions: Functions, queues: Queues): void {
  for (const queue of queueNames)
    new EventSourceMapping(scope, `${idOf(queue)}Source`, {
      target: functions[consumers[queue]],
      eventSourceArn: queues[queue].queue.queueArn,
      batchSize: queue === "commands" ? 1 : 10,
      reportBatchItemFailures: true,
    });
}
