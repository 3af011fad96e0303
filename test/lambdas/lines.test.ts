import { describe, expect, test } from "vitest";
import { functionLog } from "../../aws/function-log.ts";
import { keys } from "../../core/model/names.ts";
import type { TaskRecord } from "../../core/model/records.ts";
import {
  type BatchHandler,
  dispatchHandler,
  observeHandler,
  reconcileHandler,
  sweepHandler,
} from "../../lambdas/handlers.ts";
import { publishing } from "../../lambdas/publishing.ts";
import { aRunningService, scaled } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import type { Stage } from "../support/stage.ts";
import { aRecord } from "./records.ts";

/** The handlers as they are deployed, over ports in memory, and every line that they write. */
function functionsOf(stage: Stage) {
  const lines: string[] = [];
  const log = functionLog({ install: "blue" }, (line) => lines.push(line));
  const ports = { ...stage.ports, log };
  const onKey = (handler: BatchHandler, name: string) => () =>
    publishing(handler, log)({ Records: [aRecord("m-1", JSON.stringify({ key: name, hops: 1 }))] });
  return {
    reconcile: onKey(reconcileHandler(ports), key),
    dispatch: onKey(dispatchHandler(ports), "main"),
    observe: () => publishing(observeHandler(ports), log)({ Records: [aRecord("m-2", "{}")] }),
    sweep: publishing(sweepHandler(ports), log),
    written: () => lines.map((line) => JSON.parse(line)),
  };
}

describe("at rest", () => {
  test.for(["reconcile", "dispatch", "observe", "sweep"] as const)("%s writes not one line", async (name) => {
    const functions = functionsOf(await aRunningService());
    await functions[name]();
    expect(functions.written()).toEqual([]);
  });
});

/** A document of embedded metrics, of one metric. */
const counted = (name: string, count: number) => ({
  _aws: {
    Timestamp: expect.any(Number),
    CloudWatchMetrics: [
      { Namespace: "Longshore", Dimensions: [["install"]], Metrics: [{ Name: name, Unit: "Count" }] },
    ],
  },
  install: "blue",
  [name]: count,
});

test("tasks that were started are told in a line, and counted in one more", async () => {
  const stage = await aRunningService();
  await scaled(stage, 4);
  const functions = functionsOf(stage);
  await functions.reconcile();
  const before = functions.written().length;
  await functions.dispatch();
  const lines = functions.written().slice(before);
  const told = lines.slice(0, -1);
  expect(told).not.toEqual([]);
  for (const line of told)
    expect(line).toMatchObject({
      level: "INFO",
      message: "dispatched",
      service: "blue",
      key,
      started: expect.any(Number),
    });
  const started = told.reduce((sum, line) => sum + line.started, 0);
  expect(started).toBeGreaterThan(0);
  expect(lines.at(-1)).toEqual(counted("TasksStarted", started));
});

test("a task that failed is told in a line, and counted once", async () => {
  const stage = await aRunningService();
  const [task] = await stage.store.query<TaskRecord>(keys.service(key), "task#");
  if (task === undefined) throw new Error("no task runs");
  await stage.store.swap<TaskRecord>(task, {
    status: "STOPPED",
    desiredStatus: "STOPPED",
    stopCode: "EssentialContainerExited",
    stoppedReason: "Essential container in task exited",
    exitCode: 1,
    stoppedAtMs: stage.clock.nowMs(),
  });
  const functions = functionsOf(stage);
  await functions.reconcile();
  const [told, ...more] = functions.written();
  expect(told).toMatchObject({ level: "INFO", message: "reconciled", service: "blue", key });
  expect(told.changes).toContainEqual(expect.stringMatching(/^TaskFailed: /));
  expect(more).toEqual([counted("TasksFailed", 1)]);
  await functions.reconcile();
  expect(functions.written().filter((line) => "TasksFailed" in line)).toHaveLength(1);
});
