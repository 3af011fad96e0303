import { afterAll, beforeAll } from "vitest";
import { connect } from "../../cli/connection.ts";
import { run } from "../../cli/program.ts";
import type { LogEntry } from "../../core/ports/log.ts";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { aTerminal } from "./a-terminal.ts";

/** How a command line ended, and what it said. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly progress: string;
}

/** A whole cluster on this machine, for the tests of one file. */
export interface ClusterOfTests {
  /** Once the first test runs. */
  local(): LocalCluster;
  /** What its handlers failed with. */
  readonly faults: readonly LogEntry[];
  /** Runs a command line against it, with real time and real requests. */
  longshore(line: string, input?: string, url?: string): Promise<Ended>;
  /** What a command line answers with `--json`. */
  json(line: string): Promise<ReturnType<typeof JSON.parse>>;
}

/** Starts a cluster before the tests of a file, and stops it afterwards. */
export function useCluster(): ClusterOfTests {
  let started: LocalCluster | undefined;
  const faults: LogEntry[] = [];
  beforeAll(async () => {
    const write = (entry: LogEntry) => void (entry.level === "error" && faults.push(entry));
    started = await startCluster({ port: 0, sweepSeconds: 2, log: { write } });
  });
  afterAll(() => started?.close());
  const local = () => {
    if (!started) throw new Error("the cluster starts before the first test");
    return started;
  };
  const longshore = (line: string, input = "", url = local().endpointUrl) => runLine(line, input, url);
  const json = async (line: string) => JSON.parse((await longshore(`${line} --json`)).out);
  return { local, faults, longshore, json };
}

async function runLine(line: string, input: string, url: string): Promise<Ended> {
  const { session, text } = aTerminal({ input });
  const code = await run(line.split(" "), {
    ...session,
    connect: (options) => connect(options, { AWS_ENDPOINT_URL: url }),
  });
  return { code, ...text };
}

/** A service whose tasks run a line of JavaScript. */
export function aService(name: string, script: string, spec: object = {}): string {
  const container = {
    name: "app",
    image: "node:24",
    command: [process.execPath, "-e", script],
    cpuUnits: 64,
    memoryMib: 64,
  };
  return JSON.stringify({
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name },
    spec: { restart: { backoffSeconds: 1, maxBackoffSeconds: 1 }, task: { containers: [container] }, ...spec },
  });
}

/** Does nothing, and never ends. */
export const forever = "setInterval(() => {}, 1000)";
