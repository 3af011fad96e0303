import type { FunctionName, QueueName } from "./names.ts";

/** What a function may do: actions that its code calls, on the resources that it calls them on. */
export interface Permission {
  readonly may: readonly string[];
  readonly on: readonly string[];
  /** As IAM writes conditions: operator → key → value. */
  readonly if?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why no single resources can be named, where `on` has a pattern. */
  readonly because?: string;
}

/** ARNs of what functions work with; patterns where they work with many. */
export interface Arns {
  readonly table: string;
  readonly queues: Readonly<Record<QueueName, string>>;
  readonly deadLetters: readonly string[];
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

/** What an install opts into. */
export interface Consents {
  /** Tasks in which commands can be run. */
  readonly exec: boolean;
}

/** A tag that every call of ours gives to what it makes; its value is the install's random id. */
const ownTag = "longshore:install";
/** Any value but none. */
const some = "?*";

/** What each function may do, and no other: its logs, which every role adds, aside. */
export function permissionsOf(arns: Arns, consents: Consents): Readonly<Record<FunctionName, readonly Permission[]>> {
  const { get, query, put, remove, takeBudget } = storePermissions(arns);
  const { receive, send, countDeadLetters } = queuePermissions(arns);
  const tasks = taskPermissions(arns, consents);
  const definitions = definitionPermissions(arns);
  const traffic = trafficPermissions(arns);
  return {
    accept: [receive("commands"), get, query("byKind"), put, send("work")],
    observe: [receive("observations"), get, tasks.describe, put, send("work", "dispatch")],
    reconcile: [
      receive("work"),
      get,
      query(),
      tasks.describe,
      traffic.read,
      traffic.readBacklogs,
      put,
      remove,
      takeBudget,
      definitions.find,
      definitions.register,
      definitions.tag,
      tasks.passRoles,
      traffic.move,
      tasks.stop,
      send("work", "dispatch"),
    ],
    dispatch: [
      receive("dispatch"),
      get,
      query("waiting"),
      tasks.list,
      tasks.describe,
      tasks.describeNodes,
      put,
      remove,
      takeBudget,
      tasks.run,
      tasks.tag,
      tasks.passRoles,
      send("work", "dispatch", "observations"),
    ],
    sweep: [
      get,
      query("byKind", "waiting"),
      tasks.list,
      tasks.describe,
      tasks.listNodes,
      tasks.describeNodes,
      traffic.read,
      traffic.readBacklogs,
      put,
      countDeadLetters,
      send("work", "dispatch", "observations"),
    ],
  };
}

/** Items of the one table. */
function storePermissions({ table }: Arns) {
  const items = (action: string): Permission => ({ may: [`dynamodb:${action}`], on: [table] });
  return {
    get: items("GetItem"),
    put: items("PutItem"),
    remove: items("DeleteItem"),
    takeBudget: items("UpdateItem"),
    /** The table, and these of its indexes. */
    query: (...indexes: readonly string[]): Permission => ({
      may: ["dynamodb:Query"],
      on: [table, ...indexes.map((index) => `${table}/index/${index}`)],
    }),
  };
}

/** Our own queues. */
function queuePermissions({ queues, deadLetters }: Arns) {
  return {
    /** What Lambda does in a function's name, to hand it the messages of its queue. */
    receive: (name: QueueName): Permission => ({
      may: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      on: [queues[name]],
    }),
    send: (...names: readonly QueueName[]): Permission => ({
      may: ["sqs:SendMessage"],
      on: names.map((name) => queues[name]),
    }),
    countDeadLetters: { may: ["sqs:GetQueueAttributes"], on: deadLetters },
  };
}

/** Tasks and nodes of the one cluster; what changes them, with our tag alone. */
function taskPermissions({ cluster, tasks, nodes, definitions, taskRoles }: Arns, { exec }: Consents) {
  const inCluster = { ArnEquals: { "ecs:cluster": cluster } };
  const ofCluster = "tasks come and go, and have random ids: the pattern holds those of the cluster";
  return {
    list: {
      may: ["ecs:ListTasks"],
      on: ["*"],
      if: inCluster,
      because: "ECS knows no resource for a listing of a whole cluster: the condition names the cluster",
    },
    describe: { may: ["ecs:DescribeTasks"], on: [tasks], if: inCluster, because: ofCluster },
    listNodes: { may: ["ecs:ListContainerInstances"], on: [cluster] },
    describeNodes: {
      may: ["ecs:DescribeContainerInstances"],
      on: [nodes],
      if: inCluster,
      because: "container instances come and go, and have random ids: the pattern holds those of the cluster",
    },
    run: {
      may: ["ecs:RunTask"],
      on: [definitions],
      if: {
        ...inCluster,
        StringLike: { [`aws:RequestTag/${ownTag}`]: some },
        ...(!exec && { StringNotEquals: { "ecs:enable-execute-command": "true" } }),
      },
      because: ofFamilies,
    },
    // Tags a task as it is started, and none that is there.
    tag: {
      may: ["ecs:TagResource"],
      on: [tasks],
      if: { StringEquals: { "ecs:CreateAction": "RunTask" } },
      because: ofCluster,
    },
    stop: {
      may: ["ecs:StopTask"],
      on: [tasks],
      if: { ...inCluster, StringLike: { [`aws:ResourceTag/${ownTag}`]: some } },
      because: ofCluster,
    },
    passRoles: {
      may: ["iam:PassRole"],
      on: taskRoles,
      if: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      because: "whoever deploys the install names the roles that tasks may have",
    },
  } as const satisfies Readonly<Record<string, Permission>>;
}

/** Task definitions of our families; what makes one, with our tag alone. */
function definitionPermissions({ definitions }: Arns) {
  return {
    find: {
      may: ["ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition"],
      on: ["*"],
      because: "ECS knows no resource for these",
    },
    register: {
      may: ["ecs:RegisterTaskDefinition"],
      on: [definitions],
      if: {
        StringLike: { [`aws:RequestTag/${ownTag}`]: some },
        StringNotEquals: { "ecs:privileged": "true" },
      },
      because: ofFamilies,
    },
    tag: {
      may: ["ecs:TagResource"],
      on: [definitions],
      if: { StringEquals: { "ecs:CreateAction": "RegisterTaskDefinition" } },
      because: ofFamilies,
    },
  } as const satisfies Readonly<Record<string, Permission>>;
}

/** What users' services are put behind, and follow. */
function trafficPermissions({ targetGroups, backlogQueues }: Arns) {
  return {
    read: {
      may: ["elasticloadbalancing:DescribeTargetHealth"],
      on: ["*"],
      because: "Elastic Load Balancing knows no resource for what it describes",
    },
    move: {
      may: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      on: targetGroups,
      because: "services name their target groups after the install is deployed: the prop targetGroups narrows them",
    },
    readBacklogs: {
      may: ["sqs:GetQueueAttributes"],
      on: backlogQueues,
      because:
        "services name the queues they follow after the install is deployed: the prop backlogQueues narrows them",
    },
  } as const satisfies Readonly<Record<string, Permission>>;
}

const ofFamilies = "each revision of a service is a task definition of its own: the pattern holds our families";
