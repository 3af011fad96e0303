import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const actionPath = fileURLToPath(new URL("../../action", import.meta.url));

/** What a composite action is made of, as far as the runner of these tests knows it. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What GitHub's runner would have of a job that runs our action. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly progress: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Reads action/action.yml. */
export async function readAction(): Promise<Action> {
  return parse(await readFile(join(actionPath, "action.yml"), "utf8"));
}

/** Inputs of an action. */
type Inputs = Readonly<Record<string, string>>;

/** What a job brings along. */
interface Surroundings {
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

/**
 * Runs the step of that id as GitHub's runner does: inputs into its variables, its lines in bash, in a workspace of its own.
 * Those without an id need GitHub or npm.
 */
export async function runStep(action: Action, id: string, inputs: Inputs, given: Surroundings = {}): Promise<Ran> {
  const workspace = await mkdtemp(join(tmpdir(), "longshore-action-"));
  try {
    for (const [name, text] of Object.entries({ ...given.files, summary: "", output: "" }))
      await writeFile(join(workspace, name), text);
    const step = action.runs.steps.find((each) => each.id === id);
    const environment = {
      PATH: process.env.PATH,
      ...given.environment,
      ...evaluated(step?.env ?? {}, action, inputs),
      GITHUB_ACTION_PATH: actionPath,
      GITHUB_STEP_SUMMARY: join(workspace, "summary"),
      GITHUB_OUTPUT: join(workspace, "output"),
    };
    const ended = await runInBash(step?.run ?? `echo "no step runs as ${id}"; exit 1`, workspace, environment);
    const read = (name: string) => readFile(join(workspace, name), "utf8");
    return { ...ended, summary: await read("summary"), outputs: outputsIn(await read("output")) };
  } finally {
    await rm(workspace, { recursive: true });
  }
}

/** Variables with each `${{ inputs.NAME }}` in them replaced by what was given, or by its default. */
function evaluated(
  environment: Readonly<Record<string, string>>,
  action: Action,
  inputs: Inputs,
): Readonly<Record<string, string>> {
  const entries = Object.entries(environment).map(([name, value]) => [
    name,
    value.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (whole, input: string) => {
      if (action.inputs[input] === undefined) throw new Error(`${whole} in ${name} is no input`);
      return inputs[input] ?? action.inputs[input].default ?? "";
    }),
  ]);
  return Object.fromEntries(entries);
}

function runInBash(
  line: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly out: string; readonly progress: string }> {
  return new Promise((resolve) => {
    const child = execFile("bash", ["-euo", "pipefail", "-c", line], { cwd, env }, (_error, out, progress) =>
      resolve({ code: child.exitCode ?? -1, out, progress }),
    );
  });
}

/** `NAME<<END`, the value, `END`. */
function outputsIn(text: string): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/^([a-z-]+)<<(\S+)\n(.*?)\n\2\n/gms)];
  return Object.fromEntries(found.map(([, name = "", , value = ""]) => [name, value]));
}
