import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepAdvancing } from "../../local/engine-clock.ts";
import { type ProcessDriver, processDriver } from "../../local/process-driver.ts";
import type { EcsEngine, EngineTask } from "../../sim/ecs/api.ts";
import { createEcsEngine } from "../../sim/ecs/engine.ts";
import { eventually } from "./eventually.ts";

let folder: string;
let diary: string;
let driver: ProcessDriver;
let engine: EcsEngine;
let clock: ReturnType<typeof keepAdvancing>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "longshore-order-"));
  diary = join(folder, "diary");
  driver = processDriver();
  let drawn = 0;
  engine = createEcsEngine({
    region: "r",
    account: "1",
    nowMs: Date.now,
    hex: (digits) => (++drawn).toString(16).padStart(digits, "0"),
    driver,
    subnets: {},
  });
  clock = keepAdvancing(engine, (fault) => {
    throw fault;
  });
  engine.handle("CreateCluster", {});
  const size = { cpuUnits: 1024, memoryMib: 1024 };
  engine.registerInstance({ cluster: "default", ec2InstanceId: "i-1", ...size, zone: "z", subnet: "s" });
});

afterEach(async () => {
  clock.close();
  await driver.close();
  await rm(folder, { recursive: true });
});

/** A container that writes `NAME up` when it starts, `NAME down` when it is told to stop, and does what else it shall. */
function container(name: string, script: string, more: object = {}) {
  const write = (word: string) => `require("node:fs").appendFileSync(process.env.DIARY, "${name} ${word}\\n")`;
  const lines = [`process.on("SIGTERM", () => { ${write("down")}; process.exit(0); })`, write("up"), script];
  return {
    name,
    image: name,
    memory: 16,
    entryPoint: [process.execPath, "-e"],
    command: [lines.join(";\n")],
    environment: [{ name: "DIARY", value: diary }],
    ...more,
  };
}

const forever = "setInterval(() => {}, 1000)";
const after = (containerName: string, condition: string) => ({ containerName, condition });

/** Starts a task of these containers. */
function run(...containerDefinitions: readonly object[]): void {
  engine.handle("RegisterTaskDefinition", { family: "web", containerDefinitions });
  engine.handle("RunTask", { taskDefinition: "web" });
  clock.wake();
}

const reaches = (what: string, holds: (task: EngineTask) => boolean) =>
  eventually(what, () => engine.tasks().find(holds));
const written = async () => (await readFile(diary, "utf8")).trim().split("\n");

test("processes of a task start in the order of their dependencies, and stop in reverse", async () => {
  run(
    container("app", forever, { dependsOn: [after("init", "SUCCESS"), after("proxy", "START")] }),
    container("init", "setTimeout(() => process.exit(0), 200)", { essential: false }),
    container("proxy", forever, { dependsOn: [after("init", "COMPLETE")] }),
  );
  const task = await reaches("a running task", ({ lastStatus }) => lastStatus === "RUNNING");
  expect(task.containers.map(({ lastStatus, exitCode }) => [lastStatus, exitCode])).toEqual([
    ["RUNNING", undefined],
    ["STOPPED", 0],
    ["RUNNING", undefined],
  ]);
  await eventually("all three have begun", async () => (await written()).length === 3 || undefined);
  engine.handle("StopTask", { task: task.arn });
  clock.wake();
  await reaches("a stopped task", ({ lastStatus }) => lastStatus === "STOPPED");
  const lines = await written();
  expect(lines[0]).toBe("init up");
  expect(lines.slice(1, 3).toSorted()).toEqual(["app up", "proxy up"]);
  expect(lines.slice(3)).toEqual(["app down", "proxy down"]);
});

test("a process that waits for another's health starts when its check has passed", async () => {
  const healthCheck = { command: ["CMD-SHELL", "test -e ready"], interval: 5, timeout: 2, retries: 3 };
  run(
    container("app", forever, { dependsOn: [after("proxy", "HEALTHY")] }),
    container("proxy", `require("node:fs").writeFileSync("ready", ""); ${forever}`, {
      workingDirectory: folder,
      healthCheck,
    }),
  );
  await reaches("a proxy that runs", ({ containers }) => containers[1]?.lastStatus === "RUNNING");
  expect(engine.tasks()[0]).toMatchObject({ lastStatus: "ACTIVATING", containers: [{ lastStatus: "PENDING" }, {}] });
  const task = await reaches("a running task", ({ lastStatus }) => lastStatus === "RUNNING");
  expect(task.containers[1]?.health).toBe("HEALTHY");
}, 20_000);

test("a process whose dependency fails never starts, and its task ends", async () => {
  run(
    container("app", forever, { dependsOn: [after("init", "SUCCESS")] }),
    container("init", "process.exit(3)", { essential: false }),
  );
  const task = await reaches("a stopped task", ({ lastStatus }) => lastStatus === "STOPPED");
  expect(task).toMatchObject({
    stopCode: "TaskFailedToStart",
    stoppedReason: "CannotStartContainerError: container app waits for init (SUCCESS), which has stopped",
    containers: [{ exitCode: 143 }, { exitCode: 3 }],
  });
  expect(await written()).toEqual(["init up"]);
});

test("a task goes on without a process that is not essential, and ends with one that is", async () => {
  run(
    container("app", `setInterval(() => require("node:fs").existsSync("go") && process.exit(7), 20)`, {
      workingDirectory: folder,
    }),
    container("side", "process.exit(1)", { essential: false }),
    container("other", forever),
  );
  const running = await reaches("a side that has ended", ({ containers }) => containers[1]?.exitCode === 1);
  expect(running.desiredStatus).toBe("RUNNING");
  await eventually("all three have begun", async () => (await written()).length === 3 || undefined);
  await writeFile(join(folder, "go"), "");
  const task = await reaches("a stopped task", ({ lastStatus }) => lastStatus === "STOPPED");
  expect(task).toMatchObject({
    stopCode: "EssentialContainerExited",
    containers: [{ exitCode: 7 }, { exitCode: 1 }, { exitCode: 0 }],
  });
  expect((await written()).at(-1)).toBe("other down");
});
