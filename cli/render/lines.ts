import type { LogLineView } from "../log-lines.ts";
import { type Look, paint } from "../paint.ts";
import { printable } from "../printable.ts";
import type { EventView } from "../views.ts";
import { shortIds } from "./cells.ts";

/** One line of a service's history. @param width Of the widest reason of all lines, so that their texts stand in a column. */
export function eventLine({ at, type, reason, message }: EventView, width: number, look: Look): string {
  const text = `${reason.padEnd(width)}  ${shortIds(printable(message))}`;
  return `${paint(at, "grey", look)}  ${type === "warning" ? paint(text, "yellow", look) : text}\n`;
}

/** What one container wrote: a line each, with its task before it. Its own colours are left out, tabs become blanks. */
export function logLine({ task, container, message }: LogLineView, look: Look): string {
  const head = paint(`${task.slice(0, 12)}/${container}`, "grey", look);
  const lines = message
    .replace(colours, "")
    .replaceAll("\t", "    ")
    .split(/\r?\n|\r/);
  return lines.map((line) => `${head}  ${printable(line)}\n`).join("");
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");
