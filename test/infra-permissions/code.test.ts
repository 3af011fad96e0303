import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { portsFrom } from "../../aws/ports.ts";
import { type FunctionName, functionNames } from "../../infra/names.ts";
import { commandsOf, differences, neededActions } from "./compare.ts";
import { derive, readSources } from "./derive.ts";
import type { Statement } from "./evaluate.ts";
import { deploy } from "./policies.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const sources = readSources();
const derived = derive(sources);
const { roles, sources: queues } = deploy();

/** Where a function's role and what its code needs differ. */
function differencesOf(name: FunctionName, { code = derived, statements = roles[name] } = {}): readonly string[] {
  return differences(statements, neededActions(commandsOf(code, name), queues[name] !== undefined));
}

/** The code with one file changed. */
function codeWith(file: string, from: string, to: string) {
  const text = sources.get(file) ?? "";
  expect(text, file).toContain(from);
  return derive(new Map([...sources, [file, text.replace(from, to)]]));
}

describe("the derivation", () => {
  const environment = {
    AWS_REGION: "us-east-1",
    LONGSHORE_INSTALL: "longshore",
    LONGSHORE_CLUSTER: "main",
    LONGSHORE_TABLE: "longshore",
    LONGSHORE_WORK_QUEUE_URL: "http://127.0.0.1/work",
    LONGSHORE_DISPATCH_QUEUE_URL: "http://127.0.0.1/dispatch",
    LONGSHORE_OBSERVATIONS_QUEUE_URL: "http://127.0.0.1/observations",
  };
  const { store, queues: sending, tasks, targets, metrics } = portsFrom(environment);
  const methods = Object.entries({ store, queues: sending, tasks, targets, metrics }).flatMap(([port, its]) =>
    Object.keys(its).map((method) => `${port}.${method}`),
  );

  test("knows every method of every port, and what each sends", () => {
    expect(methods.length).toBeGreaterThan(20);
    expect([...derived.commands.keys()].toSorted()).toEqual(methods.toSorted());
    expect([...derived.commands].filter(([, commands]) => commands.size === 0)).toEqual([]);
  });

  test("finds every method in some function: none is reached by a way that it does not see", () => {
    const reached = new Set<string>(functionNames.flatMap((name) => [...derived.portMethodsOf(`lambdas/${name}.ts`)]));
    expect([...reached].toSorted()).toEqual(methods.toSorted());
  });

  test("finds every command that adapters make, but those of the command line alone", () => {
    const made = globSync("aws/*.ts", { cwd: root }).flatMap((file) =>
      [...readFileSync(root + file, "utf8").matchAll(/\bnew (\w+)Command\(/g)].map(([, name = ""]) => name),
    );
    const found = [...derived.commands.values()].flatMap((commands) => [...commands]);
    const documents = ["Delete", "Get", "Put", "Update"];
    const lacking = made.filter((name) => !found.includes(documents.includes(name) ? `${name}Item` : name));
    expect(made.length).toBeGreaterThan(20);
    expect(lacking.toSorted()).toEqual(["DescribeStacks", "FilterLogEvents", "GetTemplate"]);
  });

  test("says of some what can be read with the eye", () => {
    expect(Object.fromEntries(derived.commands)).toMatchObject({
      "store.get": new Set(["GetItem"]),
      "store.swap": new Set(["PutItem"]),
      "store.take": new Set(["UpdateItem"]),
      "tasks.findDefinition": new Set(["ListTaskDefinitions", "DescribeTaskDefinition"]),
      "queues.deadLetters": new Set(["GetQueueAttributes"]),
    });
  });
});

describe("each function may do what its code does, and no more", () => {
  test.for(functionNames)("%s", (name) => expect(differencesOf(name)).toEqual([]));
});

describe("it is seen that code begins to call something that is not allowed", () => {
  test.for<{ name: FunctionName; file: string; from: string; to: string; says: string }>([
    {
      name: "accept",
      file: "steps/accept.ts",
      from: "export async function acceptCommand(",
      to: "export const more = (ports) => ports.tasks.stop();\nexport async function acceptCommand(a, b, c = more,",
      says: "ecs:StopTask is needed and not allowed",
    },
    {
      name: "observe",
      file: "steps/observe.ts",
      from: "await ports.tasks.describe(cluster, taskIds)",
      to: "await ports.tasks.list(cluster, taskIds)",
      says: "ecs:ListTasks is needed and not allowed",
    },
    {
      name: "sweep",
      file: "lambdas/handlers.ts",
      from: "const memory = sweepMemory();",
      to: 'const memory = sweepMemory(ports.targets["register"]);',
      says: "elasticloadbalancing:RegisterTargets is needed and not allowed",
    },
    {
      name: "dispatch",
      file: "aws/tasks.ts",
      from: "new RunTaskCommand(",
      to: "new RegisterTaskDefinitionCommand(",
      says: "ecs:RegisterTaskDefinition is needed and not allowed",
    },
    {
      name: "accept",
      file: "aws/table.ts",
      from: "new PutCommand(",
      to: "new UpdateCommand(",
      says: "dynamodb:UpdateItem is needed and not allowed",
    },
  ])("$name: $says", ({ name, file, from, to, says }) => {
    expect(differencesOf(name, { code: codeWith(file, from, to) })).toContain(says);
  });

  test("a command of which nobody said what it asks for", () => {
    const code = codeWith("aws/queues.ts", "new SendMessageBatchCommand(", "new SendMessageCommand(");
    expect(() => differencesOf("accept", { code })).toThrow("does not say what SendMessage asks for");
  });
});

describe("it is seen that a policy allows what nothing calls", () => {
  const more: Statement = { Effect: "Allow", Action: ["ecs:RunTask"], Resource: ["*"] };

  test.for(functionNames.filter((name) => name !== "dispatch"))("%s: RunTask", (name) => {
    expect(differencesOf(name, { statements: [...roles[name], more] })).toEqual([
      "ecs:RunTask is allowed and not needed",
    ]);
  });

  test("where code no longer calls it", () => {
    const code = codeWith("steps/stop-tasks.ts", "await ports.tasks.stop(cluster, taskId, stopText(why));", "");
    expect(differencesOf("reconcile", { code })).toEqual(["ecs:StopTask is allowed and not needed"]);
  });

  test("and that it no longer allows what code calls", () => {
    const statements = roles.reconcile.filter(({ Action }) => !Action.includes("ecs:StopTask"));
    expect(differencesOf("reconcile", { statements })).toEqual(["ecs:StopTask is needed and not allowed"]);
  });
});

describe("roles", () => {
  /** Actions for which AWS knows no resource, so that a policy can name none. */
  const anywhere: Readonly<Record<string, string>> = {
    "ecs:DescribeTaskDefinition": "Service Authorization Reference: no resource type",
    "ecs:ListTaskDefinitions": "Service Authorization Reference: no resource type",
    // Of a whole cluster: the condition names the cluster, as the guide's own example of a policy does.
    "ecs:ListTasks": "Service Authorization Reference: container instances alone, which no listing of a cluster names",
    "elasticloadbalancing:DescribeTargetHealth": "Service Authorization Reference: no resource type",
  };
  const all = functionNames.flatMap((name) => roles[name].map((statement) => ({ name, ...statement })));

  test("name resources wherever AWS knows one", () => {
    const open = all.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect([...new Set(open)].toSorted()).toEqual(Object.keys(anywhere));
  });

  test("name every action whole", () => {
    expect(all.length).toBeGreaterThan(40);
    expect(all.flatMap(({ Action }) => Action).filter((action) => action.includes("*"))).toEqual([]);
  });

  test("tie every action on tasks and nodes to the one cluster", () => {
    const ofCluster = "arn:aws:ecs:us-east-1:000000000000:cluster/longshore";
    const loose = all.filter(
      ({ Action, Resource, Condition }) =>
        Action.some((action) => /^ecs:.*(Task|Tasks|Instances)$/.test(action)) &&
        Condition?.ArnEquals?.["ecs:cluster"]?.join() !== ofCluster &&
        Resource.join() !== ofCluster,
    );
    expect(loose.map(({ name, Action }) => `${name} ${Action}`)).toEqual([]);
  });

  test.for<{ what: string; pattern: RegExp; may: readonly FunctionName[] }>([
    { what: "runs tasks", pattern: /^ecs:(Run|Start)Task$/, may: ["dispatch"] },
    { what: "stops tasks", pattern: /^ecs:StopTask$/, may: ["reconcile"] },
    { what: "defines tasks", pattern: /^ecs:RegisterTaskDefinition$/, may: ["reconcile"] },
    { what: "passes roles", pattern: /^iam:/, may: ["reconcile", "dispatch"] },
    { what: "moves traffic", pattern: /^elasticloadbalancing:(R|Der)egister/, may: ["reconcile"] },
    { what: "opens a shell in a container", pattern: /ExecuteCommand/, may: [] },
    { what: "takes commands", pattern: /^sqs:ReceiveMessage$/, may: ["accept", "observe", "reconcile", "dispatch"] },
    { what: "reads secrets", pattern: /^(secretsmanager|ssm|kms):/, may: [] },
    { what: "invokes functions", pattern: /^lambda:/, may: [] },
    {
      what: "touches ECS or load balancers",
      pattern: /^(ecs|elasticloadbalancing):/,
      may: ["observe", "reconcile", "dispatch", "sweep"],
    },
  ])("nobody but $may $what", ({ pattern, may }) => {
    const able = all.filter(({ Action }) => Action.some((action) => pattern.test(action))).map(({ name }) => name);
    expect([...new Set(able)]).toEqual(may);
  });
});
