import { describe, expect, test } from "vitest";
import type { CallStep } from "../../core/dispatch/calls.ts";
import { Fault } from "../../core/model/fault.ts";
import type { TaskId } from "../../core/model/ids.ts";
import type { CallRecord, TaskRecord } from "../../core/model/records.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { takeBudget } from "../../steps/budget.ts";
import { mergeSighting } from "../../steps/merge-tasks.ts";
import { appendCall } from "../../steps/send-call.ts";
import { settleCall } from "../../steps/settle-call.ts";
import { aCallScene, type CallScene, callsOf, drawCall } from "../support/calls.ts";
import { seen } from "../support/sightings.ts";
import { between } from "../support/stage.ts";

/** A call that was recorded, and perhaps sent: its answer was lost. */
async function aLostCall(slots: readonly number[] = [0], isSent = true) {
  const scene = await aCallScene();
  const call = await appendCall(scene.ports, scene.caller, [], { ...scene.start, slots });
  if (call?.input === undefined) throw new Error("somebody else was first");
  if (isSent) await scene.tasks.run(call.input);
  return { scene, call };
}

function settle(scene: CallScene, call: CallRecord, step: CallStep, tasks: Partial<Tasks> = {}) {
  return settleCall({ ...scene.ports, tasks: { ...scene.tasks, ...tasks } }, scene.caller, call, step);
}

/** Tasks on record as `slot/call`, in the order of their ids. */
async function places({ store, caller }: CallScene): Promise<readonly string[]> {
  const tasks = await store.query<TaskRecord>(`service#${caller.view.key}`, "task#");
  return tasks.map(({ slot, call }) => `${slot}/${call}`);
}

const idsOf = ({ engine }: CallScene) =>
  engine
    .tasks()
    .map(({ arn }) => arn.slice(arn.lastIndexOf("/") + 1) as TaskId)
    .toSorted();

test("a call that is waited for is left as it is", async () => {
  const { scene, call } = await aLostCall();
  expect(await settle(scene, call, { kind: "wait", untilMs: 0 })).toEqual(call);
  expect(await callsOf(scene)).toEqual([call]);
});

describe("a repetition", () => {
  const replay = { kind: "replay" } as const;

  test("is answered from the first time: nothing starts twice", async () => {
    const { scene, call } = await aLostCall([0, 1]);
    const after = await settle(scene, call, replay);
    expect(drawCall(after)).toBe("1 answered 0=t0 1=t1 tries 2");
    expect(scene.engine.tasks()).toHaveLength(2);
    expect(await places(scene)).toEqual(["0/1", "1/1"]);
  });

  test("starts what never arrived", async () => {
    const { scene, call } = await aLostCall([0], false);
    expect(drawCall(await settle(scene, call, replay))).toBe("1 answered 0=t0 tries 2");
    expect(scene.engine.tasks()).toHaveLength(1);
  });

  test("is counted before it is sent, and sends the same bytes", async () => {
    const { scene, call } = await aLostCall();
    const sent: unknown[] = [];
    const run: Tasks["run"] = async (input) => {
      sent.push(input, (await callsOf(scene)).map(drawCall));
      throw new Fault("transient", "TimeoutError", "not answered");
    };
    await settle(scene, call, replay, { run });
    expect(sent).toEqual([call.input, ["1 sent 0=? tries 2"]]);
  });

  test("takes one call of its budget", async () => {
    const { scene, call } = await aLostCall();
    await settle(scene, call, replay);
    expect(await takeBudget(scene.ports, "ecs-modify", "replace", 36)).toBe(false);
    expect(await takeBudget(scene.ports, "ecs-modify", "replace", 35)).toBe(true);
  });

  test("waits for its budget", async () => {
    const { scene, call } = await aLostCall();
    while (await takeBudget(scene.ports, "ecs-modify", "replace", 1));
    expect(await settle(scene, call, replay)).toEqual(call);
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 sent 0=?"]);
  });

  test("by one of two only", async () => {
    const { scene, call } = await aLostCall();
    await scene.store.swap(call, { tries: 2 });
    const run = () => Promise.reject(new Error("sent"));
    expect(await settle(scene, call, replay, { run })).toEqual(call);
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 sent 0=? tries 2"]);
  });
});

describe("a call that nobody sends again", () => {
  test("is settling from now", async () => {
    const { scene, call } = await aLostCall();
    scene.clock.advance(9);
    const after = await settle(scene, call, { kind: "settle" });
    expect(after).toMatchObject({ phase: "settling", settlingSinceMs: scene.clock.nowMs() });
    expect(await callsOf(scene)).toEqual([after]);
  });

  test("stays as somebody else left it", async () => {
    const { scene, call } = await aLostCall();
    await scene.store.swap(call, { tries: 2 });
    expect(await settle(scene, call, { kind: "settle" })).toEqual(call);
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 sent 0=? tries 2"]);
  });
});

describe("listing what a call started", () => {
  async function aSettlingCall(slots: readonly number[] = [0, 1], isSent = true) {
    const { scene, call } = await aLostCall(slots, isSent);
    return { scene, call: await settle(scene, call, { kind: "settle" }) };
  }
  const first = { kind: "list", isSecond: false } as const;
  const second = { kind: "list", isSecond: true } as const;

  test("the first time is noted, with the time at which it began", async () => {
    const { scene, call } = await aSettlingCall();
    const startedMs = scene.clock.nowMs();
    const list: Tasks["list"] = async (cluster, filter) => {
      scene.clock.advance(500);
      return scene.tasks.list(cluster, filter);
    };
    const after = await settle(scene, call, first, { list });
    expect(after).toMatchObject({ phase: "settling", firstListing: { atMs: startedMs } });
    expect(after.firstListing?.taskIds.toSorted()).toEqual(idsOf(scene));
    expect(await callsOf(scene)).toEqual([after]);
  });

  test("asks for the call's own mark", async () => {
    const { scene, call } = await aSettlingCall();
    const asked: unknown[] = [];
    const list: Tasks["list"] = async (cluster, filter) => {
      asked.push([cluster, filter]);
      return [];
    };
    await settle(scene, call, first, { list });
    expect(asked).toEqual([["main", { startedBy: `${call.token}/v1` }]]);
  });

  test("the second time is the answer", async () => {
    const { scene, call } = await aSettlingCall();
    const listed = await settle(scene, call, first);
    const after = await settle(scene, listed, second);
    expect(drawCall(after)).toBe("1 answered 0=t0 1=t1");
    expect(after).not.toHaveProperty("firstListing");
    expect(after).not.toHaveProperty("input");
    expect(await callsOf(scene)).toEqual([after]);
    expect(await places(scene)).toEqual(["0/1", "1/1"]);
  });

  test.for([
    { name: "what only the first showed", before: true, now: false, answered: "1 answered 0=t0 1=NOT_STARTED" },
    { name: "what only the second showed", before: false, now: true, answered: "1 answered 0=t0 1=NOT_STARTED" },
    { name: "what both showed, once", before: true, now: true, answered: "1 answered 0=t0 1=NOT_STARTED" },
    { name: "nothing when neither showed anything", before: false, now: false, answered: "1 void 0=? 1=?" },
  ])("the answer is $name", async ({ before, now, answered }) => {
    const { scene, call } = await aSettlingCall();
    const ids = idsOf(scene).slice(0, 1);
    const listing = (shown: boolean): Partial<Tasks> => ({ list: async () => (shown ? ids : []) });
    const listed = await settle(scene, call, first, listing(before));
    const after = await settle(scene, listed, second, listing(now));
    expect(drawCall(after)).toBe(answered);
    expect(after.closedAtMs).toBe(scene.clock.nowMs());
  });

  test("what neither shows and is on record is the answer as well", async () => {
    const { scene, call } = await aSettlingCall();
    const task = seen({ taskId: "t9" as TaskId, startedBy: `${call.token}/v1` });
    const merged = await mergeSighting(scene.ports, scene.caller.view.key, task);
    const caller = { ...scene.caller, view: { ...scene.caller.view, tasks: merged ? [merged.record] : [] } };
    const none = { list: async () => [], describe: async () => [task] };
    const listed = await settle(scene, call, first, none);
    const after = await settle({ ...scene, caller }, listed, second, none);
    expect(drawCall(after)).toBe("1 answered 0=t0 1=NOT_STARTED");
    expect(await places(scene)).toEqual(["0/1"]);
  });

  test("nothing is a void call, and it says why", async () => {
    const { scene, call } = await aSettlingCall([0], false);
    const after = await settle(scene, await settle(scene, call, first), second);
    expect(after).toMatchObject({ phase: "void", reason: "two listings found nothing that it started" });
    expect(after).not.toHaveProperty("input");
    expect(after).not.toHaveProperty("firstListing");
  });

  test("a task that was listed and is not described is a member, to be recorded later", async () => {
    const { scene, call } = await aSettlingCall([0]);
    const after = await settle(scene, await settle(scene, call, first), second, { describe: async () => [] });
    expect(drawCall(after)).toBe("1 answered 0=t0");
    expect(await places(scene)).toEqual([]);
  });

  test("a listing that fails leaves the call", async () => {
    const { scene, call } = await aSettlingCall();
    const list = () => Promise.reject(new Fault("transient", "ServerException", "broken"));
    await expect(settle(scene, call, first, { list })).rejects.toThrow("broken");
    expect(await callsOf(scene)).toEqual([call]);
  });

  test.for([{ step: first }, { step: second }])("whoever is second changes nothing", async ({ step }) => {
    const { scene, call } = await aSettlingCall();
    const store = between(scene.store, "swap", () => scene.store.swap(call, { reason: "moved on" }));
    const after = await settleCall({ ...scene.ports, store }, scene.caller, call, step);
    expect(after).toEqual(call);
    expect(await callsOf(scene)).toMatchObject([{ phase: "settling", reason: "moved on" }]);
    expect(await places(scene)).toEqual([]);
  });
});

describe("a call all of whose tasks were seen", () => {
  test("is answered by them, and they get their places", async () => {
    const { scene, call } = await aLostCall([3, 4]);
    const [one, two] = idsOf(scene);
    const members = [
      { slot: 3, ...(one && { taskId: one }) },
      { slot: 4, ...(two && { taskId: two }) },
    ];
    const after = await settle(scene, call, { kind: "answer", members });
    expect(drawCall(after)).toBe("1 answered 3=t0 4=t1");
    expect(await places(scene)).toEqual(["3/1", "4/1"]);
  });
});

describe("an answered call whose tasks are not on record", () => {
  test("has them recorded in their places", async () => {
    const { scene, call } = await aLostCall([3, 4]);
    const members = idsOf(scene).map((taskId, index) => ({ slot: 3 + index, taskId }));
    const closed = await scene.store.swap(call, { phase: "answered", members });
    expect(closed && (await settle(scene, closed, { kind: "record", members }))).toEqual(closed);
    expect(await places(scene)).toEqual(["3/1", "4/1"]);
    expect(await callsOf(scene)).toEqual([closed]);
  });

  test("keeps its members when they are not to be seen now", async () => {
    const { scene, call } = await aLostCall([3], false);
    const members = [{ slot: 3, taskId: "f".repeat(32) as TaskId }];
    const closed = await scene.store.swap(call, { phase: "answered", members });
    expect(closed && (await settle(scene, closed, { kind: "record", members }))).toEqual(closed);
    expect(await places(scene)).toEqual([]);
  });
});
