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

const efs = { fileSystem: "fs-01234567", iam: false, transitEncryption: true };
const authorized = (authorizationConfig: object) => ({
  name: "data",
  efsVolumeConfiguration: { fileSystemId: "fs-01234567", transitEncryption: "ENABLED", authorizationConfig },
});

/** The members of a request that a row speaks of. */
const spokenOf = (request: object | undefined, is: object) =>
  Object.fromEntries(
    Object.keys(is).map((name) => [name, Object.entries(request ?? {}).find(([key]) => key === name)?.[1]]),
  );

/** Each field of a task by what it becomes. */
test.for<{ name: string; task: Partial<TaskTemplate>; is: Record<string, unknown> }>([
  { name: "storage", task: { ephemeralStorageGib: 21 }, is: { ephemeralStorage: { sizeInGiB: 21 } } },
  { name: "no volumes", task: { volumes: [] }, is: { volumes: undefined } },
  {
    name: "volumes, in their order",
    task: {
      volumes: [
        { name: "b", ephemeral: {} },
        { name: "a", host: { path: "/var/log" } },
      ],
    },
    is: { volumes: [{ name: "b" }, { name: "a", host: { sourcePath: "/var/log" } }] },
  },
  {
    name: "an EFS file system",
    task: { volumes: [{ name: "data", efs }] },
    is: {
      volumes: [
        {
          name: "data",
          efsVolumeConfiguration: {
            fileSystemId: "fs-01234567",
            transitEncryption: "ENABLED",
          },
        },
      ],
    },
  },
  {
    name: "a folder of it in the clear",
    task: { volumes: [{ name: "data", efs: { ...efs, path: "/a", transitEncryption: false } }] },
    is: {
      volumes: [
        {
          name: "data",
          efsVolumeConfiguration: {
            fileSystemId: "fs-01234567",
            rootDirectory: "/a",
            transitEncryption: "DISABLED",
          },
        },
      ],
    },
  },
  {
    name: "an access point of it",
    task: { volumes: [{ name: "data", efs: { ...efs, accessPoint: "fsap-01234567" } }] },
    is: { volumes: [authorized({ accessPointId: "fsap-01234567", iam: "DISABLED" })] },
  },
  {
    name: "it as the task role",
    task: { volumes: [{ name: "data", efs: { ...efs, iam: true } }] },
    is: { volumes: [authorized({ iam: "ENABLED" })] },
  },
])("$name", ({ task, is }) => {
  expect(spokenOf(registerInput(aDefinition({ task })), is)).toEqual(is);
});

test("exec is the call's to ask for, not the definition's", () => {
  expect(registerInput(aDefinition({ task: { exec: true } }))).toEqual(registerInput(aDefinition()));
});

/** Each field of a container by what it becomes. */
test.for<{ name: string; container: Partial<Container>; is: Record<string, unknown> }>([
  {
    name: "credentials",
    container: { registryCredentials: "arn:registry" },
    is: { repositoryCredentials: { credentialsParameter: "arn:registry" } },
  },
  { name: "GPUs", container: { gpu: 2 }, is: { resourceRequirements: [{ type: "GPU", value: "2" }] } },
  {
    name: "dependencies, in their order",
    container: {
      dependsOn: [
        { container: "d", condition: "start" },
        { container: "c", condition: "healthy" },
        { container: "b", condition: "complete" },
        { container: "a", condition: "success" },
      ],
    },
    is: {
      dependsOn: [
        { containerName: "d", condition: "START" },
        { containerName: "c", condition: "HEALTHY" },
        { containerName: "b", condition: "COMPLETE" },
        { containerName: "a", condition: "SUCCESS" },
      ],
    },
  },
  {
    name: "files of variables, in their order",
    container: { environmentFrom: [{ s3: "arn:b" }, { s3: "arn:a" }] },
    is: {
      environmentFiles: [
        { type: "s3", value: "arn:b" },
        { type: "s3", value: "arn:a" },
      ],
    },
  },
  {
    name: "mounts, in their order",
    container: {
      mounts: [
        { volume: "b", path: "/b", readOnly: true },
        { volume: "a", path: "/a", readOnly: false },
      ],
    },
    is: {
      mountPoints: [
        { sourceVolume: "b", containerPath: "/b", readOnly: true },
        { sourceVolume: "a", containerPath: "/a", readOnly: false },
      ],
    },
  },
  {
    name: "lists of one",
    container: {
      entryPoint: ["sh"],
      command: ["serve"],
      dependsOn: [{ container: "a", condition: "start" }],
      environmentFrom: [{ s3: "arn:a" }],
      mounts: [{ volume: "a", path: "/a", readOnly: false }],
      logs: { driver: "splunk", options: {}, secretOptions: { a: "arn:a" } },
    },
    is: {
      entryPoint: ["sh"],
      command: ["serve"],
      dependsOn: [{ containerName: "a", condition: "START" }],
      environmentFiles: [{ type: "s3", value: "arn:a" }],
      mountPoints: [{ sourceVolume: "a", containerPath: "/a", readOnly: false }],
      logConfiguration: { logDriver: "splunk", options: {}, secretOptions: [{ name: "a", valueFrom: "arn:a" }] },
    },
  },
  {
    name: "empty lists",
    container: { dependsOn: [], environmentFrom: [], mounts: [] },
    is: { dependsOn: undefined, environmentFiles: undefined, mountPoints: undefined },
  },
  {
    name: "log options that are secrets, by name",
    container: { logs: { driver: "splunk", options: {}, secretOptions: { b: "arn:b", a: "arn:a" } } },
    is: {
      logConfiguration: {
        logDriver: "splunk",
        options: {},
        secretOptions: [
          { name: "a", valueFrom: "arn:a" },
          { name: "b", valueFrom: "arn:b" },
        ],
      },
    },
  },
  {
    name: "no secret options",
    container: { logs: { driver: "splunk", options: {}, secretOptions: {} } },
    is: { logConfiguration: { logDriver: "splunk", options: {} } },
  },
])("$name", ({ container, is }) => {
  expect(spokenOf(containerOf(container), is)).toEqual(is);
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

  test.for(["awsvpc", "host", "bridge"] as const)(
    "in network mode %s has the port of the host that it names",
    (mode) => {
      const ports = [{ name: "dns", containerPort: 8053, hostPort: 53, protocol: "udp" as const }];
      expect(containerOf({ ports }, { mode })?.portMappings).toEqual([
        { containerPort: 8053, hostPort: 53, protocol: "udp" },
      ]);
    },
  );
});
