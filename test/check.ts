// All that has to hold before a change lands: types, style, dead code, tests. Each checker has to show that it looked at
// something: one that reads no file and still succeeds is worse than none.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** What its output says when it looked at something. */
  readonly looked?: RegExp;
}

/** What vitest's JSON report says at its end. */
interface TestCounts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const mostOutputBytes = 1 << 28;
/** Fewer tests than this did not run for some other reason than that they pass. */
const leastTests = 1_000;

const checks: readonly Check[] = [
  {
    name: "types see the code",
    command: ["tsc", "-p", ".", "--listFilesOnly"],
    looked: /core\/reconcile\/reconcile\.ts/,
  },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "types of core, which knows no Node", command: ["tsc", "-p", "core"] },
  { name: "style", command: ["biome", "ci", "."], looked: /Checked [1-9]\d{2,} files/ },
  { name: "dead code", command: ["knip"] },
];

const failed = checks.filter((check) => !holds(check));
if (failed.length === 0 && !testsHold()) process.exitCode = 1;
if (failed.length > 0) process.exitCode = 1;

/** Runs a checker; what it prints is shown when it fails. */
function holds({ name, command, looked }: Check): boolean {
  const startMs = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/launch.js", ...command], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: mostOutputBytes,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const output = `${stdout}${stderr}`;
  const sawNothing = looked !== undefined && !looked.test(output);
  if (status !== 0) process.stdout.write(output);
  tell(
    name,
    startMs,
    status !== 0 ? `exit code ${status}` : sawNothing ? `it looked at nothing: no ${looked}` : undefined,
  );
  return status === 0 && !sawNothing;
}

/** Runs every test, its progress shown as it comes, and closes with a line that counts them. */
function testsHold(): boolean {
  const startMs = Date.now();
  const directory = mkdtempSync(join(tmpdir(), "longshore-check-"));
  const report = join(directory, "tests.json");
  const { status } = spawnSync(
    process.execPath,
    ["cli/launch.js", "vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    { cwd: root, stdio: "inherit" },
  );
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, "utf8")) as TestCounts;
  rmSync(directory, { recursive: true });
  const ok = status === 0 && numPassedTests >= leastTests;
  tell(
    "tests",
    startMs,
    ok ? undefined : `exit code ${status}, ${numPassedTests} of at least ${leastTests} tests passed`,
  );
  console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  return ok;
}

function tell(name: string, startMs: number, failure: string | undefined): void {
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  console.log(
    `${failure === undefined ? "✓" : "✗"} ${name} (${seconds} s)${failure === undefined ? "" : `: ${failure}`}`,
  );
}
