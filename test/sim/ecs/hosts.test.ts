import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, awsvpc, ending, inSubnets, refusal, startMs, taskHistory } from "./world.ts";

const pinned = (id: string) => ({ placementConstraints: [{ type: "memberOf", expression: `ec2InstanceId == ${id}` }] });

describe("an EC2 instance that is terminated", () => {
  test("takes its tasks with it at once, and no others", () => {
    const world = aReadyWorld({}, {}, { portMappings: [{ containerPort: 80 }] });
    world.node("i-2");
    world.run({ ...pinned("i-1"), count: 2 });
    world.run(pinned("i-2"));
    world.pass(1000);
    world.engine.terminateInstance("c", "i-1");
    const end = "TerminationNotice | Host EC2 (instance i-1) terminated. | -";
    expect(world.engine.tasks().map(ending)).toEqual([end, end, "- | - | -"]);
    expect(world.task()).toMatchObject({
      lastStatus: "STOPPED",
      desiredStatus: "STOPPED",
      stoppingAtMs: startMs + 1000,
      executionStoppedAtMs: startMs + 1000,
      stoppedAtMs: startMs + 1000,
      containers: [{ lastStatus: "STOPPED" }],
    });
    expect(world.driver.containers().map(({ order }) => order.taskArn)).toEqual([world.task(2).arn]);
  });

  test("is inactive and takes no task; once is enough", () => {
    const world = aReadyWorld();
    world.engine.terminateInstance("c", "i-1");
    const told = world.events.length;
    world.engine.terminateInstance("c", "i-1");
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.events).toHaveLength(told);
    expect(world.engine.instances()).toMatchObject([{ status: "INACTIVE", agentConnected: false, version: 2 }]);
  });

  test("leaves a task that was stopping its cause", () => {
    const world = aReadyWorld({ behave: () => ({ ignoresSigterm: true }) });
    world.run();
    world.pass(0);
    world.call("StopTask", { task: world.task().arn, reason: "mine" });
    world.pass(1000);
    world.engine.terminateInstance("c", "i-1");
    expect(ending(world.task())).toBe("UserInitiated | mine | -");
    expect(world.task()).toMatchObject({ stoppingAtMs: startMs, stoppedAtMs: startMs + 1000 });
  });

  test("loses tasks that have not started, and detaches their interface", () => {
    const world = aReadyWorld({ stepMs: 1000 }, awsvpc);
    world.run(inSubnets("s1"));
    world.engine.terminateInstance("c", "i-1");
    world.pass(10_000);
    expect(taskHistory(world.events)).toBe("PROVISIONING STOPPED!");
    expect(world.described()).toMatchObject({ attachments: [{ status: "DELETED" }] });
    expect(world.orders).toEqual([]);
    expect(world.engine.nextDueMs()).toBeUndefined();
  });

  test("may come back as another container instance", () => {
    const world = aReadyWorld();
    world.engine.terminateInstance("c", "i-1");
    const arn = world.node("i-1");
    expect(world.run().tasks).toMatchObject([{ containerInstanceArn: arn }]);
    world.engine.setAgentConnected("c", "i-1", false);
    expect(world.engine.instances()).toMatchObject([
      { status: "INACTIVE" },
      { status: "ACTIVE", agentConnected: false },
    ]);
  });

  test.for([
    {
      name: "in no cluster",
      act: () => aWorld().node("i-1", { cluster: "d" }),
      refused: "ClusterNotFoundException: Cluster not found.",
    },
    {
      name: "twice",
      act: () => aReadyWorld().node("i-1"),
      refused: "InvalidParameterException: i-1 is a container instance of cluster c already",
    },
    {
      name: "never",
      act: () => aWorld().engine.terminateInstance("c", "i-1"),
      refused: "InvalidParameterException: cluster c has no container instance on i-1",
    },
  ])("registered $name: refused", ({ act, refused }) => {
    expect(refusal(act)).toBe(refused);
  });
});

test("a container instance as local parts see it", () => {
  const world = aWorld();
  world.pass(1000);
  const arn = world.node("i-1", { zone: "z2", subnet: "s2", attributes: { disk: "ssd" } });
  expect(world.engine.instances()).toEqual([
    {
      arn,
      id: arn.slice(arn.lastIndexOf("/") + 1),
      cluster: "c",
      ec2InstanceId: "i-1",
      version: 1,
      status: "ACTIVE",
      agentConnected: true,
      zone: "z2",
      subnet: "s2",
      attributes: {
        disk: "ssd",
        "ecs.os-type": "linux",
        "ecs.cpu-architecture": "x86_64",
        "ecs.availability-zone": "z2",
        "ecs.subnet-id": "s2",
      },
      registered: { cpuUnits: 1024, memoryMib: 2048 },
      remaining: { cpuUnits: 1024, memoryMib: 2048 },
      gpus: { registered: 0, remaining: 0 },
      usedPorts: [22, 2375, 2376, 51678, 51679],
      registeredAtMs: startMs + 1000,
      updatedAtMs: startMs + 1000,
    },
  ]);
});

describe("an agent's connection", () => {
  test("is told once a change", () => {
    const world = aReadyWorld();
    world.engine.setAgentConnected("c", "i-1", true);
    expect(world.engine.instances()[0]?.version).toBe(1);
    world.engine.setAgentConnected("c", "i-1", false);
    world.engine.setAgentConnected("c", "i-1", false);
    expect(world.engine.instances()).toMatchObject([{ version: 2, agentConnected: false, status: "ACTIVE" }]);
  });
});

describe("Fargate capacity that is taken back", () => {
  test("stops the task as any stop does, with its own code", () => {
    const world = aWorld({ behave: () => ({ stopsAfterMs: 2000 }) });
    world.define(awsvpc);
    world.run({ launchType: "FARGATE", ...inSubnets("s1") });
    world.pass(1000);
    world.engine.interruptTask(world.task().arn);
    expect(world.task()).toMatchObject({ lastStatus: "STOPPING", desiredStatus: "STOPPED" });
    world.pass(2000);
    expect(ending(world.task())).toBe("SpotInterruption | Your Spot Task was interrupted. | 143");
    expect(taskHistory(world.events)).toBe(
      "PROVISIONING PENDING ACTIVATING RUNNING RUNNING! DEACTIVATING! STOPPING! DEPROVISIONING! STOPPED!",
    );
  });

  test("changes nothing for a task that is over, or unknown", () => {
    const world = aReadyWorld({ behave: () => ({ exitsAfterMs: 10 }) });
    world.run();
    world.pass(100);
    const before = world.task();
    world.engine.interruptTask(before.arn);
    world.engine.interruptTask("arn:none");
    expect(world.task()).toEqual(before);
  });
});
