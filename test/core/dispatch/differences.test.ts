import { describe, expect, test } from "vitest";
import { isNews, nodesToReport, tasksToDescribe } from "../../../core/dispatch/differences.ts";
import type { NodeId, TaskId } from "../../../core/model/ids.ts";
import { recordTask } from "../../../core/model/merge.ts";
import type { NodeRecord, TaskRecord, TaskStatus } from "../../../core/model/records.ts";
import type { NodeSighting, TaskSighting } from "../../../core/model/sightings.ts";
import { aNodeRecord, aNodeSighting, drawNodes } from "../../support/cluster-view.ts";
import { aTask, drawTasks } from "../../support/drawn-tasks.ts";
import { nowMs } from "../../support/service.ts";
import { missing, seen as seenTask } from "../../support/sightings.ts";

describe("tasks to describe", () => {
  test.for([
    { name: "none when all that run are listed", records: "v1 v1!", listed: "t0 t1", found: "" },
    { name: "one that runs and is not listed", records: "v1 v1", listed: "t0", found: "t1" },
    { name: "one that is on its way up, listed or not", records: "v1? v1?", listed: "t0", found: "t0 t1" },
    { name: "one that is on its way down, listed or not", records: "v1^ v1^", listed: "t0", found: "t0 t1" },
    { name: "none that stopped", records: "v1-", listed: "", found: "" },
    { name: "none that stopped, though it is listed", records: "v1-", listed: "t0", found: "" },
    { name: "one that is on no record", records: "v1", listed: "t0 x1", found: "x1" },
    { name: "each once", records: "v1? v1", listed: "x1 t0", found: "t0 t1 x1" },
    { name: "nothing of nothing", records: "", listed: "", found: "" },
  ])("$name", ({ records, listed, found }) => {
    const tasks = drawTasks(records).map(({ task }) => task);
    const ids = new Set((listed === "" ? [] : listed.split(" ")) as TaskId[]);
    expect(tasksToDescribe(tasks, ids).join(" ")).toBe(found);
  });

  test.for<Partial<TaskRecord> & { name: string; status: TaskStatus; found: boolean }>([
    { name: "running and wanted", status: "RUNNING", desiredStatus: "RUNNING", found: false },
    { name: "running and told to stop", status: "RUNNING", desiredStatus: "STOPPED", found: true },
    { name: "pending and wanted", status: "PENDING", desiredStatus: "RUNNING", found: true },
    {
      name: "running and wanted, though a describe missed it",
      status: "RUNNING",
      desiredStatus: "RUNNING",
      missingAtMs: nowMs,
      found: true,
    },
    { name: "stopped after it was missed", status: "STOPPED", desiredStatus: "STOPPED", missingAtMs: 1, found: false },
  ])("a listed task is described: $name", ({ name: _, found, ...given }) => {
    const task = aTask("t0", given);
    expect(tasksToDescribe([task], new Set([task.taskId])).length > 0).toBe(found);
  });
});

describe("a sighting is news", () => {
  test.for<{ name: string; record?: Partial<TaskRecord>; sighting: TaskSighting; is: boolean }>([
    { name: "of a task that is on no record", sighting: seenTask(), is: true },
    { name: "not as recorded", record: {}, sighting: seenTask(), is: false },
    {
      name: "of a later version that shows more",
      record: {},
      sighting: seenTask({ ecsVersion: 4, zone: "z" }),
      is: true,
    },
    {
      name: "not of a later version alone",
      record: recordTask(seenTask()),
      sighting: seenTask({ ecsVersion: 4 }),
      is: false,
    },
    { name: "not of an earlier version", record: {}, sighting: seenTask({ ecsVersion: 2 }), is: false },
    {
      name: "of another health, read later",
      record: {},
      sighting: seenTask({ health: "UNHEALTHY", readAtMs: nowMs + 1 }),
      is: true,
    },
    {
      name: "not of another health that was read before",
      record: { healthAtMs: nowMs + 2 },
      sighting: seenTask({ health: "UNHEALTHY", readAtMs: nowMs + 1 }),
      is: false,
    },
    { name: "not of the same health", record: {}, sighting: seenTask({ health: "HEALTHY" }), is: false },
    { name: "of a task that was missed", record: { missingAtMs: 1 }, sighting: seenTask(), is: true },
    {
      name: "not of one that was missed, by an older read",
      record: { missingAtMs: nowMs + 1 },
      sighting: seenTask(),
      is: false,
    },
    { name: "of a task that is missed", record: {}, sighting: missing(nowMs), is: true },
    { name: "of one that is missed again", record: { missingAtMs: 1 }, sighting: missing(nowMs), is: true },
    { name: "not of one that is missed and on no record", sighting: missing(nowMs), is: false },
  ])("$name: $is", ({ record, sighting, is }) => {
    expect(isNews(sighting, record && aTask("t1", record))).toBe(is);
  });
});

/** `n1`, and `n1?` for one that is reported missing. */
function reported(records: readonly NodeRecord[], seen: readonly NodeSighting[]): string {
  return nodesToReport(records, seen, "main", nowMs)
    .map(({ nodeId, missing }) => `${nodeId}${missing ? "?" : ""}`)
    .join(" ");
}

describe("nodes to report", () => {
  const [n1 = aNodeRecord("n1")] = drawNodes("n1");
  test.for<{ name: string; record?: Partial<NodeRecord>; seen: Partial<NodeSighting>; is: boolean }>([
    { name: "not one that is as recorded", seen: {}, is: false },
    { name: "not one of which only the version rose", seen: { ecsVersion: 9 }, is: false },
    { name: "not one of which only less remains", seen: { remaining: { cpuUnits: 0, memoryMib: 0 } }, is: false },
    { name: "one of another status", seen: { status: "DRAINING" }, is: true },
    { name: "one whose agent went away", seen: { agentConnected: false }, is: true },
    { name: "one in another zone", seen: { zone: "b" }, is: true },
    { name: "one with another attribute", seen: { attributes: { gpu: "t4" } }, is: true },
    { name: "one of another size", seen: { registered: { cpuUnits: 1, memoryMib: 2048 } }, is: true },
    { name: "one that was missing and is back", record: { missingAtMs: nowMs }, seen: {}, is: true },
    { name: "one that is gone for us since", seen: { status: "INACTIVE" }, is: true },
    {
      name: "not one that is gone for us already",
      record: { status: "INACTIVE" },
      seen: { agentConnected: false },
      is: false,
    },
  ])("$name", ({ record, seen, is }) => {
    expect(reported([{ ...n1, ...record }], [aNodeSighting(n1, seen)])).toBe(is ? "n1" : "");
  });

  test("one that is new, as it was seen", () => {
    const sighting = aNodeSighting(aNodeRecord("n2"));
    expect(nodesToReport([n1], [sighting, aNodeSighting(n1)], "main", nowMs)).toEqual([sighting]);
  });

  test.for([
    { name: "one that a describe did not show", nodes: "n1 n2", seen: "n1", found: "n2?" },
    { name: "one that it did not show while its agent was away", nodes: "n1!", seen: "", found: "n1?" },
    { name: "none that is gone already", nodes: "n1-", seen: "", found: "" },
    { name: "nothing of nothing", nodes: "", seen: "", found: "" },
  ])("$name", ({ nodes, seen, found }) => {
    const records = drawNodes(nodes);
    const sightings = records
      .filter(({ nodeId }) => seen.split(" ").includes(nodeId))
      .map((node) => aNodeSighting(node));
    expect(reported(records, sightings)).toBe(found);
  });

  test("one that is missing is told of as it is recorded", () => {
    const record = aNodeRecord("n1", { ecsVersion: 7, attributes: { gpu: "t4" }, disconnectedAtMs: 1 });
    expect(nodesToReport([record], [], "main", nowMs)).toEqual([
      {
        nodeId: "n1" as NodeId,
        cluster: "main",
        ecsVersion: 7,
        ec2InstanceId: "i-n1",
        status: "ACTIVE",
        agentConnected: true,
        zone: "a",
        attributes: { gpu: "t4" },
        registered: { cpuUnits: 1024, memoryMib: 2048 },
        missing: true,
        readAtMs: nowMs,
      },
    ]);
  });
});
