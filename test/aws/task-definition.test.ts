import { describe, expect, test } from "vitest";
import { registerInput } from "../../aws/task-definition.ts";
import type { TaskDefinition } from "../../core/model/task-definition.ts";
import type { Container, Network, TaskTemplate } from "../../core/model/task-template.ts";

const aContainer = (change: Partial<Container> = {}): Container => ({
  name: "app",
  image: "shop/web:1.4.2",
  entryPoint: [],
  command: [],
  cpuUnits: 256,
  memoryMib: 512,
  essential: true,
  ports: [],
  environment: {},
  secrets: {},
  stopTimeoutSeconds: 30,
  ...change,
});

const aDefinition = ({
  task = {},
  network = {},
  ...change
}: Omit<Partial<TaskDefinition>, "task" | "network"> & {
  task?: Partial<TaskTemplate>;
  network?: Partial<Network>;
} = {}): TaskDefinition => ({
  family: "longshore_x_shop_web",
  task: { cpuUnits: 256, memoryMib: 512, architecture: "x86_64", containers: [aContainer()], ...task },
  network: { mode: "awsvpc", subnets: [], securityGroups: [], publicIp: false, ...network },
  capacity: "fargate",
  tags: { "longshore:revision": "0123456789", "longshore:install": "x" },
  ...change,
});

const containerOf = (change: Partial<Container>, network: Partial<Network> = {}) =>
  registerInput(aDefinition({ task: { containers: [aContainer(change)] }, network })).containerDefinitions?.[0];

test("a definition without any option has only what ECS needs", () => {
  expect(registerInput(aDefinition())).toEqual({
    family: "longshore_x_shop_web",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    runtimePlatform: { cpuArchitecture: "X86_64", operatingSystemFamily: "LINUX" },
    containerDefinitions: [
      {
        name: "app",
        image: "shop/web:1.4.2",
        cpu: 256,
        memory: 512,
        essential: true,
        portMappings: [],
        environment: [],
        secrets: [],
        stopTimeout: 30,
      },
    ],
    tags: [
      { key: "longshore:install", value: "x" },
      { key: "longshore:revision", value: "0123456789" },
    ],
  });
});

test("roles, architecture and capacity", () => {
  const task = { taskRole: "arn:task", executionRole: "arn:execution", architecture: "arm64" as const };
  expect(registerInput(aDefinition({ task, capacity: "ec2" }))).toMatchObject({
    taskRoleArn: "arn:task",
    executionRoleArn: "arn:execution",
    runtimePlatform: { cpuArchitecture: "ARM64" },
    requiresCompatibilities: ["EC2"],
  });
});

test.for([
  { capacity: "ec2", cpuUnits: 127, cpu: undefined },
  { capacity: "ec2", cpuUnits: 128, cpu: "128" },
  { capacity: "fargate", cpuUnits: 127, cpu: "127" },
] as const)("on $capacity $cpuUnits CPU units of the whole task are sent as $cpu", ({ capacity, cpuUnits, cpu }) => {
  expect(registerInput(aDefinition({ task: { cpuUnits }, capacity })).cpu).toBe(cpu);
});

describe("a container", () => {
  test("with every option", () => {
    const container = containerOf({
      entryPoint: ["/bin/sh"],
      command: ["-c", "serve"],
      workingDirectory: "/srv",
      user: "1000:1000",
      memoryReservationMib: 128,
      essential: false,
      environment: { B: "2", A: "1" },
      secrets: { D: "arn:d", C: "arn:c" },
      health: { command: ["CMD", "true"], intervalSeconds: 10, timeoutSeconds: 2, retries: 4, startPeriodSeconds: 0 },
      stopTimeoutSeconds: 7,
      logs: { driver: "awslogs", options: { "awslogs-group": "g" } },
    });
    expect(container).toMatchObject({
      entryPoint: ["/bin/sh"],
      command: ["-c", "serve"],
      workingDirectory: "/srv",
      user: "1000:1000",
      memoryReservation: 128,
      essential: false,
      environment: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      secrets: [
        { name: "C", valueFrom: "arn:c" },
        { name: "D", valueFrom: "arn:d" },
      ],
      healthCheck: { command: ["CMD", "true"], interval: 10, timeout: 2, retries: 4, startPeriod: 0 },
      stopTimeout: 7,
      logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "g" } },
    });
  });

  test.for([
    { mode: "awsvpc", hostPort: 8080 },
    { mode: "host", hostPort: 8080 },
    { mode: "bridge", hostPort: 0 },
  ] as const)("in network mode $mode has its port 8080 at port $hostPort of the host", ({ mode, hostPort }) => {
    const ports = [{ name: "http", containerPort: 8080, protocol: "tcp" as const }];
    expect(containerOf({ ports }, { mode })?.portMappings).toEqual([
      { containerPort: 8080, hostPort, protocol: "tcp" },
    ]);
  });
});
