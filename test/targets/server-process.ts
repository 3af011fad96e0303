import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../local/free-ports.ts";
import { eventually } from "../local/eventually.ts";

/** A server that somebody else wrote. */
export interface ServerOptions {
  readonly name: string;
  /** What to run so that it listens on that port of 127.0.0.1. `home` is a folder of its own, deleted with it. */
  readonly command: (port: number, home: string) => readonly [program: string, ...args: string[]];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that listens. */
export interface ServerProcess {
  /** Of 127.0.0.1. */
  readonly url: string;
  close(): Promise<void>;
}

const startMs = 40_000;
const graceMs = 5_000;

/** Starts it on a free port. @throws Error with what it wrote when it does not listen within 40 s */
export async function startServer({ name, command, env = {} }: ServerOptions): Promise<ServerProcess> {
  const port = await freePorts().next();
  const home = mkdtempSync(join(tmpdir(), `longshore-${name}-`));
  const logFile = join(home, "server.log");
  const [program, ...args] = command(port, home);
  const output = openSync(logFile, "a");
  const child = spawn(program, args, {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", HOME: home, ...env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const close = async () => {
    await end(child);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await eventually(`${name} to listen`, () => listens(port, child), startMs);
  } catch (cause) {
    const written = readFileSync(logFile, "utf8");
    await close();
    throw new Error(`${name} did not start:\n${written}`, { cause });
  }
  return { url: `http://127.0.0.1:${port}`, close };
}

function listens(port: number, { exitCode }: ChildProcess): Promise<true | undefined> {
  if (exitCode !== null) throw new Error(`it ended with exit code ${exitCode}`);
  const { promise, resolve } = Promise.withResolvers<true | undefined>();
  const socket = createConnection({ host: "127.0.0.1", port }, () => resolve(true)).once("error", () =>
    resolve(undefined),
  );
  return promise.finally(() => socket.destroy());
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), graceMs);
  await exited;
  clearTimeout(timer);
}
