import { Logger, type LogItem } from "@aws-lambda-powertools/logger";
import { isFault } from "../core/model/fault.ts";
import type { Log } from "../core/ports/log.ts";

/** Whose lines they are. */
export interface LogNames {
  /** Stands under `service`, where Powertools has the name of a system. */
  readonly install: string;
  /** The function that writes, where all lines are one function's. */
  readonly handler?: string;
}

/**
 * A log as Powertools writes it: one JSON object a line, with level, time, names and the fields of the entry; the service
 * that an entry is about stands under `key`. An error shows its name and message, a fault also its kind and code; never its
 * cause, which may hold what a dependency was sent. What is to be counted is no part of the line.
 */
export function jsonLog({ install, handler }: LogNames, print: (line: string) => void): Log {
  const logger = new LineLogger(print, {
    serviceName: install,
    sampleRateValue: 0,
    // Lambda's own setting of the level comes first: with both, Powertools would write a line about the difference.
    ...(process.env.AWS_LAMBDA_LOG_LEVEL ? {} : { logLevel: "INFO" }),
    jsonReplacerFn: replaceErrors,
    persistentKeys: handler === undefined ? {} : { handler },
  });
  return {
    write: ({ level, message, service, counts: _, ...fields }) =>
      logger[level]({ message, ...(service === undefined ? {} : { key: service }), ...fields }),
  };
}

/** Powertools writes to the process's own output, indented where `POWERTOOLS_DEV` is set: here each entry is a line, and goes where we say. */
class LineLogger extends Logger {
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void, options: ConstructorParameters<typeof Logger>[0]) {
    super(options);
    this.#print = print;
  }

  protected override printLog(_level: number, item: LogItem): void {
    item.prepareForPrint();
    this.#print(visible(JSON.stringify(item.getAttributes(), this.getJsonReplacer())));
  }
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
