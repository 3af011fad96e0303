import { printable } from "../cli/printable.ts";
import type { Applied } from "./report.ts";

/** One error of the job for each service that is not live and each issue of a manifest, as the runner reads them. */
export function annotations({ results, issues, said, exitCode }: Applied): string {
  const failed = results.filter((each) => each.exitCode !== 0);
  return [
    ...failed.map(({ service, outcome, message }) => error(`${service ?? "a command"} ${outcome}: ${message}`)),
    ...issues.map(({ file, path, message }) => error(path === "" ? message : `${path}: ${message}`, file)),
    ...(said !== "" && exitCode !== 0 ? [error(said.replace(/^error: /, ""))] : []),
  ].join("");
}

/** Nothing in it can begin a command of its own: it stays one line. */
function error(message: string, file?: string): string {
  const where = file === undefined ? "" : ` file=${escaped(file).replaceAll(":", "%3A").replaceAll(",", "%2C")}`;
  return `::error${where}::${escaped(message)}\n`;
}

function escaped(text: string): string {
  return text.split("\n").map(printable).join("\n").replaceAll("%", "%25").replaceAll("\n", "%0A");
}
