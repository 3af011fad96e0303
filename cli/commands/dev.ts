import { once } from "node:events";
import { jsonLog } from "../../aws/log.ts";
import type { LogEntry } from "../../core/ports/log.ts";
import { CommandError } from "../command-error.ts";
import { endSignal } from "../end-signal.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { devBanner, logLines } from "../render/dev.ts";
import type { Session } from "../session.ts";

/** Options of `dev`. */
export interface DevOptions {
  readonly port: number;
  readonly events: boolean;
  readonly json?: boolean;
  readonly output?: boolean;
}

/** Runs the local cluster until it is told to end, and then leaves nothing running. */
export async function dev(options: DevOptions, session: Session): Promise<ExitCode> {
  const ended = endSignal(session);
  const { startCluster } = await import("../../local/cluster.ts");
  const write = writerFor(options, session);
  const cluster = await startCluster({
    port: options.port,
    events: options.events,
    log: { write },
    ...(options.output && {
      onOutput: (taskArn, container, stream, line) =>
        write({ level: "info", message: line, handler: stream, task: taskArn.slice(-32), container }),
    }),
  }).catch((error: unknown) => {
    throw explained(error, options.port);
  });
  const { endpointUrl, install, engine } = cluster;
  const zones = new Set(engine.instances().map(({ zone }) => zone));
  if (options.json) write({ level: "info", message: "started", endpointUrl, environment: cluster.environment });
  else {
    const rows = [
      ["install", install.table, "its name, and that of its table and its cluster"],
      ["commands", install.queues.commands, "where events go"],
      ["nodes", `${engine.instances().length} in ${[...zones].join(", ")}`, "machines that tasks are placed on"],
      ["tasks", "processes of this machine", `commands run in ${process.cwd()}; images are not used`],
    ];
    session.out.write(devBanner({ endpointUrl, exports: cluster.exports, rows }, session.out));
  }
  if (!ended.aborted) await once(ended, "abort");
  if (!options.json) session.progress.write("stopping everything\n");
  await cluster.close();
  return exit.done;
}

function writerFor({ json }: DevOptions, { out, nowMs }: Session): (entry: LogEntry) => void {
  if (json) return jsonLog({ install: "longshore" }, (line) => out.write(`${line}\n`)).write;
  return (entry) => out.write(logLines(entry, nowMs(), out));
}

function explained(error: unknown, port: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const advice = "stop what listens there, or choose another with --port (0: any that is free)";
  if (code === "EADDRINUSE")
    return new CommandError(exit.fault, `port ${port} of 127.0.0.1 is taken; ${advice}`, { cause: error });
  if (code === "EACCES")
    return new CommandError(exit.fault, `port ${port} of 127.0.0.1 may not be used by you; ${advice}`, {
      cause: error,
    });
  return error;
}
