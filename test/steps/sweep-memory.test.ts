import { describe, expect, test } from "vitest";
import { isAuditTurn } from "../../core/dispatch/due.ts";
import { keys, shardOf } from "../../core/model/names.ts";
import type { RevisionRecord, SpecRecord, StateRecord, TaskRecord } from "../../core/model/records.ts";
import type { Observation } from "../../core/ports/queues.ts";
import { sweep } from "../../steps/sweep.ts";
import { sweepMemory } from "../../steps/sweep-memory.ts";
import { aCall } from "../contract/ecs-world.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { aRunningService, settle } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import { type Stage, sent } from "../support/stage.ts";

const queue = "arn:aws:sqs:us-east-1:000000000000:jobs";
const autoscaling = { min: 0, max: 2, pollSeconds: 60, metrics: [{ type: "queue", queue, messagesPerTask: 1 }] };

/** A service at rest and out of its turn of the audit, and a process that has swept it once. */
async function swept(given?: Stage) {
  const stage = given ?? (await aRunningService());
  while (isAuditTurn(shardOf(key), stage.clock.nowMs()) || isAuditTurn(shardOf(key), stage.clock.nowMs() + 60_000))
    stage.pass(60_000);
  const memory = sweepMemory();
  const reads: string[] = [];
  const ports = { ...stage.ports, store: { ...stage.ports.store, query: watched(stage, reads) } };
  const again = async () => {
    reads.length = 0;
    await sweep(ports, memory);
    const observed = stage.queues
      .receive("observations", 10)
      .flatMap(({ body }) => JSON.parse(body).observations as readonly Observation[]);
    return { reads: [...reads], woken: sent(stage, "work").length, observed: observed.map(nameOf) };
  };
  await again();
  return { stage, again };
}

/** Queries of the service's own partition. */
function watched({ ports: { store } }: Stage, reads: string[]): Stage["ports"]["store"]["query"] {
  return (partition, prefix) => {
    if (partition === keys.service(key)) reads.push(prefix ?? "everything");
    return store.query(partition, prefix);
  };
}

function nameOf(observation: Observation): string {
  if (observation.kind === "node") return observation.sighting.nodeId;
  const { sighting } = observation;
  return `${sighting.taskId} ${sighting.kind === "missing" ? "missing" : sighting.status}`;
}

async function aTaskOf({ store }: Stage): Promise<TaskRecord> {
  const [task] = await store.query<TaskRecord>(keys.service(key), "task#");
  if (task === undefined) throw new Error("no task runs");
  return task;
}

const nothing = { reads: [], woken: 0, observed: [] };

describe("a service at rest that was read before", () => {
  test("is not read again", async () => {
    const { again } = await swept();
    expect(await again()).toEqual(nothing);
  });

  test("is read again in its turn of the audit, and then not", async () => {
    const { stage, again } = await swept();
    while (!isAuditTurn(shardOf(key), stage.clock.nowMs())) stage.pass(60_000);
    expect((await again()).reads).toEqual(["task#", "everything"]);
    stage.pass(60_000);
    expect(await again()).toEqual(nothing);
  });

  test("is read again while it is due", async () => {
    const { stage, again } = await swept();
    const state = await stage.store.get<StateRecord>(keys.state(key));
    if (state === undefined) throw new Error("there is no state");
    await stage.store.swap(state, { kindRow: `${key}#state#1#${stage.clock.nowMs() + 60_000}#-` });
    expect((await again()).reads).toEqual(["task#"]);
    expect((await again()).reads).toEqual(["task#"]);
  });

  test("is read again after a sweep that another process did, or nobody", async () => {
    const { stage, again } = await swept();
    stage.pass(90_000);
    expect((await again()).reads).toContain("task#");
  });

  test("is read by another process", async () => {
    const { stage } = await swept();
    const reads: string[] = [];
    await sweep({ ...stage.ports, store: { ...stage.ports.store, query: watched(stage, reads) } });
    expect(reads).toEqual(["task#"]);
  });

  test("is read again when a task stopped without an event, which is reported", async () => {
    const { stage, again } = await swept();
    const { taskId } = await aTaskOf(stage);
    await stage.tasks.stop("main", taskId, "by hand");
    stage.pass(30_000);
    expect(await again()).toEqual({ reads: ["task#"], woken: 0, observed: [`${taskId} STOPPED`] });
  });

  test("is read again when a task runs that is not remembered: of one on record that is no news", async () => {
    const { stage, again } = await swept();
    const [revision] = await stage.store.query<RevisionRecord>(keys.service(key), "revision#");
    const group = "longshore/local000/shop/web";
    const { tasks } = await stage.tasks.run(aCall(revision?.taskDefinition ?? "", { group }));
    stage.pass(1_000);
    const [seen] = await stage.tasks.describe(
      "main",
      tasks.map(({ taskId }) => taskId),
    );
    if (seen?.kind !== "seen") throw new Error("the task does not run");
    const { taskId, ecsVersion } = seen;
    await stage.store.create<TaskRecord>(aTask(taskId, { ecsVersion, health: seen.health ?? "UNKNOWN" }));
    expect(await again()).toMatchObject({ reads: ["task#"], observed: [] });
  });

  test("is forgotten with its service", async () => {
    const { stage, again } = await swept();
    const state = await stage.store.get<StateRecord>(keys.state(key));
    const spec = await stage.store.get(keys.spec(key));
    if (state === undefined || spec === undefined) throw new Error("there is no service");
    await stage.store.remove(spec);
    await stage.store.swap(state, { kindShard: undefined, kindRow: undefined });
    // Its tasks are nobody's now: whose group they name is woken.
    expect(await again()).toMatchObject({ reads: [], woken: 1 });
  });
});

describe("a service at rest that is polled", () => {
  const idle = async () => {
    const stage = await aRunningService({ "spec.replicas": 0, "spec.autoscaling": autoscaling });
    stage.metrics.setQueue(queue, {});
    await settle(stage);
    return swept(stage);
  };

  test("is not read again while what it follows is as it was", async () => {
    const { again } = await idle();
    expect(await again()).toEqual(nothing);
  });

  test("is read again, and woken, as soon as that changed", async () => {
    const { stage, again } = await idle();
    stage.metrics.setQueue(queue, { visible: 2 });
    expect(await again()).toEqual({ reads: ["everything"], woken: 1, observed: [] });
  });

  test("is read again for as long as it is paused: a resume shows nowhere else", async () => {
    const { stage, again } = await idle();
    const spec = await stage.store.get<SpecRecord>(keys.spec(key));
    if (spec === undefined) throw new Error("there is no spec");
    stage.metrics.setQueue(queue, { visible: 2 });
    const paused = await stage.store.swap(spec, { paused: true });
    expect((await again()).woken).toBe(0);
    if (paused) await stage.store.swap(paused, { paused: false });
    expect((await again()).woken).toBe(1);
  });

  test("is read again once what it follows cannot be read", async () => {
    const { stage, again } = await idle();
    stage.metrics.setQueue(queue, "missing");
    expect((await again()).reads).toEqual(["everything"]);
  });
});
