import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";

/** Groups that are alive, by their leader's process id; none of them may outlive this process. */
const alive = new Set<number>();
const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Starts a program as the leader of a process group of its own. When the leader ends, or this process does (but by
 * SIGKILL), whatever is left of the group is killed.
 */
export function spawnGroup(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(file, args, { ...options, detached: process.platform !== "win32", windowsHide: true });
  const { pid } = child;
  if (pid === undefined) return child;
  guard(pid);
  child.once("exit", () => {
    killGroup(pid);
    release(pid);
  });
  return child;
}

/** Kills every process of a group at once; does nothing when none is left. */
export function killGroup(leader: number): void {
  try {
    process.kill(process.platform === "win32" ? leader : -leader, "SIGKILL");
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** Whether a signal found no process, or only ones that are being reaped (EPERM on macOS). */
function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ESRCH" || error.code === "EPERM");
}

function guard(leader: number): void {
  if (alive.size === 0) {
    process.on("exit", killAll);
    for (const signal of endings) process.on(signal, endOn);
  }
  alive.add(leader);
}

function release(leader: number): void {
  alive.delete(leader);
  if (alive.size > 0) return;
  process.off("exit", killAll);
  for (const signal of endings) process.off(signal, endOn);
}

function killAll(): void {
  for (const leader of alive) killGroup(leader);
}

/** Without us the signal would have ended this process; somebody else who listens decides that himself, and `exit` follows. */
function endOn(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  killAll();
  process.off(signal, endOn);
  process.kill(process.pid, signal);
}
