import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { eventually } from "../local/eventually.ts";
import { run } from "./python.ts";

/** A Docker engine that answers. */
export interface Docker {
  /** Runs `docker` with these arguments. Answers its stdout, trimmed. @throws Error with all that it wrote when it fails */
  run(args: readonly string[], input?: string): Promise<string>;
}

const log = fileURLToPath(new URL("../../.longshore/dockerd.log", import.meta.url));
/** The engine that `ensureDocker` found before. */
export const docker: Docker = { run: async (args, input = "") => (await run("docker", args, { input })).trim() };

/**
 * Finds a Docker engine that answers. Where there is none, root on Debian gets one: `docker.io` from apt unless it is
 * there, and a `dockerd` that stays when we end, as the system's own would, with its log in `.longshore/dockerd.log`.
 * @throws Error that says in one line what is missing
 */
export async function ensureDocker(): Promise<Docker> {
  if (answers()) return docker;
  if (process.getuid?.() !== 0) throw new Error("no Docker engine answers, and only root can start one: start Docker");
  if (!hasCommand("dockerd")) install();
  startDaemon();
  await eventually(`dockerd to answer, see ${log}`, () => answers() || undefined, 30_000);
  return docker;
}

function answers(): boolean {
  return spawnSync("docker", ["version"], { stdio: "ignore", timeout: 10_000 }).status === 0;
}

function hasCommand(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`], { stdio: "ignore" }).status === 0;
}

function install(): void {
  if (!hasCommand("apt-get"))
    throw new Error("no Docker engine answers, and there is no apt to install one: install Docker");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => spawnSync("apt-get", ["-qq", ...args], { env, stdio: ["ignore", 2, 2] }).status;
  const done = apt("update") === 0 && apt("install", "--yes", "--no-install-recommends", "docker.io", "iptables") === 0;
  if (!done) throw new Error("no Docker engine answers, and apt could not install docker.io: install Docker");
}

/** Leaves a daemon that outlives us, unless another process was faster: then ours ends by itself. */
function startDaemon(): void {
  if (!existsSync(log)) mkdirSync(fileURLToPath(new URL("../../.longshore/", import.meta.url)), { recursive: true });
  const output = openSync(log, "a");
  spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] }).unref();
}
