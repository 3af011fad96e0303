// Plays seeds: each draws a scenario and its faults, and runs the real handlers through it on a virtual clock.
//
//   npm run sim -- --seeds N [--seed K] [--minutes M] [--json]
//
// docs/simulation.md has what is played, and how to go from a red seed to a row. Exit code 1: something was violated.
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { type Asked, readArguments } from "./arguments.ts";
import type { SeedReport } from "./play-seed.ts";
import { summaryOf } from "./tally.ts";
import { playInTeam } from "./team.ts";
import { toldViolation } from "./told-violation.ts";

/** How often a line says how far it has come. */
const progressMs = 5_000;
/** More broken seeds than this tell nothing new. */
const mostViolations = 20;

const asked = readArguments(process.argv.slice(2));
const commit = commitNow();
const beganMs = performance.now();
const reports = await played(asked);
const summary = summaryOf(reports, { tookMs: performance.now() - beganMs, commit });
if (asked.json) console.log(JSON.stringify(summary, undefined, 2));
else {
  const { violations, ...figures } = summary;
  console.log(JSON.stringify({ ...figures, violations: violations.length }, undefined, 2));
}
if (summary.violations.length > 0) process.exitCode = 1;

async function played({ firstSeed, seeds, minutes }: Asked): Promise<readonly SeedReport[]> {
  const done: SeedReport[] = [];
  let begun = 0;
  let violations = 0;
  let toldMs = beganMs;
  const nextSeed = () => {
    const isOver = begun >= seeds || violations >= mostViolations || passedMs() > minutes * 60_000;
    begun += isOver ? 0 : 1;
    return isOver ? undefined : firstSeed + begun - 1;
  };
  const reported = (report: SeedReport) => {
    done.push(report);
    if (report.violation) {
      violations += 1;
      console.error(`\n${toldViolation({ ...report.violation, commit })}\n`);
    }
    if (performance.now() - toldMs < progressMs) return;
    toldMs = performance.now();
    console.error(
      `${done.length} seeds, ${violations} violations, ${(done.length / (passedMs() / 1_000)).toFixed(1)} seeds/s`,
    );
  };
  await playInTeam(Math.min(availableParallelism(), seeds), { nextSeed, reported });
  return done;
}

function passedMs(): number {
  return performance.now() - beganMs;
}

/** Short hash of the commit that is checked out; with `-dirty` when something has been changed since. */
function commitNow(): string {
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  return execFileSync("git", ["describe", "--always", "--dirty", "--match=-"], { cwd, encoding: "utf8" }).trim();
}
