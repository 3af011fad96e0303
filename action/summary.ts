import { printable } from "../cli/printable.ts";
import type { Applied, Described } from "./report.ts";

/** The job's summary as Markdown: what became of each service, and how it stands with all its conditions. */
export function summary(applied: Applied, described: readonly Described[]): string {
  const { outcome, results, issues, said } = applied;
  const rows = results.map(({ service, outcome: each, generation, message, issues: found }) => [
    service ?? "",
    each,
    generation === null ? "" : String(generation),
    [message, ...found.map((issue) => [issue.path, issue.message].filter((part) => part !== "").join(": "))].join("; "),
  ]);
  return [
    `## Longshore: ${outcome}\n`,
    ...(rows.length > 0 ? [table(["Service", "Outcome", "Generation", "Message"], rows)] : []),
    ...(issues.length > 0 ? [issueTable(applied)] : []),
    ...(said === "" ? [] : [`<pre>${said.split("\n").map(plain).join("\n")}</pre>\n`]),
    ...described.map(standing),
    "\n",
  ].join("\n");
}

function issueTable({ issues }: Applied): string {
  const rows = issues.map(({ file, document, path, message }) => [file, String(document), path, message]);
  return table(["File", "Document", "Field", "Issue"], rows);
}

function standing({ service, rollout }: Described): string {
  const { target, updated, ready, available, older, replicas } = rollout;
  const tasks = `${updated} updated, ${ready} ready, ${available} available of ${replicas}; ${older} older left`;
  const rows = service.conditions.map(({ type, status, reason, message }) => [type, status, reason, message]);
  return [
    `### ${cell(`${service.namespace}/${service.name}`)}: ${cell(service.status)}\n`,
    `Revision ${cell(target?.revision ?? "none")}: ${tasks}.\n`,
    table(["Condition", "Status", "Reason", "Message"], rows),
  ].join("\n");
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, heads.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return `${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`;
}

/** Text from elsewhere as a cell may show it: in one line, and nothing in it is Markdown or HTML. */
function cell(text: string): string {
  return plain(text).replace(/[\\`*_[\]|~@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function plain(text: string): string {
  return printable(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
