import type { LogEntry } from "../../core/ports/log.ts";
import { type Look, paint } from "../paint.ts";
import { printable } from "../printable.ts";
import { table } from "../table.ts";
import { shortIds } from "./cells.ts";

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

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
