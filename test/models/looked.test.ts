import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { DescribeTasksCommand, ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client, RegisterTargetsCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { portsFrom } from "../../aws/ports.ts";
import type { TaskId } from "../../core/model/ids.ts";
import { startCluster } from "../../local/cluster.ts";
import { type EndpointOptions, startEndpoint } from "../../local/endpoint.ts";
import { clientSettings } from "../../local/environment.ts";
import { EcsError } from "../../sim/ecs/api.ts";
import { aDefinition } from "../contract/ecs-world.ts";
import { ledger, takeFaults } from "./ledger.ts";
import { operations } from "./operations.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const closing: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** The document client's own names of what it sends. */
const documentNames: Readonly<Record<string, string>> = {
  DeleteCommand: "DeleteItemCommand",
  GetCommand: "GetItemCommand",
  PutCommand: "PutItemCommand",
  UpdateCommand: "UpdateItemCommand",
};

/** Every operation that these files make a command of. */
function sentBy(...rooms: readonly string[]): readonly string[] {
  const files = rooms.flatMap((room) => globSync(`${room}/**/*.ts`, { cwd: root }));
  const names = files.flatMap((file) =>
    [...readFileSync(root + file, "utf8").matchAll(/\bnew (\w+Command)\(/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names.map((name) => (documentNames[name] ?? name).replace(/Command$/, "")))].toSorted();
}

test("every operation that the product and its local cluster send is modelled", () => {
  const modelled = Object.values(operations).flat();
  const sent = sentBy("aws", "cli", "local", "examples");
  expect(sent.length).toBeGreaterThan(25);
  expect(sent.filter((name) => !modelled.includes(name))).toEqual([]);
});

describe("the adapters of AWS", () => {
  /** Both sides of each of our engines' operations, and requests alone where a package answers. */
  const subjects = [
    "dynamodb DeleteItem request",
    "dynamodb GetItem request",
    "dynamodb PutItem request",
    "dynamodb Query request",
    "dynamodb UpdateItem request",
    ...[
      "ecs DescribeContainerInstances",
      "ecs DescribeTaskDefinition",
      "ecs DescribeTasks",
      "ecs ListContainerInstances",
      "ecs ListTaskDefinitions",
      "ecs ListTasks",
      "ecs RegisterTaskDefinition",
      "ecs RunTask",
    ].flatMap((name) => [`${name} answer`, `${name} request`]),
    "ecs StopTask error",
    "ecs StopTask request",
    ...["DeregisterTargets", "DescribeTargetHealth", "RegisterTargets"].flatMap((name) => [
      `elbv2 ${name} error`,
      `elbv2 ${name} request`,
    ]),
    "sqs GetQueueAttributes request",
    "sqs SendMessageBatch request",
  ];

  test("were looked at, each operation of theirs and its members", async () => {
    ledger.seen.clear();
    const cluster = await startCluster({ port: 0, handlers: false, events: false, log: { write: () => {} } });
    closing.push(cluster.close);
    await callEverything(cluster.environment);
    expect([...ledger.seen.keys()].filter((name) => subjects.includes(name)).toSorted()).toEqual(subjects);
    const members = subjects.map((name) => ledger.seen.get(name)?.members.size ?? 0);
    expect(members.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(200);
    expect([...(ledger.seen.get("ecs RunTask request")?.members ?? [])]).toEqual(
      expect.arrayContaining(["count", "clientToken", "tags.value", "placementConstraints.expression"]),
    );
    expect([...(ledger.seen.get("ecs DescribeTasks answer")?.members ?? [])]).toEqual(
      expect.arrayContaining(["tasks.version", "tasks.containers.lastStatus", "failures.reason"]),
    );
    expect(takeFaults()).toEqual([]);
  });
});

/** Each method of each port on AWS, once; what is refused was sent all the same. */
async function callEverything(environment: Readonly<Record<string, string>>): Promise<void> {
  const { store, queues, tasks, targets, metrics, settings, random } = portsFrom(environment);
  const key = { partition: "test", sort: "a" };
  const item = await store.create({ ...key, schema: 1, uid: random.uid() });
  if (item) await store.swap(item, {});
  await store.take({ ...key, sort: "budget", amount: 1, room: 2, windowMs: 0, nowMs: 0 });
  await store.halve({ ...key, sort: "budget" }, 1);
  await store.query("test");
  const found = await store.get(key);
  if (found) await store.remove(found);
  await queues.wake("work", [{ key: "shop/web", hops: 1 }], 1);
  const definition = aDefinition();
  const taskDefinition = await tasks.define(definition);
  await tasks.findDefinition(definition.family, "none");
  await tasks.describeNodes(settings.cluster, await tasks.listNodes(settings.cluster));
  const answer = await tasks.run({
    cluster: settings.cluster,
    taskDefinition,
    count: 1,
    clientToken: random.token(),
    startedBy: `${random.token()}/a`,
    group: "longshore/x/shop/web",
    launchType: "EC2",
    placementConstraints: [{ type: "memberOf", expression: "attribute:ecs.availability-zone == us-east-1a" }],
    tags: [{ key: "longshore:install", value: "x" }],
  } as unknown as Parameters<typeof tasks.run>[0]);
  await tasks.list(settings.cluster, { desiredStatus: "RUNNING" });
  const nobody = "0".repeat(32) as TaskId;
  await tasks.describe(settings.cluster, [...answer.tasks.map(({ taskId }) => taskId), nobody]);
  await tasks.stop(settings.cluster, nobody, "a test").catch(() => {});
  const group = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/none/0123456789abcdef";
  await targets.register(group, [{ id: "10.0.0.4", port: 80 }]).catch(() => {});
  await targets.deregister(group, [{ id: "10.0.0.4", port: 80 }]).catch(() => {});
  await targets.health(group).catch(() => {});
  const queue = "arn:aws:sqs:us-east-1:000000000000:longshore-work";
  await metrics.read({ type: "queue", queue, messagesPerTask: 1 });
}

describe("a request that breaks a model is told, whatever client sends it", () => {
  const settings = { ...clientSettings("http://127.0.0.1:9"), maxAttempts: 1 };
  afterEach(() => expect(takeFaults()).toEqual([]));

  test.for([
    {
      says: "ecs DescribeTasks request, tasks must be 1 to 100, got 0",
      send: () => new ECSClient(settings).send(new DescribeTasksCommand({ tasks: [] })),
    },
    {
      says: "elbv2 RegisterTargets request, Targets[0].Port must be 1 to 65535, got 0",
      send: () =>
        new ElasticLoadBalancingV2Client(settings).send(
          new RegisterTargetsCommand({ TargetGroupArn: "arn", Targets: [{ Id: "a", Port: 0 }] }),
        ),
    },
    {
      says: "sqs SendMessage request, DelaySeconds must be 0 to 900, got 901",
      send: () =>
        new SQSClient(settings).send(
          new SendMessageCommand({ QueueUrl: "http://127.0.0.1:9/a", MessageBody: "a", DelaySeconds: 901 }),
        ),
    },
    {
      says: "cloudformation DescribeStacks request, NextToken must have 1 to 1024 characters, got 0",
      send: () => new CloudFormationClient(settings).send(new DescribeStacksCommand({ NextToken: "" })),
    },
  ])("$says", async ({ says, send }) => {
    await expect(send()).rejects.toThrow();
    expect(takeFaults()).toEqual([expect.stringContaining(says)]);
  });
});

describe("an answer that breaks a model is told", () => {
  const refusal = () => {
    throw new EcsError("ConflictException", "no");
  };
  const xml = (content: string) =>
    `<StopResponse><DescribeTargetHealthResult>${content}</DescribeTargetHealthResult></StopResponse>`;
  const health = xml(
    "<TargetHealthDescriptions><member><Target><Id>a</Id><Port>http</Port></Target></member></TargetHealthDescriptions>",
  );

  test.for<{ name: string; options: EndpointOptions; target?: string; body: string; says: string }>([
    {
      name: "of ECS",
      options: { ecs: { handle: () => ({ tasks: [{ taskArn: 1 }] }) } },
      target: "AmazonEC2ContainerServiceV20141113.DescribeTasks",
      body: "{}",
      says: "ecs DescribeTasks answer, tasks[0].taskArn must be a text, got 1",
    },
    {
      name: "of ECS, a refusal",
      options: { ecs: { handle: refusal } },
      target: "AmazonEC2ContainerServiceV20141113.StopTask",
      body: "{}",
      says: "ecs StopTask error ConflictException is no error of this operation",
    },
    {
      name: "of Elastic Load Balancing",
      options: { ecs: { handle: () => ({}) }, loadBalancing: async () => ({ status: 200, body: health }) },
      body: "Action=DescribeTargetHealth",
      says: 'elbv2 DescribeTargetHealth answer, TargetHealthDescriptions[0].Target.Port must be a whole number, got "http"',
    },
  ])("$name", async ({ options, target, body, says }) => {
    const endpoint = await startEndpoint(options);
    closing.push(endpoint.close);
    const scope = target ? "ecs" : "elasticloadbalancing";
    const authorization = `AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/${scope}/aws4_request, Signature=0`;
    const headers = { authorization, ...(target && { "x-amz-target": target }) };
    await fetch(endpoint.url, { method: "POST", headers, body });
    expect(takeFaults()).toEqual([says]);
  });
});
