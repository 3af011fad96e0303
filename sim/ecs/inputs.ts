import * as z from "zod/mini";
import { invalidParameter } from "./errors.ts";

/** The members of each request that the engine understands; others are let through and ignored, as ECS's older versions do. */
const text = z.optional(z.string());
const integer = z.optional(z.int());
const texts = z.optional(z.array(z.string()));
const tags = z.optional(z.array(z.object({ key: z.string(), value: z.optional(z.string()) })));
const pairs = z.optional(z.array(z.object({ name: z.string(), value: z.string() })));
const page = { maxResults: integer, nextToken: text };
const status = z.optional(z.enum(["ACTIVE", "INACTIVE", "ALL"]));
const include = <const Words extends readonly string[]>(...words: Words) => z.optional(z.array(z.enum(words)));

const portMapping = z.looseObject({
  containerPort: z.int(),
  hostPort: integer,
  protocol: z.optional(z.enum(["tcp", "udp"])),
});

const healthCheck = z.looseObject({
  command: z.array(z.string()),
  interval: integer,
  timeout: integer,
  retries: integer,
  startPeriod: integer,
});

const secrets = z.optional(z.array(z.object({ name: z.string(), valueFrom: z.string() })));

const dependency = z.object({
  containerName: z.string(),
  condition: z.enum(["START", "COMPLETE", "SUCCESS", "HEALTHY"]),
});

const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  repositoryCredentials: z.optional(z.object({ credentialsParameter: z.string() })),
  cpu: integer,
  memory: integer,
  memoryReservation: integer,
  essential: z.optional(z.boolean()),
  entryPoint: texts,
  command: texts,
  workingDirectory: text,
  user: text,
  environment: pairs,
  environmentFiles: z.optional(z.array(z.object({ type: z.enum(["s3"]), value: z.string() }))),
  secrets,
  dependsOn: z.optional(z.array(dependency)),
  portMappings: z.optional(z.array(portMapping)),
  mountPoints: z.optional(z.array(z.looseObject({ sourceVolume: text, containerPath: text }))),
  resourceRequirements: z.optional(z.array(z.looseObject({ type: z.string(), value: text }))),
  healthCheck: z.optional(healthCheck),
  stopTimeout: integer,
  firelensConfiguration: z.optional(z.unknown()),
  logConfiguration: z.optional(
    z.looseObject({
      logDriver: z.enum(["awsfirelens", "awslogs", "fluentd", "gelf", "journald", "json-file", "splunk", "syslog"]),
      options: z.optional(z.record(z.string(), z.string())),
      secretOptions: secrets,
    }),
  ),
});

const onOrOff = z.optional(z.enum(["ENABLED", "DISABLED"]));

const volume = z.looseObject({
  name: text,
  host: z.optional(z.looseObject({ sourcePath: text })),
  efsVolumeConfiguration: z.optional(
    z.looseObject({
      fileSystemId: z.string(),
      rootDirectory: text,
      transitEncryption: onOrOff,
      authorizationConfig: z.optional(z.looseObject({ accessPointId: text, iam: onOrOff })),
    }),
  ),
});

const constraint = z.object({ type: z.string(), expression: text });

const registerTaskDefinition = z.looseObject({
  family: z.string(),
  containerDefinitions: z.array(container),
  networkMode: z.optional(z.enum(["awsvpc", "bridge", "host", "none"])),
  requiresCompatibilities: z.optional(z.array(z.enum(["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]))),
  cpu: text,
  memory: text,
  taskRoleArn: text,
  executionRoleArn: text,
  volumes: z.optional(z.array(volume)),
  ephemeralStorage: z.optional(z.object({ sizeInGiB: z.int() })),
  placementConstraints: z.optional(z.array(constraint)),
  runtimePlatform: z.optional(
    z.object({
      cpuArchitecture: z.optional(z.enum(["X86_64", "ARM64"])),
      // There is no Windows here.
      operatingSystemFamily: z.optional(z.enum(["LINUX"])),
    }),
  ),
  tags,
});

const overrides = z.looseObject({
  taskRoleArn: text,
  containerOverrides: z.optional(z.array(z.looseObject({ name: z.string(), command: texts, environment: pairs }))),
});

const runTask = z.looseObject({
  cluster: text,
  taskDefinition: z.string(),
  count: integer,
  clientToken: text,
  launchType: z.optional(z.enum(["EC2", "FARGATE"])),
  capacityProviderStrategy: z.optional(z.array(z.unknown())),
  startedBy: text,
  group: text,
  tags,
  propagateTags: z.optional(z.enum(["TASK_DEFINITION", "SERVICE", "NONE"])),
  enableECSManagedTags: z.optional(z.boolean()),
  enableExecuteCommand: z.optional(z.boolean()),
  overrides: z.optional(overrides),
  placementConstraints: z.optional(z.array(constraint)),
  placementStrategy: z.optional(z.array(z.object({ type: z.enum(["random", "spread", "binpack"]), field: text }))),
  networkConfiguration: z.optional(
    z.object({
      awsvpcConfiguration: z.optional(
        z.object({
          subnets: z.array(z.string()),
          securityGroups: texts,
          assignPublicIp: z.optional(z.enum(["ENABLED", "DISABLED"])),
        }),
      ),
    }),
  ),
});

/** One shape for each action. */
export const inputs = {
  CreateCluster: z.object({ clusterName: text, tags }),
  DescribeClusters: z.object({
    clusters: texts,
    include: include("ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"),
  }),
  ListClusters: z.object(page),
  ListContainerInstances: z.object({ cluster: text, status: text, filter: text, ...page }),
  DescribeContainerInstances: z.object({
    cluster: text,
    containerInstances: z.array(z.string()),
    include: include("TAGS", "CONTAINER_INSTANCE_HEALTH"),
  }),
  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: z.object({ taskDefinition: z.string(), include: include("TAGS") }),
  DeregisterTaskDefinition: z.object({ taskDefinition: z.string() }),
  ListTaskDefinitions: z.object({ familyPrefix: text, status, sort: z.optional(z.enum(["ASC", "DESC"])), ...page }),
  ListTaskDefinitionFamilies: z.object({ familyPrefix: text, status, ...page }),
  RunTask: runTask,
  StopTask: z.object({ cluster: text, task: z.string(), reason: text }),
  DescribeTasks: z.object({ cluster: text, tasks: z.array(z.string()), include: include("TAGS") }),
  ListTasks: z.object({
    cluster: text,
    containerInstance: text,
    family: text,
    startedBy: text,
    serviceName: text,
    launchType: z.optional(z.enum(["EC2", "FARGATE", "EXTERNAL"])),
    desiredStatus: z.optional(z.enum(["RUNNING", "PENDING", "STOPPED"])),
    ...page,
  }),
  TagResource: z.object({ resourceArn: z.string(), tags: z.array(z.object({ key: z.string(), value: text })) }),
  ListTagsForResource: z.object({ resourceArn: z.string() }),
} as const;

/** Name of an action that the engine knows. */
export type Action = keyof typeof inputs;
/** A request of that action, in its shape. */
export type Input<A extends Action> = z.infer<(typeof inputs)[A]>;
/** A task definition as it is registered. */
export type RegisterInput = Input<"RegisterTaskDefinition">;
/** One container of a task definition. */
export type ContainerInput = RegisterInput["containerDefinitions"][number];
/** A RunTask request. */
export type RunInput = Input<"RunTask">;
/** One volume of a task definition. */
export type VolumeInput = NonNullable<RegisterInput["volumes"]>[number];
/** What a call changes of its task definition. */
export type OverridesInput = NonNullable<RunInput["overrides"]>;

/** The request in its shape. Throws InvalidParameterException, naming the first member that is not. */
export function parseInput<A extends Action>(action: A, input: unknown): Input<A> {
  const parsed = z.safeParse<z.core.$ZodType>(inputs[action], input ?? {});
  if (parsed.success) return parsed.data as Input<A>;
  const [issue] = parsed.error.issues;
  throw invalidParameter(`${issue?.path.join(".") || action}: ${issue?.message ?? "wrong shape"}`);
}
