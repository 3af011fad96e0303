import type { Issue } from "../../core/model/issue.ts";
import { plural } from "../../core/words/plural.ts";
import type { Outcome } from "../outcome.ts";
import { type Look, paint, paintWord } from "../paint.ts";
import { printable } from "../printable.ts";
import { cut } from "../table.ts";
import { shortIds } from "./cells.ts";

/** An issue of one document of a file. */
export interface FileIssue extends Issue {
  readonly file: string;
  /** Counts from 1; 0: the whole file. */
  readonly document: number;
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
  return `${lines.join("")}nothing was sent: ${plural(issues.length, "issue")}\n`;
}

/** One line of what is waited for; on a terminal it never wraps. */
export function progressLine(
  {
    name,
    generation,
    message,
  }: { readonly name: string; readonly generation: number | null; readonly message: string },
  { columns }: Pick<Look, "columns">,
): string {
  const which = generation === null ? "" : `generation ${generation}  `;
  return cut(`${name}  ${which}${printable(message)}`, columns - 1);
}

/** An error, as every command tells it. */
export function errorLine(message: string, look: Look): string {
  return `${paint("error:", "red", look)} ${message.split("\n").map(printable).join("\n  ")}\n`;
}
