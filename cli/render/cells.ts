import { type Look, paintStatus } from "../paint.ts";
import { printable } from "../printable.ts";
import { type TableOptions, table } from "../table.ts";
import type { EventView, TaskView } from "../views.ts";

/** Heads of what `taskCells` gives. */
export const taskHeads = ["task", "status", "health", "revision", "zone", "node", "age"] as const;

/** Which of them a narrow line can do without, first the node. @param before Columns that stand before the task's. */
export function expendableTaskCells(before = 0): readonly number[] {
  return (["node", "zone"] as const).map((head) => before + taskHeads.indexOf(head));
}

/** What tables show of a task. */
export function taskCells({ task, status, health, revision, zone, node, createdAt }: TaskView, nowMs: number) {
  return [shortIds(task), status, health, revision ?? "-", zone ?? "-", shortIds(node ?? "-"), age(createdAt, nowMs)];
}

/** What tables show of the lines of a history. */
export function eventRows(events: readonly EventView[], nowMs: number): readonly (readonly string[])[] {
  return events.map(({ at, type, reason, message }) => [
    age(at, nowMs),
    type === "warning" ? "!" : "",
    reason,
    shortIds(printable(message)),
  ]);
}

/** Long ids, as tables show them. */
export function shortIds(text: string): string {
  return text.replace(/\b([0-9a-f]{12})[0-9a-f]{20}\b/g, "$1…");
}

/** Time since then in its largest unit: `12s`, `5m`, `3h`, `4d`. */
export function age(since: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(since)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)}m`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** A table below its heads; without rows it says so. */
export function listed(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { expendable = [], ...look }: Look & Pick<TableOptions, "expendable">,
): string {
  if (rows.length === 0) return "none\n";
  const upper = heads.map((head) => head.toUpperCase());
  return table([upper, ...rows], { columns: look.columns, expendable, paint: (text) => paintStatus(text, look) });
}

/** A table below its title. */
export function section(
  title: string,
  rows: readonly (readonly string[])[],
  { expendable = [], ...look }: Look & Pick<TableOptions, "expendable">,
): string {
  const body = table(rows, {
    columns: look.columns,
    expendable,
    indent: "  ",
    wrapLast: true,
    paint: (text) => paintStatus(text, look),
  });
  return `\n${title}\n${rows.length === 0 ? "  none\n" : body}`;
}
