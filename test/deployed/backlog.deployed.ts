import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { docker } from "../support/docker.ts";
import { awsFrom } from "./aws.ts";
import { type Bridge, bridgeTo } from "./bridge.ts";
import { serviceOf } from "./service.ts";
import { forwardTaskEvents, type TaskEvents } from "./task-events.ts";
import { stays, until } from "./until.ts";

const messages = 150;
const messagesPerTask = 50;

describe("a worker that follows a backlog", () => {
  const environment = inject("environment");
  const aws = awsFrom(environment, inject("outputs"));
  const worker = serviceOf(aws, docker, "orders", "worker");
  const { port } = new URL(aws.url);
  let queue: string;
  let bridge: Bridge;
  let events: TaskEvents;
  const containers = async () => (await worker.containers()).length;

  beforeAll(async () => {
    bridge = await bridgeTo(Number(port), docker);
    events = await forwardTaskEvents(aws, worker);
    const { QueueUrl = "" } = await aws.sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
    queue = QueueUrl;
  });
  afterAll(async () => {
    await events?.stop();
    await bridge?.close();
  });

  test("it has no task while there is nothing to do", async () => {
    await worker.apply(workerSpec(await attribute("QueueArn")));
    await stays("no task", worker.tasks, (tasks) => tasks.length === 0, 6_000);
  });

  test("a backlog brings the tasks that it needs, and they work it off", async () => {
    await post(messages);
    let most = 0;
    const look = async () => {
      most = Math.max(most, await containers());
      return backlog();
    };
    await until("an empty queue", look, (count) => count === 0);
    // Three, unless the first have worked so much off before the others came.
    expect(most).toBeGreaterThanOrEqual(2);
    expect(most).toBeLessThanOrEqual(messages / messagesPerTask);
  });

  test("then there is no task again", async () => {
    await until("no container", containers, (count) => count === 0);
    const exitCodes = (await worker.tasks()).flatMap((task) => task.containers ?? []).map(({ exitCode }) => exitCode);
    expect(new Set(exitCodes)).toEqual(new Set([0]));
  });

  async function attribute(name: "QueueArn" | "ApproximateNumberOfMessages" | "ApproximateNumberOfMessagesNotVisible") {
    const command = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: [name] });
    return (await aws.sqs.send(command)).Attributes?.[name] ?? "";
  }

  /** Messages that nobody has worked on yet, those that somebody works on among them. */
  async function backlog(): Promise<number> {
    const visible = Number(await attribute("ApproximateNumberOfMessages"));
    return visible + Number(await attribute("ApproximateNumberOfMessagesNotVisible"));
  }

  async function post(count: number): Promise<void> {
    const entries = Array.from({ length: count }, (_, index) => ({ Id: `${index}`, MessageBody: `order-${index}` }));
    for (let start = 0; start < count; start += 10)
      await aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries: entries.slice(start, start + 10) }));
  }

  /** Its program is the example's; on AWS its task's role would sign, and no endpoint be named. */
  function workerSpec(queueArn: string): object {
    return {
      replicas: 0,
      task: {
        containers: [
          {
            name: "app",
            image: "shop/worker:v1",
            cpuUnits: 256,
            memoryMib: 512,
            environment: {
              QUEUE_URL: queue.replace(/\/\/[^/]+/, `//host.docker.internal:${port}`),
              WORK_MS: "200",
              WAIT_SECONDS: "1",
              AWS_REGION: environment.AWS_REGION,
              AWS_ACCESS_KEY_ID: "worker",
              AWS_SECRET_ACCESS_KEY: "any",
            },
            plainSecrets: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            stopTimeoutSeconds: 10,
          },
        ],
      },
      autoscaling: {
        min: 0,
        max: 5,
        metrics: [{ type: "queue", queue: queueArn, messagesPerTask }],
        pollSeconds: 5,
        cooldownSeconds: 5,
        scaleIn: { windowSeconds: 0, percentPerMinute: 100 },
      },
    };
  }
});
