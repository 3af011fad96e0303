import { describe, expect, test } from "vitest";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { StateRecord, TaskRecord } from "../../core/model/records.ts";
import { forwardEvents } from "../../local/event-forwarder.ts";
import type { EngineTask } from "../../sim/ecs/api.ts";
import { eventually } from "../local/eventually.ts";
import { aLoadBalancer, targetsOf } from "./load-balancer.ts";
import {
  anObject,
  aService,
  command,
  deadLetters,
  faultsOf,
  idOf,
  patienceMs,
  runs,
  type Stage,
  startStage,
  tasksOf,
} from "./stage.ts";

const web = serviceKey("shop", "web");

/** What the handlers did through the cluster's clients. */
interface Trace {
  writes: number;
  messages: number;
  sweeps: number;
}

function traceOf({ clients }: Stage): Trace {
  const trace: Trace = { writes: 0, messages: 0, sweeps: 0 };
  /** The SDK asks it at each call, and is answered with what it would have done anyway. */
  const counting =
    (what: keyof Trace, names: RegExp) =>
    <Next>(next: Next, { commandName = "" }: { readonly commandName?: string }): Next => {
      if (names.test(commandName)) trace[what] += 1;
      return next;
    };
  const step = { step: "initialize" } as const;
  clients.dynamodb.middlewareStack.add(counting("writes", /^(Put|Update|Delete|BatchWrite|TransactWrite)/), step);
  clients.sqs.middlewareStack.add(counting("messages", /^SendMessage/), step);
  clients.ecs.reads.middlewareStack.add(counting("sweeps", /^ListTasks/), step);
  return trace;
}

/** The most tasks that were not stopped at once, and whether two task definitions ever ran side by side. */
function watch(stage: Stage) {
  const seen = { most: 0, mixed: false };
  stage.engine.onEvent(() => {
    const live = tasksOf(stage, "web").filter(({ lastStatus }) => lastStatus !== "STOPPED");
    seen.most = Math.max(seen.most, live.length);
    seen.mixed ||= new Set(live.map(({ taskDefinition }) => taskDefinition)).size > 1;
  });
  return seen;
}

/** Waits until just so many tasks run, each of them a healthy target, and nothing else is. */
async function serves(stage: Stage, targetGroup: string, count: number): Promise<readonly EngineTask[]> {
  return eventually(
    `${count} tasks in traffic`,
    async () => {
      const tasks = await runs(stage, "web", count);
      const targets = await targetsOf(stage, targetGroup);
      const healthy = tasks.filter(({ address = "" }) => targets.get(address) === "healthy");
      return healthy.length === count && targets.size === count ? tasks : undefined;
    },
    patienceMs,
  );
}

/** Waits until so many tasks of the service were ever started. */
const started = (stage: Stage, count: number) =>
  eventually(`task ${count}`, () => tasksOf(stage, "web").length === count || undefined, patienceMs);

/** Each task that ECS runs is on record, in a slot of its own, and no other is. */
async function expectOnRecord({ store }: Stage, tasks: readonly EngineTask[]): Promise<void> {
  const records = (await store.query<TaskRecord>(keys.service(web), "task#")).filter(
    ({ status }) => status !== "STOPPED",
  );
  expect(records.map(({ taskId }) => taskId).toSorted()).toEqual(tasks.map(({ arn }) => idOf(arn)).toSorted());
  expect(new Set(records.map(({ slot }) => slot)).size).toBe(tasks.length);
}

/** Waits until nothing is written, sent or logged while the sweep runs three times. */
async function rests(stage: Stage, trace: Trace): Promise<void> {
  await eventually(
    "rest",
    async () => {
      const before = { ...trace, lines: stage.log.length };
      await eventually("three sweeps", () => trace.sweeps >= before.sweeps + 4 || undefined, patienceMs);
      const { writes, messages } = trace;
      const same = writes === before.writes && messages === before.messages && stage.log.length === before.lines;
      return same || undefined;
    },
    patienceMs,
  );
}

/** From the first deploy to the delete; what ECS runs is what is on record, and at rest nothing is done. */
async function live(stage: Stage, trace: Trace): Promise<void> {
  const seen = watch(stage);
  const { targetGroup } = await aLoadBalancer(stage);
  const traffic = [{ targetGroup, container: "app", port: "http", drainSeconds: 5, healthGraceSeconds: 60 }];
  const service = (version: string, replicas: number) => aService("web", { replicas, traffic }, { VERSION: version });

  await command(stage, "apply", service("v1", 3));
  const [victim] = await serves(stage, targetGroup, 3);

  stage.killTask(victim?.arn ?? "");
  await started(stage, 4);
  await expectOnRecord(stage, await serves(stage, targetGroup, 3));
  expect(seen).toEqual({ most: 3, mixed: false });

  await command(stage, "scale", { ...anObject("web"), replicas: 4 });
  await serves(stage, targetGroup, 4);
  await command(stage, "scale", { ...anObject("web"), replicas: 2 });
  await serves(stage, targetGroup, 2);

  await command(stage, "apply", service("v2", 2));
  // Three, one for the victim, one more by the scale, two of the new revision: none is ever started for nothing.
  await started(stage, 7);
  const last = await serves(stage, targetGroup, 2);
  expect(last.map(({ taskDefinition }) => taskDefinition.split(":").at(-1))).toEqual(["2", "2"]);
  expect(seen).toEqual({ most: 4, mixed: true });

  await rests(stage, trace);
  expect(await serves(stage, targetGroup, 2)).toEqual(last);
  await expectOnRecord(stage, last);

  await command(stage, "delete", anObject("web"));
  const isGone = async () => (await stage.store.get(keys.spec(web))) === undefined || undefined;
  await eventually("the spec is gone", isGone, patienceMs);
  expect(tasksOf(stage, "web").map(({ lastStatus }) => lastStatus)).toEqual(Array(7).fill("STOPPED"));
  expect(await targetsOf(stage, targetGroup)).toEqual(new Map());
  expect(await stage.store.get<StateRecord>(keys.state(web))).toMatchObject({ tombstone: true });
}

const worlds: readonly { readonly name: string; readonly events: boolean }[] = [
  { name: "every event told twice", events: true },
  { name: "no event told at all", events: false },
];

describe.concurrent("a service is deployed, healed, scaled, changed and deleted", () => {
  test.for(worlds)("with $name", { timeout: 120_000 }, async ({ events }) => {
    const stage = await startStage({ events, sweepSeconds: 1 });
    try {
      const { clients, install, engine } = stage;
      if (events) engine.onEvent(forwardEvents(clients.sqs, install.queues.observations, console.error).forward);
      const trace = traceOf(stage);
      await live(stage, trace);
      expect(await deadLetters(stage)).toEqual({ commands: 0, work: 0, dispatch: 0, observations: 0 });
      expect(faultsOf(stage)).toEqual([]);
      expect(Math.min(trace.writes, trace.messages)).toBeGreaterThan(0);
    } finally {
      await stage.close();
    }
  });
});
