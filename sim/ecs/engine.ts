import { nextStepMs } from "./advance.ts";
import { type EcsEngine, type EcsEngineOptions, EcsError } from "./api.ts";
import { createCluster, describeClusters, listClusters } from "./clusters.ts";
import {
  deregisterTaskDefinition,
  describeTaskDefinition,
  listTaskDefinitionFamilies,
  listTaskDefinitions,
  registerTaskDefinition,
} from "./definitions.ts";
import { interruptTask, setAgentConnected, terminateHost } from "./hosts.ts";
import { type Action, type Input, inputs, parseInput } from "./inputs.ts";
import { describeContainerInstances, listContainerInstances } from "./instance-actions.ts";
import { addInstance } from "./instances.ts";
import { operatorOf } from "./operator.ts";
import { reach } from "./reach.ts";
import { runTask } from "./run-task.ts";
import { type Ecs, emptyState } from "./state.ts";
import { listTagsForResource, tagResource } from "./tags.ts";
import { describeTasks, listTasks, stopTaskAction } from "./task-actions.ts";
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
  const operate = operatorOf(ecs);
  options.driver.connect(operate.reports);
  return {
    handle: (action, input) => operate.run(() => dispatch(ecs, action, input)),
    advance: () => operate.run(() => undefined),
    nextDueMs: () => nextStepMs(ecs),
    registerInstance: (instance) => operate.run(() => addInstance(ecs, instance).arn),
    terminateInstance: (cluster, ec2InstanceId) => operate.run(() => terminateHost(ecs, cluster, ec2InstanceId)),
    setAgentConnected: (cluster, ec2InstanceId, connected) =>
      operate.run(() => setAgentConnected(ecs, cluster, ec2InstanceId, connected)),
    interruptTask: (taskArn) => operate.run(() => interruptTask(ecs, taskArn)),
    onEvent: (listener) => {
      operate.listeners.push(listener);
    },
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
