import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const cache = fileURLToPath(new URL("../../.longshore", import.meta.url));

/** Whether there is a python3 that can make environments of its own. */
export function hasPython(): boolean {
  return spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
}

/**
 * Makes a virtual environment with these packages, once for each list of them. Answers the path of its Python.
 * @param requirements A file as pip reads it, every version exact.
 * @throws Error with pip's output when they cannot be installed.
 */
export async function pythonWith(requirements: string): Promise<string> {
  const key = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const home = join(cache, `python-${key}`);
  const python = (at: string) => join(at, "bin", "python");
  if (existsSync(home)) return python(home);
  mkdirSync(cache, { recursive: true });
  // Made aside and moved when it is whole: what was interrupted is never taken for it.
  const making = mkdtempSync(join(cache, "making-python-"));
  try {
    await run("python3", ["-m", "venv", making]);
    await run(python(making), ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
    if (!existsSync(home)) renameSync(making, home);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return python(home);
}

interface RunOptions {
  readonly input?: string;
  /** The whole environment; absent: ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a program to its end. Answers what it wrote to stdout. @throws Error with all that it wrote when it fails */
export function run(program: string, args: readonly string[], { input = "", env }: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: 120_000, maxBuffer: 1 << 26, ...(env && { env }) };
    const child = execFile(program, args, options, (error, stdout) => {
      // Its message ends with what went to stderr.
      if (error) reject(new Error(`${error.message}\n${stdout}`));
      else resolve(stdout);
    });
    // A program may end without having read it.
    child.stdin?.on("error", () => {}).end(input);
  });
}
