import type { Resources } from "../../core/model/records.ts";
import type { InstanceInput } from "./api.ts";
import { arnOf, lastPart } from "./arns.ts";
import { clusterNotFound, invalidParameter } from "./errors.ts";
import { emitInstance } from "./events.ts";
import type { Ecs, InstanceState } from "./state.ts";
import { reservedPorts } from "./wire.ts";

/**
 * Adds a container instance to a cluster, ACTIVE and connected; answers it. Throws ClusterNotFoundException, and
 * InvalidParameterException for an EC2 instance that is one already.
 */
export function addInstance(ecs: Ecs, input: InstanceInput): InstanceState {
  if (!ecs.state.clusters.has(input.cluster)) throw clusterNotFound();
  const active = instancesOf(ecs, input.cluster).filter(({ status }) => status !== "INACTIVE");
  if (active.some(({ ec2InstanceId }) => ec2InstanceId === input.ec2InstanceId)) {
    throw invalidParameter(`${input.ec2InstanceId} is a container instance of cluster ${input.cluster} already`);
  }
  const id = ecs.options.hex(32);
  const nowMs = ecs.options.nowMs();
  const size: Resources = { cpuUnits: input.cpuUnits, memoryMib: input.memoryMib };
  const instance: InstanceState = {
    arn: arnOf(ecs.options, "container-instance", input.cluster, id),
    id,
    cluster: input.cluster,
    ec2InstanceId: input.ec2InstanceId,
    version: 1,
    status: "ACTIVE",
    agentConnected: true,
    zone: input.zone,
    subnet: input.subnet,
    attributes: {
      "ecs.os-type": "linux",
      "ecs.cpu-architecture": "x86_64",
      ...input.attributes,
      "ecs.availability-zone": input.zone,
      "ecs.subnet-id": input.subnet,
    },
    registered: size,
    remaining: size,
    gpus: { registered: input.gpus ?? 0, remaining: input.gpus ?? 0 },
    usedPorts: reservedPorts,
    registeredAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  ecs.state.instances.set(instance.arn, instance);
  emitInstance(ecs, instance);
  return instance;
}

/** Replaces an instance by its changed self, one version on, and says so. */
export function changeInstance(ecs: Ecs, instance: InstanceState, changes: Partial<InstanceState>): InstanceState {
  const changed = { ...instance, ...changes, version: instance.version + 1, updatedAtMs: ecs.options.nowMs() };
  ecs.state.instances.set(changed.arn, changed);
  emitInstance(ecs, changed);
  return changed;
}

/** What a task takes from an instance. */
export interface Need extends Resources {
  readonly gpus: number;
  readonly fixedPorts: readonly number[];
}

/** Takes a task's resources from its instance. */
export function takeRoom(ecs: Ecs, instance: InstanceState, need: Need): void {
  changeInstance(ecs, instance, {
    remaining: {
      cpuUnits: instance.remaining.cpuUnits - need.cpuUnits,
      memoryMib: instance.remaining.memoryMib - need.memoryMib,
    },
    gpus: { ...instance.gpus, remaining: instance.gpus.remaining - need.gpus },
    usedPorts: [...instance.usedPorts, ...need.fixedPorts],
  });
}

/** Gives a stopped task's resources back to its instance, if that is still there. */
export function freeRoom(ecs: Ecs, arn: string, need: Need): void {
  const instance = ecs.state.instances.get(arn);
  if (instance === undefined || instance.status === "INACTIVE") return;
  changeInstance(ecs, instance, {
    remaining: {
      cpuUnits: instance.remaining.cpuUnits + need.cpuUnits,
      memoryMib: instance.remaining.memoryMib + need.memoryMib,
    },
    gpus: { ...instance.gpus, remaining: instance.gpus.remaining + need.gpus },
    usedPorts: instance.usedPorts.filter((port) => !need.fixedPorts.includes(port)),
  });
}

/** Whether what the agent does for a task can happen now: always on Fargate. */
export function isAgentConnected(ecs: Ecs, instanceArn: string | undefined): boolean {
  return instanceArn === undefined || ecs.state.instances.get(instanceArn)?.agentConnected === true;
}

/** Container instances of a cluster, in the order of their registration. */
export function instancesOf(ecs: Ecs, cluster: string): readonly InstanceState[] {
  return [...ecs.state.instances.values()].filter((instance) => instance.cluster === cluster);
}

/** A container instance by its id or ARN. */
export function findInstance(ecs: Ecs, cluster: string, idOrArn: string): InstanceState | undefined {
  const instance = ecs.state.instances.get(arnOf(ecs.options, "container-instance", cluster, lastPart(idOrArn)));
  return idOrArn.startsWith("arn:") && instance?.arn !== idOrArn ? undefined : instance;
}

/** The latest container instance of an EC2 instance. Throws InvalidParameterException when there was never one. */
export function instanceOnHost(ecs: Ecs, cluster: string, ec2InstanceId: string): InstanceState {
  const found = instancesOf(ecs, cluster).findLast((instance) => instance.ec2InstanceId === ec2InstanceId);
  if (found === undefined) throw invalidParameter(`cluster ${cluster} has no container instance on ${ec2InstanceId}`);
  return found;
}
