import { CfnCluster } from "aws-cdk-lib/aws-ecs";
import { CfnRole, Effect, PolicyDocument, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { arnIn } from "./names.ts";
import { createNetwork, lasting, type TasksNetwork } from "./network.ts";
import type { LongshoreProps } from "./props.ts";

/** What tasks run on and with, unless their service says otherwise. All that is made here outlives the stack. */
export interface TaskDefaults {
  /** Name. */
  readonly cluster: string;
  readonly network: TasksNetwork;
  /** ARN. */
  readonly executionRole: string;
  /** Name. */
  readonly logGroup: string;
}

/** Takes the cluster and the network that are given, and makes the rest. */
export function createTaskDefaults(scope: Construct, install: string, props: LongshoreProps): TaskDefaults {
  const logGroup = lasting(
    new CfnLogGroup(scope, "TasksLogs", {
      logGroupName: `/longshore/${install}`,
      retentionInDays: props.logRetentionDays ?? 30,
    }),
  );
  return {
    cluster: props.cluster ?? createCluster(scope, install),
    network: createNetwork(scope, install, props),
    executionRole: createExecutionRole(scope, logGroup.attrArn, props),
    logGroup: logGroup.ref,
  };
}

function createCluster(scope: Construct, install: string): string {
  return lasting(
    new CfnCluster(scope, "Cluster", { clusterName: install, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }),
  ).ref;
}

/** What ECS itself may do to start a task: fetch its image and secrets, write its logs. */
function createExecutionRole(
  scope: Construct,
  logGroupArn: string,
  { repositories = [arnIn(scope, "ecr", "repository/*")], secrets = [] }: LongshoreProps,
): string {
  const allow = (actions: readonly string[], resources: readonly string[]) =>
    new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] });
  const isParameter = (arn: string) => arn.split(":")[2] === "ssm";
  const parameters = secrets.filter(isParameter);
  const others = secrets.filter((arn) => !isParameter(arn));
  const statements = [
    // ECR offers no resource for it: the token opens only what the next statement allows.
    allow(["ecr:GetAuthorizationToken"], ["*"]),
    allow(["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"], repositories),
    allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroupArn]),
    ...(others.length > 0 ? [allow(["secretsmanager:GetSecretValue"], others)] : []),
    ...(parameters.length > 0 ? [allow(["ssm:GetParameters"], parameters)] : []),
  ];
  return lasting(
    new CfnRole(scope, "ExecutionRole", {
      description: "starts tasks of Longshore: fetches images and secrets, writes logs",
      assumeRolePolicyDocument: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ["sts:AssumeRole"],
            principals: [new ServicePrincipal("ecs-tasks.amazonaws.com")],
          }),
        ],
      }),
      policies: [{ policyName: "start-tasks", policyDocument: new PolicyDocument({ statements }) }],
    }),
  ).attrArn;
}
