import { describe, expect, test } from "vitest";
import {
  aReadyWorld,
  aWorld,
  awsvpc,
  ending,
  inSubnets,
  type Json,
  refusal,
  taskHistory,
  type World,
} from "./world.ts";

const hourMs = 3_600_000;
const taskArn = (id: string) => `arn:aws:ecs:eu-west-1:123456789012:task/c/${id}`;
const idOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

describe("StopTask", () => {
  test("wants it stopped at once and tells so; the rest follows", () => {
    const world = aReadyWorld({ behave: () => ({ stopsAfterMs: 500 }) });
    world.run();
    world.pass(1000);
    const { task } = world.call("StopTask", { task: world.task().arn, reason: "replaced" });
    expect(task).toMatchObject({
      lastStatus: "RUNNING",
      desiredStatus: "STOPPED",
      stopCode: "UserInitiated",
      stoppedReason: "replaced",
    });
    expect(task).not.toHaveProperty("stoppedAt");
    world.pass(499);
    expect(world.task().lastStatus).toBe("STOPPING");
    world.pass(1);
    expect(ending(world.task())).toBe("UserInitiated | replaced | 143");
  });

  test("kills what ignores it, after the stop timeout", () => {
    const world = aReadyWorld({ behave: () => ({ ignoresSigterm: true }) }, {}, { stopTimeout: 7 });
    world.run();
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(6999);
    expect(world.task().lastStatus).toBe("STOPPING");
    world.pass(1);
    expect(ending(world.task())).toBe("UserInitiated | Task stopped by user | 137");
  });

  test("takes the tags away", () => {
    const world = aReadyWorld();
    world.run({ tags: [{ key: "a", value: "1" }] });
    world.call("StopTask", { task: world.task().arn });
    expect(world.described().tags).toEqual([]);
  });

  test("repeated, it changes nothing more: neither a cause nor a version", () => {
    const world = aReadyWorld({ behave: () => ({ stopsAfterMs: 500 }) });
    world.run();
    world.pass(0);
    world.call("StopTask", { task: world.task().arn, reason: "first" });
    world.pass(100);
    const before = world.task();
    const told = world.events.length;
    world.call("StopTask", { task: before.arn, reason: "second" });
    expect(world.task()).toEqual(before);
    world.pass(1000);
    const stopped = world.task();
    expect(world.call("StopTask", { task: stopped.arn, reason: "third" }).task).toMatchObject({
      lastStatus: "STOPPED",
      stoppedReason: "first",
    });
    expect(world.task()).toEqual(stopped);
    expect(world.events.length).toBeGreaterThan(told);
  });

  test("keeps the cause of a task that stops already", () => {
    const world = aReadyWorld({ behave: () => ({ exitsAfterMs: 100 }) });
    world.run();
    world.pass(200);
    world.call("StopTask", { task: world.task().arn });
    expect(world.task().stopCode).toBe("EssentialContainerExited");
  });

  test.for<{ name: string; passMs: number; history: string }>([
    { name: "provisioning", passMs: 0, history: "PROVISIONING DEPROVISIONING! STOPPED!" },
    { name: "pending", passMs: 1000, history: "PROVISIONING PENDING DEPROVISIONING! STOPPED!" },
    {
      name: "activating",
      passMs: 2000,
      history: "PROVISIONING PENDING ACTIVATING ACTIVATING! DEACTIVATING! STOPPING! DEPROVISIONING! STOPPED!",
    },
    {
      name: "running",
      passMs: 5000,
      history: "PROVISIONING PENDING ACTIVATING RUNNING RUNNING! DEACTIVATING! STOPPING! DEPROVISIONING! STOPPED!",
    },
  ])("while $name", ({ passMs, history }) => {
    const world = aWorld({ stepMs: 1000, behave: () => ({ startsAfterMs: 3000 }) });
    world.define(awsvpc);
    world.run({ launchType: "FARGATE", ...inSubnets("s1") });
    world.pass(passMs);
    world.call("StopTask", { task: world.task().arn });
    world.pass(5000);
    expect(taskHistory(world.events)).toBe(history);
    expect(world.task().containers).toMatchObject([{ lastStatus: "STOPPED" }]);
  });

  test("what never ran has no end of its execution", () => {
    const world = aReadyWorld({ stepMs: 1000 });
    world.run();
    world.call("StopTask", { task: world.task().arn });
    expect(world.described()).toMatchObject({ lastStatus: "STOPPED", stoppedAt: expect.anything() });
    expect(world.described()).not.toHaveProperty("executionStoppedAt");
    expect(world.described()).not.toHaveProperty("connectivity");
  });

  test.for(["none", taskArn("0".repeat(32)), "arn:aws:ecs:eu-west-1:123456789012:task/d/1"])(
    "%s is unknown",
    (task) => {
      expect(refusal(() => aReadyWorld().call("StopTask", { task }))).toBe(
        "InvalidParameterException: The referenced task was not found.",
      );
    },
  );

  test("a task is known by its id too, in its own cluster", () => {
    const world = aReadyWorld();
    world.run();
    world.call("CreateCluster", { clusterName: "d" });
    const task = idOf(world.task().arn);
    expect(refusal(() => world.call("StopTask", { cluster: "d", task }))).toContain("was not found");
    expect(refusal(() => world.call("StopTask", { cluster: "d", task: world.task().arn }))).toContain("was not found");
    expect(refusal(() => world.call("StopTask", { task }))).toBe("-");
    expect(refusal(() => world.call("StopTask", { cluster: "e", task }))).toBe(
      "ClusterNotFoundException: Cluster not found.",
    );
  });
});

describe("DescribeTasks", () => {
  test("tells what is there and what is missing", () => {
    const world = aReadyWorld();
    world.run({ count: 2 });
    const [first, second] = world.engine.tasks().map(({ arn }) => arn);
    const unknown = "f".repeat(32);
    const { tasks, failures } = world.call("DescribeTasks", { tasks: [second, unknown, idOf(first ?? "")] });
    expect(tasks).toMatchObject([{ taskArn: second }, { taskArn: first }]);
    expect(failures).toEqual([{ arn: taskArn(unknown), reason: "MISSING" }]);
  });

  test.for([
    { count: 0, refused: "InvalidParameterException: Tasks cannot be empty." },
    { count: 1, refused: "-" },
    { count: 100, refused: "-" },
    { count: 101, refused: "InvalidParameterException: tasks must be 1 to 100, got 101" },
  ])("$count tasks: $refused", ({ count, refused }) => {
    expect(refusal(() => aWorld().call("DescribeTasks", { tasks: Array(count).fill("t") }))).toBe(refused);
  });

  test.for([
    { name: "a millisecond before an hour", afterMs: hourMs - 1, seen: 1 },
    { name: "an hour", afterMs: hourMs, seen: 0 },
  ])("a stopped task is forgotten: $name", ({ afterMs, seen }) => {
    const world = aReadyWorld();
    world.run({ tags: [{ key: "a", value: "1" }] });
    const { arn } = world.task();
    world.pass(5000);
    world.call("StopTask", { task: arn });
    world.pass(0);
    world.call("TagResource", { resourceArn: arn, tags: [{ key: "a", value: "1" }] });
    world.jump(afterMs);
    const { tasks, failures } = world.call("DescribeTasks", { tasks: [arn] });
    expect(tasks).toHaveLength(seen);
    expect(failures).toHaveLength(1 - seen);
    expect(world.engine.tasks()).toHaveLength(seen);
    expect(refusal(() => world.call("ListTagsForResource", { resourceArn: arn })) === "-").toBe(seen === 1);
  });

  test("each stopped task has its own hour", () => {
    const world = aReadyWorld();
    world.run({ count: 3 });
    world.pass(0);
    const [first, second, third] = world.engine.tasks().map(({ arn }) => arn);
    world.call("StopTask", { task: second });
    world.pass(hourMs / 2);
    world.call("StopTask", { task: first });
    world.pass(hourMs / 2);
    expect(world.engine.tasks().map(({ arn }) => arn)).toEqual([first, third]);
    world.pass(hourMs / 2);
    expect(world.engine.tasks().map(({ arn }) => arn)).toEqual([third]);
  });
});

/**
 * Tasks by name: `a`, `b` of family web on i-1 (b stopped), `c` of family web2 on i-2, `f` on Fargate; all but f started
 * by "me".
 */
function listed(options: { listLagMs?: number } = {}): { world: World; names: (input: Json) => string } {
  const world = aWorld(options);
  const instances = [world.node("i-1"), world.node("i-2")];
  world.define();
  world.define({ family: "web2" });
  world.define({ family: "far", ...awsvpc });
  const on = (index: number) => ({
    placementConstraints: [{ type: "memberOf", expression: `ec2InstanceId == i-${index}` }],
  });
  world.run({ ...on(1), count: 2, startedBy: "me" });
  world.run({ ...on(2), taskDefinition: "web2", startedBy: "me" });
  world.run({ taskDefinition: "far", launchType: "FARGATE", ...inSubnets("s1") });
  world.pass(0);
  world.call("StopTask", { task: world.task(1).arn });
  const ordered = world.engine.tasks().map(({ arn }) => arn);
  const names = (input: Json) => {
    const containerInstance = typeof input.on === "number" ? { containerInstance: instances[input.on - 1] } : {};
    const { on: _, ...others } = input;
    const { taskArns } = world.call("ListTasks", { ...others, ...containerInstance });
    return (taskArns as string[]).map((arn) => "abcf"[ordered.indexOf(arn)]).join(" ");
  };
  return { world, names };
}

describe("ListTasks", () => {
  test.for<{ name: string; input: Json; tasks: string }>([
    { name: "those wanted running by default", input: {}, tasks: "a c f" },
    { name: "wanted running", input: { desiredStatus: "RUNNING" }, tasks: "a c f" },
    { name: "wanted stopped, though it runs yet", input: { desiredStatus: "STOPPED" }, tasks: "b" },
    { name: "wanted pending: ECS never wants that", input: { desiredStatus: "PENDING" }, tasks: "" },
    { name: "started by", input: { startedBy: "me" }, tasks: "a c" },
    { name: "started by others", input: { startedBy: "m" }, tasks: "" },
    { name: "of a family, not of one that begins alike", input: { family: "web" }, tasks: "a" },
    { name: "of a family, stopped", input: { family: "web", desiredStatus: "STOPPED" }, tasks: "b" },
    { name: "on an instance", input: { on: 2 }, tasks: "c" },
    { name: "on an instance, stopped", input: { on: 1, desiredStatus: "STOPPED" }, tasks: "b" },
    { name: "on an instance and of a family", input: { on: 1, family: "web2" }, tasks: "" },
    { name: "on Fargate", input: { launchType: "FARGATE" }, tasks: "f" },
    { name: "on EC2", input: { launchType: "EC2" }, tasks: "a c" },
  ])("$name", ({ input, tasks }) => {
    expect(listed().names(input)).toBe(tasks);
  });

  test.for<{ name: string; input: Json }>([
    { name: "a family", input: { family: "web" } },
    { name: "an instance", input: { on: 1 } },
    { name: "a launch type", input: { launchType: "EC2" } },
    { name: "a desired status", input: { desiredStatus: "RUNNING" } },
    { name: "a service", input: { serviceName: "s" } },
  ])("startedBy beside $name is refused", ({ input }) => {
    expect(refusal(() => listed().names({ startedBy: "me", ...input }))).toBe(
      "InvalidParameterException: startedBy must be the only filter.",
    );
  });

  test.for<{ name: string; input: Json; refused: string }>([
    {
      name: "a service",
      input: { serviceName: "s" },
      refused: "no services exist here, so tasks cannot be listed by one",
    },
    {
      name: "an unknown instance",
      input: { containerInstance: "x" },
      refused: "The referenced container instance was not found: x",
    },
    { name: "pages too large", input: { maxResults: 101 }, refused: "maxResults must be 1 to 100, got 101" },
    { name: "pages of nothing", input: { maxResults: 0 }, refused: "maxResults must be 1 to 100, got 0" },
    { name: "a token that nobody gave", input: { nextToken: "x" }, refused: "Invalid token." },
  ])("$name is refused", ({ input, refused }) => {
    expect(refusal(() => listed().names(input))).toBe(`InvalidParameterException: ${refused}`);
  });

  test("other clusters' tasks are theirs", () => {
    const { world, names } = listed();
    world.call("CreateCluster", { clusterName: "d" });
    expect(names({ cluster: "d" })).toBe("");
    expect(refusal(() => names({ cluster: "e" }))).toBe("ClusterNotFoundException: Cluster not found.");
  });

  test("an instance is known by its id too", () => {
    const { world, names } = listed();
    expect(names({ containerInstance: idOf(world.engine.instances()[1]?.arn ?? "") })).toBe("c");
  });

  test("pages", () => {
    const { world, names } = listed();
    const first = world.call("ListTasks", { maxResults: 2 });
    expect(first.taskArns).toHaveLength(2);
    expect(names({ maxResults: 2, nextToken: first.nextToken })).toBe("f");
    world.call("StopTask", { task: world.task(2).arn });
    expect(names({ maxResults: 2, nextToken: first.nextToken })).toBe("f");
    expect(world.call("ListTasks", { maxResults: 2 })).not.toHaveProperty("nextToken");
  });

  test.for([
    { name: "before the lag has passed", afterMs: 1999, running: "", stopped: "" },
    { name: "once it has passed", afterMs: 2000, running: "a c f", stopped: "b" },
  ])("shows what is new late: $name", ({ afterMs, running, stopped }) => {
    const { world, names } = listed({ listLagMs: 2000 });
    world.pass(afterMs);
    expect(names({})).toBe(running);
    expect(names({ desiredStatus: "STOPPED" })).toBe(stopped);
  });

  test("shows what was stopped as running for as long", () => {
    const { world, names } = listed({ listLagMs: 2000 });
    world.pass(5000);
    world.call("StopTask", { task: world.task(0).arn });
    world.pass(1999);
    expect(names({})).toBe("a c f");
    expect(names({ desiredStatus: "STOPPED" })).toBe("b");
    world.pass(1);
    expect(names({})).toBe("c f");
    expect(names({ desiredStatus: "STOPPED" })).toBe("a b");
  });
});
