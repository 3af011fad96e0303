// All that has to hold before a change lands: types, style, dead code, tests. Each checker has to show that it looked at
// something: one that reads no file and still succeeds is worse than none.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** What its output says when it looked at something. */
  readonly looked?: RegExp;
}

const root = fileURLToPath(new URL("..", import.meta.url));

const checks: readonly Check[] = [
  { name: "types", command: ["tsc", "-p", ".", "--listFilesOnly"], looked: /core\/reconcile\/reconcile\.ts/ },
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "types of core, which knows no Node", command: ["tsc", "-p", "core"] },
  { name: "style", command: ["biome", "ci", "."], looked: /Checked [1-9]\d{2,} files/ },
  { name: "dead code", command: ["knip"] },
  { name: "tests", command: ["vitest", "run"], looked: /Tests .*[1-9]\d{2,} passed/ },
];

for (const { name, command, looked } of checks) {
  const startMs = Date.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["cli/launch.js", ...command], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const output = `${stdout}${stderr}`;
  const seconds = ((Date.now() - startMs) / 1000).toFixed(1);
  const failure =
    status !== 0
      ? `exit code ${status}`
      : looked && !looked.test(output)
        ? `it looked at nothing: no ${looked}`
        : undefined;
  if (failure !== undefined || name === "tests") process.stdout.write(output);
  console.log(
    `${failure === undefined ? "✓" : "✗"} ${name}: ${command.join(" ")} (${seconds} s)${failure ? `: ${failure}` : ""}`,
  );
  if (failure !== undefined) process.exit(1);
}
