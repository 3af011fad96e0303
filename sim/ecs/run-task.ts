import { invariant } from "../../core/model/fault.ts";
import { arnOf, lastPart } from "./arns.ts";
import { clusterName } from "./clusters.ts";
import { isEssential } from "./definition-nouns.ts";
import { findDefinition } from "./definitions.ts";
import { clientError } from "./errors.ts";
import type { RunInput } from "./inputs.ts";
import { type Need, takeRoom } from "./instances.ts";
import { leaseInterface, type Subnets, subnetsOf } from "./network.ts";
import { chooseInstance, readConstraints } from "./placement.ts";
import { checkRun } from "./run-rules.ts";
import type { ContainerState, DefinitionState, Ecs, InstanceState, PortState, TaskState } from "./state.ts";
import { isLive } from "./state.ts";
import { setTags } from "./tags.ts";
import { addTask } from "./tasks.ts";
import { remember, replay } from "./tokens.ts";
import { type Json, taskJson } from "./wire.ts";

/** One RunTask while it is carried out. */
interface Run extends ReturnType<typeof readConstraints> {
  readonly cluster: string;
  readonly input: RunInput;
  readonly definition: DefinitionState;
  readonly subnets: Subnets;
  readonly group: string;
  readonly need: Need;
}

/** Where a task goes: an instance, or on Fargate none; with awsvpc a subnet. */
interface Site {
  readonly instance?: InstanceState;
  readonly zone: string;
  readonly subnet?: string;
}

/**
 * Starts `count` tasks, each placed by itself. What finds no place is a failure in the answer, beside the tasks that
 * did; a request with a token that was answered before is answered the same again.
 */
export function runTask(ecs: Ecs, input: RunInput): Json {
  const cluster = clusterName(ecs, input.cluster);
  const before = replay(ecs, cluster, input);
  if (before !== undefined) return before;
  const definition = findDefinition(ecs, input.taskDefinition);
  if (definition === undefined) throw clientError("TaskDefinition not found.");
  checkRun(ecs, cluster, input, definition);
  const run: Run = {
    cluster,
    input,
    definition,
    subnets: subnetsOf(ecs, definition, input),
    group: input.group ?? `family:${definition.family}`,
    need: needOf(definition),
    ...readConstraints(input, definition),
  };
  const tasks: TaskState[] = [];
  const failures: Record<string, string>[] = [];
  for (let started = 0; started < (input.count ?? 1); started += 1) {
    const site = findSite(ecs, run);
    if ("reason" in site) failures.push(site);
    else tasks.push(start(ecs, run, site));
  }
  remember(ecs, cluster, input, { taskArns: tasks.map(({ arn }) => arn), failures });
  return { tasks: tasks.map((task) => taskJson(ecs, task, ["TAGS"])), failures };
}

function findSite(ecs: Ecs, run: Run): Site | { readonly reason: string; readonly arn: string } {
  if (run.input.launchType === "FARGATE") return emptiestZone(ecs, run);
  const choice = chooseInstance(ecs, run);
  if (choice.kind === "refused") {
    return { reason: choice.reason, arn: choice.instanceArn };
  }
  const { instance } = choice;
  const subnet = run.subnets.find(({ zone }) => zone === instance.zone)?.subnet;
  return { instance, zone: instance.zone, ...(subnet !== undefined && { subnet }) };
}

/** Fargate spreads the tasks of a group over the zones of the subnets that it was given. */
function emptiestZone(ecs: Ecs, { cluster, group, subnets }: Run): Site {
  const peers = [...ecs.state.tasks.values()].filter(
    (task) => task.cluster === cluster && task.group === group && isLive(task),
  );
  const crowd = (zone: string) => peers.filter((task) => task.zone === zone).length;
  const [first] = [...subnets].sort((a, b) => crowd(a.zone) - crowd(b.zone));
  invariant(first !== undefined, "a task definition for Fargate has the network mode awsvpc, which needs a subnet");
  return first;
}

/** Resources that a task takes: its own size, or the sum of what its containers reserve. */
function needOf({ registered, containers, networkMode }: DefinitionState): Need {
  const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
  const reserved = containers.map(({ memory, memoryReservation }) => memoryReservation ?? memory ?? 0);
  return {
    cpuUnits: registered.cpu ? Number(registered.cpu) : sum(containers.map(({ cpu }) => cpu ?? 0)),
    memoryMib: registered.memory ? Number(registered.memory) : sum(reserved),
    gpus: sum(containers.flatMap(({ resourceRequirements = [] }) => resourceRequirements.map(gpusOf))),
    fixedPorts: portsOf(containers, networkMode).flatMap(({ fixedPort }) => fixedPort ?? []),
  };
}

function gpusOf({ type, value }: { readonly type: string; readonly value?: string | undefined }): number {
  return type === "GPU" ? Number(value) : 0;
}

/** An interface of its own shares no port; host mode takes the container's; bridge only a port that is named. */
function portsOf(
  containers: DefinitionState["containers"],
  networkMode: DefinitionState["networkMode"],
): readonly PortState[] {
  return containers.flatMap(({ portMappings = [] }) =>
    portMappings.map(({ containerPort, hostPort, protocol }) => {
      const named = hostPort || undefined;
      const rows = { awsvpc: undefined, none: undefined, host: containerPort, bridge: named };
      const fixedPort = rows[networkMode];
      return { containerPort, protocol: protocol ?? "tcp", ...(fixedPort !== undefined && { fixedPort }) };
    }),
  );
}

function start(ecs: Ecs, run: Run, site: Site): TaskState {
  const { input, definition, cluster } = run;
  const id = ecs.options.hex(32);
  const arn = arnOf(ecs.options, "task", cluster, id);
  const nowMs = ecs.options.nowMs();
  const eni = site.subnet === undefined ? undefined : leaseInterface(ecs, arn, site.subnet, site.zone);
  const task: TaskState = {
    arn,
    id,
    cluster,
    group: run.group,
    ...(input.startedBy !== undefined && { startedBy: input.startedBy }),
    taskDefinition: definition.arn,
    launchType: input.launchType ?? "EC2",
    networkMode: definition.networkMode,
    version: 1,
    lastStatus: eni ? "PROVISIONING" : "PENDING",
    desiredStatus: "RUNNING",
    ...(site.instance && { instanceArn: site.instance.arn, ec2InstanceId: site.instance.ec2InstanceId }),
    zone: site.zone,
    ...(eni && { eni, address: eni.address }),
    ...run.need,
    architecture: definition.registered.runtimePlatform?.cpuArchitecture?.toLowerCase() ?? "x86_64",
    enableExecuteCommand: input.enableExecuteCommand ?? false,
    overrides: input.overrides ?? {},
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    health: "UNKNOWN",
    containers: containersOf(ecs, definition, cluster, id),
  };
  tag(ecs, run, arn);
  addTask(ecs, task);
  if (site.instance) takeRoom(ecs, site.instance, run.need);
  return task;
}

function tag(ecs: Ecs, { input, definition, cluster }: Run, arn: string): void {
  if (input.propagateTags === "TASK_DEFINITION") {
    ecs.state.tags.set(arn, ecs.state.tags.get(definition.arn) ?? {});
  }
  setTags(ecs, arn, input.tags ?? []);
  if (input.enableECSManagedTags) {
    ecs.state.tags.set(arn, { ...ecs.state.tags.get(arn), "aws:ecs:clusterName": lastPart(cluster) });
  }
}

function containersOf(
  ecs: Ecs,
  definition: DefinitionState,
  cluster: string,
  taskId: string,
): readonly ContainerState[] {
  return definition.containers.map((container) => ({
    arn: arnOf(ecs.options, "container", cluster, taskId, ecs.options.hex(32)),
    name: container.name,
    image: container.image,
    essential: isEssential(container),
    lastStatus: "PENDING",
    health: "UNKNOWN",
    checked: container.healthCheck !== undefined,
    ordered: false,
    hostPorts: {},
    cpuUnits: container.cpu ?? 0,
    ...(container.memory !== undefined && { memoryMib: container.memory }),
    ...(container.memoryReservation !== undefined && { memoryReservationMib: container.memoryReservation }),
    ports: portsOf([container], definition.networkMode),
  }));
}
