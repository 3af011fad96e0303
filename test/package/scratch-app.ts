import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** This checkout. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What `npm pack` says of the package. */
export interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

/** Somebody's CDK app outside of the tree, with the package installed as npm does it. */
export interface ScratchApp {
  readonly directory: string;
  readonly packed: Packed;
  write(name: string, text: string): Promise<void>;
  /** Runs a program in it to its end. @throws Error with all that it said when it fails. */
  run(program: string, ...args: readonly string[]): Promise<string>;
  /** Starts one of its commands, and waits for a line that has these words. */
  start(command: string, args: readonly string[], words: string): Promise<Started>;
  remove(): Promise<void>;
}

/** A command that runs. */
export interface Started {
  readonly line: string;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

const mostOutputBytes = 1 << 26;
const running = promisify(execFile);

/** Builds and packs the package, and installs it in an app of its own. The CDK, which is large, is this checkout's. */
export async function makeScratchApp(): Promise<ScratchApp> {
  const directory = await mkdtemp(join(tmpdir(), "longshore-package-"));
  const npm = async (cwd: string, ...args: readonly string[]) =>
    (await running("npm", args, { cwd, maxBuffer: mostOutputBytes })).stdout;
  await npm(root, "run", "build");
  const [packed] = Object.values(JSON.parse(await npm(root, "pack", "--json", "--pack-destination", directory)));
  if (packed === undefined) throw new Error("npm pack packed nothing");
  const { filename } = packed as Packed;
  await writeFile(join(directory, "package.json"), JSON.stringify({ name: "shop", private: true, type: "module" }));
  await npm(directory, "install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", filename);
  for (const name of ["aws-cdk-lib", "constructs"])
    await symlink(join(root, "node_modules", name), join(directory, "node_modules", name));
  return appIn(directory, packed as Packed);
}

function appIn(directory: string, packed: Packed): ScratchApp {
  const children: ChildProcess[] = [];
  return {
    directory,
    packed,
    write: async (name, text) => {
      await mkdir(join(directory, name, ".."), { recursive: true });
      await writeFile(join(directory, name), text);
    },
    run: async (program, ...args) => {
      const { stdout } = await running(program, args, { cwd: directory, maxBuffer: mostOutputBytes });
      return stdout;
    },
    start: async (command, args, words) => {
      const child = spawn(join(directory, "node_modules/.bin", command), args, { cwd: directory, stdio: "pipe" });
      children.push(child);
      const ended = once(child, "close").then(([code]) => code as number | null);
      const said: string[] = [];
      createInterface({ input: child.stderr }).on("line", (line) => said.push(line));
      for await (const line of createInterface({ input: child.stdout })) {
        if (line.includes(words)) return { line, child, ended };
        said.push(line);
      }
      throw new Error(`${command} ended without saying ${JSON.stringify(words)}: ${said.join("\n")}`);
    },
    remove: async () => {
      for (const child of children) child.kill("SIGKILL");
      await rm(directory, { recursive: true });
    },
  };
}
