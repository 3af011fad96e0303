import { afterEach, expect, test, vi } from "vitest";
import { jsonLog } from "../../aws/log.ts";
import { Fault } from "../../core/model/fault.ts";
import type { LogEntry } from "../../core/ports/log.ts";

afterEach(() => void vi.unstubAllEnvs());

const linesOf = (entry: Partial<LogEntry>) => {
  const lines: string[] = [];
  jsonLog({ install: "blue", handler: "reconcile" }, (line) => lines.push(line)).write({
    level: "info",
    message: "planned",
    ...entry,
  });
  return lines;
};
const lineOf = (entry: Partial<LogEntry>) => {
  const lines = linesOf(entry);
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
};

test("an entry is one line of JSON, of an install and its handler", () => {
  const line = lineOf({ service: "shop/web", tries: 2, changes: ["one", "two"] });
  expect(line).not.toContain("\n");
  expect(JSON.parse(line)).toEqual({
    level: "INFO",
    message: "planned",
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    service: "blue",
    sampling_rate: 0,
    handler: "reconcile",
    key: "shop/web",
    tries: 2,
    changes: ["one", "two"],
  });
});

test("an entry without a subject has none", () => {
  expect(JSON.parse(lineOf({}))).not.toHaveProperty("key");
  expect(JSON.parse(lineOf({ key: "main" })).key).toBe("main");
});

test.for(["info", "warn", "error"] as const)("the level %s is told as Powertools does", (level) => {
  expect(JSON.parse(lineOf({ level })).level).toBe(level.toUpperCase());
});

test("what is to be counted is no part of the line", () => {
  const line = lineOf({ counts: { TasksStarted: 3 } });
  expect(line).not.toContain("counts");
  expect(line).not.toContain("TasksStarted");
});

test.for([
  { name: "POWERTOOLS_DEV", value: "true" },
  { name: "POWERTOOLS_LOG_LEVEL", value: "ERROR" },
  { name: "LOG_LEVEL", value: "ERROR" },
  { name: "POWERTOOLS_LOGGER_SAMPLE_RATE", value: "1" },
  { name: "AWS_LAMBDA_LOG_LEVEL", value: "DEBUG" },
])("$name=$value of whoever runs it adds no line and takes none away", ({ name, value }) => {
  vi.stubEnv(name, value);
  expect(lineOf({ service: "shop/web" })).not.toContain("\n");
});

test.for([
  { level: "info", lines: 0 },
  { level: "warn", lines: 1 },
  { level: "error", lines: 1 },
] as const)("of Lambda's own level WARN, $level writes $lines lines", ({ level, lines }) => {
  vi.stubEnv("AWS_LAMBDA_LOG_LEVEL", "WARN");
  expect(linesOf({ level })).toHaveLength(lines);
});

test.for(["\n", "\u001b", "\u007f", "\u009b", "\u2028", "\u202e", "\u{e0001}"])(
  "text with %j cannot begin another line, steer a terminal or turn around",
  (character) => {
    const reason = `bad${character}[2J`;
    const line = lineOf({ reason });
    expect(line).not.toContain(character);
    expect(JSON.parse(line).reason).toBe(reason);
  },
);

test("a fault shows what it means and not what caused it", () => {
  const fault = new Fault("terminal", "AccessDenied", "ecs RunTask was refused", { cause: new Error("secret") });
  const line = lineOf({ fault, error: new Error("outer", { cause: "secret" }) });
  expect(JSON.parse(line)).toMatchObject({
    fault: { name: "Fault", kind: "terminal", code: "AccessDenied", message: "ecs RunTask was refused" },
    error: { name: "Error", message: "outer" },
  });
  expect(line).not.toContain("secret");
  expect(line).not.toContain("stack");
});
