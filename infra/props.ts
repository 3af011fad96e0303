import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ITopic } from "aws-cdk-lib/aws-sns";

/** Where tasks run that name no network of their own. */
export interface TaskNetwork {
  readonly vpcId: string;
  /** Zone of each subnet, such as `{ "subnet-1": "us-east-1a" }`: at least one, all of that VPC. */
  readonly subnets: Readonly<Record<string, string>>;
  /** Ids; default: a new security group that lets in nothing but its own members. */
  readonly securityGroups?: readonly string[];
  /** Whether tasks get public addresses. Default `false`: the subnets lead to where images are by themselves. */
  readonly publicIp?: boolean;
}

/** How an install of Longshore is deployed. Every default is meant for production. */
export interface LongshoreProps {
  /**
   * Prefixes every name: 1 to 20 of a-z, 0-9 and -, beginning with a letter. Another name is another install: the table of
   * the one before stays, and nothing looks after its tasks any more. Default `longshore`.
   */
  readonly install?: string;
  /**
   * Unique ids (`AROA…`, `AIDA…`) of the roles and users that may do everything and may allow others something. Default
   * none: whoever may send to the commands queue may do everything.
   */
  readonly administrators?: readonly string[];
  /** Name of an ECS cluster of this account and region. Default: a new one for Fargate and Fargate Spot. */
  readonly cluster?: string;
  /** Default: a new VPC of public subnets without a NAT gateway, so that rest costs nothing. */
  readonly network?: TaskNetwork;
  /** Zones that the new VPC has a subnet in, 2 or 3. Default 2, which every region has. */
  readonly zones?: 2 | 3;
  /** What services run on that name no capacity. Default `fargate`. */
  readonly capacity?: "fargate" | "ec2";
  /** Part of the account's API quotas that this install may use, 0.01 to 1. Default 0.5. */
  readonly accountShare?: number;
  /** Most that a namespace may have that nobody declared. Default 500 services and 5,000 tasks. */
  readonly namespaceLimits?: { readonly services?: number; readonly tasks?: number };
  /** Most units a second that the table may use, and cost. Default 4,000 read and 2,000 written. */
  readonly tableLimits?: { readonly reads?: number; readonly writes?: number };
  /** ARNs of roles that tasks may have, besides the execution role that is made here; `*` stands for any part. Default none. */
  readonly taskRoles?: readonly string[];
  /** ARNs of target groups that tasks may be put into; `*` stands for any part. Default: all of this account and region. */
  readonly targetGroups?: readonly string[];
  /** ARNs of queues whose backlog services may follow; `*` stands for any part. Default: all of this account and region. */
  readonly backlogQueues?: readonly string[];
  /** ARNs of ECR repositories that images may come from; `*` stands for any part. Default: all of this account and region. */
  readonly repositories?: readonly string[];
  /** ARNs of Secrets Manager secrets and SSM parameters that containers may be given; `*` stands for any part. Default none. */
  readonly secrets?: readonly string[];
  /** ARNs of the KMS keys that those are encrypted with, where it is not AWS's own. Default none. */
  readonly secretKeys?: readonly string[];
  /** ARNs of S3 objects that containers' variables may come from; `*` stands for any part of a key. Default none. */
  readonly environmentFiles?: readonly string[];
  /** Whether services may ask that commands can be run in their containers (ECS Exec). Default `false`. */
  readonly exec?: boolean;
  /** Encrypts table and queues. Default: keys of AWS, which cost nothing. */
  readonly key?: IKey;
  /** How long logs are kept: a number of days that CloudWatch Logs offers. Default 30. */
  readonly logRetentionDays?: number;
  /** Hears of the alarms. */
  readonly alarmsTopic?: ITopic;
  /** An alarm for each thing that can go wrong, besides the two that hear of all of them. Default `false`: each costs money. */
  readonly singleAlarms?: boolean;
  /** A dashboard of AWS's own metrics. Default `false`. */
  readonly dashboard?: boolean;
}
