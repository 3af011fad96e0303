import { describe, expect, test } from "vitest";
import { aWorld, type Json, refusal } from "./world.ts";

const container = { name: "app", image: "shop/web", memory: 256 };
const fargate = { networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512" };
const check = { command: ["CMD", "true"] };

function registered(definition: Json): string {
  const world = aWorld();
  const input = { family: "web", containerDefinitions: [container], ...definition };
  return refusal(() => world.engine.handle("RegisterTaskDefinition", input));
}

/** A definition with one container that has these members. */
const one = (members: Json): Json => ({ containerDefinitions: [{ ...container, ...members }] });

describe("task definitions that are registered", () => {
  test.for<{ name: string; definition: Json }>([
    { name: "the least there is", definition: {} },
    { name: "a family of 255 characters", definition: { family: "A-z_9".repeat(51) } },
    { name: "ten containers", definition: { containerDefinitions: numbered(10) } },
    { name: "memory reserved, not limited", definition: one({ memory: undefined, memoryReservation: 128 }) },
    { name: "memory reserved below the limit", definition: one({ memoryReservation: 256 }) },
    { name: "memory of the task alone", definition: { ...one({ memory: undefined }), memory: "512" } },
    { name: "no CPU for a container", definition: one({ cpu: 0 }) },
    { name: "least memory of a task", definition: { memory: "4" } },
    { name: "a container's name of 255 characters", definition: one({ name: "n".repeat(255) }) },
    { name: "least CPU of a task", definition: { cpu: "128" } },
    { name: "most CPU of a task", definition: { cpu: "196608" } },
    {
      name: "one essential container of two",
      definition: { containerDefinitions: [container, { ...container, name: "b", essential: false }] },
    },
    { name: "Fargate", definition: fargate },
    {
      name: "a port and no host port, awsvpc",
      definition: { ...fargate, ...one({ portMappings: [{ containerPort: 80 }] }) },
    },
    {
      name: "equal ports, awsvpc",
      definition: { ...fargate, ...one({ portMappings: [{ containerPort: 80, hostPort: 80 }] }) },
    },
    {
      name: "another host port on a bridge",
      definition: one({ portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    },
    { name: "highest ports", definition: one({ portMappings: [{ containerPort: 65535, hostPort: 65535 }] }) },
    { name: "lowest ports", definition: one({ portMappings: [{ containerPort: 1, hostPort: 0 }] }) },
    { name: "the longest stop timeout of Fargate", definition: { ...fargate, ...one({ stopTimeout: 120 }) } },
    { name: "a longer stop timeout on EC2", definition: one({ stopTimeout: 600 }) },
    {
      name: "the shortest health check",
      definition: one({ healthCheck: { ...check, interval: 5, timeout: 2, retries: 1, startPeriod: 0 } }),
    },
    {
      name: "the longest health check",
      definition: one({ healthCheck: { ...check, interval: 300, timeout: 60, retries: 10, startPeriod: 300 } }),
    },
    {
      name: "ten constraints",
      definition: { placementConstraints: Array(10).fill({ type: "memberOf", expression: "attribute:a exists" }) },
    },
    { name: "64 KiB", definition: sized(65_536) },
  ])("$name", ({ definition }) => {
    expect(registered(definition)).toBe("-");
  });
});

describe("task definitions that are refused", () => {
  test.for<{ name: string; definition: Json; refused: string }>([
    { name: "no family", definition: { family: "" }, refused: "Family should not be null or empty." },
    { name: "a family with a dot", definition: { family: "a.b" }, refused: "Family contains invalid characters: a.b" },
    {
      name: "a family of 256 characters",
      definition: { family: "a".repeat(256) },
      refused: `Family contains invalid characters: ${"a".repeat(256)}`,
    },
    {
      name: "no container",
      definition: { containerDefinitions: [] },
      refused: "a task definition must have 1 to 10 containers, got 0",
    },
    {
      name: "eleven containers",
      definition: { containerDefinitions: numbered(11) },
      refused: "a task definition must have 1 to 10 containers, got 11",
    },
    {
      name: "two containers of one name",
      definition: { containerDefinitions: [container, container] },
      refused: "Container names should be unique within a task definition.",
    },
    {
      name: "none essential",
      definition: one({ essential: false }),
      refused: "A task definition must have at least one essential container.",
    },
    { name: "too little CPU", definition: { cpu: "127" }, refused: "Invalid 'cpu' setting for task: 127" },
    { name: "too much CPU", definition: { cpu: "196609" }, refused: "Invalid 'cpu' setting for task: 196609" },
    { name: "CPU in words", definition: { cpu: "1 vCPU" }, refused: "Invalid 'cpu' setting for task: 1 vCPU" },
    { name: "too little memory", definition: { memory: "3" }, refused: "Invalid 'memory' setting for task: 3" },
    {
      name: "a container's name with a space",
      definition: one({ name: "a b" }),
      refused: "Invalid container name: a b",
    },
    {
      name: "a container's name of 256 characters",
      definition: one({ name: "n".repeat(256) }),
      refused: `Invalid container name: ${"n".repeat(256)}`,
    },
    { name: "no image", definition: one({ image: "" }), refused: "Container.image should not be null or empty." },
    {
      name: "no memory",
      definition: one({ memory: undefined }),
      refused:
        "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    },
    {
      name: "more reserved than allowed",
      definition: one({ memoryReservation: 257 }),
      refused: "Invalid setting for container 'app'. 'memory' must be at least 'memoryReservation'.",
    },
    { name: "negative CPU", definition: one({ cpu: -1 }), refused: "cpu of container app must be 0 or more, got -1" },
    {
      name: "another host port, awsvpc",
      definition: { ...fargate, ...one({ portMappings: [{ containerPort: 80, hostPort: 81 }] }) },
      refused: "When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
    },
    {
      name: "another host port, host",
      definition: { networkMode: "host", ...one({ portMappings: [{ containerPort: 80, hostPort: 81 }] }) },
      refused: "When networkMode=host, the host ports and container ports in port mappings must match.",
    },
    {
      name: "container port 0",
      definition: one({ portMappings: [{ containerPort: 0 }] }),
      refused: "a port must be 1 to 65535, got 0",
    },
    {
      name: "host port below 0",
      definition: one({ portMappings: [{ containerPort: 1, hostPort: -1 }] }),
      refused: "a port must be 1 to 65535, got -1",
    },
    {
      name: "container port too high",
      definition: one({ portMappings: [{ containerPort: 65536 }] }),
      refused: "a port must be 1 to 65535, got 65536",
    },
    {
      name: "a stop timeout below 0",
      definition: one({ stopTimeout: -1 }),
      refused: "stopTimeout must be 0 to 120, got -1",
    },
    {
      name: "a long stop timeout on Fargate",
      definition: { ...fargate, ...one({ stopTimeout: 121 }) },
      refused: "stopTimeout must be 0 to 120, got 121",
    },
    {
      name: "a health check without a command",
      definition: one({ healthCheck: { command: [] } }),
      refused: "a health check needs a command",
    },
    {
      name: "checks too often",
      definition: one({ healthCheck: { ...check, interval: 4 } }),
      refused: "interval of a health check must be 5 to 300, got 4",
    },
    {
      name: "checks too rare",
      definition: one({ healthCheck: { ...check, interval: 301 } }),
      refused: "interval of a health check must be 5 to 300, got 301",
    },
    {
      name: "checks too short",
      definition: one({ healthCheck: { ...check, timeout: 1 } }),
      refused: "timeout of a health check must be 2 to 60, got 1",
    },
    {
      name: "checks without retries",
      definition: one({ healthCheck: { ...check, retries: 0 } }),
      refused: "retries of a health check must be 1 to 10, got 0",
    },
    {
      name: "a long start period",
      definition: one({ healthCheck: { ...check, startPeriod: 301 } }),
      refused: "startPeriod of a health check must be 0 to 300, got 301",
    },
    {
      name: "Fargate on a bridge",
      definition: { ...fargate, networkMode: "bridge" },
      refused: "Fargate only supports network mode 'awsvpc'.",
    },
    {
      name: "Fargate without CPU",
      definition: { ...fargate, cpu: undefined },
      refused: "Fargate requires that 'cpu' be defined at the task level.",
    },
    {
      name: "Fargate without memory",
      definition: { ...fargate, memory: undefined },
      refused: "Fargate requires that 'memory' be defined at the task level.",
    },
    {
      name: "no size of Fargate",
      definition: { ...fargate, memory: "600" },
      refused: "No Fargate configuration exists for given values: 256 CPU, 600 memory.",
    },
    {
      name: "constraints on Fargate",
      definition: { ...fargate, placementConstraints: [{ type: "memberOf", expression: "attribute:a exists" }] },
      refused: "Fargate supports no placement constraints.",
    },
    {
      name: "eleven constraints",
      definition: { placementConstraints: Array(11).fill({ type: "memberOf", expression: "attribute:a exists" }) },
      refused: "a task definition may have 10 placement constraints, got 11",
    },
    {
      name: "a constraint of a call",
      definition: { placementConstraints: [{ type: "distinctInstance" }] },
      refused: "constraint.type 'distinctInstance' is not supported.",
    },
    {
      name: "more than 64 KiB",
      definition: sized(65_537),
      refused: "a task definition may have 65536 bytes, got 65537",
    },
  ])("$name", ({ definition, refused }) => {
    expect(registered(definition)).toBe(`ClientException: ${refused}`);
  });

  test.for<{ name: string; definition: Json; refused: string }>([
    {
      name: "an unreadable constraint",
      definition: { placementConstraints: [{ type: "memberOf" }] },
      refused: "Invalid expression: ",
    },
    { name: "a family that is no text", definition: { family: 1 }, refused: "family: Invalid input" },
    { name: "a network mode that does not exist", definition: { networkMode: "vpn" }, refused: "networkMode: Invalid" },
    {
      name: "no containers",
      definition: { containerDefinitions: undefined },
      refused: "containerDefinitions: Invalid input",
    },
    {
      name: "a container that is no object",
      definition: { containerDefinitions: [3] },
      refused: "containerDefinitions.0: Invalid input",
    },
  ])("by its shape: $name", ({ definition, refused }) => {
    expect(registered(definition)).toContain(`InvalidParameterException: ${refused}`);
  });
});

function numbered(count: number): readonly Json[] {
  return Array.from({ length: count }, (_, index) => ({ ...container, name: `c${index}` }));
}

/** A definition whose JSON has that many bytes. */
function sized(bytes: number): Json {
  const empty = JSON.stringify({ family: "web", ...one({ command: [""] }) });
  return one({ command: ["x".repeat(bytes - empty.length)] });
}
