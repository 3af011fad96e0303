import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { docker } from "../support/docker.ts";
import { awsFrom, queueUrl } from "./aws.ts";
import { createLoadBalancer, type LoadBalancer } from "./load-balancer.ts";
import { serviceOf } from "./service.ts";
import { forwardTaskEvents, taskEvent } from "./task-events.ts";
import { until } from "./until.ts";
import { isAll, viewOf, type WebView, webSpec } from "./web.ts";

// MiniStack has no events of ECS: the install hears of its tasks what a test tells it, and what the sweep finds.
describe("a container that is killed", () => {
  const aws = awsFrom(inject("environment"), inject("outputs"));
  const web = serviceOf(aws, docker, "heal", "web");
  let loadBalancer: LoadBalancer;
  const look = () => viewOf(web, loadBalancer);

  beforeAll(async () => {
    loadBalancer = await createLoadBalancer(aws, "heal-web");
    await web.apply({ ...webSpec(loadBalancer, "v1", 2), restart: { backoffSeconds: 0 } });
    await settle();
  });

  // A machine that has much else to do may be too slow for it once.
  test("is replaced within 5 s when an event tells of it", { retry: 2 }, async () => {
    const killed = await kill();
    const task = await until(
      "ECS to say so",
      () => stopped(killed),
      (seen) => seen !== undefined,
    );
    const toldMs = performance.now();
    if (task) await tell(taskEvent(task));
    await until("2 containers", web.containers, (containers) => containers.length === 2);
    const tookMs = performance.now() - toldMs;
    await settle();
    expect(tookMs).toBeLessThan(5_000);
  });

  test("is replaced within 90 s with no event at all: the sweep finds it", async () => {
    await kill();
    await until("2 tasks", look, isRunning, 90_000);
    // That the new task runs is found by the next sweep.
    await until("2 tasks of v1 in traffic", look, isAll("v1", 2));
  });

  /** With events, until it rests. */
  async function settle(): Promise<void> {
    const events = await forwardTaskEvents(aws, web);
    await until("2 tasks of v1 in traffic", look, isAll("v1", 2));
    await events.stop();
  }

  function isRunning({ tasks, containers }: WebView): boolean {
    return tasks.length === 2 && containers.length === 2;
  }

  /** Answers the task whose container is gone. */
  async function kill(): Promise<string> {
    const [victim] = await web.containers();
    expect(victim).toBeDefined();
    await docker.run(["kill", victim?.id ?? ""]);
    return victim?.taskArn ?? "";
  }

  async function stopped(taskArn: string) {
    return (await web.tasks()).find((task) => task.taskArn === taskArn && task.lastStatus === "STOPPED");
  }

  async function tell(event: object): Promise<void> {
    const QueueUrl = await queueUrl(aws, "observations");
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
  }
});
