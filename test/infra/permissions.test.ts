import { describe, expect, test } from "vitest";
import { type Statement, Synthesized } from "./synthesize.ts";

const install = new Synthesized({ taskRoles: ["arn:aws:iam::111122223333:role/shop-web"] });
const functions = ["Accept", "Observe", "Reconcile", "Dispatch", "Sweep"];
const roles = functions.map((name) => ({ name, statements: install.permissions(`${name}Role`) }));
const all = roles.flatMap(({ name, statements }) => statements.map((statement) => ({ name, ...statement })));
const cluster = "arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:cluster/<Cluster>";
const tasks = "arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task/<Cluster>/*";
const definitions = "arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:task-definition/longshore_*:*";

describe("the functions' roles", () => {
  test("are one each, and nobody but Lambda takes them", () => {
    for (const name of functions) {
      expect(install.shown(install.at(name).Properties.Role)).toBe(`<${name}Role.Arn>`);
      expect(install.statements(install.at(`${name}Role`).Properties.AssumeRolePolicyDocument)).toMatchObject([
        { Effect: "Allow", Action: ["sts:AssumeRole"], Principal: { Service: "lambda.amazonaws.com" } },
      ]);
    }
  });

  test("hold all that is allowed: no policy of AWS's, none beside", () => {
    for (const [path, { Properties }] of install.all("AWS::IAM::Role")) {
      expect(Properties, path).not.toHaveProperty("ManagedPolicyArns");
      expect(Properties.Policies, path).toHaveLength(1);
    }
    expect(
      [...install.resources.values()].filter(({ Type }) => /^AWS::IAM::(Policy|ManagedPolicy|User)/.test(Type)),
    ).toEqual([]);
  });

  test("name every action whole", () => {
    const actions = all.flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(40);
    expect(actions.filter((action) => !/^[a-z]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([]);
  });

  test("name a resource wherever AWS knows one", () => {
    const unbounded = all.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect([...new Set(unbounded)].toSorted()).toEqual([
      "ecs:DescribeTaskDefinition",
      "ecs:ListTaskDefinitions",
      "ecs:ListTasks",
      "elasticloadbalancing:DescribeTargetHealth",
    ]);
  });

  test.for(functions)("%s may write its own logs, and no others", (name) => {
    const logs = all.filter(
      (statement) => statement.name === name && statement.Action.some((action) => action.startsWith("logs:")),
    );
    expect(logs).toMatchObject([
      { Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: [`<${name}Logs.Arn>`] },
    ]);
  });

  test.for([
    { name: "Accept", queue: "Commands" },
    { name: "Observe", queue: "Observations" },
    { name: "Reconcile", queue: "Work" },
    { name: "Dispatch", queue: "Dispatch" },
  ])("$name alone takes messages from $queue", ({ name, queue }) => {
    const takers = all.filter(
      ({ Action, Resource }) => Action.includes("sqs:ReceiveMessage") && Resource.includes(`<${queue}Queue.Arn>`),
    );
    expect(takers.map((taker) => taker.name)).toEqual([name]);
    expect(takers[0]?.Action).toEqual(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]);
  });

  test("let no handler command: nothing of ours may send to the commands queue", () => {
    const senders = all.filter(
      ({ Action, Resource }) => Action.includes("sqs:SendMessage") && Resource.includes("<CommandsQueue.Arn>"),
    );
    expect(senders).toEqual([]);
  });
});

describe("who may do what", () => {
  test.for([
    { action: "ecs:RunTask", by: ["Dispatch"] },
    { action: "ecs:StopTask", by: ["Reconcile"] },
    { action: "ecs:RegisterTaskDefinition", by: ["Reconcile"] },
    { action: "iam:PassRole", by: ["Reconcile", "Dispatch"] },
    { action: "elasticloadbalancing:RegisterTargets", by: ["Reconcile"] },
    { action: "elasticloadbalancing:DeregisterTargets", by: ["Reconcile"] },
    { action: "dynamodb:DeleteItem", by: ["Reconcile", "Dispatch"] },
    { action: "dynamodb:UpdateItem", by: ["Reconcile", "Dispatch"] },
    { action: "ecs:ListContainerInstances", by: ["Sweep"] },
  ])("$action: $by", ({ action, by }) => {
    expect(all.filter(({ Action }) => Action.includes(action)).map(({ name }) => name)).toEqual(by);
  });

  test("admission touches no task, no load balancer and no role", () => {
    const services = all
      .filter(({ name }) => name === "Accept")
      .flatMap(({ Action }) => Action.map((action) => action.split(":")[0]));
    expect([...new Set(services)].toSorted()).toEqual(["dynamodb", "logs", "sqs"]);
  });
});

describe("tasks", () => {
  const inCluster = { "ecs:cluster": cluster };

  test("are started of our families, in our cluster, with our tag, and without a shell", () => {
    expect(only("ecs:RunTask")).toMatchObject({
      Resource: [definitions],
      Condition: {
        StringLike: { "aws:RequestTag/longshore:install": "?*" },
        StringNotEquals: { "ecs:enable-execute-command": "true" },
      },
    });
    expect(shownCluster(only("ecs:RunTask"))).toEqual(inCluster);
  });

  test("are stopped in our cluster and with our tag alone", () => {
    const stop = only("ecs:StopTask");
    expect(stop).toMatchObject({
      Resource: [tasks],
      Condition: { StringLike: { "aws:ResourceTag/longshore:install": "?*" } },
    });
    expect(shownCluster(stop)).toEqual(inCluster);
  });

  test("are listed and described in our cluster alone, and so are nodes", () => {
    for (const action of ["ecs:ListTasks", "ecs:DescribeTasks", "ecs:DescribeContainerInstances"]) {
      const statements = all.filter(({ Action }) => Action.includes(action));
      expect(statements.length, action).toBeGreaterThan(0);
      for (const statement of statements) expect(shownCluster(statement), action).toEqual(inCluster);
    }
    expect(only("ecs:ListContainerInstances").Resource).toEqual([cluster]);
  });

  test.for([
    { name: "Dispatch", action: "RunTask", on: tasks },
    { name: "Reconcile", action: "RegisterTaskDefinition", on: definitions },
  ])("are tagged by $name as $action makes them, and never after", ({ name, action, on }) => {
    const tagging = all.filter((statement) => statement.name === name && statement.Action.includes("ecs:TagResource"));
    expect(tagging).toMatchObject([{ Resource: [on], Condition: { StringEquals: { "ecs:CreateAction": action } } }]);
    expect(all.filter(({ Action }) => Action.includes("ecs:TagResource")).length).toBe(2);
  });

  test("are defined in our families, with our tag, and without privileges", () => {
    expect(only("ecs:RegisterTaskDefinition")).toMatchObject({
      Resource: [definitions],
      Condition: {
        StringLike: { "aws:RequestTag/longshore:install": "?*" },
        StringNotEquals: { "ecs:privileged": "true" },
      },
    });
  });

  test("are given the listed roles and no other, by ECS alone", () => {
    const passing = all.filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(passing).toHaveLength(2);
    for (const statement of passing)
      expect(statement).toMatchObject({
        Resource: ["<ExecutionRole.Arn>", "arn:aws:iam::111122223333:role/shop-web"],
        Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
      });
  });
});

function only(action: string): Statement {
  const [found, ...others] = all.filter(({ Action }) => Action.includes(action));
  expect(others).toEqual([]);
  if (!found) throw new Error(`nobody may ${action}`);
  return found;
}

function shownCluster({ Condition }: Statement): unknown {
  const { ArnEquals } = Condition ?? {};
  return Object.fromEntries(Object.entries(ArnEquals ?? {}).map(([key, value]) => [key, install.shown(value)]));
}
