import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Runs the program as `npm run sim` does. */
async function sim(...given: readonly string[]) {
  const program = fileURLToPath(new URL("../../../sim/run/sim.ts", import.meta.url));
  const child = spawn(process.execPath, [program, ...given], { stdio: ["ignore", "pipe", "pipe"] });
  const [out, told, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { out, told, code };
}

test("seeds are played by worker processes, and summed up as JSON", { timeout: 60_000 }, async () => {
  const { out, code } = await sim("--seed", "26", "--seeds", "2", "--json");
  expect(code).toBe(0);
  const summary = JSON.parse(out);
  expect(summary).toMatchObject({ seeds: 2, violations: [] });
  expect(summary.portCalls).toBeGreaterThan(2_000);
  expect(summary.virtualHours).toBeGreaterThan(2);
  expect(Object.keys(summary)).toEqual([
    "seeds",
    "violations",
    "seedsPerSecond",
    "portCalls",
    "virtualHours",
    "faults",
    "guards",
  ]);
});
