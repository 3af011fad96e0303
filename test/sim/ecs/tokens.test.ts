import { describe, expect, test } from "vitest";
import { EcsError } from "../../../sim/ecs/api.ts";
import { aReadyWorld, type Json, refusal } from "./world.ts";

const hourMs = 3_600_000;
const call: Json = { clientToken: "token-1", count: 2, startedBy: "me", tags: [{ key: "a", value: "1" }] };
const arns = ({ tasks }: { readonly tasks: readonly { readonly taskArn: string }[] }) =>
  tasks.map(({ taskArn }) => taskArn);

describe("the same request again", () => {
  test("starts nothing and is answered with the same tasks, as they are now", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(1000);
    const again = world.run(call);
    expect(arns(again)).toEqual(arns(first));
    expect(again.tasks[0]).toMatchObject({ lastStatus: "RUNNING", startedBy: "me", tags: [{ key: "a", value: "1" }] });
    expect(world.engine.tasks()).toHaveLength(2);
  });

  test("is the same whatever the order of its members, and however the cluster is named", () => {
    const world = aReadyWorld();
    const first = world.run({ ...call, cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/c" });
    const reversed = Object.fromEntries(Object.entries(call).reverse());
    expect(arns(world.run(reversed))).toEqual(arns(first));
  });

  test("is the same whatever the order inside its members", () => {
    const world = aReadyWorld();
    const first = world.run({ ...call, volumeConfigurations: [{ name: "v", managed: { size: 1, type: "gp3" } }] });
    const again = world.run({ ...call, volumeConfigurations: [{ managed: { type: "gp3", size: 1 }, name: "v" }] });
    expect(arns(again)).toEqual(arns(first));
    const act = () => world.run({ ...call, volumeConfigurations: [{ name: "v", managed: { size: 2, type: "gp3" } }] });
    expect(refusal(act)).toContain("ConflictException");
  });

  test("tells of tasks that have stopped no more than ARN and statuses", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(0);
    const [stopped, running] = world.run(call).tasks;
    expect(stopped).toEqual({ taskArn: arns(first)[0], lastStatus: "STOPPED", desiredStatus: "STOPPED" });
    expect(running).toMatchObject({ lastStatus: "RUNNING", version: 3 });
  });

  test("tells so also of a task that is forgotten while another of the call lives", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(2 * hourMs);
    expect(world.engine.tasks()).toHaveLength(1);
    expect(world.run(call).tasks[0]).toEqual({
      taskArn: arns(first)[0],
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
    });
  });

  test("repeats its failures, though there is room by now", () => {
    const world = aReadyWorld();
    const first = world.run({ ...call, count: 6 });
    expect(first.failures).toHaveLength(2);
    world.node("i-2");
    expect(world.run({ ...call, count: 6 }).failures).toEqual(first.failures);
    expect(world.engine.tasks()).toHaveLength(4);
  });

  test("is answered though its task definition is inactive by now", () => {
    const world = aReadyWorld();
    const first = world.run({ ...call, taskDefinition: "web:1" });
    world.call("DeregisterTaskDefinition", { taskDefinition: "web:1" });
    expect(arns(world.run({ ...call, taskDefinition: "web:1" }))).toEqual(arns(first));
  });

  test("without a token it starts tasks each time", () => {
    const world = aReadyWorld();
    world.run();
    world.run();
    expect(world.engine.tasks()).toHaveLength(2);
  });

  test("a request that was refused leaves its token free", () => {
    const world = aReadyWorld();
    expect(refusal(() => world.run({ ...call, count: 11 }))).toContain("InvalidParameterException");
    expect(world.run(call).tasks).toHaveLength(2);
  });
});

describe("another request with the same token", () => {
  test.for<{ name: string; other: Json }>([
    { name: "another count", other: { count: 1 } },
    { name: "another startedBy", other: { startedBy: "you" } },
    { name: "another tag", other: { tags: [{ key: "a", value: "2" }] } },
    { name: "a member that the engine does not know", other: { referenceId: "r" } },
  ])("$name: a conflict that names the tasks", ({ other }) => {
    const world = aReadyWorld();
    const first = world.run(call);
    const act = () => world.run({ ...call, ...other });
    expect(refusal(act)).toBe("ConflictException: The client token token-1 was used with another request.");
    expect(fieldsOf(act)).toEqual({ resourceIds: arns(first) });
    expect(world.engine.tasks()).toHaveLength(2);
  });

  test("in another cluster it is another token", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.engine.handle("CreateCluster", { clusterName: "d" });
    world.engine.registerInstance({
      cluster: "d",
      ec2InstanceId: "i-9",
      cpuUnits: 512,
      memoryMib: 512,
      zone: "z1",
      subnet: "s1",
    });
    const other = world.run({ ...call, cluster: "d" });
    expect(arns(other)).not.toEqual(arns(first));
    expect(arns(world.run({ ...call, cluster: "d" }))).toEqual(arns(other));
  });
});

describe("a token's life", () => {
  const stopAll = (world: ReturnType<typeof aReadyWorld>) => {
    for (const { arn } of world.engine.tasks()) world.call("StopTask", { task: arn });
    world.pass(0);
  };

  test.for([
    { name: "a millisecond before 24 hours", afterMs: 24 * hourMs - 1, tasks: 2 },
    { name: "24 hours", afterMs: 24 * hourMs, tasks: 4 },
  ])("while a task lives: $name", ({ afterMs, tasks }) => {
    const world = aReadyWorld();
    world.run(call);
    world.pass(afterMs);
    world.run(call);
    expect(world.engine.tasks()).toHaveLength(tasks);
  });

  test.for([
    { name: "a millisecond before an hour", afterMs: hourMs - 1, started: 0 },
    { name: "an hour", afterMs: hourMs, started: 2 },
  ])("after the last task stopped: $name", ({ afterMs, started }) => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(10_000);
    stopAll(world);
    world.pass(afterMs);
    const again = arns(world.run(call));
    expect(again.filter((arn) => !arns(first).includes(arn))).toHaveLength(started);
  });

  test("it is the last task's stop that counts", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(hourMs / 2);
    stopAll(world);
    world.pass(hourMs * 0.75);
    expect(arns(world.run(call))).toEqual(arns(first));
  });

  test("24 hours bound it also when the last task stopped late", () => {
    const world = aReadyWorld();
    const first = world.run(call);
    world.pass(23.5 * hourMs);
    stopAll(world);
    world.pass(hourMs / 2);
    expect(arns(world.run(call))).not.toEqual(arns(first));
  });

  test.for([
    { name: "a millisecond before an hour", afterMs: hourMs - 1, placed: 0 },
    { name: "an hour", afterMs: hourMs, placed: 1 },
  ])("of a call that started nothing: $name", ({ afterMs, placed }) => {
    const world = aReadyWorld({}, {}, { memory: 4096 });
    world.run({ ...call, count: 1 });
    world.node("i-2", { memoryMib: 8192 });
    world.pass(afterMs);
    expect(world.run({ ...call, count: 1 }).tasks).toHaveLength(placed);
  });

  test("a token that is used anew lives anew", () => {
    const world = aReadyWorld();
    world.run(call);
    world.pass(24 * hourMs);
    const second = world.run(call);
    world.pass(1);
    expect(arns(world.run(call))).toEqual(arns(second));
  });
});

describe("a token's text", () => {
  test.for([
    { name: "64 characters", clientToken: "~!".repeat(32), refused: false },
    { name: "one character", clientToken: "t", refused: false },
    { name: "65 characters", clientToken: "t".repeat(65), refused: true },
    { name: "none", clientToken: "", refused: true },
    { name: "a space", clientToken: "a b", refused: true },
    { name: "not ASCII", clientToken: "é", refused: true },
  ])("$name", ({ clientToken, refused }) => {
    const message = `InvalidParameterException: clientToken must be 1 to 64 visible ASCII characters, got ${JSON.stringify(clientToken)}`;
    expect(refusal(() => aReadyWorld().run({ clientToken }))).toBe(refused ? message : "-");
  });
});

function fieldsOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error instanceof EcsError ? error.fields : error;
  }
  return undefined;
}
