import type { Amount, Autoscaling, Rollout } from "../../core/model/service.ts";
import { type Look, paintWord } from "../paint.ts";
import { pauseText } from "../pauses.ts";
import { printable } from "../printable.ts";
import type { NamedRevision, RolloutView } from "../rollout-views.ts";
import { table } from "../table.ts";
import { age, shortIds } from "./cells.ts";

/** Where a rollout stands: what runs, what shall run, how far it came, and why it does not go on. */
export function rolloutStatus(view: RolloutView, nowMs: number, look: Look): string {
  const { service, status, target, replicas, updated, ready, available, older, condition } = view;
  const rows = [
    ["generation", generationText(view)],
    ["target", target ? namedText(target) : "-"],
    [
      "tasks",
      `${updated} updated, ${ready} ready, ${available} available of ${replicas}${older > 0 ? `; ${older} older left` : ""}`,
    ],
    ...standingRows(view, nowMs),
    ...(condition ? [["progressing", `${condition.reason}: ${shortIds(printable(condition.message))}`]] : []),
  ];
  const options = { columns: look.columns, indent: "  ", wrapLast: true };
  return `${service}  ${paintWord(status, look)}\n${table(rows, options)}`;
}

/** What a rollout left running, what became of it, and what holds it. */
export function standingRows({ service, stable, failure, paused }: RolloutView, nowMs: number): readonly string[][] {
  const outcome = failure?.outcome === "paused" ? "and it is held" : "and it was rolled back";
  return [
    ["stable", stable ? namedText(stable) : "-"],
    ...(failure
      ? [
          [
            "failed",
            `${age(failure.at, nowMs)} ago, ${outcome}: ${failure.reason}: ${shortIds(printable(failure.message))}`,
          ],
        ]
      : []),
    ...(paused ? [["paused", pauseText(paused, service)]] : []),
  ];
}

/** The generation that is wished, and whether all else is of it. */
export function generationText({
  generation,
  observedGeneration,
}: Pick<RolloutView, "generation" | "observedGeneration">): string {
  return `${generation}${observedGeneration < generation ? ", not looked at yet" : ""}`;
}

/** How a changed spec replaces what runs, in one line. */
export function strategyText(rollout: Rollout): string {
  const { strategy, maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds, breaker, onFailure } = rollout;
  const bounds = strategy === "rolling" ? `, surge ${amount(maxSurge)}, unavailable ${amount(maxUnavailable)}` : "";
  const failures = "failures" in breaker ? `${breaker.failures} failures` : `${breaker.percent}% failures`;
  const ready = minReadySeconds > 0 ? `, ready for ${minReadySeconds}s` : "";
  return `${strategy}${bounds}${ready}; after ${failures} or ${progressDeadlineSeconds}s without progress: ${onFailure}`;
}

/** How many tasks there may be, and what decides. */
export function autoscalingText({ min, max, metrics }: Autoscaling, replicas: number): string {
  const by = metrics.map(({ queue, messagesPerTask }) => {
    const name = queue.slice(queue.lastIndexOf(":") + 1);
    return `${messagesPerTask} messages a task in queue ${name}`;
  });
  return `${min} to ${max} tasks, ${replicas} now, by ${printable(by.join(", "))}`;
}

function amount(value: Amount): string {
  return typeof value === "number" ? `${value}` : value;
}

function namedText({ revision, generation }: NamedRevision): string {
  return generation === null ? revision : `${revision} of generation ${generation}`;
}
