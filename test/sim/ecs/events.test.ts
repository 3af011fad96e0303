import { describe, expect, test } from "vitest";
import type { EventEnvelope } from "../../../sim/ecs/api.ts";
import { aReadyWorld, awsvpc, inSubnets, startMs, type World } from "./world.ts";

const of = (world: World, type: string): readonly EventEnvelope[] =>
  world.events.filter((event) => event["detail-type"] === `ECS ${type} State Change`);

const at = (ms: number) => new Date(startMs + ms).toISOString();

describe("a task's event", () => {
  test("in its envelope, with the documented members and no others", () => {
    const check = { command: ["CMD", "true"] };
    const world = aReadyWorld({ stepMs: 10, behave: () => ({ healthyAfterMs: 1, stopsAfterMs: 5 }) }, awsvpc, {
      healthCheck: check,
      memoryReservation: 128,
      portMappings: [{ containerPort: 80 }],
    });
    world.run({ ...inSubnets("s1"), startedBy: "me", tags: [{ key: "a", value: "1" }] });
    world.pass(1000);
    world.call("StopTask", { task: world.task().arn });
    world.pass(1500);
    const { arn, address } = world.task();
    const [instance] = world.engine.instances();
    const id = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    expect(of(world, "Task").at(-1)).toEqual({
      version: "0",
      id,
      "detail-type": "ECS Task State Change",
      source: "aws.ecs",
      account: "123456789012",
      time: "2026-01-01T00:00:01Z",
      region: "eu-west-1",
      resources: [arn],
      detail: {
        attachments: [
          {
            id,
            type: "eni",
            status: "DELETED",
            details: [
              { name: "subnetId", value: "s1" },
              { name: "networkInterfaceId", value: expect.any(String) },
              { name: "macAddress", value: expect.any(String) },
              { name: "privateDnsName", value: expect.any(String) },
              { name: "privateIPv4Address", value: address },
            ],
          },
        ],
        attributes: [{ name: "ecs.cpu-architecture", value: "x86_64" }],
        availabilityZone: "z1",
        clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
        connectivity: "CONNECTED",
        connectivityAt: at(20),
        containerInstanceArn: instance?.arn,
        containers: [
          {
            containerArn: expect.any(String),
            taskArn: arn,
            name: "app",
            image: "shop/web",
            runtimeId: expect.stringMatching(/^[0-9a-f]{32}$/),
            lastStatus: "STOPPED",
            exitCode: 143,
            networkBindings: [],
            networkInterfaces: [{ attachmentId: id, privateIpv4Address: address }],
            cpu: "256",
            memory: "256",
            memoryReservation: "128",
          },
        ],
        cpu: "256",
        memory: "512",
        createdAt: at(0),
        desiredStatus: "STOPPED",
        enableExecuteCommand: false,
        executionStoppedAt: at(1005),
        group: "family:web",
        lastStatus: "STOPPED",
        launchType: "EC2",
        overrides: { containerOverrides: [{ name: "app" }] },
        pullStartedAt: at(20),
        pullStoppedAt: at(20),
        startedAt: at(20),
        startedBy: "me",
        stopCode: "UserInitiated",
        stoppedAt: at(1015),
        stoppedReason: "Task stopped by user",
        stoppingAt: at(1000),
        taskArn: arn,
        taskDefinitionArn: "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1",
        updatedAt: at(1015),
        version: 9,
      },
    });
  });

  test("comes with every version, in their order", () => {
    const world = aReadyWorld({ behave: () => ({ startsAfterMs: 10, exitsAfterMs: 10 }) });
    world.run();
    world.pass(100);
    expect(of(world, "Task").map(({ detail }) => detail.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(of(world, "Task").map(({ detail }) => detail.updatedAt)).toEqual([0, 0, 10, 20, 20, 20, 20].map(at));
    expect(new Set(world.events.map(({ id }) => id)).size).toBe(world.events.length);
  });
});

describe("a container instance's event", () => {
  test("in its envelope, with the documented members and no others", () => {
    const world = aReadyWorld({}, { networkMode: "host" }, { portMappings: [{ containerPort: 80 }] });
    world.pass(2000);
    world.run();
    const [instance] = world.engine.instances();
    const event = of(world, "Container Instance").at(-1);
    const wire = world.call("DescribeContainerInstances", { containerInstances: [instance?.arn] });
    const { attributes, registeredResources, remainingResources, versionInfo } = (
      wire.containerInstances as readonly Record<string, unknown>[]
    )[0] as Record<string, unknown>;
    expect(event).toMatchObject({ source: "aws.ecs", resources: [instance?.arn], time: "2026-01-01T00:00:02Z" });
    expect(event?.detail).toEqual({
      agentConnected: true,
      attributes,
      clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
      containerInstanceArn: instance?.arn,
      ec2InstanceId: "i-1",
      registeredResources,
      remainingResources,
      status: "ACTIVE",
      updatedAt: at(2000),
      version: 2,
      versionInfo,
    });
  });

  test("tells of its registration, each task placed and stopped, its agent and its end", () => {
    const world = aReadyWorld();
    const story = () =>
      of(world, "Container Instance").map(({ detail }) => {
        const [cpu] = detail.remainingResources as readonly { integerValue: number }[];
        return `${detail.version} ${detail.status} ${detail.agentConnected ? "up" : "down"} ${cpu?.integerValue}`;
      });
    world.run({ count: 2 });
    world.pass(0);
    world.call("StopTask", { task: world.task().arn });
    world.pass(0);
    world.engine.setAgentConnected("c", "i-1", false);
    world.engine.setAgentConnected("c", "i-1", true);
    world.engine.terminateInstance("c", "i-1");
    expect(story()).toEqual([
      "1 ACTIVE up 1024",
      "2 ACTIVE up 768",
      "3 ACTIVE up 512",
      "4 ACTIVE up 768",
      "5 ACTIVE down 768",
      "6 ACTIVE up 768",
      "7 INACTIVE down 768",
    ]);
  });

  test("of a placement follows the task's", () => {
    const world = aReadyWorld();
    world.run();
    expect(world.events.slice(1, 3).map((event) => event["detail-type"])).toEqual([
      "ECS Task State Change",
      "ECS Container Instance State Change",
    ]);
  });
});
