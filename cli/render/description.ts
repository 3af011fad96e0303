import type { ServiceManifest } from "../../core/model/service.ts";
import { type Look, paintWord } from "../paint.ts";
import { printable } from "../printable.ts";
import type { RolloutView } from "../rollout-views.ts";
import { table } from "../table.ts";
import { type EventView, type ServiceView, statusText, type TaskView } from "../views.ts";
import { age, eventRows, expendableTaskCells, section, shortIds, taskCells, taskHeads } from "./cells.ts";
import { autoscalingText, generationText, standingRows, strategyText } from "./rollout.ts";

/** All about one service; with `--json` these are the names. */
export interface Description {
  readonly service: ServiceView;
  readonly rollout: RolloutView;
  readonly manifest: ServiceManifest;
  readonly tasks: readonly TaskView[];
  readonly events: readonly EventView[];
}

/** All about one service: what is wished, what is so, why, and what happened last. */
export function description(all: Description, nowMs: number, look: Look): string {
  const { service, tasks, events } = all;
  const conditions = service.conditions.map(({ type, status, reason, since, message }) => [
    type,
    status,
    reason,
    age(since, nowMs),
    shortIds(printable(message)),
  ]);
  const taskRows = tasks.map((task) => [...taskCells(task, nowMs), printable(task.stopReason ?? "-")]);
  return [
    `${service.namespace}/${service.name}  ${paintWord(statusText(service), look)}\n`,
    table(headRows(all, nowMs), { columns: look.columns, indent: "  ", wrapLast: true }),
    section("conditions", conditions, look),
    section("tasks", tasks.length === 0 ? [] : [[...taskHeads, "stopped with"], ...taskRows], {
      ...look,
      expendable: expendableTaskCells(),
    }),
    section("events", eventRows(events, nowMs), look),
  ].join("");
}

function headRows({ service, rollout, manifest }: Description, nowMs: number): readonly (readonly string[])[] {
  const { cpuUnits, memoryMib, containers } = manifest.spec.task;
  const { autoscaling, traffic } = manifest.spec;
  return [
    ["replicas", `${service.replicas}`],
    ...(autoscaling ? [["autoscaling", autoscalingText(autoscaling, service.replicas)]] : []),
    ["generation", generationText(service)],
    ["revision", service.revision ?? "-"],
    ["changed", `${age(service.acceptedAt, nowMs)} ago`],
    ["rollout", strategyText(manifest.spec.rollout, service.replicas)],
    ...standingRows(rollout, nowMs),
    ["containers", containers.map(({ name, image }) => `${name} (${printable(image)})`).join(", ")],
    ["each task", `${cpuUnits} CPU units, ${memoryMib} MiB`],
    ...traffic.map(({ targetGroup, container, port }) => ["traffic", `${container}:${port} in ${targetGroup}`]),
  ];
}
