// What the action runs: `longshore apply --wait`, with a summary of the job, outputs and annotations beside it.
import { appendFileSync } from "node:fs";
import { run } from "../cli/program.ts";
import { processSession } from "../cli/session.ts";
import { annotations } from "./annotations.ts";
import { capture } from "./capture.ts";
import { applyArguments } from "./inputs.ts";
import { outputs } from "./outputs.ts";
import { type Applied, type Described, readApplied } from "./report.ts";
import { summary } from "./summary.ts";

const session = processSession();
const apply = capture(session);
const exitCode = await run(applyArguments(process.env), apply.session);
const applied = readApplied(exitCode, apply.text());
const described = await describeAll(applied);

append(process.env.GITHUB_STEP_SUMMARY, summary(applied, described));
append(process.env.GITHUB_OUTPUT, outputs(applied));
process.stdout.write(annotations(applied));
process.exitCode = exitCode;

/** How each service stands now; what cannot be described, such as one that was refused before it was there, is left out. */
async function describeAll({ results }: Applied): Promise<readonly Described[]> {
  const services = results.flatMap(({ service }) => service ?? []);
  const all: Described[] = [];
  for (const service of services) {
    const { session: quiet, text } = capture(session, "quiet");
    if ((await run(["describe", "service", service, "--json"], quiet)) === 0) all.push(JSON.parse(text().out));
  }
  return all;
}

/** The runner names a file for each; a shell that is none names none. */
function append(path: string | undefined, text: string): void {
  if (path) appendFileSync(path, text);
}
