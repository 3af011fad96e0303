import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createLoad } from "../../examples/demo/load-process.ts";
import { docker } from "../support/docker.ts";
import { awsFrom } from "./aws.ts";
import { createLoadBalancer, type LoadBalancer } from "./load-balancer.ts";
import { imageOf, type Service, serviceOf } from "./service.ts";
import { forwardTaskEvents, type TaskEvents } from "./task-events.ts";
import { stays, until } from "./until.ts";
import { answersOf, isAll, release, viewOf, webSpec } from "./web.ts";

// One service from its first event to its deletion: each test goes on where the one before it ended.
describe("a web service behind a load balancer", () => {
  const aws = awsFrom(inject("environment"), inject("outputs"));
  const web = serviceOf(aws, docker, "shop", "web");
  const load = createLoad({ connections: 4, requestsPerSecond: 40 });
  let loadBalancer: LoadBalancer;
  let events: TaskEvents;
  const look = () => viewOf(web, loadBalancer);

  beforeAll(async () => {
    loadBalancer = await createLoadBalancer(aws, "shop-web");
    events = await forwardTaskEvents(aws, web);
  });
  afterAll(async () => {
    load.kill();
    await events?.stop();
  });

  test("an event becomes three tasks, each a real container and a target", async () => {
    await web.apply(webSpec(loadBalancer, "v1", 3));
    await until("3 tasks of v1 in traffic", look, isAll("v1", 3));
    expect((await web.running()).map(({ launchType }) => launchType)).toEqual(["FARGATE", "FARGATE", "FARGATE"]);
    expect(await answersOf(loadBalancer)).toEqual(["hello from v1 on port 8080"]);
  });

  test("v2 is rolled out under load, and no request fails", async () => {
    load.start(loadBalancer.url);
    await web.apply(webSpec(loadBalancer, "v2", 3));
    const seen = { fewest: Number.POSITIVE_INFINITY, most: 0 };
    const lookAndCount = async () => {
      const view = await look();
      seen.fewest = Math.min(seen.fewest, view.tasks.length);
      seen.most = Math.max(seen.most, view.tasks.length);
      return view;
    };
    await until("3 tasks of v2 in traffic", lookAndCount, isAll("v2", 3));
    expect(seen).toEqual({ fewest: 3, most: 4 });
    expect(await answersOf(loadBalancer)).toEqual(["hello from v2 on port 8080"]);
    expect((await load.counts()).requests).toBeGreaterThan(50);
    expect((await load.counts()).failed).toBe(0);
  });

  test("v3 cannot start: v2 stays, by itself, and no request fails", async () => {
    await web.apply(webSpec(loadBalancer, "v3", 3));
    const attempts = () => failed(web, "v3");
    await until("two tasks of v3 that failed", attempts, (count) => count === 2);
    // The next attempt would come within 4 s.
    await stays("two tasks of v3 that failed", attempts, (count) => count === 2, 6_000);
    await until("3 tasks of v2 in traffic", look, isAll("v2", 3));
    // What comes next is of v2 again: the rollout was given up, not held up.
    await web.send("scale", { replicas: 4 });
    await until("4 tasks of v2 in traffic", look, isAll("v2", 4));
    expect(await attempts()).toBe(2);
    expect((await load.stop()).failed).toBe(0);
  });

  test("paused, it replaces nothing; resumed, it does", async () => {
    await web.send("pause");
    const [victim] = await web.containers();
    await docker.run(["kill", victim?.id ?? ""]);
    await until("3 tasks", look, ({ tasks }) => tasks.length === 3);
    // It would have been replaced after 1 s.
    await stays("3 tasks", look, ({ tasks }) => tasks.length === 3, 6_000);
    await web.send("resume");
    await until("4 tasks of v2 in traffic", look, isAll("v2", 4));
  });

  test("scaled to 2, it has 2 tasks", async () => {
    await web.send("scale", { replicas: 2 });
    await until("2 tasks of v2 in traffic", look, isAll("v2", 2));
  });

  test("deleted, it leaves no task, no container and no target", async () => {
    await web.send("delete");
    const nothing = { tasks: [], containers: [], inTraffic: true };
    expect(await until("nothing", look, (view) => view.inTraffic && view.containers.length === 0)).toEqual(nothing);
  });
});

async function failed(service: Service, version: string): Promise<number> {
  return (await service.tasks()).filter((task) => imageOf(task) === release(version) && task.lastStatus === "STOPPED")
    .length;
}
