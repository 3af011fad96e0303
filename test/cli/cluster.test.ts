import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { aService, forever, useCluster } from "./a-cluster.ts";

const cluster = useCluster();
const { longshore, json } = cluster;

describe("the service of examples/web", () => {
  test("comes up: exit code 0", { timeout: 60_000 }, async () => {
    const manifest = await readFile(new URL("../../examples/web/service.yaml", import.meta.url), "utf8");
    const { code, out } = await longshore("apply -f - --wait", manifest.replaceAll("[node,", `[${process.execPath},`));
    expect([code, out]).toEqual([0, "shop/web  generation 1 is live\n"]);
  });

  test("is shown with its tasks, one in each zone", async () => {
    expect(await json("get services shop/web")).toMatchObject({
      services: [{ name: "web", status: "live", generation: 1, observedGeneration: 1, replicas: 3 }],
    });
    const { tasks } = await json("get tasks web");
    expect(tasks.map(({ zone }: { zone: string }) => zone).toSorted()).toEqual([
      "us-east-1a",
      "us-east-1b",
      "us-east-1c",
    ]);
    expect(await json("describe service shop/web")).toMatchObject({
      manifest: { spec: { replicas: 3 } },
      tasks: [1, 2, 3].map(() => ({ status: "RUNNING", health: "HEALTHY", stopReason: null })),
      events: expect.arrayContaining([expect.objectContaining({ reason: "Complete" })]),
    });
    expect((await json("get nodes")).nodes).toHaveLength(6);
  });

  test("is deleted, and nothing is left: exit code 0", { timeout: 60_000 }, async () => {
    const { code, out } = await longshore("delete service shop/web --yes --wait");
    expect([code, out]).toEqual([0, "shop/web  deleted: nothing is left of it\n"]);
    expect((await longshore("describe shop/web")).code).toBe(3);
    expect(
      cluster
        .local()
        .engine.tasks()
        .filter(({ lastStatus }) => lastStatus === "RUNNING"),
    ).toEqual([]);
  });
});

test("an invalid file is told before anything is sent: exit code 2", async () => {
  const { code, progress } = await longshore("apply -f - --wait", aService("bad", forever, { replicas: 5001 }));
  expect([code, progress]).toEqual([
    2,
    "standard input, document 1, spec.replicas: replicas must be 0 to 5000, got 5001\nnothing was sent: 1 issue\n",
  ]);
});

test("more than half of the tasks go only when it is meant: exit code 3", { timeout: 60_000 }, async () => {
  expect((await longshore("apply -f - --wait", aService("large", forever, { replicas: 4 }))).code).toBe(0);
  const refused = await longshore("scale service shop/large --replicas 1 --wait");
  expect([refused.code, refused.progress]).toEqual([3, expect.stringContaining("more than half")]);
  expect((await longshore("scale service shop/large --replicas 1 --wait --yes")).code).toBe(0);
});

test("tasks that always crash fail the deployment: exit code 4", { timeout: 60_000 }, async () => {
  const rollout = { minReadySeconds: 2 };
  const { code, progress } = await longshore("apply -f - --wait", aService("crash", "process.exit(3)", { rollout }));
  expect([code, progress]).toEqual([4, expect.stringContaining("generation 1 failed: BreakerTripped")]);
  expect(progress).toContain("exit code 3");
});

const unplaceable = { placement: { constraints: [{ attribute: "zone", operator: "in", values: ["nowhere"] }] } };

test("a deployment that takes too long is left to itself: exit code 6", { timeout: 60_000 }, async () => {
  const { code, progress } = await longshore("apply -f - --wait --timeout 1s", aService("slow", forever, unplaceable));
  expect([code, progress]).toEqual([6, expect.stringContaining("timed out: ")]);
});

test("a later command takes over: exit code 5", { timeout: 60_000 }, async () => {
  const waiting = longshore("apply -f - --wait", aService("late", forever, unplaceable));
  await expect
    .poll(() => longshore("scale shop/late --replicas 2").then(({ code }) => code), { timeout: 20_000 })
    .toBe(0);
  const { code, progress } = await waiting;
  expect([code, progress]).toEqual([5, expect.stringContaining("generation 1 superseded: generation 2 took over")]);
});

test("an endpoint where nobody answers says what to do: exit code 1", async () => {
  const { code, progress } = await longshore("get services", "", "http://127.0.0.1:1");
  const advice = "start one with `longshore dev`, or set AWS_ENDPOINT_URL";
  expect([code, progress]).toEqual([1, `error: no cluster answers at http://127.0.0.1:1; ${advice}\n`]);
});

test.for(["get services", "scale shop/web --replicas 1"])(
  "an install that is not there says what to do: exit code 1: %s",
  async (line) => {
    const { code, progress } = await longshore(`${line} --install other`);
    expect([code, progress]).toEqual([
      1,
      expect.stringContaining(`there is no install "other" at ${cluster.local().endpointUrl}`),
    ]);
  },
);

test("and no handler failed meanwhile", () => {
  expect(cluster.faults).toEqual([]);
});
