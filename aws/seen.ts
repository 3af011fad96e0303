import type { NodeId, TaskId } from "../core/model/ids.ts";
import { taskStatuses } from "../core/model/lifecycle.ts";
import type { Health, NodeStatus, Resources, TaskStatus } from "../core/model/records.ts";
import type { NodeSighting, SeenTask } from "../core/model/sightings.ts";
import { stopCause } from "../core/model/stop-cause.ts";
import { lastPart } from "./arns.ts";
import { type Loose, looseObject, looseObjects, numberIn, textIn, timeIn } from "./loose.ts";

const knownStatuses: ReadonlySet<string> = new Set(taskStatuses);

const nodeStatuses: ReadonlySet<string> = new Set<NodeStatus>([
  "ACTIVE",
  "DRAINING",
  "REGISTERING",
  "DEREGISTERING",
  "REGISTRATION_FAILED",
  "INACTIVE",
]);

/** Containers that AWS adds to our tasks: they say nothing of how ours ended. */
const injectedContainer = /^aws-guardduty-agent/;

/**
 * A task as an SDK's answer (times are `Date`s) or an event (times are text, no health) shows it; undefined when it lacks
 * what tells which task it is, in what state, and which of two sightings is the later one.
 */
export function seenTask(shown: unknown, readAtMs: number): SeenTask | undefined {
  const task = looseObject(shown);
  const [taskArn, clusterArn] = [textIn(task.taskArn), textIn(task.clusterArn)];
  const [status, ecsVersion] = [textIn(task.lastStatus), numberIn(task.version)];
  if (!taskArn || !clusterArn || !status || ecsVersion === undefined) return undefined;
  const desiredStatus = task.desiredStatus === "STOPPED" ? "STOPPED" : "RUNNING";
  const startedAtMs = timeIn(task.startedAt);
  return withoutUndefined<SeenTask>({
    kind: "seen",
    taskId: lastPart<TaskId>(taskArn),
    cluster: lastPart(clusterArn),
    group: textIn(task.group) ?? "",
    startedBy: textIn(task.startedBy) ?? "",
    taskDefinition: textIn(task.taskDefinitionArn) ?? "",
    ecsVersion,
    status: taskStatus({ status, desiredStatus, hasStarted: startedAtMs !== undefined }),
    desiredStatus,
    nodeId: nodeIdIn(task.containerInstanceArn),
    zone: textIn(task.availabilityZone),
    createdAtMs: timeIn(task.createdAt) ?? readAtMs,
    startedAtMs,
    stoppedAtMs: timeIn(task.stoppedAt),
    stopCode: textIn(task.stopCode),
    stoppedReason: stopCause(
      { stopCode: textIn(task.stopCode), stoppedReason: textIn(task.stoppedReason) },
      ourContainers(task).map(({ reason }) => textIn(reason)),
    ),
    exitCode: exitCodeOf(task),
    address: addressOf(task),
    hostPorts: hostPortsOf(task),
    health: healthOf(task.healthStatus),
    connected: textIn(task.connectivity) === "DISCONNECTED" ? false : undefined,
    readAtMs,
  });
}

/** A container instance as an SDK's answer or an event shows it; undefined when it lacks what a task's sighting needs. */
export function seenNode(shown: unknown, cluster: string, readAtMs: number): NodeSighting | undefined {
  const node = looseObject(shown);
  const [arn, status, ecsVersion] = [nodeIdIn(node.containerInstanceArn), textIn(node.status), numberIn(node.version)];
  if (!arn || !status || ecsVersion === undefined) return undefined;
  const attributes = Object.fromEntries(
    looseObjects(node.attributes).flatMap(({ name, value }) => (textIn(name) ? [[name, textIn(value) ?? ""]] : [])),
  );
  return withoutUndefined<NodeSighting>({
    nodeId: arn,
    cluster,
    ecsVersion,
    ec2InstanceId: textIn(node.ec2InstanceId) ?? "",
    // A status that we do not know yet: no place for new tasks, and no reason to give up those it runs.
    status: nodeStatuses.has(status) ? (status as NodeStatus) : "DRAINING",
    agentConnected: node.agentConnected === true,
    zone: attributes["ecs.availability-zone"] ?? "",
    attributes,
    registered: resourcesIn(node.registeredResources) ?? { cpuUnits: 0, memoryMib: 0 },
    remaining: resourcesIn(node.remainingResources),
    readAtMs,
  });
}

interface Progress {
  readonly status: string;
  readonly desiredStatus: string;
  readonly hasStarted: boolean;
}

/** `DELETED` is what a describe says of some stopped tasks; of a status that we do not know yet the rest tells what it is like. */
function taskStatus({ status, desiredStatus, hasStarted }: Progress): TaskStatus {
  if (knownStatuses.has(status)) return status as TaskStatus;
  if (status === "DELETED") return "STOPPED";
  if (desiredStatus === "STOPPED") return "STOPPING";
  return hasStarted ? "RUNNING" : "PENDING";
}

function healthOf(shown: unknown): Health | undefined {
  return shown === "HEALTHY" || shown === "UNHEALTHY" || shown === "UNKNOWN" ? shown : undefined;
}

/** ECS does not say which containers are essential: the first failure of any counts, else the first end. */
function exitCodeOf(task: Loose): number | undefined {
  const codes = ourContainers(task).flatMap(({ exitCode }) => numberIn(exitCode) ?? []);
  return codes.find((code) => code !== 0) ?? codes[0];
}

function ourContainers(task: Loose): readonly Loose[] {
  return looseObjects(task.containers).filter(({ name }) => !injectedContainer.test(textIn(name) ?? ""));
}

/** The API calls its attachment `ElasticNetworkInterface`, events call it `eni`. */
function addressOf(task: Loose): string | undefined {
  const details = looseObjects(task.attachments)
    .filter(({ type }) => type === "ElasticNetworkInterface" || type === "eni")
    .flatMap((attachment) => looseObjects(attachment.details));
  return textIn(details.find(({ name }) => name === "privateIPv4Address")?.value);
}

/** Absent in `awsvpc` mode, and before the task runs. Of several bindings of one port (IPv4 and IPv6) the first counts. */
function hostPortsOf(task: Loose): Readonly<Record<string, number>> | undefined {
  const ports = looseObjects(task.containers).flatMap(({ name, networkBindings }) =>
    looseObjects(networkBindings).flatMap(({ containerPort, hostPort }) => {
      const [inside, outside] = [numberIn(containerPort), numberIn(hostPort)];
      return inside === undefined || outside === undefined ? [] : [[`${name}:${inside}`, outside] as const];
    }),
  );
  return ports.length === 0 ? undefined : Object.fromEntries(ports.toReversed());
}

function nodeIdIn(arn: unknown): NodeId | undefined {
  const text = textIn(arn);
  return text === undefined ? undefined : lastPart<NodeId>(text);
}

function resourcesIn(shown: unknown): Resources | undefined {
  if (!Array.isArray(shown)) return undefined;
  const amount = (name: string) =>
    numberIn(looseObjects(shown).find((resource) => resource.name === name)?.integerValue) ?? 0;
  return { cpuUnits: amount("CPU"), memoryMib: amount("MEMORY") };
}

/** With every absent member left out, as the types of sightings want it. */
function withoutUndefined<T extends object>(members: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
