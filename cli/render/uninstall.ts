import { plural } from "../../core/words/plural.ts";
import { printable } from "../printable.ts";
import { table } from "../table.ts";
import type { UninstallView } from "../uninstall-view.ts";

/** What becomes of the tasks, how the stack is deleted, and what stays then. @param isStopped The tasks were stopped. */
export function farewell(view: UninstallView, isStopped: boolean): string {
  const { stack, install, region, services, tasks, stays, remove } = view;
  const holds = `stack ${stack} in ${region} deployed install ${install}: ${plural(services, "service")}, ${plural(tasks, "task")}`;
  return [
    `${printable(holds)}\n`,
    ...(services + tasks === 0 || isStopped ? [] : [fate(view)]),
    `\nDelete the stack, with all that it holds, in either way:\n${indented(remove)}`,
    stays.length === 0
      ? "\nNothing of it stays then.\n"
      : `\nThese stay then; delete each by hand once nobody needs it:\n${staying(stays)}`,
  ].join("");
}

function fate({ stack }: UninstallView): string {
  return [
    "\nTasks keep running when the stack is deleted. Nobody replaces one that fails any more, scales, drains or stops it.",
    `To stop them all, and delete their services, before that:\n${indented([`longshore uninstall --stack ${stack} --stop-tasks`])}`,
  ].join("\n");
}

function staying(stays: UninstallView["stays"]): string {
  const rows = stays.map(({ type, name }) => [printable(type), printable(name)]);
  return table(rows, { columns: Number.POSITIVE_INFINITY, indent: "  " });
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${printable(line)}\n`).join("");
}
