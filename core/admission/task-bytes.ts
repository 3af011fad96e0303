import type { Container, TaskTemplate } from "../model/task-template.ts";
import { conflict } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { within } from "./place.ts";
import type { TaskRule } from "./task-rule.ts";
import { byteLength } from "./text.ts";

/**
 * ECS takes 64 KiB of a task definition. What is left of that is for what Longshore adds: names, tags, and where logs go
 * by default.
 */
const mostBytes = 56 * 1024;

/** A variable is a pair in a list there: `{"name":"","value":""},`; a secret's second word is `valueFrom`. */
const pairBytes = 27;

/** @see https://docs.aws.amazon.com/general/latest/gr/ecs-service.html "Task definition size" */
export const fitsIntoADefinition: TaskRule = (task, place, findings) => {
  const bytes = bytesOf(task);
  if (bytes <= mostBytes) return;
  conflict(
    findings,
    within(place, "containers"),
    () =>
      `a task's containers must have at most ${mostBytes} bytes as JSON, got ${bytes}; move variables to environmentFrom`,
  );
};

function bytesOf(task: Draft<TaskTemplate>): number {
  const pairs = (task.containers ?? []).reduce((sum, container) => sum + pairsOf(container), 0);
  return byteLength(JSON.stringify(task)) + pairs * pairBytes;
}

function pairsOf({ environment = {}, secrets = {}, logs }: Draft<Container> = {}): number {
  return [environment, secrets, logs?.secretOptions ?? {}].reduce((sum, map) => sum + Object.keys(map).length, 0);
}
