import type { FunctionName, QueueName } from "./names.ts";

/** What a function may do: actions that its code calls, on the resources that it calls them on. */
export interface Permission {
  readonly may: readonly string[];
  readonly on: readonly string[];
  /** As IAM writes conditions: operator → key → value. */
  readonly if?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** ARNs of what functions work with; patterns where they work with many. */
export interface Arns {
  readonly table: string;
  readonly queues: Readonly<Record<QueueName, string>>;
  readonly cluster: string;
  /** All tasks, and all container instances, of the cluster. */
  readonly tasks: string;
  readonly nodes: string;
  /** All task definitions of Longshore's. */
  readonly definitions: string;
  /** Roles that tasks may have. */
  readonly taskRoles: readonly string[];
  readonly targetGroups: readonly string[];
  readonly backlogQueues: readonly string[];
}

/** A tag that every call of ours gives to what it makes; its value is the install's random id. */
const ownTag = "longshore:install";
/** Any value but none. */
const some = "?*";

/** What each function may do, and no other. Beside it stands what only a role of AWS's own needs: see `createRole`. */
export function permissionsOf(arns: Arns): Readonly<Record<FunctionName, readonly Permission[]>> {
  const { table, queues, cluster, tasks, nodes, definitions, taskRoles, targetGroups, backlogQueues } = arns;
  const inCluster = { ArnEquals: { "ecs:cluster": cluster } };
  const passTaskRoles: Permission = {
    may: ["iam:PassRole"],
    on: taskRoles,
    if: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
  };
  const describeTasks: Permission = { may: ["ecs:DescribeTasks"], on: [tasks], if: inCluster };
  const describeNodes: Permission = { may: ["ecs:DescribeContainerInstances"], on: [nodes], if: inCluster };
  // ECS offers no resource for a listing of a whole cluster: the condition names the cluster.
  const listTasks: Permission = { may: ["ecs:ListTasks"], on: ["*"], if: inCluster };
  // Elastic Load Balancing offers no resource for what it describes.
  const readTargets: Permission = { may: ["elasticloadbalancing:DescribeTargetHealth"], on: ["*"] };
  const readBacklogs: Permission = { may: ["sqs:GetQueueAttributes"], on: backlogQueues };

  return {
    accept: [
      ...receive(queues.commands),
      { may: ["dynamodb:GetItem", "dynamodb:PutItem"], on: [table] },
      { may: ["dynamodb:Query"], on: [table, `${table}/index/byKind`] },
      { may: ["sqs:SendMessage"], on: [queues.work] },
    ],
    observe: [
      ...receive(queues.observations),
      { may: ["dynamodb:GetItem", "dynamodb:PutItem"], on: [table] },
      describeTasks,
      { may: ["sqs:SendMessage"], on: [queues.work, queues.dispatch] },
    ],
    reconcile: [
      ...receive(queues.work),
      { may: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], on: [table] },
      { may: ["dynamodb:Query"], on: [table] },
      describeTasks,
      readTargets,
      readBacklogs,
      // ECS offers no resource for these.
      { may: ["ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition"], on: ["*"] },
      {
        may: ["ecs:RegisterTaskDefinition"],
        on: [definitions],
        if: { StringLike: { [`aws:RequestTag/${ownTag}`]: some } },
      },
      {
        may: ["ecs:TagResource"],
        on: [definitions],
        if: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
      },
      passTaskRoles,
      { may: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"], on: targetGroups },
      { may: ["ecs:StopTask"], on: [tasks], if: { ...inCluster, StringLike: { [`aws:ResourceTag/${ownTag}`]: some } } },
      { may: ["sqs:SendMessage"], on: [queues.work, queues.dispatch] },
    ],
    dispatch: [
      ...receive(queues.dispatch),
      { may: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], on: [table] },
      { may: ["dynamodb:Query"], on: [table, `${table}/index/waiting`] },
      listTasks,
      describeTasks,
      describeNodes,
      {
        may: ["ecs:RunTask"],
        on: [definitions],
        if: { ...inCluster, StringLike: { [`aws:RequestTag/${ownTag}`]: some } },
      },
      { may: ["ecs:TagResource"], on: [tasks], if: { StringEquals: { "ecs:CreateAction": "RunTask" } } },
      passTaskRoles,
      { may: ["sqs:SendMessage"], on: [queues.work, queues.dispatch, queues.observations] },
    ],
    sweep: [
      { may: ["dynamodb:GetItem", "dynamodb:PutItem"], on: [table] },
      { may: ["dynamodb:Query"], on: [table, `${table}/index/byKind`, `${table}/index/waiting`] },
      listTasks,
      describeTasks,
      { may: ["ecs:ListContainerInstances"], on: [cluster] },
      describeNodes,
      readTargets,
      readBacklogs,
      { may: ["sqs:SendMessage"], on: [queues.work, queues.dispatch, queues.observations] },
    ],
  };
}

/** What Lambda does in the function's name to hand it the messages of its queue. */
function receive(queue: string): readonly Permission[] {
  return [{ may: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], on: [queue] }];
}
