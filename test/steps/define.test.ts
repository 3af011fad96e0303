import { describe, expect, test } from "vitest";
import { roomFor } from "../../core/dispatch/budget.ts";
import { Fault } from "../../core/model/fault.ts";
import { keys } from "../../core/model/names.ts";
import type { RevisionRecord } from "../../core/model/records.ts";
import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { takeBudget } from "../../steps/budget.ts";
import { defineRevision } from "../../steps/define.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";
import { aContent, aRevision, key } from "../support/service.ts";
import { aSnapshot, type Told } from "../support/snapshot.ts";
import { aStage, between, type Stage } from "../support/stage.ts";

const place = keys.revision(key, "v1");
const arn = (number: number) =>
  `arn:aws:ecs:us-east-1:000000000000:task-definition/longshore_local000_shop_web:${number}`;
const record = ({ store }: Stage) => store.get<RevisionRecord>(place);

/** A pass over a service of which these revisions were read. */
async function define(stage: Stage, told: Told = { revisions: { v1: "none" } }, tasks: Partial<Tasks> = {}) {
  const ports = { ...stage.ports, tasks: { ...stage.tasks, ...tasks } };
  const snapshot = aSnapshot({ wanted: "v1", plan: "none", ...told });
  return defineRevision(ports, { snapshot, triedSinceMs: 0, stopwatch: startStopwatch(stage.clock) });
}

/** A pass after a record was stored, which it reads; what was refused before `triedSinceMs` is tried anew. */
async function defineAfter(
  stage: Stage,
  given: Partial<RevisionRecord>,
  { tasks = {}, triedSinceMs = 0 }: { readonly tasks?: Partial<Tasks>; readonly triedSinceMs?: number } = {},
) {
  const { taskDefinition: _, version: __, ...bare } = aRevision("v1");
  const stored = await stage.store.create<RevisionRecord>({ ...bare, ...given });
  const ports = { ...stage.ports, tasks: { ...stage.tasks, ...tasks } };
  const snapshot = { ...aSnapshot({ plan: "none" }), revisions: stored ? [stored] : [] };
  return defineRevision(ports, { snapshot, triedSinceMs, stopwatch: startStopwatch(stage.clock) });
}

/** How many task definitions ECS has. */
async function definitions({ engine }: Stage): Promise<number> {
  const { taskDefinitionArns } = engine.handle("ListTaskDefinitions", {}) as { taskDefinitionArns: readonly string[] };
  return taskDefinitionArns.length;
}

/** Uses up what there is of the budget for task definitions. */
async function useUp({ ports }: Stage): Promise<void> {
  while (await takeBudget(ports, "task-definitions", "rollout", 1));
}

const failing = (fault: Error): Partial<Tasks> => ({
  define: async () => {
    throw fault;
  },
});

describe("a wanted revision", () => {
  test("gets its record and its task definition", async () => {
    const stage = aStage();
    expect(await define(stage)).toBe(true);
    expect(await record(stage)).toMatchObject({
      uid: "u1",
      revision: "v1",
      content: aContent(),
      createdAtMs: aSnapshot().nowMs,
      taskDefinition: arn(1),
    });
  });

  test("is registered under its family, with all that it runs, and tagged", async () => {
    const stage = aStage();
    const asked: TaskDefinition[] = [];
    await define(stage, undefined, {
      define: async (definition) => {
        asked.push(definition);
        return arn(1);
      },
    });
    const { task, network, capacity } = aContent();
    expect(asked).toEqual([
      {
        family: "longshore_local000_shop_web",
        task,
        network,
        capacity,
        tags: {
          "longshore:install": "local000",
          "longshore:namespace": "shop",
          "longshore:service": "web",
          "longshore:revision": "v1",
        },
      },
    ]);
  });

  test("that has one is left alone", async () => {
    const stage = aStage();
    expect(await defineAfter(stage, { taskDefinition: "td/v1" })).toBe(true);
    expect([(await record(stage))?.version, await definitions(stage)]).toEqual([1, 0]);
  });

  test("that was refused since it is tried is not asked for again", async () => {
    const stage = aStage();
    const refusedAtMs = stage.clock.nowMs();
    const refused = { refusal: "no such role", refusedAtMs };
    expect(await defineAfter(stage, refused, { triedSinceMs: refusedAtMs })).toBe(true);
    expect([(await record(stage))?.version, await definitions(stage)]).toEqual([1, 0]);
  });

  test("that was refused before it is tried anew is asked for again", async () => {
    const stage = aStage();
    const refusedAtMs = stage.clock.nowMs();
    const refused = { refusal: "no such role", refusedAtMs };
    expect(await defineAfter(stage, refused, { triedSinceMs: refusedAtMs + 1 })).toBe(true);
    expect(await record(stage)).toMatchObject({ taskDefinition: expect.any(String) });
    expect(await record(stage)).not.toHaveProperty("refusal");
  });

  test("of an earlier life of the service is taken over", async () => {
    const stage = aStage();
    const expiresAt = stage.clock.nowMs() / 1000 + 60;
    expect(await defineAfter(stage, { uid: "u0", expiresAt, taskDefinition: "td/v1" })).toBe(true);
    stage.clock.advance(120_000);
    expect(await record(stage)).toMatchObject({ uid: "u1", taskDefinition: "td/v1" });
    expect(await record(stage)).not.toHaveProperty("expiresAt");
  });
});

describe("a registration", () => {
  test("whose answer was lost is found by its tag", async () => {
    const stage = aStage();
    const lost = {
      define: async (definition: TaskDefinition) => {
        await stage.tasks.define(definition);
        throw new Fault("transient", "Timeout", "not answered");
      },
    };
    await expect(defineAfter(stage, {}, { tasks: lost })).rejects.toThrow("not answered");
    const before = await record(stage);
    expect(before).not.toHaveProperty("taskDefinition");
    const snapshot = { ...aSnapshot({ plan: "none" }), revisions: before ? [before] : [] };
    const stopwatch = startStopwatch(stage.clock);
    expect(await defineRevision(stage.ports, { snapshot, triedSinceMs: 0, stopwatch })).toBe(true);
    expect([(await record(stage))?.taskDefinition, await definitions(stage)]).toEqual([arn(1), 1]);
  });

  test("that ECS refuses is recorded, in its words", async () => {
    const stage = aStage();
    expect(await define(stage, undefined, failing(new Fault("terminal", "ClientException", "no such role")))).toBe(
      false,
    );
    const stored = await record(stage);
    expect(stored?.refusal).toBe("no such role");
    expect(stored).not.toHaveProperty("taskDefinition");
  });

  test("that fails for a time is no refusal", async () => {
    const stage = aStage();
    await expect(define(stage, undefined, failing(new Fault("transient", "Timeout", "slow")))).rejects.toThrow("slow");
    expect(await record(stage)).not.toHaveProperty("refusal");
  });

  test("that is throttled halves its budget", async () => {
    const stage = aStage();
    const throttled = new Fault("transient", "ThrottlingException", "rate exceeded", { throttled: true });
    await expect(define(stage, undefined, failing(throttled))).rejects.toThrow("rate exceeded");
    const room = roomFor("task-definitions", "rollout", stage.ports.settings);
    stage.clock.advance(20_000);
    expect(await takeBudget(stage.ports, "task-definitions", "rollout", room)).toBe(false);
    expect(await takeBudget(stage.ports, "task-definitions", "rollout", Math.floor(room / 2))).toBe(true);
  });

  test("waits for its budget", async () => {
    const stage = aStage();
    await useUp(stage);
    expect(await define(stage)).toBe(false);
    expect(await definitions(stage)).toBe(0);
  });

  test("needs no budget when it is there already", async () => {
    const stage = aStage();
    await define(stage);
    const stored = await record(stage);
    if (stored) await stage.store.remove(stored);
    await useUp(stage);
    expect(await define(stage)).toBe(true);
    expect([(await record(stage))?.taskDefinition, await definitions(stage)]).toEqual([arn(1), 1]);
  });

  test("is not sent by reads of long ago", async () => {
    const stage = aStage();
    const stopwatch = startStopwatch(stage.clock);
    stage.clock.advance(5_000);
    const snapshot = aSnapshot({ revisions: { v1: "none" }, plan: "none" });
    expect(await defineRevision(stage.ports, { snapshot, triedSinceMs: 0, stopwatch })).toBe(false);
    expect(await definitions(stage)).toBe(0);
  });
});

describe("two passes at once", () => {
  test("one makes the record", async () => {
    const stage = aStage();
    const store = between(stage.store, "create", () => define(stage));
    expect(await define({ ...stage, ports: { ...stage.ports, store } })).toBe(false);
    expect([(await record(stage))?.taskDefinition, await definitions(stage)]).toEqual([arn(1), 1]);
  });

  test("one sets the task definition, once", async () => {
    const stage = aStage();
    const store = between(stage.store, "swap", async () => {
      const stored = await record(stage);
      if (stored) await stage.store.swap(stored, { taskDefinition: "td/first" });
    });
    expect(await define({ ...stage, ports: { ...stage.ports, store } })).toBe(false);
    expect((await record(stage))?.taskDefinition).toBe("td/first");
  });

  test("a refusal does not replace what the other one was answered", async () => {
    const stage = aStage();
    const store = between(stage.store, "swap", async () => {
      const stored = await record(stage);
      if (stored) await stage.store.swap(stored, { taskDefinition: "td/first" });
    });
    const refused = failing(new Fault("terminal", "ClientException", "too many"));
    expect(await define({ ...stage, ports: { ...stage.ports, store } }, undefined, refused)).toBe(false);
    expect(await record(stage)).not.toHaveProperty("refusal");
  });
});
