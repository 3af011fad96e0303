import { definitionLimits } from "./documented-definitions.ts";
import { dynamodbLimits } from "./documented-dynamodb.ts";
import { type Input, type Limit, objects, within } from "./documented-limit.ts";
import { sqsLimits } from "./documented-sqs.ts";

const ecs = "https://docs.aws.amazon.com/AmazonECS/latest/APIReference";
const run = `${ecs}/API_RunTask.html`;
const placement = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html";

const network = ({ networkConfiguration }: Input) => objects(networkConfiguration).at(0)?.awsvpcConfiguration;
const length = (value: unknown) => (Array.isArray(value) ? value.length : 0);
const filters = ["family", "containerInstance", "serviceName", "daemonName", "launchType", "desiredStatus"];

const runLimits: readonly Limit[] = [
  { of: ["RunTask"], source: run, path: "count", check: ({ count }) => within(count, 1, 10) },
  {
    of: ["RunTask"],
    source: `${ecs}/ECS_Idempotency.html`,
    path: "clientToken",
    check: ({ clientToken }) =>
      clientToken === undefined || /^[\x21-\x7e]{1,64}$/.test(String(clientToken))
        ? undefined
        : "must be 1 to 64 characters of ASCII 33 to 126",
  },
  {
    of: ["RunTask"],
    source: run,
    path: "startedBy",
    check: ({ startedBy = "" }) =>
      /^[A-Za-z0-9_/-]{0,128}$/.test(String(startedBy)) ? undefined : "must be up to 128 of A-Z, a-z, 0-9, -, _ and /",
  },
  { of: ["RunTask"], source: run, path: "group", check: ({ group = "" }) => within(String(group).length, 0, 255) },
  {
    of: ["RunTask"],
    source: run,
    path: "capacityProviderStrategy",
    check: ({ capacityProviderStrategy: strategy, launchType }) =>
      strategy !== undefined && launchType !== undefined
        ? "must not stand beside launchType"
        : within(length(strategy), 0, 20),
  },
  {
    of: ["RunTask"],
    source: run,
    path: "propagateTags",
    check: ({ propagateTags }) =>
      propagateTags === "SERVICE" ? "must not be SERVICE: no service starts it" : undefined,
  },
  {
    of: ["RunTask"],
    source: run,
    path: "overrides",
    check: ({ overrides = {} }) => within(JSON.stringify(overrides).length, 0, 8192),
  },
  {
    of: ["RunTask"],
    source: run,
    path: "placementConstraints",
    check: ({ placementConstraints }) =>
      objects(placementConstraints).some(({ expression = "" }) => String(expression).length > 2000)
        ? "must have expressions of at most 2000 characters"
        : within(length(placementConstraints), 0, 10),
  },
  {
    of: ["RunTask"],
    source: run,
    path: "placementStrategy",
    check: ({ placementStrategy }) => within(length(placementStrategy), 0, 5),
  },
  {
    of: ["RunTask"],
    source: placement,
    path: "launchType",
    check: ({ launchType, placementConstraints, placementStrategy }) =>
      launchType === "FARGATE" && length(placementConstraints) + length(placementStrategy) > 0
        ? "must not be FARGATE with placement constraints or strategies"
        : undefined,
  },
  {
    of: ["RunTask"],
    source: `${ecs}/API_AwsVpcConfiguration.html`,
    path: "networkConfiguration.awsvpcConfiguration.subnets",
    check: (input) =>
      objects(network(input))
        .map(({ subnets }) => within(length(subnets), 1, 16))
        .at(0),
  },
  {
    of: ["RunTask"],
    source: `${ecs}/API_AwsVpcConfiguration.html`,
    path: "networkConfiguration.awsvpcConfiguration.securityGroups",
    check: (input) =>
      objects(network(input))
        .map(({ securityGroups }) => within(length(securityGroups), 0, 5))
        .at(0),
  },
];

const readLimits: readonly Limit[] = [
  {
    of: ["DescribeTasks"],
    source: `${ecs}/API_DescribeTasks.html`,
    path: "tasks",
    check: ({ tasks }) => within(length(tasks), 1, 100),
  },
  {
    of: ["DescribeContainerInstances"],
    source: `${ecs}/API_DescribeContainerInstances.html`,
    path: "containerInstances",
    check: ({ containerInstances }) => within(length(containerInstances), 1, 100),
  },
  {
    of: ["DescribeClusters"],
    source: `${ecs}/API_DescribeClusters.html`,
    path: "clusters",
    check: ({ clusters }) => within(length(clusters), 0, 100),
  },
  {
    of: ["ListClusters", "ListContainerInstances", "ListTaskDefinitionFamilies", "ListTaskDefinitions", "ListTasks"],
    source: `${ecs}/API_ListTasks.html`,
    path: "maxResults",
    check: ({ maxResults }) => within(maxResults, 1, 100),
  },
  {
    of: ["ListTasks"],
    source: `${ecs}/API_ListTasks.html`,
    path: "startedBy",
    check: (input) =>
      input.startedBy !== undefined && filters.some((name) => input[name] !== undefined)
        ? "must be the only filter"
        : undefined,
  },
  {
    of: ["CreateCluster"],
    source: `${ecs}/API_CreateCluster.html`,
    path: "clusterName",
    check: ({ clusterName = "default" }) =>
      /^[A-Za-z0-9_-]{1,255}$/.test(String(clusterName)) ? undefined : "must be 1 to 255 of A-Z, a-z, 0-9, - and _",
  },
];

const tagLimits: readonly Limit[] = [
  {
    of: ["CreateCluster", "RegisterTaskDefinition", "RunTask", "TagResource"],
    source: `${ecs}/API_Tag.html`,
    path: "tags",
    check: ({ tags }) =>
      objects(tags).some(({ key, value = "" }) => [key, value].some((text) => /^aws:/i.test(String(text))))
        ? "must not begin with aws:"
        : undefined,
  },
  {
    of: ["CreateCluster", "RegisterTaskDefinition", "RunTask", "TagResource"],
    source: `${ecs}/API_Tag.html`,
    path: "tags",
    check: ({ tags }) =>
      new Set(objects(tags).map(({ key }) => key)).size < objects(tags).length
        ? "must have keys of their own"
        : undefined,
  },
];

const elb = "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference";

const elbLimits: readonly Limit[] = [
  ...(["CreateLoadBalancer", "CreateTargetGroup"] as const).map(
    (name): Limit => ({
      of: [name],
      source: `${elb}/API_${name}.html`,
      path: "Name",
      check: ({ Name = "" }) =>
        /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/.test(String(Name))
          ? undefined
          : "must be 1 to 32 letters, digits and hyphens, none of these at an end, and not begin with internal-",
    }),
  ),
  {
    of: ["RegisterTargets", "DeregisterTargets"],
    source: `${elb}/API_RegisterTargets.html`,
    path: "Targets",
    check: ({ Targets }) => (length(Targets) > 0 ? undefined : "must name at least one target"),
  },
];

const logsLimits: readonly Limit[] = [
  {
    of: ["FilterLogEvents"],
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html",
    path: "logStreamNamePrefix",
    check: ({ logStreamNames, logStreamNamePrefix }) =>
      logStreamNames !== undefined && logStreamNamePrefix !== undefined
        ? "must not stand beside logStreamNames"
        : undefined,
  },
];

/**
 * Limits of requests that AWS documents and its models do not carry, by service, each with the page that says it. What
 * is not documented stands in no row.
 */
export const documentedLimits: Readonly<Record<string, readonly Limit[]>> = {
  ecs: [...runLimits, ...readLimits, ...tagLimits, ...definitionLimits],
  elbv2: elbLimits,
  logs: logsLimits,
  sqs: sqsLimits,
  dynamodb: dynamodbLimits,
};
