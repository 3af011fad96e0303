import { arnOf } from "./arns.ts";
import type { ContainerState, Ecs, InstanceState, InterfaceState, Tags, TaskState } from "./state.ts";

/** An object of the wire protocol. */
export type Json = Record<string, unknown>;

/** Drops members that are undefined: the wire has no such thing. */
export function compact(members: Json): Json {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** A time as AWS JSON 1.1 carries it: epoch seconds with a fraction. */
export function epochSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}

/** A time as events carry it. */
function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

/** Tags as ECS lists them, in the order of their keys. */
export function tagList(tags: Tags | undefined): readonly { readonly key: string; readonly value: string }[] {
  return Object.entries(tags ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));
}

/** A task as DescribeTasks, RunTask and StopTask answer it. */
export function taskJson(ecs: Ecs, task: TaskState, include: readonly string[] = []): Json {
  return compact({
    ...taskMembers(ecs, task, epochSeconds, "ElasticNetworkInterface"),
    healthStatus: task.health,
    containers: task.containers.map((container) => ({
      ...containerJson(task, container),
      healthStatus: container.health,
    })),
    tags: include.includes("TAGS") ? tagList(ecs.state.tags.get(task.arn)) : [],
  });
}

/** A task as an event shows it: no health, no tags, times as text. */
export function taskDetail(ecs: Ecs, task: TaskState): Json {
  return compact({ ...taskMembers(ecs, task, isoTime, "eni"), updatedAt: isoTime(task.updatedAtMs) });
}

function taskMembers(
  ecs: Ecs,
  task: TaskState,
  time: (ms: number | undefined) => unknown,
  attachmentType: string,
): Json {
  return {
    attachments: task.eni ? [attachmentJson(task.eni, attachmentType)] : [],
    attributes: [{ name: "ecs.cpu-architecture", value: task.architecture }],
    availabilityZone: task.zone,
    clusterArn: arnOf(ecs.options, "cluster", task.cluster),
    connectivity: task.connectedAtMs === undefined ? undefined : "CONNECTED",
    connectivityAt: time(task.connectedAtMs),
    containerInstanceArn: task.instanceArn,
    containers: task.containers.map((container) => containerJson(task, container)),
    cpu: `${task.cpuUnits}`,
    createdAt: time(task.createdAtMs),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    executionStoppedAt: time(task.executionStoppedAtMs),
    group: task.group,
    lastStatus: task.lastStatus,
    launchType: task.launchType,
    memory: `${task.memoryMib}`,
    overrides: { containerOverrides: task.containers.map(({ name }) => ({ name })), ...task.overrides },
    platformVersion: task.launchType === "FARGATE" ? "1.4.0" : undefined,
    pullStartedAt: time(task.pullStartedAtMs),
    pullStoppedAt: time(task.pullStoppedAtMs),
    startedAt: time(task.startedAtMs),
    startedBy: task.startedBy,
    stopCode: task.stopCode,
    stoppedAt: time(task.stoppedAtMs),
    stoppedReason: task.stoppedReason,
    stoppingAt: time(task.stoppingAtMs),
    taskArn: task.arn,
    taskDefinitionArn: task.taskDefinition,
    version: task.version,
  };
}

function attachmentJson(eni: InterfaceState, type: string): Json {
  const details = [{ name: "subnetId", value: eni.subnet }];
  if (eni.status !== "PRECREATED") {
    details.push(
      { name: "networkInterfaceId", value: eni.interfaceId },
      { name: "macAddress", value: eni.macAddress },
      { name: "privateDnsName", value: `ip-${eni.address.replaceAll(".", "-")}.ec2.internal` },
      { name: "privateIPv4Address", value: eni.address },
    );
  }
  return { id: eni.attachmentId, type, status: eni.status, details };
}

function containerJson(task: TaskState, container: ContainerState): Json {
  return compact({
    containerArn: container.arn,
    taskArn: task.arn,
    name: container.name,
    image: container.image,
    runtimeId: container.runtimeId,
    lastStatus: container.lastStatus,
    exitCode: container.exitCode,
    reason: container.reason,
    networkBindings: networkBindings(task, container),
    networkInterfaces: networkInterfaces(task.eni),
    cpu: `${container.cpuUnits}`,
    memory: container.memoryMib === undefined ? undefined : `${container.memoryMib}`,
    memoryReservation: container.memoryReservationMib === undefined ? undefined : `${container.memoryReservationMib}`,
  });
}

/** Reported only once the task runs; a port that the task definition fixes shows as fixed, whatever the driver gave. */
function networkBindings(task: TaskState, container: ContainerState): readonly Json[] {
  if (task.networkMode === "awsvpc" || task.startedAtMs === undefined) return [];
  return container.ports.flatMap((port) => {
    const hostPort = visiblePort(port, container.hostPorts);
    return hostPort === undefined
      ? []
      : [{ bindIP: "0.0.0.0", containerPort: port.containerPort, hostPort, protocol: port.protocol }];
  });
}

/** The host port that clients of the instance would use. */
export function visiblePort(
  port: ContainerState["ports"][number],
  hostPorts: Readonly<Record<number, number>>,
): number | undefined {
  return port.fixedPort ?? hostPorts[port.containerPort];
}

function networkInterfaces(eni: InterfaceState | undefined): readonly Json[] {
  if (eni === undefined || eni.status === "PRECREATED") return [];
  return [{ attachmentId: eni.attachmentId, privateIpv4Address: eni.address }];
}

/** A container instance as DescribeContainerInstances answers it. */
export function instanceJson(ecs: Ecs, instance: InstanceState, include: readonly string[] = []): Json {
  const tasks = [...ecs.state.tasks.values()].filter((task) => task.instanceArn === instance.arn);
  return {
    ...instanceMembers(instance),
    runningTasksCount: tasks.filter((task) => task.lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter((task) => ["PENDING", "ACTIVATING", "PROVISIONING"].includes(task.lastStatus))
      .length,
    registeredAt: epochSeconds(instance.registeredAtMs),
    attachments: [],
    tags: include.includes("TAGS") ? tagList(ecs.state.tags.get(instance.arn)) : [],
  };
}

/** A container instance as an event shows it. */
export function instanceDetail(ecs: Ecs, instance: InstanceState): Json {
  return {
    ...instanceMembers(instance),
    clusterArn: arnOf(ecs.options, "cluster", instance.cluster),
    updatedAt: isoTime(instance.updatedAtMs),
  };
}

function instanceMembers(instance: InstanceState): Json {
  return {
    agentConnected: instance.agentConnected,
    attributes: Object.entries(instance.attributes).map(([name, value]) => ({ name, value })),
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2InstanceId,
    registeredResources: [...resources(instance.registered, reservedPorts), ...gpus(instance, "registered")],
    remainingResources: [...resources(instance.remaining, instance.usedPorts), ...gpus(instance, "remaining")],
    status: instance.status,
    version: instance.version,
    versionInfo: { agentHash: "*00000000", agentVersion: "1.90.0", dockerVersion: "DockerVersion: 25.0.8" },
  };
}

/** Ports that the instance itself uses: SSH, Docker, the agent. */
export const reservedPorts: readonly number[] = [22, 2375, 2376, 51678, 51679];

const empty = { doubleValue: 0, longValue: 0, integerValue: 0 };

function resources(amount: InstanceState["remaining"], ports: readonly number[]): readonly Json[] {
  return [
    { name: "CPU", type: "INTEGER", ...empty, integerValue: amount.cpuUnits },
    { name: "MEMORY", type: "INTEGER", ...empty, integerValue: amount.memoryMib },
    { name: "PORTS", type: "STRINGSET", ...empty, stringSetValue: ports.map(String) },
    { name: "PORTS_UDP", type: "STRINGSET", ...empty, stringSetValue: [] },
  ];
}

/** An instance without any names no such resource. */
function gpus({ gpus: counts }: InstanceState, which: keyof InstanceState["gpus"]): readonly Json[] {
  const ids = Array.from({ length: counts[which] }, (_, index) => `GPU-${index}`);
  return counts.registered === 0 ? [] : [{ name: "GPU", type: "STRINGSET", ...empty, stringSetValue: ids }];
}
