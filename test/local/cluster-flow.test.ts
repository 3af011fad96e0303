import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogEntry } from "../../core/ports/log.ts";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { eventually } from "./eventually.ts";

let local: LocalCluster;
const quiet = { write: () => {} };
const faults: LogEntry[] = [];

beforeAll(async () => {
  const log = { write: (entry: LogEntry) => void (entry.level === "error" && faults.push(entry)) };
  local = await startCluster({ port: 0, sweepSeconds: 2, log });
});
afterAll(() => local.close());

/** A service of processes that answer with their id. */
const aService = (name: string, replicas: number) => ({
  apiVersion: "longshore.dev/v1",
  kind: "Service",
  metadata: { namespace: "shop", name },
  spec: {
    replicas,
    restart: { backoffSeconds: 0 },
    task: {
      containers: [
        {
          name: "app",
          image: "shop/web:1",
          entryPoint: [process.execPath, "-e"],
          command: [
            `require("node:http").createServer((_, answer) => answer.end(String(process.pid))).listen(process.env.PORT, process.env.HOST)`,
          ],
          cpuUnits: 64,
          memoryMib: 64,
          ports: [{ name: "http", containerPort: 8080 }],
        },
      ],
    },
  },
});

let commands = 0;
async function command(type: string, data: unknown, to = local): Promise<void> {
  const id = `command-${++commands}`;
  const MessageBody = JSON.stringify({ specversion: "1.0", id, source: "test", type: `dev.longshore.${type}`, data });
  const QueueUrl = to.install.queues.commands;
  await to.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "test" }));
}

const runningTasks = (name: string, on = local) =>
  on.engine.tasks().filter(({ group, lastStatus, desiredStatus }) => {
    return group === `longshore/local000/shop/${name}` && lastStatus === "RUNNING" && desiredStatus === "RUNNING";
  });

const runs = (name: string, count: number, on = local) =>
  eventually(
    `${count} running tasks of ${name}`,
    () => {
      const tasks = runningTasks(name, on);
      return tasks.length === count ? tasks : undefined;
    },
    20_000,
  );

const isGone = (task: string | undefined, from = local) =>
  eventually("the task is gone", () => {
    const found = from.engine.tasks().find(({ arn }) => arn === task);
    return found?.lastStatus !== "RUNNING" || undefined;
  });

const idOf = (arn: string) => arn.split("/").at(-1) ?? "";

describe("one event on a queue", () => {
  test("becomes a task whose containers wait for each other", async () => {
    const web = aService("ordered", 1);
    const [app] = web.spec.task.containers;
    const init = { name: "init", image: "shop/init:1", cpuUnits: 64, memoryMib: 64, essential: false };
    const containers = [
      { ...app, dependsOn: [{ container: "init", condition: "success" }] },
      { ...init, entryPoint: [process.execPath, "-e"], command: ["setTimeout(() => process.exit(0), 300)"] },
    ];
    await command("apply", { ...web, spec: { ...web.spec, task: { containers } } });
    const [task] = await runs("ordered", 1);
    expect(task?.containers.map(({ name, lastStatus, exitCode }) => [name, lastStatus, exitCode])).toEqual([
      ["app", "RUNNING", undefined],
      ["init", "STOPPED", 0],
    ]);
    await command("delete", { kind: "Service", metadata: { namespace: "shop", name: "ordered" } });
    await runs("ordered", 0);
  });

  test("becomes running tasks that answer", async () => {
    await command("apply", aService("web", 3));
    const tasks = await runs("web", 3);
    const answers = await Promise.all(
      tasks.map(({ containers: [container] }) =>
        eventually("an answer", () =>
          fetch(`http://127.0.0.1:${container?.hostPorts[8080]}`).then(
            (answer) => answer.text(),
            () => undefined,
          ),
        ),
      ),
    );
    expect(new Set(answers).size).toBe(3);
  });

  test("keeps being what runs: a killed task is replaced", async () => {
    const [first] = await runs("web", 3);
    local.killTask(idOf(first?.arn ?? ""));
    await isGone(first?.arn);
    await runs("web", 3);
  });

  test("survives the loss of a node", async () => {
    const [first] = await runs("web", 3);
    local.terminateNode(first?.ec2InstanceId ?? "");
    await isGone(first?.arn);
    await runs("web", 3);
  });

  test("that scales changes their number, and one that deletes ends them", async () => {
    const object = { kind: "Service", metadata: { namespace: "shop", name: "web" } };
    await command("scale", { ...object, replicas: 1 });
    await runs("web", 1);
    await command("delete", object);
    await runs("web", 0);
  });

  test("leaves no dead letter and no fault behind", async () => {
    for (const QueueUrl of Object.values(local.install.deadLetters)) {
      const { Attributes } = await local.clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
      );
      expect(Attributes?.ApproximateNumberOfMessages).toBe("0");
    }
    expect(faults).toEqual([]);
  });
});

test("with no event at all, the sweep alone starts and heals", async () => {
  const blind = await startCluster({ port: 0, sweepSeconds: 1, events: false, log: quiet });
  try {
    await command("apply", aService("blind", 2), blind);
    const [first] = await runs("blind", 2, blind);
    blind.killTask(idOf(first?.arn ?? ""));
    await isGone(first?.arn, blind);
    await runs("blind", 2, blind);
  } finally {
    await blind.close();
  }
});
