import {
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portsFrom } from "../../aws/ports.ts";
import { keys } from "../../core/model/names.ts";
import type { InstallRecord } from "../../core/model/records.ts";
import { type LocalCluster, type LocalClusterOptions, startCluster } from "../../local/cluster.ts";
import { freePorts } from "../../local/free-ports.ts";
import { eventually } from "./eventually.ts";
import { isAlive } from "./processes.ts";

const clusters: LocalCluster[] = [];
const cluster = "longshore";

async function aCluster(options: LocalClusterOptions = {}) {
  const started = await startCluster({ port: 0, handlers: false, log: { write: () => {} }, ...options });
  clusters.push(started);
  return started;
}

afterAll(async () => {
  await Promise.all(clusters.map((each) => each.close()));
});

/** Runs a task that is one process with this script; answers its id. */
async function runTask({ clients }: LocalCluster, script: string): Promise<string> {
  const ecs = clients.ecs.calls;
  const { taskDefinition } = await ecs.send(
    new RegisterTaskDefinitionCommand({
      family: "web",
      networkMode: "awsvpc",
      requiresCompatibilities: ["EC2"],
      containerDefinitions: [
        {
          name: "app",
          image: "shop/web:1",
          cpu: 64,
          memory: 64,
          essential: true,
          entryPoint: [process.execPath, "-e"],
          command: [script],
          portMappings: [{ containerPort: 80 }],
        },
      ],
    }),
  );
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition: taskDefinition?.taskDefinitionArn,
      launchType: "EC2",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b", "subnet-c"] } },
    }),
  );
  expect(failures).toEqual([]);
  return tasks[0]?.taskArn?.split("/").at(-1) ?? "";
}

/** A load balancer's port whose requests go to port 80 of an address. */
async function listenerFor({ clients }: LocalCluster, address: string): Promise<number> {
  const elb = clients.elb.calls;
  const port = await freePorts().next();
  const { LoadBalancers: [{ LoadBalancerArn } = {}] = [] } = await elb.send(
    new CreateLoadBalancerCommand({ Name: "web", Subnets: ["subnet-a", "subnet-b"] }),
  );
  const { TargetGroups: [{ TargetGroupArn } = {}] = [] } = await elb.send(
    new CreateTargetGroupCommand({ Name: "web", Protocol: "HTTP", Port: 80, VpcId: "vpc-local", TargetType: "ip" }),
  );
  await elb.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: address, Port: 80 }] }));
  const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
  await elb.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: port, DefaultActions }));
  return port;
}

async function describeTask({ clients }: LocalCluster, task: string) {
  const { tasks = [] } = await clients.ecs.reads.send(new DescribeTasksCommand({ cluster, tasks: [task] }));
  return tasks[0];
}

const reaches = (from: LocalCluster, task: string, status: string) =>
  eventually(`task ${status}`, async () => {
    const found = await describeTask(from, task);
    return found?.lastStatus === status ? found : undefined;
  });

const forever = `console.log(process.pid); setInterval(() => {}, 1000)`;
const pidOf = (from: LocalCluster, task: string) =>
  eventually("its process", () => Number(from.output(task)[0]?.line) || undefined);

describe("a cluster on this machine", () => {
  let local: LocalCluster;
  beforeAll(async () => {
    local = await aCluster();
  });

  test("answers on loopback, and tells a shell how to reach it", () => {
    expect(local.endpointUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(local.exports).toContain(`export AWS_ENDPOINT_URL='${local.endpointUrl}'`);
  });

  test("takes from elsewhere what the variables of AWS's SDKs say, and tells a shell so", async () => {
    const elsewhere = { AWS_ENDPOINT_URL_SQS: local.endpointUrl };
    const mixed = await aCluster({ installName: "mixed", elsewhere });
    expect(mixed.install.queues.work).toBe(`${local.endpointUrl}/000000000000/mixed-work`);
    expect(mixed.exports).toContain(`export AWS_ENDPOINT_URL_SQS='${local.endpointUrl}'`);
    expect(mixed.exports).toContain(`export AWS_ENDPOINT_URL='${mixed.endpointUrl}'`);
    const { containerInstanceArns = [] } = await mixed.clients.ecs.reads.send(
      new ListContainerInstancesCommand({ cluster }),
    );
    expect(containerInstanceArns).toHaveLength(6);
  });

  test("has six nodes in three zones", async () => {
    const { containerInstanceArns = [] } = await local.clients.ecs.reads.send(
      new ListContainerInstancesCommand({ cluster }),
    );
    expect(containerInstanceArns).toHaveLength(6);
    expect(new Set(local.engine.instances().map(({ zone }) => zone)).size).toBe(3);
  });

  test("is an install that its own functions can be run for", async () => {
    const { store, settings } = portsFrom(local.environment, local.clients);
    expect(await store.get<InstallRecord>(keys.install())).toMatchObject({ installId: "local000", paused: false });
    expect(settings).toMatchObject({
      install: "longshore",
      cluster: "longshore",
      accountShare: 1,
      functionTimeoutMs: 30_000,
      defaults: { capacity: "ec2", network: { mode: "awsvpc", subnets: ["subnet-a", "subnet-b", "subnet-c"] } },
    });
  });

  test("runs a task as a process until somebody kills it", async () => {
    const task = await runTask(local, forever);
    await reaches(local, task, "RUNNING");
    expect(isAlive(await pidOf(local, task))).toBe(true);
    local.killTask(task);
    const stopped = await reaches(local, task, "STOPPED");
    expect(stopped).toMatchObject({ stopCode: "EssentialContainerExited", containers: [{ exitCode: 137 }] });
  });

  test("sends a load balancer's requests to the process behind a task's address", async () => {
    const script = `require("node:http").createServer((_, answer) => answer.end("ahoy")).listen(process.env.PORT, process.env.HOST); console.log(process.pid)`;
    const task = await runTask(local, script);
    await reaches(local, task, "RUNNING");
    const address = local.engine.tasks().find(({ arn }) => arn.endsWith(task))?.address;
    const port = await listenerFor(local, address ?? "");
    const answer = await eventually("an answer", async () => {
      const response = await fetch(`http://127.0.0.1:${port}/`);
      return response.ok ? response.text() : undefined;
    });
    expect(answer).toBe("ahoy");
  });

  test("tells what its nodes and tasks do", async () => {
    const kinds = new Set<string>();
    await eventually("both kinds of event", async () => {
      const QueueUrl = local.install.queues.observations;
      const { Messages = [] } = await local.clients.sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = "" } of Messages) kinds.add(JSON.parse(Body)["detail-type"]);
      return kinds.size === 2 ? true : undefined;
    });
    expect([...kinds].sort()).toEqual(["ECS Container Instance State Change", "ECS Task State Change"]);
  });

  test("loses a node with all that ran on it", async () => {
    const task = await runTask(local, forever);
    await reaches(local, task, "RUNNING");
    const pid = await pidOf(local, task);
    const node = (await describeTask(local, task))?.containerInstanceArn?.split("/").at(-1) ?? "";
    local.terminateNode(node);
    expect(await reaches(local, task, "STOPPED")).toMatchObject({ stopCode: "TerminationNotice" });
    await eventually("its process is gone", () => !isAlive(pid) || undefined);
  });

  test("cuts a node off by its EC2 instance id, and its tasks run on", async () => {
    const connected = () =>
      local.engine.instances().find(({ ec2InstanceId }) => ec2InstanceId.endsWith("2"))?.agentConnected;
    local.setAgentConnected("i-00000000000000002", false);
    expect(connected()).toBe(false);
    local.setAgentConnected("i-00000000000000002", true);
    expect(connected()).toBe(true);
  });

  test("says which task or node it does not know", () => {
    expect(() => local.killTask("nobody")).toThrow('there is no task "nobody" in the local cluster');
    expect(() => local.terminateNode("nowhere")).toThrow('there is no node "nowhere" in the local cluster');
    expect(local.output("nobody")).toEqual([]);
  });
});

test("two clusters of one process know nothing of each other", async () => {
  const [first, second] = await Promise.all([
    aCluster(),
    aCluster({ nodes: [{ zone: "us-east-1a", cpuUnits: 512, memoryMib: 512 }] }),
  ]);
  const task = await runTask(first, forever);
  await reaches(first, task, "RUNNING");
  expect(await describeTask(second, task)).toBeUndefined();
  expect([first, second].map(({ engine }) => engine.instances().length)).toEqual([6, 1]);
});

test("without events the observations queue stays empty", async () => {
  const local = await aCluster({ events: false });
  await reaches(local, await runTask(local, forever), "RUNNING");
  const { Messages = [] } = await local.clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: local.install.queues.observations }),
  );
  expect(Messages).toEqual([]);
});

test("a cluster that is closed leaves nothing behind", async () => {
  const local = await startCluster({ port: 0, handlers: false, log: { write: () => {} } });
  const task = await runTask(local, forever);
  const pid = await pidOf(local, task);
  await local.close();
  expect(isAlive(pid)).toBe(false);
  await expect(fetch(local.endpointUrl)).rejects.toThrow();
});

test("a port that is taken is told, and nothing is left behind", async () => {
  const { endpointUrl } = await aCluster();
  const port = Number(new URL(endpointUrl).port);
  await expect(aCluster({ port })).rejects.toThrow(/EADDRINUSE/);
});
