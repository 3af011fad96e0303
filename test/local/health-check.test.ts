import { describe, expect, test } from "vitest";
import { type HealthCheck, healthProgram, tallyHealth, untested } from "../../local/health-check.ts";

const aCheck = (changes: Partial<HealthCheck> = {}): HealthCheck => ({
  command: ["CMD", "true"],
  intervalSeconds: 10,
  timeoutSeconds: 5,
  retries: 3,
  startPeriodSeconds: 0,
  ...changes,
});

describe("what checks amount to, one every 10 s; + passes, - fails", () => {
  test.for([
    { name: "nothing is known before the first", checks: "", retries: 3, startPeriodSeconds: 0, status: "STARTING" },
    { name: "one success is healthy", checks: "+", retries: 3, startPeriodSeconds: 0, status: "HEALTHY" },
    {
      name: "fewer failures than retries change nothing",
      checks: "+--",
      retries: 3,
      startPeriodSeconds: 0,
      status: "HEALTHY",
    },
    {
      name: "as many failures as retries are unhealthy",
      checks: "+---",
      retries: 3,
      startPeriodSeconds: 0,
      status: "UNHEALTHY",
    },
    { name: "without ever a success too", checks: "---", retries: 3, startPeriodSeconds: 0, status: "UNHEALTHY" },
    {
      name: "a success between starts the count anew",
      checks: "--+--",
      retries: 3,
      startPeriodSeconds: 0,
      status: "HEALTHY",
    },
    { name: "one success heals", checks: "---+", retries: 3, startPeriodSeconds: 0, status: "HEALTHY" },
    {
      name: "failures in the start period do not count",
      checks: "---",
      retries: 1,
      startPeriodSeconds: 40,
      status: "STARTING",
    },
    { name: "they do after it", checks: "----", retries: 1, startPeriodSeconds: 40, status: "UNHEALTHY" },
    { name: "they do in it after a success", checks: "+-", retries: 1, startPeriodSeconds: 40, status: "UNHEALTHY" },
  ])("$name", ({ checks, status, ...bounds }) => {
    const tally = [...checks].reduce(
      (before, check, index) => tallyHealth(before, check === "+", (index + 1) * 10_000, aCheck(bounds)),
      untested,
    );
    expect(tally.status).toBe(status);
  });
});

test.for([
  { command: ["CMD", "curl", "-f", "localhost"], program: ["curl", "-f", "localhost"] },
  { command: ["CMD-SHELL", "curl -f localhost || exit 1"], program: ["/bin/sh", "-c", "curl -f localhost || exit 1"] },
  { command: ["NONE"], program: undefined },
  { command: [], program: undefined },
  { command: ["CMD"], program: undefined },
  { command: ["curl", "localhost"], program: ["curl", "localhost"] },
])("the check $command runs $program", ({ command, program }) => {
  expect(healthProgram(command)).toEqual(program);
});
