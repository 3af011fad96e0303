import type { Amount, Autoscaling, Rollout } from "../../core/model/service.ts";
import { breakerThreshold } from "../../core/rollout/breaker.ts";
import { plural } from "../../core/words/plural.ts";
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
export function standingRows(view: RolloutView, nowMs: number): readonly string[][] {
  const { service, stable, failure, paused } = view;
  return [
    ["stable", stable ? namedText(stable) : "-"],
    ...(failure ? [["failed", failedText(failure, view, nowMs)]] : []),
    ...(paused ? [["paused", pauseText(paused, service)]] : []),
  ];
}

/** When a rollout failed and what became of it, with the whole sentence where the condition, which stands below, lacks it. */
function failedText(
  { at, outcome, reason, message }: NonNullable<RolloutView["failure"]>,
  { condition }: RolloutView,
  nowMs: number,
): string {
  const isTold = condition?.message.includes(message) === true;
  const then = outcome === "paused" ? "it is held" : "it was rolled back";
  return `${age(at, nowMs)} ago, and ${then}: ${reason}${isTold ? "" : `: ${shortIds(printable(message))}`}`;
}

/** The generation that is wished, and whether all else is of it. */
export function generationText({
  generation,
  observedGeneration,
}: Pick<RolloutView, "generation" | "observedGeneration">): string {
  return `${generation}${observedGeneration < generation ? ", not looked at yet" : ""}`;
}

/** How a changed spec replaces what runs, in one line. @param replicas Tasks wanted, which a share of failures is of. */
export function strategyText(rollout: Rollout, replicas: number): string {
  const { strategy, maxSurge, maxUnavailable, minReadySeconds, progressDeadlineSeconds, breaker, onFailure } = rollout;
  const bounds = strategy === "rolling" ? `, surge ${amount(maxSurge)}, unavailable ${amount(maxUnavailable)}` : "";
  const limit = breakerThreshold(breaker, replicas);
  const share = "percent" in breaker ? ` (${breaker.percent}%)` : "";
  const failures = `${plural(limit, "failed task")}${share}`;
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
