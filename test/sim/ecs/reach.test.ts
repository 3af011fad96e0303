import { describe, expect, test } from "vitest";
import { aReadyWorld, aWorld, awsvpc, inSubnets, type Json, type World } from "./world.ts";

const ports = { portMappings: [{ containerPort: 80 }, { containerPort: 81 }] };

function running(definition: Json, container: Json, input: Json = {}): World {
  const world = aReadyWorld({ behave: () => ({ startsAfterMs: 100, stopsAfterMs: 100 }) }, definition, container);
  world.run(input);
  world.pass(100);
  return world;
}

describe("a target and the port of this machine that reaches it", () => {
  test.for<{
    name: string;
    world: () => World;
    target: (world: World) => { id: string; port: number };
    port: number | undefined;
  }>([
    {
      name: "an address and a container port",
      world: () => running(awsvpc, ports, inSubnets("s1")),
      target: ({ task }) => ({ id: task().address ?? "", port: 81 }),
      port: 20_002,
    },
    {
      name: "an address and a port that nothing listens on",
      world: () => running(awsvpc, ports, inSubnets("s1")),
      target: ({ task }) => ({ id: task().address ?? "", port: 82 }),
      port: undefined,
    },
    {
      name: "an address that nobody has",
      world: () => running(awsvpc, ports, inSubnets("s1")),
      target: () => ({ id: "10.9.9.9", port: 80 }),
      port: undefined,
    },
    {
      name: "an instance and a port of an awsvpc task",
      world: () => running(awsvpc, ports, inSubnets("s1")),
      target: () => ({ id: "i-1", port: 80 }),
      port: undefined,
    },
    {
      name: "an instance and the driver's port",
      world: () => running({}, ports),
      target: () => ({ id: "i-1", port: 20_002 }),
      port: 20_002,
    },
    {
      name: "an instance and a container port on a bridge",
      world: () => running({}, ports),
      target: () => ({ id: "i-1", port: 80 }),
      port: undefined,
    },
    {
      name: "an instance and a fixed port",
      world: () => running({}, { portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
      target: () => ({ id: "i-1", port: 8080 }),
      port: 20_001,
    },
    {
      name: "an instance and a port in host mode",
      world: () => running({ networkMode: "host" }, ports),
      target: () => ({ id: "i-1", port: 80 }),
      port: 20_001,
    },
    {
      name: "another instance",
      world: () => running({}, ports),
      target: () => ({ id: "i-2", port: 20_001 }),
      port: undefined,
    },
  ])("$name: $port", ({ world: made, target, port }) => {
    const world = made();
    expect(world.engine.hostEndpoint(target(world))).toBe(port);
    expect(world.engine.taskAt(target(world))).toBe(port === undefined ? undefined : world.task());
  });

  test("each of several tasks and containers is told apart", () => {
    const containerDefinitions = ["a", "b"].map((name, index) => ({
      name,
      image: name,
      memory: 16,
      portMappings: [{ containerPort: 80 + index }],
    }));
    const world = aWorld();
    world.define({ ...awsvpc, containerDefinitions });
    world.run({ launchType: "FARGATE", ...inSubnets("s1"), count: 2 });
    world.pass(0);
    const [first, second] = world.engine.tasks();
    expect(world.engine.hostEndpoint({ id: second?.address ?? "", port: 81 })).toBe(20_004);
    expect(world.engine.taskAt({ id: first?.address ?? "", port: 81 })).toBe(first);
  });

  test("only while the container runs", () => {
    const world = aReadyWorld({ behave: () => ({ startsAfterMs: 100, stopsAfterMs: 100 }) }, awsvpc, ports);
    world.run(inSubnets("s1"));
    const target = { id: world.task().address ?? "", port: 80 };
    world.pass(99);
    expect(world.engine.hostEndpoint(target)).toBeUndefined();
    world.pass(1);
    expect(world.engine.hostEndpoint(target)).toBe(20_001);
    world.call("StopTask", { task: world.task().arn });
    world.pass(99);
    expect(world.engine.hostEndpoint(target)).toBe(20_001);
    world.pass(1);
    expect(world.engine.hostEndpoint(target)).toBeUndefined();
  });

  test("not once its machine is gone", () => {
    const world = running({}, ports);
    world.engine.terminateInstance("c", "i-1");
    expect(world.engine.hostEndpoint({ id: "i-1", port: 20_001 })).toBeUndefined();
  });
});
