import { randomUUID } from "node:crypto";
import type { Applied } from "./report.ts";

/** The action's outputs, as lines of the file that the runner names. */
export function outputs({ exitCode, outcome, results }: Applied): string {
  return [
    output("exit-code", String(exitCode)),
    output("outcome", outcome),
    output("results", results.length === 0 ? "" : JSON.stringify(results)),
  ].join("");
}

/** Ended by words that no value can guess: one that held the end would set others. */
function output(name: string, value: string): string {
  const end = `end-${randomUUID()}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}
