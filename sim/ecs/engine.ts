import { nextStepMs, takeSteps } from "./advance.ts";
import { type ContainerReports, type EcsEngine, type EcsEngineOptions, EcsError, type EventEnvelope } from "./api.ts";
import { createCluster, describeClusters, listClusters } from "./clusters.ts";
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from "./definitions.ts";
import { type Action, type Input, inputs, parseInput } from "./inputs.ts";
import { describeContainerInstances, listContainerInstances } from "./instance-actions.ts";
import { addInstance, changeInstance, instanceOnHost } from "./instances.ts";
import { reach } from "./reach.ts";
import { catchUp, receive } from "./reports.ts";
import { runTask } from "./run-task.ts";
import { type Ecs, emptyState, isLive, type Report } from "./state.ts";
import { listTagsForResource, tagResource } from "./tags.ts";
import { describeTasks, listTasks, stopTaskAction } from "./task-actions.ts";
import { loseTask, stopTask } from "./tasks.ts";
import type { Json } from "./wire.ts";

const actions: { readonly [A in Action]: (ecs: Ecs, input: Input<A>) => Json } = {
  CreateCluster: createCluster,
  DescribeClusters: describeClusters,
  ListClusters: listClusters,
  ListContainerInstances: listContainerInstances,
  DescribeContainerInstances: describeContainerInstances,
  RegisterTaskDefinition: registerTaskDefinition,
  DescribeTaskDefinition: describeTaskDefinition,
  DeregisterTaskDefinition: deregisterTaskDefinition,
  ListTaskDefinitions: listTaskDefinitions,
  ListTaskDefinitionFamilies: listTaskDefinitionFamilies,
  RunTask: runTask,
  StopTask: stopTaskAction,
  DescribeTasks: describeTasks,
  ListTasks: listTasks,
  TagResource: tagResource,
  ListTagsForResource: listTagsForResource,
};

/**
 * An ECS control plane without clusters. Deterministic: the same options, calls and reports give the same answers and
 * events. Reports of a driver are taken in when they come, also in the middle of an order; events are told once the
 * operation that caused them is complete, so a listener may call the engine.
 */
export function createEcsEngine(options: EcsEngineOptions): EcsEngine {
  const ecs: Ecs = { options, state: emptyState(), outbox: [] };
  const operate = operator(ecs);
  options.driver.connect(operate.reports);
  return {
    handle: (action, input) => operate.run(() => dispatch(ecs, action, input)),
    advance: () => operate.run(() => undefined),
    nextDueMs: () => nextStepMs(ecs),
    registerInstance: (instance) => operate.run(() => addInstance(ecs, instance).arn),
    terminateInstance: (cluster, ec2InstanceId) => operate.run(() => terminate(ecs, cluster, ec2InstanceId)),
    setAgentConnected: (cluster, ec2InstanceId, connected) =>
      operate.run(() => setAgent(ecs, cluster, ec2InstanceId, connected)),
    interruptTask: (taskArn) => operate.run(() => interrupt(ecs, taskArn)),
    onEvent: (listener) => operate.listeners.push(listener),
    tasks: () => [...ecs.state.tasks.values()],
    instances: () => [...ecs.state.instances.values()],
    taskAt: (target) => reach(ecs, target)?.task,
    hostEndpoint: (target) => reach(ecs, target)?.hostPort,
  };
}

function dispatch(ecs: Ecs, action: string, input: unknown): Json {
  if (!Object.hasOwn(inputs, action)) {
    throw new EcsError("UnknownOperationException", `action ${action} is not part of this ECS`);
  }
  const known = action as Action;
  const act = actions[known] as (ecs: Ecs, input: unknown) => Json;
  return act(ecs, parseInput(known, input));
}

/** Runs one operation at a time: what is due before it and after it, the reports that came meanwhile, then the events. */
function operator(ecs: Ecs) {
  const listeners: ((envelope: EventEnvelope) => void)[] = [];
  const inbox: Report[] = [];
  let busy = false;
  const settle = () => {
    takeSteps(ecs);
    for (let report = inbox.shift(); report !== undefined; report = inbox.shift()) {
      receive(ecs, report);
      takeSteps(ecs);
    }
  };
  const run = <T>(operation: () => T): T => {
    if (busy) throw new Error("broken invariant: the engine was called from inside an order to its driver");
    busy = true;
    try {
      settle();
      return operation();
    } finally {
      try {
        settle();
      } finally {
        busy = false;
      }
      tell(ecs, listeners);
    }
  };
  const take = (report: Report) => {
    inbox.push(report);
    if (!busy) run(() => undefined);
  };
  return { run, listeners, reports: reportsInto(take, ecs.options.nowMs) };
}

function tell(ecs: Ecs, listeners: readonly ((envelope: EventEnvelope) => void)[]): void {
  for (let event = ecs.outbox.shift(); event !== undefined; event = ecs.outbox.shift()) {
    for (const listener of listeners) listener(event);
  }
}

function reportsInto(take: (report: Report) => void, nowMs: () => number): ContainerReports {
  const base = (taskArn: string, container: string) => ({ taskArn, container, atMs: nowMs() });
  return {
    started: (taskArn, container, hostPorts) => take({ ...base(taskArn, container), kind: "started", hostPorts }),
    failed: (taskArn, container, reason) => take({ ...base(taskArn, container), kind: "failed", reason }),
    exited: (taskArn, container, { code, outOfMemory = false }) =>
      take({ ...base(taskArn, container), kind: "exited", code, outOfMemory }),
    health: (taskArn, container, health) => take({ ...base(taskArn, container), kind: "health", health }),
  };
}

function terminate(ecs: Ecs, cluster: string, ec2InstanceId: string): void {
  const instance = instanceOnHost(ecs, cluster, ec2InstanceId);
  if (instance.status === "INACTIVE") return;
  changeInstance(ecs, instance, { status: "INACTIVE", agentConnected: false });
  ecs.state.held.delete(instance.arn);
  const cause = { stopCode: "TerminationNotice", stoppedReason: `Host EC2 (instance ${ec2InstanceId}) terminated.` };
  for (const task of [...ecs.state.tasks.values()]) {
    if (task.instanceArn === instance.arn && isLive(task)) loseTask(ecs, task, cause);
  }
}

function setAgent(ecs: Ecs, cluster: string, ec2InstanceId: string, connected: boolean): void {
  const instance = instanceOnHost(ecs, cluster, ec2InstanceId);
  if (instance.status === "INACTIVE" || instance.agentConnected === connected) return;
  changeInstance(ecs, instance, { agentConnected: connected });
  if (connected) catchUp(ecs, instance.arn);
}

function interrupt(ecs: Ecs, taskArn: string): void {
  const task = ecs.state.tasks.get(taskArn);
  const cause = { stopCode: "SpotInterruption", stoppedReason: "Your Spot Task was interrupted." };
  if (task !== undefined && isLive(task)) stopTask(ecs, task, cause);
}
