import { arnOf, lastPart } from "./arns.ts";
import { clusterName } from "./clusters.ts";
import { invalidParameter } from "./errors.ts";
import type { Input } from "./inputs.ts";
import { findInstance } from "./instances.ts";
import { pageOf } from "./pages.ts";
import type { Ecs, TaskState } from "./state.ts";
import { stopTask } from "./tasks.ts";
import { type Json, taskJson } from "./wire.ts";

/** Describes up to 100 tasks; one that is unknown or forgotten is a failure MISSING. */
export function describeTasks(ecs: Ecs, input: Input<"DescribeTasks">): Json {
  const cluster = clusterName(ecs, input.cluster);
  if (input.tasks.length < 1) throw invalidParameter("Tasks cannot be empty.");
  if (input.tasks.length > 100) throw invalidParameter(`tasks must be 1 to 100, got ${input.tasks.length}`);
  const found = input.tasks.map((id) => ({ id, task: findTask(ecs, cluster, id) }));
  return {
    tasks: found.flatMap(({ task }) => (task ? [taskJson(ecs, task, input.include)] : [])),
    failures: found.flatMap(({ id, task }) =>
      task ? [] : [{ arn: arnOf(ecs.options, "task", cluster, lastPart(id)), reason: "MISSING" }],
    ),
  };
}

/** Wants a task stopped and takes its tags away; repeating it, also once the task has stopped, changes nothing. */
export function stopTaskAction(ecs: Ecs, input: Input<"StopTask">): Json {
  const task = findTask(ecs, clusterName(ecs, input.cluster), input.task);
  if (task === undefined) throw invalidParameter("The referenced task was not found.");
  ecs.state.tags.delete(task.arn);
  stopTask(ecs, task, { stopCode: "UserInitiated", stoppedReason: input.reason ?? "Task stopped by user" });
  return { task: taskJson(ecs, ecs.state.tasks.get(task.arn) ?? task) };
}

/**
 * ARNs of tasks, in pages: those wanted running unless told otherwise. As late as `listLagMs` says, both for a task
 * that is new and for one that was stopped.
 */
export function listTasks(ecs: Ecs, input: Input<"ListTasks">): Json {
  const cluster = clusterName(ecs, input.cluster);
  checkFilters(ecs, cluster, input);
  const seenMs = ecs.options.nowMs() - (ecs.options.listLagMs ?? 0);
  const wanted = input.desiredStatus ?? "RUNNING";
  const shows = (task: TaskState) =>
    task.createdAtMs <= seenMs && (stoppingBy(task, seenMs) ? "STOPPED" : "RUNNING") === wanted && passes(task, input);
  const all = [...ecs.state.tasks.values()].filter((task) => task.cluster === cluster);
  const { items, nextToken } = pageOf({ all, keyOf: ({ id }) => id, shows }, input);
  return { taskArns: items.map(({ arn }) => arn), ...nextToken };
}

function checkFilters(ecs: Ecs, cluster: string, input: Input<"ListTasks">): void {
  const { startedBy, family, containerInstance, launchType, desiredStatus, serviceName } = input;
  const others = [family, containerInstance, launchType, desiredStatus, serviceName];
  if (startedBy !== undefined && others.some((filter) => filter !== undefined)) {
    throw invalidParameter("startedBy must be the only filter.");
  }
  if (serviceName !== undefined) throw invalidParameter("no services exist here, so tasks cannot be listed by one");
  if (containerInstance !== undefined && findInstance(ecs, cluster, containerInstance) === undefined) {
    throw invalidParameter(`The referenced container instance was not found: ${containerInstance}`);
  }
}

function stoppingBy(task: TaskState, ms: number): boolean {
  return task.desiredStatus === "STOPPED" && (task.stoppingAtMs ?? ms) <= ms;
}

function passes(task: TaskState, { startedBy, family, containerInstance, launchType }: Input<"ListTasks">): boolean {
  return (
    (startedBy === undefined || task.startedBy === startedBy) &&
    (family === undefined || lastPart(task.taskDefinition).startsWith(`${family}:`)) &&
    (containerInstance === undefined || lastPart(task.instanceArn ?? "") === lastPart(containerInstance)) &&
    (launchType === undefined || task.launchType === launchType)
  );
}

function findTask(ecs: Ecs, cluster: string, idOrArn: string): TaskState | undefined {
  const task = ecs.state.tasks.get(arnOf(ecs.options, "task", cluster, lastPart(idOrArn)));
  return idOrArn.startsWith("arn:") && task?.arn !== idOrArn ? undefined : task;
}
