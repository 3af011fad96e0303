import { isAgentConnected } from "./instances.ts";
import { agentSteps } from "./lifecycle.ts";
import type { Ecs, TaskState } from "./state.ts";
import { signal } from "./tasks.ts";

/** How long ECS still describes a task that has stopped. */
const keptMs = 3_600_000;

/** Takes every step that is due by now, in the order of their times and then of the tasks' creation; forgets what is over. */
export function takeSteps(ecs: Ecs): void {
  const nowMs = ecs.options.nowMs();
  for (let due = dueTasks(ecs, nowMs); due.length > 0; due = dueTasks(ecs, nowMs)) {
    for (const { arn } of due) {
      const task = ecs.state.tasks.get(arn);
      ecs.state.due.delete(arn);
      if (task) signal(ecs, task, "step");
    }
  }
  forgetStopped(ecs, nowMs);
}

/** The earliest step that a task takes by itself; steps of disconnected agents are not expected. */
export function nextStepMs(ecs: Ecs): number | undefined {
  const times = [...ecs.state.due].filter(([arn]) => canStep(ecs, ecs.state.tasks.get(arn))).map(([, dueMs]) => dueMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

function dueTasks(ecs: Ecs, nowMs: number): readonly TaskState[] {
  return [...ecs.state.due]
    .filter(([, dueMs]) => dueMs <= nowMs)
    .sort(([, a], [, b]) => a - b)
    .flatMap(([arn]) => ecs.state.tasks.get(arn) ?? [])
    .filter((task) => canStep(ecs, task));
}

function canStep(ecs: Ecs, task: TaskState | undefined): boolean {
  if (task === undefined) return false;
  return !agentSteps.has(task.lastStatus) || isAgentConnected(ecs, task.instanceArn);
}

function forgetStopped(ecs: Ecs, nowMs: number): void {
  for (;;) {
    const arn = ecs.state.stopped[0];
    if (arn === undefined) return;
    const stoppedAtMs = ecs.state.tasks.get(arn)?.stoppedAtMs ?? 0;
    if (stoppedAtMs + keptMs > nowMs) return;
    ecs.state.stopped.shift();
    ecs.state.tasks.delete(arn);
    ecs.state.tags.delete(arn);
  }
}
