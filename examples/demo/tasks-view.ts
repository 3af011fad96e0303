import {
  DescribeContainerInstancesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  ListTasksCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import type { ServiceName } from "./commands.ts";

const cluster = "longshore";

/** Zones of the cluster's machines, one entry a machine. */
export async function nodeZones(ecs: ECSClient): Promise<readonly string[]> {
  const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
  if (containerInstanceArns.length === 0) return [];
  const answer = await ecs.send(
    new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
  );
  return (answer.containerInstances ?? []).map(
    ({ attributes }) => attributes?.find(({ name }) => name === "ecs.availability-zone")?.value ?? "",
  );
}

/** Tasks that were seen STOPPED: they never come back, and need not be described again. */
const stopped = new Set<string>();

/** Tasks of a service that have not stopped, those on their way out among them, as ECS shows them. */
export async function liveTasks(ecs: ECSClient, { metadata }: ServiceName): Promise<readonly Task[]> {
  const list = (desiredStatus: "RUNNING" | "STOPPED") => ecs.send(new ListTasksCommand({ cluster, desiredStatus }));
  const listed = await Promise.all([list("RUNNING"), list("STOPPED")]);
  const arns = listed.flatMap(({ taskArns = [] }) => taskArns).filter((arn) => !stopped.has(arn));
  if (arns.length === 0) return [];
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: arns }));
  for (const { taskArn = "", lastStatus } of tasks) if (lastStatus === "STOPPED") stopped.add(taskArn);
  const group = `/${metadata.namespace}/${metadata.name}`;
  return tasks.filter((task) => task.lastStatus !== "STOPPED" && task.group?.endsWith(group));
}

/** Tasks of a service that are wanted running. */
export async function wantedTasks(ecs: ECSClient, service: ServiceName): Promise<readonly Task[]> {
  return (await liveTasks(ecs, service)).filter(({ desiredStatus }) => desiredStatus === "RUNNING");
}

const versions = new Map<string, string>();

/** The version that a task runs: the variable `VERSION` of its task definition. */
export async function versionOf(ecs: ECSClient, { taskDefinitionArn = "" }: Task): Promise<string> {
  const known = versions.get(taskDefinitionArn);
  if (known !== undefined) return known;
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: taskDefinitionArn }));
  const environment = taskDefinition?.containerDefinitions?.[0]?.environment ?? [];
  const version = environment.find(({ name }) => name === "VERSION")?.value ?? "";
  versions.set(taskDefinitionArn, version);
  return version;
}

/** Private address of a task's own network interface. */
export function addressOf({ attachments }: Task): string {
  return (
    attachments?.flatMap(({ details }) => details ?? []).find(({ name }) => name === "privateIPv4Address")?.value ?? ""
  );
}

/** The last part of an ARN. */
export function idOf(arn: string | undefined): string {
  return arn?.split("/").at(-1) ?? "";
}

/** The first characters of tasks' ids, for people. */
export function shortIds(tasks: readonly Task[]): string {
  return tasks.map(({ taskArn }) => idOf(taskArn).slice(0, 8)).join(", ");
}
