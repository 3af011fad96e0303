import { expect, test } from "vitest";
import { jsonLog } from "../../aws/log.ts";
import { Fault } from "../../core/model/fault.ts";

const lineOf = (fields: Record<string, unknown>) => {
  const lines: string[] = [];
  jsonLog({ handler: "reconcile" }, (line) => lines.push(line)).write({ level: "info", message: "planned", ...fields });
  return lines.join("\n");
};

test("an entry is one line of JSON with the names of its pass", () => {
  expect(lineOf({ service: "shop/web", tries: 2 })).toBe(
    '{"handler":"reconcile","level":"info","message":"planned","service":"shop/web","tries":2}',
  );
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
});
