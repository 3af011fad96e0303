import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serviceKey, type TaskId } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { StateRecord, TaskRecord } from "../../core/model/records.ts";
import { functionNames } from "../../infra/names.ts";
import { stopTasks } from "../../steps/stop-tasks.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";
import { idOf, tasksOf } from "../integration/stage.ts";
import { commandsOf, unused } from "./compare.ts";
import { derive, readSources } from "./derive.ts";
import type { Call } from "./guard.ts";
import { type GuardedCluster, startGuardedCluster } from "./guarded-cluster.ts";
import { deploy } from "./policies.ts";
import { playEverything, taskRole } from "./scenario.ts";

const deployed = deploy({
  taskRoles: [taskRole],
  targetGroups: ["arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/web/*"],
  backlogQueues: ["arn:aws:sqs:us-east-1:000000000000:orders"],
});

let stage: GuardedCluster;
beforeAll(async () => {
  stage = await startGuardedCluster(deployed);
  await playEverything(stage);
}, 300_000);
afterAll(() => stage?.close());

const isRefused = ({ asked }: Call) => asked.some(({ decision }) => !decision.allowed);
const callsBy = (name: string) => stage.calls.filter(({ by }) => by === name);

test("the roles that handlers are deployed with suffice for everything that they did", () => {
  const refused = stage.calls.filter(isRefused).map(({ by, command, asked }) => {
    const why = asked.flatMap(({ decision }) => (decision.allowed ? [] : [decision.why]));
    return `${by} ${command}: ${why}`;
  });
  // The first stop deletes the tags that the permission to stop rests on.
  expect(refused.filter((text) => !text.startsWith("reconcile StopTask"))).toEqual([]);
  expect(stage.calls.length).toBeGreaterThan(1_000);
});

describe("a stop that is repeated", () => {
  test("is refused, for its task carries our tag no more", () => {
    const stops = callsBy("reconcile").filter(({ command }) => command === "StopTask");
    const firsts = new Set<unknown>();
    for (const call of stops) {
      // Only what was stopped before is refused, and only what was not is allowed.
      expect(isRefused(call), String(call.input.task)).toBe(firsts.has(call.input.task));
      firsts.add(call.input.task);
    }
    expect(firsts.size).toBeGreaterThan(2);
  });

  test("is settled by a look: the record says what ECS shows, and nothing is thrown", async () => {
    const [task] = tasksOf(stage, "edge").filter(({ desiredStatus }) => desiredStatus === "RUNNING");
    const [key, taskId] = [serviceKey("shop", "edge"), idOf(task?.arn) as TaskId];
    const ports = stage.ports.reconcile;
    const before = stage.calls.length;
    const stop = () => {
      const stops: StateRecord["stops"] = {
        [taskId]: { phase: "stopping", why: "unhealthy", atMs: 0, tries: 1 },
      };
      const stopping = { key, cluster: task?.cluster ?? "", stops, stopwatch: startStopwatch(ports.clock) };
      return stopTasks(ports, stopping, [taskId]);
    };
    const wanted = async () => (await ports.store.get<TaskRecord>(keys.task(key, taskId)))?.desiredStatus;

    await stop();
    expect(await wanted()).toBe("RUNNING");
    await stop();
    expect(await wanted()).toBe("STOPPED");
    const ecs = stage.calls
      .slice(before)
      .filter(({ command }) => command.endsWith("Task") || command.endsWith("Tasks"));
    expect(ecs.map((call) => [call.command, isRefused(call)])).toEqual([
      ["StopTask", false],
      ["StopTask", true],
      ["DescribeTasks", false],
    ]);
  });
});

describe("what handlers did is what their code says", () => {
  const derived = derive(readSources());

  test.for(functionNames)("%s: every command of its code, and no other", (name) => {
    const sent = new Set(callsBy(name).map(({ command }) => command));
    expect([...sent].toSorted()).toEqual([...commandsOf(derived, name)].toSorted());
  });
});

describe("nothing is allowed that was of no use", () => {
  test.for(functionNames)("%s", (name) => {
    expect(unused(deployed.roles[name], callsBy(name), deployed.sources[name])).toEqual([]);
  });

  test("and it would be seen", () => {
    const more = {
      Effect: "Allow",
      Action: ["dynamodb:GetItem"],
      Resource: ["arn:aws:dynamodb:us-east-1:000000000000:table/other"],
    } as const;
    expect(unused([...deployed.roles.accept, more], callsBy("accept"), deployed.sources.accept)).toEqual([
      "dynamodb:GetItem",
      "dynamodb:GetItem on arn:aws:dynamodb:us-east-1:000000000000:table/other",
    ]);
  });
});

test("no handler failed", () => {
  expect(stage.log.filter(({ level }) => level === "error")).toEqual([]);
});
