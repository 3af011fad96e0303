import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What became of the tests of one run of vitest. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Titles of the tests that were not run. */
  readonly skipped: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");

/** Runs tests by a configuration of vitest, its progress shown as it comes. A file that cannot be run is a failure. */
export async function runTests(
  config: string,
  files: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Counts> {
  const directory = mkdtempSync(join(tmpdir(), "longshore-targets-"));
  const report = join(directory, "tests.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  try {
    const child = spawn(process.execPath, [vitest, "run", "--config", config, ...reporters, ...files], {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, ...env },
    });
    const end = () => child.kill();
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, end);
    const [status] = await once(child, "exit");
    for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, end);
    const counts = existsSync(report) ? countsIn(JSON.parse(readFileSync(report, "utf8"))) : nothing;
    return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const nothing: Counts = { passed: 0, failed: 0, skipped: [] };

function countsIn({ testResults }: Report): Counts {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const of = (...statuses: readonly string[]) => tests.filter(({ status }) => statuses.includes(status));
  const unread = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return {
    passed: of("passed").length,
    failed: of("failed").length + unread.length,
    skipped: of("skipped", "pending", "todo", "disabled").map(({ fullName }) => fullName),
  };
}
