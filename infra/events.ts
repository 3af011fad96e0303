import { Annotations, Aws, Duration } from "aws-cdk-lib";
import { type EventPattern, type IRule, type IRuleTarget, Match, Rule } from "aws-cdk-lib/aws-events";
import { Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import type { QueuePair } from "./queues.ts";

/** An event older than its queue keeps messages says nothing any more: the sweep found what it told. */
const maxEventAge = Duration.hours(1);

interface Watched {
  readonly id: string;
  readonly name: string;
  readonly pattern: EventPattern;
}

/** What AWS tells that observe hears of: of one cluster, where the event says which. */
function watched(clusterArn: string): readonly Watched[] {
  const ofCluster = { clusterArn: [clusterArn] };
  return [
    {
      id: "TaskChanges",
      name: "task-changes",
      pattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Task State Change"],
        // Others' tasks in the same cluster are none of our business.
        detail: { ...ofCluster, group: Match.prefix("longshore/") },
      },
    },
    {
      id: "NodeChanges",
      name: "node-changes",
      pattern: { source: ["aws.ecs"], detailType: ["ECS Container Instance State Change"], detail: ofCluster },
    },
    {
      id: "NodeHealthChanges",
      name: "node-health-changes",
      pattern: { source: ["aws.ecs"], detailType: ["ECS Container Instance Health Change"], detail: ofCluster },
    },
    {
      id: "SpotWarnings",
      name: "spot-warnings",
      pattern: { source: ["aws.ec2"], detailType: ["EC2 Spot Instance Interruption Warning"] },
    },
    {
      id: "RebalanceWarnings",
      name: "rebalance-warnings",
      pattern: { source: ["aws.ec2"], detailType: ["EC2 Instance Rebalance Recommendation"] },
    },
  ];
}

/** Sends what AWS tells of tasks and nodes, as it is, to the observations queue; what cannot be sent is a dead letter there. */
export function watchEvents(scope: Construct, install: string, clusterArn: string, { queue, dead }: QueuePair): void {
  const target: IRuleTarget = {
    bind: () => ({
      arn: queue.queueArn,
      deadLetterConfig: { arn: dead.queueArn },
      retryPolicy: { maximumEventAgeInSeconds: maxEventAge.toSeconds() },
    }),
  };
  const rules: readonly IRule[] = watched(clusterArn).map(
    ({ id, name, pattern }) =>
      new Rule(scope, id, { ruleName: `${install}-${name}`, eventPattern: pattern, targets: [target] }),
  );
  for (const open of [queue, dead]) open.addToResourcePolicy(sendFrom(rules, open.queueArn));
}

/** EventBridge may encrypt what it sends to queues. The policy of a key that was made elsewhere is left to whoever made it. */
export function openKey(scope: Construct, key: IKey): void {
  const { statementAdded } = key.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("events.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } },
    }),
  );
  if (statementAdded) return;
  const wanted = "kms:Decrypt and kms:GenerateDataKey to events.amazonaws.com, for aws:SourceAccount of this account";
  Annotations.of(scope).addWarningV2("longshore:keyPolicy", `the policy of the key must allow ${wanted}`);
}

/** EventBridge may send to a queue, for these rules of this account alone. */
function sendFrom(rules: readonly IRule[], queueArn: string): PolicyStatement {
  return new PolicyStatement({
    effect: Effect.ALLOW,
    principals: [new ServicePrincipal("events.amazonaws.com")],
    actions: ["sqs:SendMessage"],
    resources: [queueArn],
    conditions: {
      ArnEquals: { "aws:SourceArn": rules.map(({ ruleArn }) => ruleArn) },
      StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
    },
  });
}
