// What the code of each function adds to a cold start on this machine: the time to import its bundle in a fresh process,
// beside a bare bundle of the same SDK clients and commands, which is the least that any such function needs.
//
//   npm run bench:cold-start [-- --rounds 21] [--json]
//
// Goals: at most 1.1 times the time of the bare bundle, and at most 1 MB. Figures are medians; both bundles are imported in
// turns, so that whatever else the machine does slows both down. Both are built alike, but that the functions leave out the
// SDK's search for credentials (infra/no-credential-chain.ts): what that saves pays for all that is ours.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildBundles, bundlesDirectory } from "../infra/bundles.ts";
import { functionNames } from "../infra/names.ts";
import { buildBare } from "./cold-start/bare.ts";
import { percentile } from "./loop/statistics.ts";

const goals = { ratio: 1.1, bytes: 1_000_000 };
const rounds = Number(process.argv[process.argv.indexOf("--rounds") + 1]) || 21;
const directory = mkdtempSync(join(tmpdir(), "longshore-cold-start-"));
/** As a deployed function is told, so that importing it builds everything that it builds. */
const environment = {
  PATH: process.env.PATH ?? "",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  LONGSHORE_INSTALL: "longshore",
  LONGSHORE_CLUSTER: "longshore",
  LONGSHORE_TABLE: "longshore",
  LONGSHORE_WORK_QUEUE_URL: "https://sqs/work",
  LONGSHORE_DISPATCH_QUEUE_URL: "https://sqs/dispatch",
  LONGSHORE_OBSERVATIONS_QUEUE_URL: "https://sqs/observations",
};

buildBundles();
const figures = functionNames.map((name) => {
  const own = join(bundlesDirectory, name, "index.mjs");
  const bare = join(directory, `${name}.mjs`);
  buildBare(name, bare);
  const times = { own: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.bare.push(importMs(bare));
    times.own.push(importMs(own));
  }
  const [ownMs, bareMs] = [percentile(times.own, 0.5), percentile(times.bare, 0.5)];
  const [bytes, bareBytes] = [statSync(own).size, statSync(bare).size];
  return { name, bytes, bareBytes, ownMs, bareMs, ratio: ownMs / bareMs };
});
rmSync(directory, { recursive: true });

if (process.argv.includes("--json")) console.log(JSON.stringify({ rounds, goals, figures }));
else {
  console.log(`import of each function's bundle in a fresh process, median of ${rounds}, beside the bare SDK's\n`);
  console.log("  function      size     bare SDK     import    bare SDK    ratio");
  for (const { name, bytes, bareBytes, ownMs, bareMs, ratio } of figures)
    console.log(
      `  ${name.padEnd(10)} ${kilobytes(bytes)}   ${kilobytes(bareBytes)}   ${milliseconds(ownMs)}   ${milliseconds(bareMs)}    ${ratio.toFixed(2)}`,
    );
}

/** Milliseconds from the start of the import to its end, in a process of its own. */
function importMs(file: string): number {
  const program = `const startMs = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    process.stdout.write(String(performance.now() - startMs));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    env: environment,
  });
  const ms = Number(stdout);
  if (stdout === "" || !Number.isFinite(ms)) throw new Error(`${file} could not be imported: ${stdout}${stderr}`);
  return ms;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(0).padStart(6)} KB`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(1).padStart(7)} ms`;
}
