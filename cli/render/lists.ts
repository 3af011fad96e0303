import type { Look } from "../paint.ts";
import { printable } from "../printable.ts";
import type { GrantView } from "../read-grants.ts";
import type { RevisionView } from "../rollout-views.ts";
import { type NodeView, type ServiceView, statusText, type TaskView } from "../views.ts";
import { age, expendableTaskCells, listed, shortIds, taskCells, taskHeads } from "./cells.ts";
import { grantCells } from "./scope.ts";

/** A table of services. */
export function services(views: readonly ServiceView[], nowMs: number, look: Look): string {
  const rows = views.map((view) => [
    `${view.namespace}/${view.name}`,
    statusText(view),
    `${view.generation}`,
    view.revision ?? "-",
    age(view.acceptedAt, nowMs),
    availability(view),
  ]);
  return listed(["service", "status", "generation", "revision", "changed", "tasks"], rows, look);
}

/** A table of tasks. */
export function tasks(views: readonly TaskView[], nowMs: number, look: Look): string {
  const rows = views.map((view) => [view.service, ...taskCells(view, nowMs)]);
  return listed(["service", ...taskHeads], rows, { ...look, expendable: expendableTaskCells(1) });
}

/** A table of nodes. */
export function nodes(views: readonly NodeView[], look: Look): string {
  const rows = views.map(({ node, instance, zone, status, agentConnected, cpuUnits, memoryMib }) => [
    shortIds(node),
    instance,
    zone,
    agentConnected ? status : `${status}, agent out of reach`,
    `${cpuUnits}`,
    `${memoryMib}`,
  ]);
  return listed(["node", "instance", "zone", "status", "cpu units", "memory mib"], rows, look);
}

/** A table of what a service ran, newest first. */
export function revisions(views: readonly RevisionView[], nowMs: number, look: Look): string {
  const rows = views.map(({ revision, generation, createdAt, marks, failure, images }) => [
    revision,
    `${generation}`,
    age(createdAt, nowMs),
    marks.map((mark) => (mark === "failed" && failure !== null ? `failed: ${failure}` : mark)).join(", ") || "-",
    printable(images.join(", ")),
  ]);
  return listed(["revision", "generation", "age", "is", "images"], rows, look);
}

/** A table of who may do what. */
export function grants(views: readonly GrantView[], look: Look): string {
  return listed(["principal", "namespace", "may"], views.map(grantCells), look);
}

/** Why nothing starts, else how many tasks are available. */
function availability({ conditions }: ServiceView): string {
  const placed = conditions.find(({ type, status }) => type === "Placed" && status === "False");
  const told = placed ?? conditions.find(({ type }) => type === "Available");
  return printable(told?.message ?? "-");
}
