import { describe, expect, test } from "vitest";
import { Fault } from "../../core/model/fault.ts";
import type { TaskId } from "../../core/model/ids.ts";
import type { CallRecord, TaskRecord } from "../../core/model/records.ts";
import type { SeenTask } from "../../core/model/sightings.ts";
import type { Tasks } from "../../core/ports/tasks.ts";
import { takeBudget } from "../../steps/budget.ts";
import { answerCall, appendCall, sendCall, voidCall } from "../../steps/send-call.ts";
import { startStopwatch } from "../../steps/stopwatch.ts";
import { aCallScene, type CallScene, callsOf, drawCall } from "../support/calls.ts";
import { seen } from "../support/sightings.ts";
import { between } from "../support/stage.ts";

/** Appends a call of these slots. */
async function append(scene: CallScene, slots: readonly number[] = [0], calls = scene.caller.view.calls) {
  const call = await appendCall(scene.ports, scene.caller, calls, { ...scene.start, slots });
  if (call === undefined) throw new Error("somebody else was first");
  return call;
}

/** Sends a call by a tasks port of which something is told. */
function send(scene: CallScene, call: CallRecord, tasks: Partial<Tasks> = {}): Promise<CallRecord> {
  return sendCall({ ...scene.ports, tasks: { ...scene.tasks, ...tasks } }, scene.caller, call);
}

const failing = (error: Error): Partial<Tasks> => ({
  run: async () => {
    throw error;
  },
});

async function records({ store, caller }: CallScene): Promise<readonly TaskRecord[]> {
  return store.query<TaskRecord>(`service#${caller.view.key}`, "task#");
}

const denied = new Fault("terminal", "AccessDeniedException", "may not pass the role");
const lost = new Fault("transient", "TimeoutError", "not answered");

describe("a call is recorded before it is sent", () => {
  test("whole, under a number of its own, with a token that was never used", async () => {
    const scene = await aCallScene();
    scene.clock.advance(5);
    const call = await append(scene, [0, 2]);
    expect(call).toMatchObject({
      partition: "service#shop/web",
      sort: "call#0000000001",
      uid: "u1",
      version: 1,
      seq: 1,
      planVersion: 1,
      phase: "sent",
      setId: "v1",
      revision: "v1",
      members: [{ slot: 0 }, { slot: 2 }],
      nodeId: scene.start.spot.kind === "node" && scene.start.spot.nodeId,
      firstSentAtMs: scene.clock.nowMs(),
      tries: 1,
    });
    expect(call.token).toMatch(/^[a-z2-7]{16}$/);
    expect(call.input).toMatchObject({
      cluster: "main",
      count: 2,
      clientToken: call.token,
      startedBy: `${call.token}/v1`,
      group: "longshore/local000/shop/web",
      taskDefinition: scene.start.revision.taskDefinition,
      placementConstraints: [{ expression: "ec2InstanceId == i-a" }],
    });
    expect(await callsOf(scene)).toEqual([call]);
    expect(scene.engine.tasks()).toEqual([]);
  });

  test("on Fargate with its zone", async () => {
    const scene = await aCallScene();
    const call = await appendCall(scene.ports, scene.caller, [], {
      ...scene.start,
      spot: { kind: "zone", zone: "za" },
    });
    expect(call).toMatchObject({ zone: "za", input: { launchType: "FARGATE" } });
    expect(call).not.toHaveProperty("nodeId");
  });

  test("under the number after the highest, a seal's too", async () => {
    const scene = await aCallScene({ calls: "void v1/0; seal 1" });
    expect((await append(scene)).seq).toBe(3);
  });

  test("each time with another token", async () => {
    const scene = await aCallScene();
    const first = await append(scene);
    const second = await append(scene, [1], [first]);
    expect(second.seq).toBe(2);
    expect(second.token).not.toBe(first.token);
  });

  test("by one of two that decided the same", async () => {
    const scene = await aCallScene();
    const first = await append(scene);
    expect(await appendCall(scene.ports, scene.caller, [], scene.start)).toBeUndefined();
    expect(await callsOf(scene)).toEqual([first]);
  });
});

describe("a call that is answered", () => {
  test("is closed, and its tasks are recorded in their slots", async () => {
    const scene = await aCallScene();
    const call = await append(scene, [4, 1]);
    scene.clock.advance(7);
    const after = await send(scene, call);
    expect(await callsOf(scene)).toEqual([after]);
    expect(drawCall(after)).toBe("1 answered 4=t0 1=t1");
    expect(after.closedAtMs).toBe(scene.clock.nowMs());
    expect(after).not.toHaveProperty("input");
    const ids = scene.engine
      .tasks()
      .map(({ arn }) => arn.split("/").at(-1))
      .toSorted();
    expect(after.members.map(({ taskId }) => taskId)).toEqual(ids);
    expect(
      (await records(scene)).map(({ taskId, call: seq, slot, revision }) => [taskId, seq, slot, revision]),
    ).toEqual([
      [ids[0], 1, 4, "v1"],
      [ids[1], 1, 1, "v1"],
    ]);
  });

  test("in part tells why the rest failed", async () => {
    const scene = await aCallScene();
    const after = await send(scene, await append(scene, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    expect(drawCall(after)).toMatch(/^1 answered 0=t0 .* 7=t7 8=RESOURCE:\w+ 9=RESOURCE:\w+$/);
    expect(await records(scene)).toHaveLength(8);
  });

  test("when somebody else closed it, stays as he closed it, and its tasks have no place by us", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    const answering = {
      run: async (input: NonNullable<CallRecord["input"]>) => {
        const answer = await scene.tasks.run(input);
        await voidCall(scene.ports, call, { reason: "too early" });
        return answer;
      },
    };
    expect(drawCall(await send(scene, call, answering))).toBe("1 sent 0=?");
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 void 0=?"]);
    expect(await records(scene)).toEqual([]);
  });

  test("gives the place that it has to a task that was seen before", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    const task = seen({ taskId: "t1" as TaskId, startedBy: `${call.token}/v1` });
    const members = [{ slot: 0, taskId: task.taskId }];
    await answerCall(scene.ports, scene.caller.view.key, call, members, [task]);
    expect(await records(scene)).toMatchObject([{ taskId: "t1", call: 1, slot: 0, revision: "v1", token: call.token }]);
  });
});

describe("a call that is not sent", () => {
  test("because its reads are of long ago, is void", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    scene.clock.advance(5_000);
    const after = await send(scene, call);
    expect(after).toMatchObject({
      phase: "void",
      reason: "its deadline passed before it was sent",
      closedAtMs: scene.clock.nowMs(),
    });
    expect(after).not.toHaveProperty("input");
    expect(after).not.toHaveProperty("refusal");
    expect(scene.engine.tasks()).toEqual([]);
  });

  test("again because its reads are of long ago, is left: the first time may have started something", async () => {
    const scene = await aCallScene();
    const counted = await scene.store.swap(await append(scene), { tries: 2 });
    scene.clock.advance(5_000);
    expect(counted && (await send(scene, counted))).toEqual(counted);
    expect(await callsOf(scene)).toEqual([counted]);
    expect(scene.engine.tasks()).toEqual([]);
  });

  test("because it is closed, is left", async () => {
    const scene = await aCallScene();
    const closed = await voidCall(scene.ports, await append(scene), { reason: "not sent" });
    expect(await send(scene, closed)).toEqual(closed);
    expect(scene.engine.tasks()).toEqual([]);
  });
});

describe("a call that fails", () => {
  test("for good is void, in ECS's words", async () => {
    const scene = await aCallScene();
    const after = await send(scene, await append(scene), failing(denied));
    expect(after).toMatchObject({ phase: "void", reason: "refused", refusal: "may not pass the role" });
    expect(after).not.toHaveProperty("input");
    expect(await callsOf(scene)).toEqual([after]);
  });

  test("for good when it was repeated, is settled: the first time may have started something", async () => {
    const scene = await aCallScene();
    const counted = await scene.store.swap(await append(scene), { tries: 2 });
    scene.clock.advance(3);
    const after = counted && (await send(scene, counted, failing(denied)));
    expect(after).toMatchObject({ phase: "settling", settlingSinceMs: scene.clock.nowMs() });
    expect(await callsOf(scene)).toEqual([after]);
  });

  test("for a time is left as it is", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    expect(await send(scene, call, failing(lost))).toEqual(call);
    expect(await callsOf(scene)).toEqual([call]);
  });

  test("for its rate is left as it is, and fewer follow", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    const throttled = new Fault("transient", "ThrottlingException", "rate exceeded", { throttled: true });
    expect(await send(scene, call, failing(throttled))).toEqual(call);
    expect(await takeBudget(scene.ports, "ecs-modify", "unsafe-stop", 21)).toBe(false);
    expect(await takeBudget(scene.ports, "ecs-modify", "unsafe-stop", 20)).toBe(true);
  });

  test("by a bug of ours ends the pass", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    await expect(send(scene, call, failing(new TypeError("undefined is not a function")))).rejects.toThrow(TypeError);
    expect(await callsOf(scene)).toEqual([call]);
  });
});

describe("a token that was used with other parameters", () => {
  /** Sends a call that conflicts with tasks which a describe shows so. */
  async function conflicting(found: (call: CallRecord) => readonly Partial<SeenTask>[], named = ["t1"]) {
    const scene = await aCallScene();
    const call = await append(scene, [0, 1]);
    const conflict = new Fault("conflict", "ConflictException", "used", { taskIds: named as TaskId[] });
    const describe = async () => found(call).map((task) => seen({ startedBy: `${call.token}/v1`, ...task }));
    const after = await send(scene, call, { ...failing(conflict), describe });
    return { scene, after, stored: await callsOf(scene) };
  }

  test("is answered by the tasks that carry our marks", async () => {
    const { scene, after, stored } = await conflicting(() => [{}]);
    expect(drawCall(after)).toBe("1 answered 0=t0 1=NOT_STARTED");
    expect(stored).toEqual([after]);
    expect(await records(scene)).toMatchObject([{ taskId: "t1", call: 1, slot: 0 }]);
  });

  test.for<{ name: string; task: Partial<SeenTask> }>([
    { name: "another service's", task: { group: "longshore/local000/shop/api" } },
    { name: "another install's", task: { group: "longshore/local001/shop/web" } },
    { name: "another call's", task: { startedBy: "bbbbbbbbbbbbbbbb/v1" } },
  ])("is not answered by $name tasks", async ({ task }) => {
    const { scene, after } = await conflicting(() => [task]);
    expect(drawCall(after)).toBe("1 sent 0=? 1=?");
    expect(await records(scene)).toEqual([]);
  });

  test("is not answered while one of its tasks cannot be seen", async () => {
    const { scene, after } = await conflicting(() => [{}], ["t1", "t2"]);
    expect(drawCall(after)).toBe("1 sent 0=? 1=?");
    expect(await records(scene)).toEqual([]);
  });

  test("is not answered when nobody says by which tasks", async () => {
    const { after } = await conflicting(() => [{}], []);
    expect(drawCall(after)).toBe("1 sent 0=? 1=?");
  });
});

describe("two at once", () => {
  test("a call is closed once", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    const store = between(scene.store, "swap", () => voidCall(scene.ports, call, { reason: "first" }));
    const after = await voidCall({ ...scene.ports, store }, call, { reason: "second" });
    expect(after).toEqual(call);
    expect(await callsOf(scene)).toMatchObject([{ phase: "void", reason: "first" }]);
  });

  test("a refusal does not close a call that somebody repeats", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    await scene.store.swap(call, { tries: 2 });
    expect(await send(scene, call, failing(denied))).toEqual(call);
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 sent 0=? tries 2"]);
  });

  test("a deadline does not close a call that somebody repeats", async () => {
    const scene = await aCallScene();
    const call = await append(scene);
    await scene.store.swap(call, { tries: 2 });
    const stale = { ...scene, caller: { ...scene.caller, stopwatch: startStopwatch(scene.clock) } };
    scene.clock.advance(6_000);
    expect(await send(stale, call)).toEqual(call);
    expect((await callsOf(scene)).map(drawCall)).toEqual(["1 sent 0=? tries 2"]);
  });
});
