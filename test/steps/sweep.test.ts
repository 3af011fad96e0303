import { describe, expect, test } from "vitest";
import { isAuditTurn } from "../../core/dispatch/due.ts";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import { keys, shardOf } from "../../core/model/names.ts";
import type {
  Item,
  NodeRecord,
  NoticeRecord,
  RevisionRecord,
  StateRecord,
  TaskRecord,
} from "../../core/model/records.ts";
import type { Observation } from "../../core/ports/queues.ts";
import type { Changes } from "../../core/ports/store.ts";
import { sweep } from "../../steps/sweep.ts";
import { aCall } from "../contract/ecs-world.ts";
import { aClusterRecord, aNodeRecord } from "../support/cluster-view.ts";
import { aTask } from "../support/drawn-tasks.ts";
import { applied, aRunningService, settle } from "../support/running-service.ts";
import { key } from "../support/service.ts";
import { mishapAt, type Stage, sent } from "../support/stage.ts";

/** What a sweep sent that is due at once, in the order of the queues: services, clusters, observations. */
async function swept(stage: Stage) {
  await sweep(stage.ports);
  const observed = stage.queues
    .receive("observations", 10)
    .flatMap(({ body }) => JSON.parse(body).observations as readonly Observation[]);
  return { services: sent(stage, "work"), clusters: sent(stage, "dispatch"), observed: observed.map(nameOf) };
}

/** `<id> <status>` or `<id> missing`, of a task with the service that misses it. */
function nameOf(observation: Observation): string {
  if (observation.kind === "node")
    return `${observation.sighting.nodeId} ${observation.sighting.missing ? "missing" : observation.sighting.status}`;
  const { sighting } = observation;
  return sighting.kind === "missing"
    ? `${sighting.taskId} missing ${sighting.service}`
    : `${sighting.taskId} ${sighting.status}`;
}

const web = { key, hops: 1 };
const main = { key: "main", hops: 1, names: [] };
const nothing = { services: [], clusters: [], observed: [] };

async function change<R extends Item>(
  { store }: Stage,
  place: { partition: string; sort: string },
  changes: Changes<R>,
) {
  const record = await store.get<R>(place);
  if (record === undefined) throw new Error(`there is no ${place.sort}`);
  await store.swap(record, changes);
}

/** A service whose row in the index says that it was observed at a generation, is due so long ago, and is polled or not: every so many seconds. */
async function aServiceDue(observed: number, agoMs: number | undefined, poll: number | "poll" | "-"): Promise<Stage> {
  const stage = await aRunningService();
  const due = agoMs === undefined ? "-" : stage.clock.nowMs() - agoMs;
  await change<StateRecord>(stage, keys.state(key), { kindRow: `${key}#state#${observed}#${due}#${poll}` });
  return stage;
}

/** One task of the service that runs. */
async function aTaskOf({ store }: Stage): Promise<TaskRecord> {
  const [task] = await store.query<TaskRecord>(keys.service(key), "task#");
  if (task === undefined) throw new Error("no task runs");
  return task;
}

describe("at rest", () => {
  test.for([
    { name: "out of its turn of the audit", atMs: 0 },
    { name: "in its turn", atMs: 120_000 },
  ])("a sweep sends and writes nothing: $name", async ({ atMs }) => {
    const stage = await aRunningService();
    stage.pass(atMs);
    const { store, count } = mishapAt(stage.store, 0, "not applied");
    await sweep({ ...stage.ports, store });
    const queues = ["work", "dispatch", "observations"] as const;
    expect(queues.map((queue) => stage.queues.pending(queue))).toEqual([0, 0, 0]);
    expect(count()).toBe(0);
  });
});

describe("what is due", () => {
  const minutes = 60_000;
  test.for<{ name: string; observed: number; agoMs: number | undefined; is: readonly [now: boolean, again: boolean] }>([
    { name: "is woken, and again half a minute later", observed: 1, agoMs: 0, is: [true, true] },
    { name: "for ten minutes is woken once", observed: 1, agoMs: 10 * minutes, is: [true, false] },
    { name: "later is not", observed: 1, agoMs: -1, is: [false, false] },
    { name: "as its spec is newer than its state is woken twice", observed: 0, agoMs: undefined, is: [true, true] },
    { name: "at no time is not", observed: 1, agoMs: undefined, is: [false, false] },
  ])("$name", async ({ observed, agoMs, is }) => {
    const stage = await aServiceDue(observed, agoMs, "-");
    await sweep(stage.ports);
    expect(sent(stage, "work")).toEqual(is[0] ? [web] : []);
    stage.clock.advance(30_000);
    expect(sent(stage, "work")).toEqual(is[1] ? [web] : []);
  });

  test.for([
    { name: "is woken when it is polled", poll: 60, atMs: 0, woken: [web] },
    { name: "is woken when it is polled, in an older word", poll: "poll", atMs: 0, woken: [web] },
    { name: "is woken when it is polled more often", poll: 5, atMs: 0, woken: [web] },
    { name: "is not before its turn of the audit otherwise", poll: "-", atMs: 0, woken: [] },
    { name: "is woken in its turn of the audit", poll: "-", atMs: 120_000, woken: [web] },
  ] as const)("by nothing but a look, as what it holds is not what it should, $name", async ({ poll, atMs, woken }) => {
    const stage = await aServiceDue(1, undefined, poll);
    await change<StateRecord>(stage, keys.state(key), { held: { tasks: 9, cpuUnits: 9, memoryMib: 9 } });
    stage.pass(atMs);
    expect((await swept(stage)).services).toEqual(woken);
  });
});

describe("a service that is polled, with nothing to do", () => {
  /** A service whose row in the index says how often it is polled, and at which generation it was observed. */
  async function aPolledService(poll: number, observed = 1): Promise<Stage> {
    const stage = await aRunningService();
    const row = `${key}#state#${observed}#-#${poll}`;
    const list: Stage["store"]["list"] = async (...of) =>
      (await stage.store.list(...of)).map((each) => (each.row.includes("#state#") ? { ...each, row } : each));
    return { ...stage, ports: { ...stage.ports, store: { ...stage.store, list } } };
  }

  /** Seconds after a sweep at which wake-ups of the service can be received, up to the next sweep. */
  async function wokenAt(stage: Stage): Promise<readonly number[]> {
    await sweep(stage.ports);
    const seconds: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      const wakeups = sent(stage, "work");
      for (const wakeup of wakeups) expect(wakeup).toEqual(web);
      seconds.push(...wakeups.map(() => second));
      stage.clock.advance(1_000);
    }
    return seconds;
  }

  test.for<{ name: string; poll: number; observed?: number; at: readonly number[] }>([
    { name: "each minute is looked at, and not woken", poll: 60, at: [] },
    { name: "each 20 s is looked at, and woken in between", poll: 20, at: [20, 40] },
    { name: "each 5 s is woken eleven times", poll: 5, at: [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55] },
    { name: "each 5 min is not woken", poll: 300, at: [] },
    { name: "each 20 s and on its way is woken once at each moment", poll: 20, observed: 0, at: [0, 20, 30, 40] },
  ])("$name", async ({ poll, observed, at }) => {
    expect(await wokenAt(await aPolledService(poll, observed))).toEqual(at);
  });

  test("each 5 min is looked at in its turn, which comes once in five sweeps", async () => {
    let woken = 0;
    for (let minute = 0; minute < 5; minute += 1) {
      const stage = await aServiceDue(1, undefined, 300);
      await change<StateRecord>(stage, keys.state(key), { held: { tasks: 9, cpuUnits: 9, memoryMib: 9 } });
      // Out of the audit's turn, which would look at it as well.
      stage.pass(minute * 60_000);
      if (!isAuditTurn(shardOf(key), stage.clock.nowMs())) woken += (await swept(stage)).services.length;
    }
    expect(woken).toBe(1);
  });
});

describe("a notice", () => {
  /** A notice that names a task. */
  async function aNotice(stage: Stage, taskIds: readonly TaskId[]): Promise<void> {
    const lost = { why: "node lost", nodeId: "n1" as NodeId, atMs: 1 } as const;
    const tasks = Object.fromEntries(taskIds.map((taskId) => [taskId, lost]));
    const unplaced = { tasks: 1, message: "full" };
    const place = keys.notice("main", key);
    await stage.store.create<NoticeRecord>({
      ...place,
      schema: 1,
      uid: key,
      tasks,
      ...(taskIds.length === 0 ? { unplaced } : {}),
    });
  }

  test("of a task that its service has not given up yet wakes it", async () => {
    const stage = await aRunningService();
    await aNotice(stage, [(await aTaskOf(stage)).taskId]);
    expect(await swept(stage)).toEqual({ ...nothing, services: [web] });
  });

  test("of a task that is none of its own wakes nobody", async () => {
    const stage = await aRunningService();
    await aNotice(stage, ["t9" as TaskId]);
    expect(await swept(stage)).toEqual(nothing);
  });

  test("of no task is dispatch's own", async () => {
    const stage = await aRunningService();
    await aNotice(stage, []);
    expect((await swept(stage)).services).toEqual([]);
  });
});

describe("a service that cannot be looked at", () => {
  /** Damaged so deep inside that nothing tells before somebody decides. */
  async function aDamagedService(): Promise<Stage> {
    const stage = await aServiceDue(1, undefined, 60);
    const [revision] = await stage.store.query<RevisionRecord>(keys.service(key), "revision#");
    if (revision === undefined) throw new Error("there is no revision");
    const task = { ...revision.content.task, containers: [null] } as unknown as RevisionRecord["content"]["task"];
    await stage.store.swap(revision, { content: { ...revision.content, task } });
    return stage;
  }

  test("is woken, and a person is told why", async () => {
    const stage = await aDamagedService();
    const before = stage.log.entries.length;
    expect((await swept(stage)).services).toEqual([web]);
    expect(stage.log.entries.slice(before)).toMatchObject([
      {
        level: "error",
        message: "a service could not be looked at",
        service: key,
        reason: expect.stringContaining("Error"),
      },
    ]);
  });

  test("does not keep the cluster from being compared", async () => {
    const stage = await aDamagedService();
    await stage.store.create<TaskRecord>(aTask("t9"));
    expect((await swept(stage)).observed).toEqual(["t9 missing shop/web"]);
  });

  test("nor does its notice", async () => {
    const stage = await aDamagedService();
    const task = await aTaskOf(stage);
    const tasks = { [task.taskId]: { why: "node lost", nodeId: "n1" as NodeId, atMs: 1 } } as const;
    await stage.store.create<NoticeRecord>({ ...keys.notice("main", key), schema: 1, uid: key, tasks });
    await stage.store.create<NodeRecord>(aNodeRecord("n9"));
    expect((await swept(stage)).observed).toEqual(["n9 missing"]);
  });
});

describe("a metric that takes seconds", () => {
  const queue = "arn:aws:sqs:us-east-1:000000000000:jobs";
  const autoscaling = { min: 0, max: 2, pollSeconds: 60, metrics: [{ type: "queue", queue, messagesPerTask: 1 }] };

  /** Twenty services, each following an empty queue, at rest, and one whose turn of the audit it is; a node is gone. */
  async function manyPolled(): Promise<Stage> {
    const stage = await aRunningService();
    stage.metrics.setQueue(queue, {});
    for (let index = 0; index < 20; index += 1)
      await applied(stage, { "metadata.name": `idle-${index}`, "spec.replicas": 0, "spec.autoscaling": autoscaling });
    await settle(stage);
    await stage.store.create<NodeRecord>(aNodeRecord("n9"));
    return stage;
  }

  /** What a sweep found that is due at once, when it told of differences and when it ended, where each metric takes so long. */
  async function sweptSlowly(tookMs: number) {
    const stage = await manyPolled();
    const { clock, ports } = stage;
    const startMs = clock.nowMs();
    const reportedAtMs: number[] = [];
    const report: typeof ports.queues.report = (observations, hops) => {
      reportedAtMs.push(clock.nowMs() - startMs);
      return ports.queues.report(observations, hops);
    };
    const read: typeof ports.metrics.read = async (metric) => {
      const doneMs = clock.nowMs() + tookMs;
      // Others begin meanwhile: what runs at once takes no longer than one of it.
      await Promise.resolve();
      clock.set(Math.max(doneMs, clock.nowMs()));
      return ports.metrics.read(metric);
    };
    const slow = { ...stage, ports: { ...ports, queues: { ...ports.queues, report }, metrics: { read } } };
    const { services, observed } = await swept(slow);
    return {
      woken: new Set(services.map((wakeup) => JSON.stringify(wakeup))).size,
      observed,
      reportedAtMs,
      tookMs: clock.nowMs() - startMs,
    };
  }

  test.for([
    { name: "at once, nobody", metricMs: 0, woken: 0, tookMs: 0 },
    { name: "after 1.5 s, nobody", metricMs: 1_500, woken: 0, tookMs: 4_500 },
    { name: "after 8 s, those for which there was no time", metricMs: 8_000, woken: 5, tookMs: 16_000 },
  ])("wakes, if answered $name, and differences are reported before", async ({ metricMs, woken, tookMs }) => {
    const observed = ["n9 missing"];
    expect(await sweptSlowly(metricMs)).toEqual({ woken, observed, reportedAtMs: [0], tookMs });
  });
});

describe("where ECS does not answer", () => {
  test("what is polled is looked at nevertheless, and the sweep fails", async () => {
    const stage = await aServiceDue(1, undefined, 60);
    await change<StateRecord>(stage, keys.state(key), { held: { tasks: 9, cpuUnits: 9, memoryMib: 9 } });
    const list = () => Promise.reject(new Error("no answer"));
    await expect(sweep({ ...stage.ports, tasks: { ...stage.ports.tasks, list } })).rejects.toThrow("no answer");
    expect(sent(stage, "work")).toEqual([web]);
  });
});

describe("tasks are compared with what ECS shows", () => {
  test("one that it no longer shows is reported as missing, by its service", async () => {
    const stage = await aRunningService();
    await stage.store.create<TaskRecord>(aTask("t9"));
    expect((await swept(stage)).observed).toEqual(["t9 missing shop/web"]);
  });

  test("one that stopped is not asked for again", async () => {
    const stage = await aRunningService();
    await stage.store.create<TaskRecord>(aTask("t9", { status: "STOPPED", desiredStatus: "STOPPED", createdAtMs: 1 }));
    expect(await swept(stage)).toEqual(nothing);
  });

  test("one that was missed and is seen is reported", async () => {
    const stage = await aRunningService();
    const task = await aTaskOf(stage);
    await change<TaskRecord>(stage, task, { missingAtMs: stage.clock.nowMs() - 1 });
    expect((await swept(stage)).observed).toEqual([`${task.taskId} RUNNING`]);
  });

  test("one that stopped without an event is reported", async () => {
    const stage = await aRunningService();
    const { taskId } = await aTaskOf(stage);
    await stage.tasks.stop("main", taskId, "by hand");
    stage.pass(60_000);
    expect((await swept(stage)).observed).toEqual([`${taskId} STOPPED`]);
  });

  test("one on its way that is as recorded is no news", async () => {
    const stage = await aRunningService();
    await change<TaskRecord>(stage, await aTaskOf(stage), { status: "PENDING" });
    expect((await swept(stage)).observed).toEqual([]);
  });

  test.for<{ name: string; group: string; owners: readonly unknown[] }>([
    {
      name: "is reported, and its service woken",
      group: "longshore/local000/shop/gone",
      owners: [{ key: "shop/gone", hops: 1 }],
    },
    { name: "is left alone where it is another install's", group: "longshore/other000/shop/gone", owners: [] },
    { name: "is left alone where it is nobody's", group: "family:x", owners: [] },
  ])("one that is on no record $name", async ({ group, owners }) => {
    const stage = await aRunningService();
    const [revision] = await stage.store.query<RevisionRecord>(keys.service(key), "revision#");
    const { tasks } = await stage.tasks.run(aCall(revision?.taskDefinition ?? "", { group }));
    stage.pass(1_000);
    const ours = owners.length > 0 ? tasks.map(({ taskId }) => `${taskId} RUNNING`) : [];
    expect(await swept(stage)).toEqual({ services: owners, clusters: [], observed: ours });
  });
});

describe("nodes", () => {
  test("that are new, or that ECS does not show, are reported", async () => {
    const stage = await aRunningService();
    const subnet = { zone: "us-east-1a", subnet: "subnet-a" };
    stage.engine.registerInstance({
      cluster: "main",
      ec2InstanceId: "i-c",
      cpuUnits: 1024,
      memoryMib: 2048,
      ...subnet,
    });
    await stage.store.create<NodeRecord>(aNodeRecord("n9"));
    expect((await swept(stage)).observed).toEqual([expect.stringContaining("ACTIVE"), "n9 missing"]);
  });

  test.for<{ name: string; node: Partial<NodeRecord>; lost: readonly string[]; woken: readonly unknown[] }>([
    { name: "is out of reach", node: { agentConnected: false }, lost: [], woken: [main] },
    { name: "is gone", node: { status: "INACTIVE" }, lost: [], woken: [main] },
    { name: "was given up and is back", node: {}, lost: ["n9"], woken: [main] },
    { name: "was given up and is out of reach", node: { agentConnected: false }, lost: ["n9"], woken: [] },
    { name: "is within reach", node: {}, lost: [], woken: [] },
  ])("wake their cluster while one $name: $woken.length", async ({ node, lost, woken }) => {
    const stage = await aRunningService();
    await stage.store.create<NodeRecord>(aNodeRecord("n9", node));
    await stage.store.create(aClusterRecord({ lost: Object.fromEntries(lost.map((id) => [id, 1])) }));
    expect((await swept(stage)).clusters).toEqual(woken);
  });

  test("a cluster where a service waits is woken", async () => {
    const stage = await aRunningService();
    const kindRow = `${key}#state#1#${stage.clock.nowMs()}#-`;
    await change<StateRecord>(stage, keys.state(key), { kindRow, waitShard: "main#0", waitRow: `050#${key}` });
    expect((await swept(stage)).clusters).toEqual([main]);
  });
});
