import { describe, expect, test } from "vitest";
import { type FunctionName, functionNames } from "../../infra/names.ts";
import { type Ask, evaluate } from "./evaluate.ts";
import { deploy } from "./policies.ts";

const taskRole = "arn:aws:iam::000000000000:role/shop-tasks";
const targetGroup = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/0123456789abcdef";
const backlog = "arn:aws:sqs:us-east-1:000000000000:orders";
const { roles, executionRole } = deploy({
  taskRoles: [taskRole],
  targetGroups: [targetGroup],
  backlogQueues: [backlog],
});

const here = "arn:aws:ecs:us-east-1:000000000000";
const inCluster = { "ecs:cluster": `${here}:cluster/longshore` };
const task = `${here}:task/longshore/0123456789abcdef0123456789abcdef`;
const definition = `${here}:task-definition/longshore_local000_shop_web:3`;
const ours = { "aws:RequestTag/longshore:install": "local000" };
const made = (by: string) => ({ ...ours, "ecs:CreateAction": by });
const toTasks = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };

const stop: Ask = {
  action: "ecs:StopTask",
  resource: task,
  context: { ...inCluster, "aws:ResourceTag/longshore:install": "local000" },
};
const run: Ask = { action: "ecs:RunTask", resource: definition, context: { ...inCluster, ...ours } };
const tag: Ask = { action: "ecs:TagResource", resource: task, context: made("RunTask") };
const define: Ask = {
  action: "ecs:RegisterTaskDefinition",
  resource: definition,
  context: { ...ours, "ecs:privileged": "false" },
};
const tagDefinition: Ask = { action: "ecs:TagResource", resource: definition, context: made("RegisterTaskDefinition") };
const pass: Ask = { action: "iam:PassRole", resource: taskRole, context: toTasks };
const register: Ask = { action: "elasticloadbalancing:RegisterTargets", resource: targetGroup, context: {} };
const count: Ask = { action: "sqs:GetQueueAttributes", resource: backlog, context: {} };
const list: Ask = { action: "ecs:ListTasks", resource: "*", context: inCluster };

/** What one function may do, and how it may not: one thing changed. */
const bounds: readonly {
  readonly by: FunctionName;
  readonly may: string;
  readonly ask: Ask;
  readonly not: readonly (Partial<Ask> & { readonly so: string })[];
}[] = [
  {
    by: "reconcile",
    may: "stop a task that carries our tag",
    ask: stop,
    not: [
      { so: "without our tag, as after the first stop", context: inCluster },
      { so: "with an empty tag", context: { ...inCluster, "aws:ResourceTag/longshore:install": "" } },
      { so: "with another's tag", context: { ...inCluster, "aws:ResourceTag/team": "shop" } },
      { so: "of another cluster", resource: task.replace("/longshore/", "/other/") },
      { so: "said to be of another cluster", context: { ...stop.context, "ecs:cluster": `${here}:cluster/other` } },
      { so: "of another account", resource: task.replace("000000000000", "111111111111") },
    ],
  },
  {
    by: "dispatch",
    may: "run tasks of our families, with our tag",
    ask: run,
    not: [
      { so: "without our tag", context: inCluster },
      { so: "in another cluster", context: { ...run.context, "ecs:cluster": `${here}:cluster/other` } },
      { so: "in no cluster", context: ours },
      { so: "of another's family", resource: `${here}:task-definition/shop_web:3` },
      { so: "with a shell", context: { ...run.context, "ecs:enable-execute-command": "true" } },
      { so: "on a machine of its choice", action: "ecs:StartTask" },
    ],
  },
  {
    by: "dispatch",
    may: "tag a task as it is run",
    ask: tag,
    not: [
      { so: "that is there", context: ours },
      { so: "made by something else", context: made("CreateService") },
      { so: "of another cluster", resource: task.replace("/longshore/", "/other/") },
    ],
  },
  {
    by: "reconcile",
    may: "register task definitions of our families, with our tag",
    ask: define,
    not: [
      { so: "without our tag", context: { "ecs:privileged": "false" } },
      { so: "of another's family", resource: `${here}:task-definition/shop_web:1` },
      { so: "privileged", context: { ...ours, "ecs:privileged": "true" } },
    ],
  },
  {
    by: "reconcile",
    may: "tag a task definition as it is registered",
    ask: tagDefinition,
    not: [
      { so: "that is there", context: ours },
      { so: "or a task as it is run", resource: task, context: made("RunTask") },
    ],
  },
  {
    by: "dispatch",
    may: "pass a listed role to tasks",
    ask: pass,
    not: [
      { so: "another role", resource: `${taskRole}-admin` },
      { so: "to machines", context: { "iam:PassedToService": "ec2.amazonaws.com" } },
      { so: "to anything", context: {} },
    ],
  },
  {
    by: "reconcile",
    may: "pass the execution role to tasks",
    ask: { ...pass, resource: executionRole },
    not: [{ so: "to functions", context: { "iam:PassedToService": "lambda.amazonaws.com" } }],
  },
  {
    by: "reconcile",
    may: "put targets into a listed group",
    ask: register,
    not: [{ so: "into another", resource: targetGroup.replace("/web/", "/api/") }],
  },
  {
    by: "sweep",
    may: "count the messages of a listed queue",
    ask: count,
    not: [
      { so: "of another", resource: `${backlog}-secret` },
      { so: "or read them", action: "sqs:ReceiveMessage" },
    ],
  },
  {
    by: "sweep",
    may: "list the tasks of our cluster",
    ask: list,
    not: [{ so: "of another", context: { "ecs:cluster": `${here}:cluster/other` } }],
  },
];

describe.for(bounds)("$by may $may", ({ by, ask, not }) => {
  test("so", () => expect(evaluate(roles[by], ask)).toMatchObject({ allowed: true }));

  test.for(not)("not $so", ({ so: _, ...change }) => {
    expect(evaluate(roles[by], { ...ask, ...change })).toMatchObject({ allowed: false });
  });
});

test("a shell in a container is for installs that consent to it, and nothing else changes with that", () => {
  const consenting = deploy({ exec: true, taskRoles: [taskRole] }).roles;
  const shell = { ...run, context: { ...run.context, "ecs:enable-execute-command": "true" } };
  expect(evaluate(consenting.dispatch, shell)).toMatchObject({ allowed: true });
  expect(evaluate(consenting.dispatch, { ...shell, context: { "ecs:enable-execute-command": "true" } }).allowed).toBe(
    false,
  );
  const privileged = { ...define, context: { ...ours, "ecs:privileged": "true" } };
  expect(evaluate(consenting.reconcile, privileged).allowed).toBe(false);
  for (const name of functionNames)
    expect(evaluate(consenting[name], { ...shell, action: "ecs:ExecuteCommand", resource: task }).allowed).toBe(false);
});

test("who passes no roles by default passes the execution role alone", () => {
  const { roles: usual, executionRole: own } = deploy();
  for (const name of ["reconcile", "dispatch"] as const) {
    const resources = usual[name]
      .filter(({ Action }) => Action.includes("iam:PassRole"))
      .flatMap(({ Resource }) => Resource);
    expect(resources).toEqual([own]);
  }
});

test.for(functionNames)("%s may do nothing to another install's table and queues", (name) => {
  const table = "arn:aws:dynamodb:us-east-1:000000000000:table/other";
  const queue = "arn:aws:sqs:us-east-1:000000000000:other-work";
  const actions = roles[name].flatMap(({ Action }) => Action).filter((action) => /^(dynamodb|sqs):/.test(action));
  const able = [table, queue].flatMap((resource) =>
    actions.filter((action) => evaluate(roles[name], { action, resource, context: {} }).allowed),
  );
  expect(able).toEqual([]);
});
