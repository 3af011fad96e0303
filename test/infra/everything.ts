import { Key } from "aws-cdk-lib/aws-kms";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { LongshoreProps } from "../../infra/index.ts";

/** Every prop of an install, each other than by default; the key and the topic are made in the scope. */
export function everything(scope: Construct): LongshoreProps {
  return {
    install: "shop",
    administrators: ["AROAEXAMPLE", "AIDAEXAMPLE"],
    cluster: "apps",
    network: {
      vpcId: "vpc-0123456789abcdef0",
      subnets: { "subnet-0123456789abcdef1": "eu-west-1a", "subnet-0123456789abcdef2": "eu-west-1b" },
      securityGroups: ["sg-0123456789abcdef0"],
      publicIp: true,
    },
    capacity: "ec2",
    accountShare: 0.25,
    namespaceLimits: { services: 10, tasks: 100 },
    tableLimits: { reads: 400, writes: 200 },
    taskRoles: ["arn:aws:iam::111122223333:role/tasks/*"],
    targetGroups: ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop-*/*"],
    backlogQueues: ["arn:aws:sqs:eu-west-1:111122223333:shop-*"],
    repositories: ["arn:aws:ecr:eu-west-1:444455556666:repository/shop/*"],
    secrets: [
      "arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/*",
      "arn:aws:ssm:eu-west-1:111122223333:parameter/shop/*",
    ],
    secretKeys: ["arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef"],
    environmentFiles: ["arn:aws:s3:::shop-settings/*.env"],
    exec: true,
    key: new Key(scope, "Key", { enableKeyRotation: true }),
    logRetentionDays: 7,
    alarmsTopic: Topic.fromTopicArn(scope, "Topic", "arn:aws:sns:eu-west-1:111122223333:alarms"),
    singleAlarms: true,
    dashboard: true,
  };
}
