import { localAccount, localRegion } from "../../local/environment.ts";
import type { EcsEngine } from "../../sim/ecs/api.ts";
import type { Ask } from "./evaluate.ts";

/** What a command asks IAM for, when it is sent with that input. */
export interface Action {
  /** Actions that it always needs; the first is its own. */
  readonly needs: readonly string[];
  readonly asks: (input: Input, facts: Facts) => readonly Ask[];
}

/** A command's input, as it is sent. */
export type Input = Readonly<Record<string, unknown>>;

/** What IAM knows of resources besides what a request says. */
export interface Facts {
  /** The tags of something in ECS. */
  tagsOf(arn: string): Readonly<Record<string, string>>;
  /** ARNs of the roles that a registered task definition names. */
  rolesOf(taskDefinition: string): readonly string[];
}

const here = `${localRegion}:${localAccount}`;
const text = (value: unknown) => String(value ?? "");
const list = (value: unknown) => (Array.isArray(value) ? value : []) as readonly unknown[];

/** A table or, of a query, one of its indexes. */
const onTable = (name: string): Action => ({
  needs: [`dynamodb:${name}`],
  asks: ({ TableName, IndexName }) => [
    {
      action: `dynamodb:${name}`,
      resource: `arn:aws:dynamodb:${here}:table/${TableName}${IndexName ? `/index/${IndexName}` : ""}`,
      context: {},
    },
  ],
});

/** The queue of a URL. IAM knows one action for a message and for a batch of them. */
const onQueue = (action: string): Action => ({
  needs: [action],
  asks: ({ QueueUrl }) => [
    { action, resource: `arn:aws:sqs:${here}:${text(QueueUrl).split("/").at(-1)}`, context: {} },
  ],
});

const clusterArn = (cluster: unknown) => `arn:aws:ecs:${here}:cluster/${cluster ?? "default"}`;
const inCluster = ({ cluster }: Input) => ({ "ecs:cluster": clusterArn(cluster) });

/** Something of a cluster, by its id or ARN. */
const arnIn = (kind: string, { cluster }: Input, id: unknown) =>
  text(id).startsWith("arn:") ? text(id) : `arn:aws:ecs:${here}:${kind}/${cluster}/${id}`;

const prefixed = (prefix: string, tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`${prefix}/${key}`, value]));

function requestTags({ tags }: Input): Ask["context"] {
  const given = Object.fromEntries(list(tags).map((tag) => [(tag as Input).key, text((tag as Input).value)]));
  return { ...prefixed("aws:RequestTag", given), "aws:TagKeys": Object.keys(given) };
}

/** Whoever makes something with tags has to be allowed to tag it. */
const taggedAsMade = (resource: string, input: Input, createAction: string): readonly Ask[] =>
  list(input.tags).length === 0
    ? []
    : [{ action: "ecs:TagResource", resource, context: { ...requestTags(input), "ecs:CreateAction": createAction } }];

/** Whoever hands a role to tasks has to be allowed to. */
const passed = (roles: readonly unknown[]): readonly Ask[] =>
  roles
    .filter((role) => role !== undefined)
    .map((role) => ({
      action: "iam:PassRole",
      resource: text(role),
      context: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }));

/** Several of a cluster's things at once: each has to be allowed. */
const each = (action: string, kind: string, member: string): Action => ({
  needs: [action],
  asks: (input, { tagsOf }) =>
    list(input[member]).map((id) => {
      const resource = arnIn(kind, input, id);
      return { action, resource, context: { ...inCluster(input), ...prefixed("aws:ResourceTag", tagsOf(resource)) } };
    }),
});

/** What cannot be asked for on any resource. */
const anywhere = (action: string): Action => ({
  needs: [action],
  asks: () => [{ action, resource: "*", context: {} }],
});

const onTargetGroup = (action: string): Action => ({
  needs: [action],
  asks: ({ TargetGroupArn }) => [{ action, resource: text(TargetGroupArn), context: {} }],
});

/**
 * The commands that functions send, and what each asks for, as the Service Authorization Reference lists actions,
 * resource types and condition keys.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export const actions: Readonly<Record<string, Action>> = {
  DeleteItem: onTable("DeleteItem"),
  GetItem: onTable("GetItem"),
  PutItem: onTable("PutItem"),
  Query: onTable("Query"),
  UpdateItem: onTable("UpdateItem"),
  GetQueueAttributes: onQueue("sqs:GetQueueAttributes"),
  SendMessageBatch: onQueue("sqs:SendMessage"),
  DeregisterTargets: onTargetGroup("elasticloadbalancing:DeregisterTargets"),
  RegisterTargets: onTargetGroup("elasticloadbalancing:RegisterTargets"),
  DescribeTargetHealth: anywhere("elasticloadbalancing:DescribeTargetHealth"),
  DescribeTaskDefinition: anywhere("ecs:DescribeTaskDefinition"),
  ListTaskDefinitions: anywhere("ecs:ListTaskDefinitions"),
  DescribeTasks: each("ecs:DescribeTasks", "task", "tasks"),
  DescribeContainerInstances: each("ecs:DescribeContainerInstances", "container-instance", "containerInstances"),
  ListContainerInstances: {
    needs: ["ecs:ListContainerInstances"],
    asks: ({ cluster }) => [{ action: "ecs:ListContainerInstances", resource: clusterArn(cluster), context: {} }],
  },
  // Of a node: that node; of a whole cluster: no resource, only the cluster as a condition.
  ListTasks: {
    needs: ["ecs:ListTasks"],
    asks: (input) => {
      const node = input.containerInstance;
      const resource = node === undefined ? "*" : arnIn("container-instance", input, node);
      return [{ action: "ecs:ListTasks", resource, context: inCluster(input) }];
    },
  },
  StopTask: {
    needs: ["ecs:StopTask"],
    asks: (input, { tagsOf }) => {
      const resource = arnIn("task", input, input.task);
      const context = { ...inCluster(input), ...prefixed("aws:ResourceTag", tagsOf(resource)) };
      return [{ action: "ecs:StopTask", resource, context }];
    },
  },
  RunTask: {
    needs: ["ecs:RunTask", "ecs:TagResource", "iam:PassRole"],
    asks: (input, { tagsOf, rolesOf }) => {
      const resource = text(input.taskDefinition);
      const context = {
        ...inCluster(input),
        ...requestTags(input),
        ...prefixed("aws:ResourceTag", tagsOf(resource)),
        ...(input.enableExecuteCommand !== undefined && {
          "ecs:enable-execute-command": text(input.enableExecuteCommand),
        }),
      };
      return [
        { action: "ecs:RunTask", resource, context },
        ...taggedAsMade(arnIn("task", input, "0".repeat(32)), input, "RunTask"),
        ...passed(rolesOf(resource)),
      ];
    },
  },
  RegisterTaskDefinition: {
    needs: ["ecs:RegisterTaskDefinition", "ecs:TagResource", "iam:PassRole"],
    asks: (input) => {
      const resource = `arn:aws:ecs:${here}:task-definition/${input.family}:1`;
      const isPrivileged = list(input.containerDefinitions).some(
        (container) => (container as Input).privileged === true,
      );
      const context = {
        ...requestTags(input),
        "ecs:privileged": String(isPrivileged),
        "ecs:compute-compatibility": list(input.requiresCompatibilities).map(text),
      };
      return [
        { action: "ecs:RegisterTaskDefinition", resource, context },
        ...taggedAsMade(resource, input, "RegisterTaskDefinition"),
        ...passed([input.taskRoleArn, input.executionRoleArn]),
      ];
    },
  },
};

/** What IAM would know of an engine's resources. */
export function factsOf(engine: Pick<EcsEngine, "handle">): Facts {
  const ask = (action: string, input: object): Input => {
    try {
      return engine.handle(action, input);
    } catch {
      return {};
    }
  };
  return {
    tagsOf: (resourceArn) =>
      Object.fromEntries(
        list(ask("ListTagsForResource", { resourceArn }).tags).map((tag) => [
          (tag as Input).key,
          text((tag as Input).value),
        ]),
      ),
    rolesOf: (taskDefinition) => {
      const found = (ask("DescribeTaskDefinition", { taskDefinition }).taskDefinition ?? {}) as Input;
      return [found.taskRoleArn, found.executionRoleArn].filter((role) => role !== undefined).map(text);
    },
  };
}
