import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../cli/connection.ts";
import { run } from "../../cli/program.ts";
import type { LogEntry } from "../../core/ports/log.ts";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";

let local: LocalCluster;
const faults: LogEntry[] = [];

beforeAll(async () => {
  local = await startCluster({
    port: 0,
    sweepSeconds: 2,
    log: { write: (entry) => void (entry.level === "error" && faults.push(entry)) },
  });
});
afterAll(() => local.close());

/** Runs a command line against the cluster, with real time and real requests. */
async function longshore(line: string, input = "", url = local.endpointUrl) {
  const text = { out: "", progress: "" };
  const output = (name: keyof typeof text) => ({
    write: (more: string) => {
      text[name] += more;
    },
    isTerminal: false,
    columns: Number.POSITIVE_INFINITY,
    hasColours: false,
    isClosed: false,
  });
  const code = await run(line.split(" "), {
    out: output("out"),
    progress: output("progress"),
    readInput: async () => Buffer.from(input),
    ask: async () => undefined,
    nowMs: Date.now,
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onEnd: () => {},
    connect: async (options) => connect(options, { AWS_ENDPOINT_URL: url }),
  });
  return { code, ...text };
}

/** A service whose tasks run a line of JavaScript. */
function aService(name: string, script: string, spec: object = {}): string {
  const container = {
    name: "app",
    image: "node:24",
    command: [process.execPath, "-e", script],
    cpuUnits: 64,
    memoryMib: 64,
  };
  return JSON.stringify({
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name },
    spec: { restart: { backoffSeconds: 1, maxBackoffSeconds: 1 }, task: { containers: [container] }, ...spec },
  });
}

const forever = "setInterval(() => {}, 1000)";
const json = async (line: string) => JSON.parse((await longshore(`${line} --json`)).out);

describe("the service of examples/web", () => {
  test("comes up: exit code 0", { timeout: 60_000 }, async () => {
    const manifest = await readFile(new URL("../../examples/web/service.yaml", import.meta.url), "utf8");
    const { code, out } = await longshore("apply -f - --wait", manifest.replaceAll("[node,", `[${process.execPath},`));
    expect([code, out]).toEqual([0, "shop/web  generation 1 is live: 3 of 3 tasks became available\n"]);
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
    expect(local.engine.tasks().filter(({ lastStatus }) => lastStatus === "RUNNING")).toEqual([]);
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
  const rollout = { minReadySeconds: 2, progressDeadlineSeconds: 4 };
  const { code, progress } = await longshore("apply -f - --wait", aService("crash", "process.exit(3)", { rollout }));
  expect([code, progress]).toEqual([4, expect.stringContaining("generation 1 failed: ProgressDeadlineExceeded")]);
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
      expect.stringContaining(`there is no install "other" at ${local.endpointUrl}`),
    ]);
  },
);

test("and no handler failed meanwhile", () => {
  expect(faults).toEqual([]);
});
