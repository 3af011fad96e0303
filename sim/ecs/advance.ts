import { isAgentConnected } from "./instances.ts";
import { agentSteps } from "./lifecycle.ts";
import type { Ecs, TaskState } from "./state.ts";
import { signal } from "./tasks.ts";

/** How long ECS still describes a task that has stopped. */
const keptMs = 3_600_000;

/** Takes every step that is due by now, in the order of their times and then of the tasks' creation; forgets what is over. */
export function takeSteps(ecs: Ecs): void {
  const nowMs = ecs.options.nowMs();
  const due = () => expected(ecs).filter(({ dueMs }) => dueMs <= nowMs);
  for (let steps = due(); steps.length > 0; steps = due()) {
    for (const { task } of steps.toSorted((a, b) => a.dueMs - b.dueMs)) signal(ecs, task, "step");
  }
  forgetStopped(ecs, nowMs);
}

/** The earliest step that a task takes by itself; steps of disconnected agents are not expected. */
export function nextStepMs(ecs: Ecs): number | undefined {
  const times = expected(ecs).map(({ dueMs }) => dueMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

function expected(ecs: Ecs): readonly { readonly task: TaskState; readonly dueMs: number }[] {
  return [...ecs.state.due].flatMap(([arn, dueMs]) => {
    const task = ecs.state.tasks.get(arn);
    return task && canStep(ecs, task) ? [{ task, dueMs }] : [];
  });
}

function canStep(ecs: Ecs, task: TaskState): boolean {
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
