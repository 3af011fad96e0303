import { describe, expect, test } from "vitest";
import { aWorld, type Json, refusal } from "./world.ts";

const container = { name: "app", image: "shop/web", memory: 256 };
const fargate = { networkMode: "awsvpc", requiresCompatibilities: ["FARGATE"], cpu: "256", memory: "512" };
const check = { command: ["CMD", "true"] };
const execution = { executionRoleArn: "arn:aws:iam::123456789012:role/execution" };
const digest = `@sha256:${"aF09".repeat(16)}`;
const group = { "awslogs-group": "/g", "awslogs-region": "r" };
const onFargate = { ...fargate, ...execution };
const ecr = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1";

function registered(definition: Json): string {
  const world = aWorld();
  const input = { family: "web", containerDefinitions: [container], ...definition };
  return refusal(() => world.engine.handle("RegisterTaskDefinition", input));
}

/** A definition with one container that has these members. */
const one = (members: Json): Json => ({ containerDefinitions: [{ ...container, ...members }] });

/** A definition with containers that have these members; the first is essential. */
const several = (...members: readonly Json[]): Json => ({
  containerDefinitions: members.map((each, index) => ({
    name: "abcdef"[index],
    image: "i",
    memory: 16,
    essential: index === 0,
    ...each,
  })),
});
const on = (containerName: string, condition = "START") => ({ dependsOn: [{ containerName, condition }] });
const logs = (logDriver: string, options: Json = {}, more: Json = {}) =>
  one({ logConfiguration: { logDriver, options, ...more } });
const efs = (configuration: Json) => ({
  volumes: [{ name: "data", efsVolumeConfiguration: { fileSystemId: "fs-1", ...configuration } }],
});
const mount = (sourceVolume: string | undefined, containerPath: string | undefined = "/data") =>
  one({ mountPoints: [{ sourceVolume, containerPath }] });
const storage = (sizeInGiB: number) => ({ ephemeralStorage: { sizeInGiB } });
const files = (count: number) =>
  one({ environmentFiles: Array(count).fill({ type: "s3", value: "arn:aws:s3:::shop/web.env" }) });

describe("task definitions that are registered", () => {
  test.for<{ name: string; definition: Json }>([
    { name: "the least there is", definition: {} },
    { name: "a family of 255 characters", definition: { family: "A-z_9".repeat(51) } },
    { name: "ten containers", definition: { containerDefinitions: numbered(10) } },
    { name: "memory reserved, not limited", definition: one({ memory: undefined, memoryReservation: 128 }) },
    { name: "memory reserved below the limit", definition: one({ memoryReservation: 256 }) },
    { name: "memory of the task alone", definition: { ...one({ memory: undefined }), memory: "512" } },
    { name: "no CPU for a container", definition: one({ cpu: 0 }) },
    { name: "least memory of a task", definition: { ...one({ memory: 4 }), memory: "4" } },
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
    { name: "an image of 255 characters and a digest", definition: one({ image: `${"x".repeat(255)}${digest}` }) },
    { name: "all of the task's memory", definition: { ...one({ memory: 512, cpu: 256 }), memory: "512", cpu: "256" } },
    { name: "least storage", definition: { ...fargate, ...storage(21) } },
    { name: "most storage", definition: { ...fargate, ...storage(200) } },
    { name: "one port, free on a bridge", definition: several(port(80, 0), port(80, 0)) },
    { name: "one port for two protocols", definition: several(port(80, 53), port(80, 53, "udp")) },
    { name: "no ports without a network", definition: { networkMode: "none" } },
    { name: "secrets with a role", definition: { ...execution, ...one({ secrets: [{ name: "A", valueFrom: "a" }] }) } },
    { name: "ten files of variables", definition: files(10) },
    {
      name: "credentials with a role",
      definition: { ...execution, ...one({ repositoryCredentials: { credentialsParameter: "arn" } }) },
    },
    { name: "an image of ECR on EC2", definition: one({ image: ecr }) },
    { name: "an image of ECR with a role", definition: { ...onFargate, ...one({ image: ecr }) } },
    { name: "a GPU", definition: one({ resourceRequirements: [{ type: "GPU", value: "16" }] }) },
    { name: "a volume that is mounted", definition: { volumes: [{ name: "data" }], ...mount("data") } },
    { name: "a folder of the host", definition: { volumes: [{ name: "data", host: { sourcePath: "/a" } }] } },
    { name: "an empty folder on Fargate", definition: { ...fargate, volumes: [{ name: "data", host: {} }] } },
    { name: "a volume's name of one character", definition: { volumes: [{ name: "a" }] } },
    { name: "a volume's name of 255 characters", definition: { volumes: [{ name: "A_z-9".repeat(51) }] } },
    { name: "an EFS file system", definition: efs({ rootDirectory: "/a", transitEncryption: "DISABLED" }) },
    {
      name: "an access point",
      definition: efs({
        rootDirectory: "/",
        transitEncryption: "ENABLED",
        authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
      }),
    },
    {
      name: "no authorization in the clear",
      definition: efs({ authorizationConfig: { iam: "DISABLED" } }),
    },
    { name: "a dependency", definition: several(on("b"), {}) },
    { name: "a dependency that ends", definition: several(on("b", "COMPLETE"), on("c", "SUCCESS"), {}) },
    { name: "a healthy dependency", definition: several(on("b", "HEALTHY"), { healthCheck: check }) },
    {
      name: "a diamond of dependencies",
      definition: several({ dependsOn: [...on("b").dependsOn, ...on("c").dependsOn] }, on("d"), on("d"), {}),
    },
    { name: "awslogs", definition: logs("awslogs", { ...group, mode: "blocking", "max-buffer-size": "1m", tag: "t" }) },
    {
      name: "awslogs on Fargate",
      definition: { ...onFargate, ...logs("awslogs", { ...group, "awslogs-stream-prefix": "p" }) },
    },
    {
      name: "splunk with a secret on Fargate",
      definition: {
        ...onFargate,
        ...logs("splunk", { "splunk-url": "u" }, { secretOptions: [{ name: "splunk-token", valueFrom: "arn" }] }),
      },
    },
    { name: "syslog on EC2", definition: logs("syslog") },
    {
      name: "a log router",
      definition: several(
        { logConfiguration: { logDriver: "awsfirelens" } },
        { firelensConfiguration: { type: "fluentbit" } },
      ),
    },
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
    ...["a b", "x".repeat(256), `x${digest}0`, "x@sha256:00"].map((image) => ({
      name: `an image ${image.slice(0, 20)}`,
      definition: one({ image }),
      refused: "Container.image contains invalid characters.",
    })),
    {
      name: "containers with more memory than the task",
      definition: { ...one({ memory: 513 }), memory: "512" },
      refused: "Invalid 'memory' setting for task: its containers need 513, got 512",
    },
    {
      name: "containers with more CPU than the task",
      definition: { ...several({ cpu: 100 }, { cpu: 100 }), cpu: "199", memory: "512" },
      refused: "Invalid 'cpu' setting for task: its containers need 200, got 199",
    },
    {
      name: "storage on EC2",
      definition: storage(30),
      refused: "Only Fargate supports ephemeralStorage.",
    },
    ...[20, 201].map((gib) => ({
      name: `${gib} GiB of storage`,
      definition: { ...fargate, ...storage(gib) },
      refused: `EphemeralStorage size should be at least 21 and at most 200, got ${gib}`,
    })),
    {
      name: "ports without a network",
      definition: { networkMode: "none", ...one(port(80)) },
      refused: "Port mappings are not supported with network mode 'none'.",
    },
    {
      name: "a port of the host twice",
      definition: several(port(80, 3000), port(81, 3000)),
      refused: "TCP host port '3000' is mapped multiple times in task.",
    },
    ...["awsvpc", "host"].map((networkMode) => ({
      name: `a port twice, ${networkMode}`,
      definition: { networkMode, ...several(port(53, 53, "udp"), port(53, undefined, "udp")) },
      refused: "UDP host port '53' is mapped multiple times in task.",
    })),
    {
      name: "secrets without a role",
      definition: one({ secrets: [{ name: "A", valueFrom: "a" }] }),
      refused: "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    },
    {
      name: "a secret that is a variable too",
      definition: {
        ...execution,
        ...one({ secrets: [{ name: "A", valueFrom: "a" }], environment: [{ name: "A", value: "" }] }),
      },
      refused:
        "The secret name must be unique and not shared with any new or existing environment variables set on the container, such as 'A'.",
    },
    {
      name: "eleven files of variables",
      definition: files(11),
      refused: "a container may have 10 environment files, got 11",
    },
    ...["arn:aws:s3:::shop/web.txt", "arn:aws:s3:::shop.env", "s3://shop/web.env"].map((value) => ({
      name: `a file of variables ${value}`,
      definition: one({ environmentFiles: [{ type: "s3", value }] }),
      refused: `Environment file ${value} must be an object of S3 with the extension .env`,
    })),
    {
      name: "credentials without a role",
      definition: one({ repositoryCredentials: { credentialsParameter: "arn" } }),
      refused:
        "Private repository authentication requires that the task definition specify a value for executionRoleArn.",
    },
    {
      name: "an image of ECR without a role on Fargate",
      definition: { ...fargate, ...one({ image: ecr }) },
      refused: "Fargate requires task definition to have execution role ARN to support ECR images.",
    },
    {
      name: "a GPU on Fargate",
      definition: { ...fargate, ...one({ resourceRequirements: [{ type: "GPU", value: "1" }] }) },
      refused: "Fargate compatible task definitions do not support resource requirements.",
    },
    ...["0", "1.5", ""].map((value) => ({
      name: `${value} GPUs`,
      definition: one({ resourceRequirements: [{ type: "GPU", value }] }),
      refused: `Invalid value for resource type GPU: ${value}`,
    })),
    ...["", "a.b", "x".repeat(256)].map((name) => ({
      name: `a volume called ${name.slice(0, 20)}`,
      definition: { volumes: [{ name }] },
      refused: `Invalid volume name: ${name}`,
    })),
    {
      name: "two volumes of one name",
      definition: { volumes: [{ name: "data" }, { name: "data" }] },
      refused: "Volume names should be unique within a task definition, but data is there twice.",
    },
    {
      name: "a volume in two places",
      definition: { volumes: [{ name: "data", host: {}, efsVolumeConfiguration: { fileSystemId: "fs-1" } }] },
      refused: "Volume data has more than one configuration.",
    },
    {
      name: "no folder of the host",
      definition: { volumes: [{ name: "data", host: { sourcePath: "" } }] },
      refused: "host.sourcePath should not be blank.",
    },
    {
      name: "a folder of the host on Fargate",
      definition: { ...fargate, volumes: [{ name: "data", host: { sourcePath: "/a" } }] },
      refused: "Fargate compatible task definitions do not support sourcePath",
    },
    {
      name: "another folder than an access point's",
      definition: efs({
        rootDirectory: "/a",
        transitEncryption: "ENABLED",
        authorizationConfig: { accessPointId: "fsap-1" },
      }),
      refused: 'When using an EFS access point, the root directory must either be set to "/" or be omitted',
    },
    ...[{ accessPointId: "fsap-1" }, { iam: "ENABLED" }].map((authorizationConfig) => ({
      name: `${Object.keys(authorizationConfig)} in the clear`,
      definition: efs({ authorizationConfig }),
      refused: "EFS transit encryption must be ENABLED when an access point or IAM authorization is used.",
    })),
    {
      name: "a mount of no volume",
      definition: { volumes: [{ name: "data" }], ...mount("root") },
      refused: "Unknown volume 'root'.",
    },
    { name: "a mount that names none", definition: mount(undefined), refused: "Unknown volume 'null'." },
    {
      name: "a mount at no path",
      definition: { volumes: [{ name: "data" }], ...mount("data", "") },
      refused: "containerPath of a mount point of container app should not be blank.",
    },
    {
      name: "a dependency that is not there",
      definition: several(on("z"), {}),
      refused: "Cannot depend on container + 'z' because it does not exist",
    },
    ...["SUCCESS", "COMPLETE"].map((condition) => ({
      name: `${condition} of an essential container`,
      definition: several(on("b", condition), { essential: true }),
      refused: "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container",
    })),
    {
      name: "the health of a container without a check",
      definition: several(on("b", "HEALTHY"), {}),
      refused: "A dependency with HEALTHY condition requires a health check of container b.",
    },
    {
      name: "a container that waits for itself",
      definition: several(on("a")),
      refused: "The dependencies of container a contain a cycle.",
    },
    {
      name: "a ring of dependencies",
      definition: several({}, on("c"), on("d"), on("b")),
      refused: "The dependencies of container b contain a cycle.",
    },
    {
      name: "awslogs without a group",
      definition: logs("awslogs", { "awslogs-region": "r" }),
      refused: "Log driver awslogs requires options: awslogs-group",
    },
    {
      name: "splunk without options",
      definition: logs("splunk"),
      refused: "Log driver splunk requires options: splunk-token, splunk-url",
    },
    {
      name: "an option of another driver",
      definition: logs("awslogs", { ...group, log_key: "log", modes: "x" }),
      refused: "Log driver awslogs disallows options: log_key, modes",
    },
    {
      name: "one option of another driver",
      definition: logs("awslogs", { ...group, "gelf-address": "x" }),
      refused: "Log driver awslogs disallows options: gelf-address",
    },
    {
      name: "awslogs without a prefix on Fargate",
      definition: { ...onFargate, ...logs("awslogs", group) },
      refused:
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
    },
    {
      name: "awslogs without a role on Fargate",
      definition: { ...fargate, ...logs("awslogs", { ...group, "awslogs-stream-prefix": "p" }) },
      refused: "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    },
    {
      name: "syslog on Fargate",
      definition: { ...onFargate, ...logs("syslog") },
      refused: "Fargate compatible task definitions do not support log driver syslog.",
    },
    {
      name: "firelens without a log router",
      definition: logs("awsfirelens"),
      refused:
        "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be configured in one of the containers.",
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

function port(containerPort: number, hostPort?: number, protocol = "tcp"): Json {
  return { portMappings: [{ containerPort, hostPort, protocol }] };
}

function numbered(count: number): readonly Json[] {
  return Array.from({ length: count }, (_, index) => ({ ...container, name: `c${index}` }));
}

/** A definition whose JSON has that many bytes. */
function sized(bytes: number): Json {
  const empty = JSON.stringify({ family: "web", ...one({ command: [""] }) });
  return one({ command: ["x".repeat(bytes - empty.length)] });
}
