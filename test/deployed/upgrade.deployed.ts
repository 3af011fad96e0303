import { GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createLoad } from "../../examples/demo/load-process.ts";
import { docker } from "../support/docker.ts";
import { type Aws, awsFrom } from "./aws.ts";
import { copyClone } from "./clone.ts";
import { type Deployment, deploy } from "./deployment.ts";
import { createLoadBalancer, type LoadBalancer } from "./load-balancer.ts";
import { type Service, serviceOf } from "./service.ts";
import { forwardTaskEvents, type TaskEvents } from "./task-events.ts";
import { until } from "./until.ts";
import { isAll, release, viewOf, webSpec } from "./web.ts";

// An install of its own, whose code changes under a service that runs, and which is removed in the end.
describe("an install that is upgraded, and then removed", () => {
  const copy = copyClone();
  const load = createLoad({ connections: 4, requestsPerSecond: 40 });
  let deployment: Deployment;
  let aws: Aws;
  let web: Service;
  let loadBalancer: LoadBalancer;
  let events: TaskEvents;
  const look = () => viewOf(web, loadBalancer);

  beforeAll(async () => {
    deployment = await deploy(docker, copy.directory);
    aws = awsFrom(deployment.ministack.environment, deployment.outputs);
    web = serviceOf(aws, docker, "shop", "web");
    loadBalancer = await createLoadBalancer(aws, "shop-web");
    events = await forwardTaskEvents(aws, web);
    await web.apply(webSpec(loadBalancer, "v1", 3));
    await until("3 tasks of v1 in traffic", look, isAll("v1", 3));
    load.start(loadBalancer.url);
  });
  afterAll(async () => {
    load.kill();
    await events?.stop();
    await deployment?.ministack.close();
    copy.remove();
  });

  test("a new version is deployed in the middle of a rollout, which goes on, and no request fails", async () => {
    copy.release();
    const assembly = `${copy.directory}/cdk.out/next`;
    await deployment.cdk("synth", "--quiet", "--output", assembly);
    // So long that a deployment ends before it does.
    await web.apply(webSpec(loadBalancer, "v2", 3, 10));
    await until("a first task of v2", look, ({ tasks }) => tasks.includes(release("v2")));
    const said = await deployment.cdk("deploy", "--require-approval", "never", "--app", assembly);
    expect(said).toMatch(/UPDATE_COMPLETE .* AWS::Lambda::Function/);
    expect((await look()).tasks).toContain(release("v1"));
    await until("3 tasks of v2 in traffic", look, isAll("v2", 3));
    expect((await load.counts()).failed).toBe(0);
  });

  test("the stack is destroyed: its tasks run on, and no request fails", async () => {
    const before = await web.containers();
    await deployment.cdk("destroy", "--force");
    await expect(aws.sqs.send(new GetQueueUrlCommand({ QueueName: "longshore-commands.fifo" }))).rejects.toThrow();
    expect(await web.containers()).toEqual(before);
    const { requests } = await load.counts();
    await until("more requests", load.counts, (counts) => counts.requests > requests + 40);
    expect((await load.stop()).failed).toBe(0);
  });
});
