import { isFault } from "../core/model/fault.ts";
import type { Log, LogEntry } from "../core/ports/log.ts";

/**
 * One JSON object a line, with the fields of the entry and the names of the pass. An error shows its name and message,
 * a fault also its kind and code; never its cause, which may hold what a dependency was sent.
 * @param names Fields of every entry, such as the handler's name.
 */
export function jsonLog(names: Readonly<Record<string, string>>, print: (line: string) => void): Log {
  return { write: (entry: LogEntry) => print(visible(JSON.stringify({ ...names, ...entry }, replaceErrors))) };
}

/** JSON escapes the older control characters; terminals also obey some newer ones, and what turns the text around. */
function visible(json: string): string {
  return json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => escaped(character.charCodeAt(index))).join(""),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

function replaceErrors(_name: string, value: unknown): unknown {
  if (isFault(value)) return { name: value.name, kind: value.kind, code: value.code, message: value.message };
  return value instanceof Error ? { name: value.name, message: value.message } : value;
}
