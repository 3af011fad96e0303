import type { Issue } from "../core/model/issue.ts";
import type { LogEntry } from "../core/ports/log.ts";
import type { Outcome } from "./outcome.ts";
import { type Look, paint, paintStatus, paintWord } from "./paint.ts";
import { printable } from "./printable.ts";
import { cut, table } from "./table.ts";
import type { Description, NodeView, ServiceView, TaskView } from "./views.ts";

/** An issue of one document of a file. */
export interface FileIssue extends Issue {
  readonly file: string;
  /** Counts from 1; 0: the whole file. */
  readonly document: number;
}

/** A table of services. */
export function services(views: readonly ServiceView[], nowMs: number, look: Look): string {
  const rows = views.map((view) => [
    nameOf(view),
    view.status,
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
  return listed(["service", ...taskHeads], rows, look);
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

/** All about one service: what is wished, what is so, why, and what happened last. */
export function description({ service, manifest, tasks, events }: Description, nowMs: number, look: Look): string {
  const containers = manifest.spec.task.containers.map(({ name, image }) => `${name} (${printable(image)})`);
  const { cpuUnits, memoryMib } = manifest.spec.task;
  const head = [
    ["replicas", `${service.replicas}`],
    [
      "generation",
      `${service.generation}${service.observedGeneration < service.generation ? ", not looked at yet" : ""}`,
    ],
    ["revision", service.revision ?? "-"],
    ["changed", `${age(service.acceptedAt, nowMs)} ago`],
    ["containers", containers.join(", ")],
    ["each task", `${cpuUnits} CPU units, ${memoryMib} MiB`],
    ...manifest.spec.traffic.map(({ targetGroup, container, port }) => [
      "traffic",
      `${container}:${port} in ${targetGroup}`,
    ]),
  ];
  const conditions = service.conditions.map(({ type, status, reason, since, message }) => [
    type,
    status,
    reason,
    age(since, nowMs),
    shortIds(printable(message)),
  ]);
  const taskRows = tasks.map((task) => [...taskCells(task, nowMs), printable(task.stopReason ?? "-")]);
  const history = events.map(({ at, type, reason, message }) => [
    age(at, nowMs),
    type === "warning" ? "!" : "",
    reason,
    shortIds(printable(message)),
  ]);
  return [
    `${nameOf(service)}  ${paintWord(service.status, look)}\n`,
    table(head, { columns: look.columns, indent: "  ", wrapLast: true }),
    section("conditions", conditions, look),
    section("tasks", tasks.length === 0 ? [] : [[...taskHeads, "stopped with"], ...taskRows], look),
    section("events", history, look),
  ].join("");
}

/** How one command ended, with every issue of a refusal below it. */
export function outcomeLines({ service, generation, outcome, exitCode, message, issues }: Outcome, look: Look): string {
  const which = service === null ? "" : `${service}  `;
  if (exitCode === 0) return `${which}${paint(printable(message), "green", look)}\n`;
  const number = generation === null ? "" : `generation ${generation} `;
  const why = issues.length > 0 ? "" : `: ${shortIds(printable(message))}`;
  const lines = issues.map(({ path, message: each }) => `  ${path === "" ? "" : `${path}: `}${printable(each)}\n`);
  return `${which}${number}${paintWord(outcome, look)}${why}\n${lines.join("")}`;
}

/** Every issue of the files that were read, one a line. */
export function fileIssues(issues: readonly FileIssue[]): string {
  const lines = issues.map(({ file, document, path, message }) => {
    const where = [printable(file), ...(document > 0 ? [`document ${document}`] : []), ...(path === "" ? [] : [path])];
    return `${where.join(", ")}: ${printable(message)}\n`;
  });
  return `${lines.join("")}nothing was sent: ${issues.length === 1 ? "1 issue" : `${issues.length} issues`}\n`;
}

/** One line of what is waited for; on a terminal it never wraps. */
export function progressLine(
  { name, generation, message }: { readonly name: string; readonly generation: number; readonly message: string },
  { columns }: Pick<Look, "columns">,
): string {
  return cut(`${name}  generation ${generation}  ${printable(message)}`, columns - 1);
}

/** An error, as every command tells it. */
export function errorLine(message: string, look: Look): string {
  return `${paint("error:", "red", look)} ${message.split("\n").map(printable).join("\n  ")}\n`;
}

/** One entry of the handlers' log, for people: a line for each thing that it says changed. */
export function logLines(entry: LogEntry, nowMs: number, look: Look): string {
  const { level, message, handler, service, key, changes, ...fields } = entry;
  const head = `${paint(new Date(nowMs).toTimeString().slice(0, 8), "grey", look)}  ${String(handler ?? "cluster").padEnd(9)}`;
  const told = Object.entries(fields)
    .filter(([, value]) => value !== undefined && !isEmpty(value))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  // The reason before the colon is a word for machines.
  const changed = Array.isArray(changes) ? changes.map((change) => String(change).replace(/^\w+: /, "")) : [];
  const texts = changed.length > 0 ? changed : [[message, ...told].join("  ")];
  const subject = service ?? key;
  return texts
    .map((text) => shortIds(printable(subject === undefined ? text : `${subject}  ${text}`)))
    .map((text) => `${head}  ${level === "info" ? text : paint(text, level === "error" ? "red" : "yellow", look)}\n`)
    .join("");
}

/** What a client of the local cluster has to know. */
export function devBanner(
  about: { readonly endpointUrl: string; readonly exports: string; readonly rows: readonly (readonly string[])[] },
  look: Look,
): string {
  return [
    `a cluster runs at ${about.endpointUrl}; ctrl-C stops it and all that runs on it\n\n`,
    about.exports.replace(/^/gm, "  ").trimEnd(),
    "\n\n",
    table(about.rows, { columns: look.columns, indent: "  " }),
    "\n",
  ].join("");
}

const taskHeads = ["task", "status", "health", "zone", "node", "age"] as const;

/** Long ids, as tables show them. */
function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{20}\b/g, "$1…");
}

function taskCells({ task, status, health, zone, node, createdAt }: TaskView, nowMs: number) {
  return [shortIds(task), status, health, zone ?? "-", shortIds(node ?? "-"), age(createdAt, nowMs)];
}

function listed(heads: readonly string[], rows: readonly (readonly string[])[], look: Look): string {
  if (rows.length === 0) return "none\n";
  const upper = heads.map((head) => head.toUpperCase());
  return table([upper, ...rows], { columns: look.columns, paint: (text) => paintStatus(text, look) });
}

function section(title: string, rows: readonly (readonly string[])[], look: Look): string {
  const body = table(rows, {
    columns: look.columns,
    indent: "  ",
    wrapLast: true,
    paint: (text) => paintStatus(text, look),
  });
  return `\n${title}\n${rows.length === 0 ? "  none\n" : body}`;
}

function nameOf({ namespace, name }: ServiceView): string {
  return `${namespace}/${name}`;
}

/** Why nothing starts, else how many are available. */
function availability({ conditions }: ServiceView): string {
  const placed = conditions.find(({ type, status }) => type === "Placed" && status === "False");
  const told = placed ?? conditions.find(({ type }) => type === "Available");
  return printable(told?.message ?? "-");
}

/** Time since then in its largest unit: `12s`, `5m`, `3h`, `4d`. */
function age(since: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
