import { describe, expect, test } from "vitest";
import { startProgress } from "../../cli/progress.ts";
import { keys } from "../../core/model/names.ts";
import { type NodeRecord, schema, type TaskRecord } from "../../core/model/records.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { anInstall, type MemoryInstall, manifestText } from "./a-session.ts";

/** Two services, one of them with tasks, and a node. */
async function aBusyInstall(): Promise<MemoryInstall> {
  const install = anInstall({ input: `${manifestText()}---\n${manifestText("replicas: 1", "api")}` });
  await install.run("apply", "-f", "-");
  await install.decide({ type: "Available", message: "2 of 2 tasks are available" }, { reason: "Complete" });
  const nowMs = install.clock.nowMs();
  const task = (id: string, given: Partial<TaskRecord>) =>
    install.store.create<TaskRecord>(aTask(id, { createdAtMs: nowMs - 60_000, zone: "us-east-1a", ...given }));
  await task("t0", {});
  const stopped = { status: "STOPPED", stoppedReason: "Essential container in task exited", exitCode: 1 } as const;
  for (let index = 1; index <= 7; index += 1)
    await task(`t${index}`, { ...stopped, createdAtMs: nowMs - 60_000 + index });
  await install.store.create<NodeRecord>({
    ...keys.node("longshore", "n1"),
    schema,
    uid: "n1",
    nodeId: "n1" as NodeRecord["nodeId"],
    ecsVersion: 1,
    ec2InstanceId: "i-1",
    status: "ACTIVE",
    agentConnected: true,
    zone: "us-east-1a",
    attributes: {},
    registered: { cpuUnits: 2048, memoryMib: 4096 },
  });
  return install;
}

async function answerTo(line: string): Promise<Record<string, unknown>> {
  const { code, out, progress } = await (await aBusyInstall()).run(...line.split(" "), "--json");
  expect([code, progress]).toEqual([0, ""]);
  return JSON.parse(out);
}

describe("with --json a read answers with one document", () => {
  test.for([
    { line: "get services", names: ["api", "web"] },
    { line: "get services web", names: ["web"] },
    { line: "get service shop/api", names: ["api"] },
    { line: "get services -n shop", names: ["api", "web"] },
    { line: "get services -n other", names: [] },
  ])("$line", async ({ line, names }) => {
    expect(((await answerTo(line)).services as { name: string }[]).map(({ name }) => name)).toEqual(names);
  });

  test("a service", async () => {
    expect((await answerTo("get services shop/web")).services).toMatchInlineSnapshot(`
      [
        {
          "acceptedAt": "2026-01-01T00:00:00.000Z",
          "conditions": [
            {
              "message": "2 of 2 tasks are available",
              "reason": "Told",
              "since": "1970-01-01T00:00:00.000Z",
              "status": "True",
              "type": "Available",
            },
            {
              "message": "so it is",
              "reason": "Complete",
              "since": "1970-01-01T00:00:00.000Z",
              "status": "True",
              "type": "Progressing",
            },
          ],
          "generation": 1,
          "name": "web",
          "namespace": "shop",
          "observedGeneration": 1,
          "paused": null,
          "replicas": 2,
          "revision": "0123456789",
          "status": "live",
        },
      ]
    `);
  });

  test("the tasks that have not stopped", async () => {
    expect((await answerTo("get tasks shop/web")).tasks).toMatchInlineSnapshot(`
      [
        {
          "createdAt": "2025-12-31T23:59:00.000Z",
          "health": "HEALTHY",
          "node": "n1",
          "revision": null,
          "service": "shop/web",
          "status": "RUNNING",
          "stopReason": null,
          "stoppedAt": null,
          "task": "t0",
          "zone": "us-east-1a",
        },
      ]
    `);
  });

  test("the nodes of the cluster that is called as the install", async () => {
    expect((await answerTo("get nodes")).nodes).toMatchInlineSnapshot(`
      [
        {
          "agentConnected": true,
          "cpuUnits": 2048,
          "instance": "i-1",
          "memoryMib": 4096,
          "node": "n1",
          "status": "ACTIVE",
          "zone": "us-east-1a",
        },
      ]
    `);
  });

  test("all about a service: its manifest with every default, the last five stopped tasks, its history", async () => {
    const all = await answerTo("describe service shop/web");
    expect(Object.keys(all)).toEqual(["service", "rollout", "manifest", "tasks", "events"]);
    expect(all.manifest).toMatchObject({ spec: { replicas: 2, restart: { backoffSeconds: 10 } } });
    expect(
      (all.tasks as { task: string; stopReason: string | null }[]).map(({ task, stopReason }) => [task, stopReason]),
    ).toEqual([
      ["t0", null],
      ...["t3", "t4", "t5", "t6", "t7"].map((task) => [task, "Essential container in task exited (exit code 1)"]),
    ]);
    expect(all.events).toMatchObject([
      { type: "normal", reason: "CommandApplied", message: "apply by local: generation 1" },
    ]);
  });
});

test("with --json results are one document, and progress goes elsewhere", async () => {
  const install = anInstall({
    input: manifestText(),
    onPause: ({ decide }) => decide({ reason: "Complete", message: "live" }),
  });
  const { out, progress } = await install.run("apply", "-f", "-", "--wait", "--json");
  expect(progress).toMatch(/^2026-01-01T00:00:00.000Z shop\/web {2}generation 1 {2}accepted, not looked at yet\n$/);
  expect(JSON.parse(out)).toEqual({
    results: [{ service: "shop/web", outcome: "live", exitCode: 0, generation: 1, message: "live", issues: [] }],
  });
});

test("with --json issues are one document", async () => {
  const { out, progress } = await anInstall({ input: manifestText("replicas: -1") }).run("apply", "-f", "-", "--json");
  expect(progress).toBe("");
  expect(JSON.parse(out)).toEqual({
    issues: [
      {
        file: "standard input",
        document: 1,
        code: "invalid",
        path: "spec.replicas",
        message: "replicas must be 0 to 5000, got -1",
      },
    ],
  });
});

test("progress on a terminal stays in place", async () => {
  let screen = "";
  const write = (text: string) => {
    screen += text;
  };
  const output = { write, isTerminal: true, columns: 80, hasColours: true, isClosed: false };
  const progress = startProgress({ progress: output, nowMs: () => 0 });
  progress.show("shop/web", 1, "a");
  progress.show("shop/api", 4, "b");
  progress.show("shop/api", 4, "b");
  progress.show("shop/web", 1, "c");
  expect(screen.replaceAll("\u001b", "^")).toBe(
    [
      "^[2Kshop/web  generation 1  a\n",
      "^[1A^[2Kshop/web  generation 1  a\n^[2Kshop/api  generation 4  b\n",
      "^[2A^[2Kshop/web  generation 1  c\n^[2Kshop/api  generation 4  b\n",
    ].join(""),
  );
});
