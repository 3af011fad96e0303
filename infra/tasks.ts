import { Validations } from "aws-cdk-lib";
import { CfnCluster } from "aws-cdk-lib/aws-ecs";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { lasting } from "./lasting.ts";
import { arnIn } from "./names.ts";
import { createNetwork, type TasksNetwork } from "./network.ts";
import type { Permission } from "./permissions.ts";
import type { LongshoreProps } from "./props.ts";
import { createRole } from "./roles.ts";

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
  const cluster = new CfnCluster(scope, "Cluster", {
    clusterName: install,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
  });
  Validations.of(cluster).acknowledge({
    id: "AwsSolutions-ECS4",
    reason: "Container Insights bills for every task: whoever wants it gives a cluster of their own that has it",
  });
  return lasting(cluster).ref;
}

/** What ECS itself may do to start a task: fetch its image and secrets, write its logs. */
function createExecutionRole(scope: Construct, logGroupArn: string, props: LongshoreProps): string {
  const { repositories = [arnIn(scope, "ecr", "repository/*")] } = props;
  const role = createRole(scope, "ExecutionRole", {
    description: "starts tasks of Longshore: fetches images and secrets, writes logs",
    service: "ecs-tasks.amazonaws.com",
    permissions: [
      {
        may: ["ecr:GetAuthorizationToken"],
        on: ["*"],
        because: "ECR knows no resource for it, and the token opens no more than the other permissions say",
      },
      {
        may: ["ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"],
        on: repositories,
        because: "services name their images after the install is deployed: the prop repositories narrows them",
      },
      { may: ["logs:CreateLogStream", "logs:PutLogEvents"], on: [logGroupArn] },
      ...readPermissions(props).filter(({ on }) => on.length > 0),
    ],
  });
  return lasting(role).attrArn;
}

/** What containers may be given, as whoever deploys the install lists it. */
function readPermissions({
  secrets = [],
  secretKeys = [],
  environmentFiles = [],
}: LongshoreProps): readonly Permission[] {
  const listed = { because: "whoever deploys the install lists what containers may be given" };
  return [
    { may: ["secretsmanager:GetSecretValue"], on: secrets.filter((arn) => !isParameter(arn)), ...listed },
    { may: ["ssm:GetParameters"], on: secrets.filter(isParameter), ...listed },
    { may: ["kms:Decrypt"], on: secretKeys, ...listed },
    { may: ["s3:GetObject"], on: environmentFiles, ...listed },
    { may: ["s3:GetBucketLocation"], on: [...new Set(environmentFiles.map(bucketOf))], ...listed },
  ];
}

/** `arn:<partition>:s3:::<bucket>/<key>` */
function bucketOf(objectArn: string): string {
  return objectArn.split("/", 1)[0] ?? "";
}

/** `arn:<partition>:ssm:…`; any other is a secret of Secrets Manager. */
function isParameter(arn: string): boolean {
  return arn.split(":")[2] === "ssm";
}
