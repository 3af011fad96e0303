import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Ports } from "../core/ports/index.ts";
import type { Log } from "../core/ports/log.ts";
import { tellTroubles } from "../core/trouble/tell.ts";
import {
  acceptHandler,
  type BatchHandler,
  dispatchHandler,
  observeHandler,
  reconcileHandler,
  sweepHandler,
} from "../lambdas/handlers.ts";
import { localAccount, localRegion } from "./environment.ts";
import { startEventSource } from "./event-source.ts";
import type { Install, QueueName } from "./install.ts";
import { startSchedule } from "./schedule.ts";

/** What the product's functions run with. */
export interface FunctionOptions {
  readonly ports: Ports;
  readonly sqs: SQSClient;
  readonly install: Install;
  readonly log: Log;
  /** How often the sweep runs. */
  readonly sweepSeconds: number;
  /** Longest that a receive waits for a message. */
  readonly receiveWaitSeconds: number;
}

/** Which handler reads which queue. */
const handlers: Readonly<Record<QueueName, { readonly name: string; readonly build: (ports: Ports) => BatchHandler }>> =
  {
    commands: { name: "accept", build: acceptHandler },
    observations: { name: "observe", build: observeHandler },
    work: { name: "reconcile", build: reconcileHandler },
    dispatch: { name: "dispatch", build: dispatchHandler },
  };

const queueNames = Object.keys(handlers) as readonly QueueName[];

/** Runs the product's handlers as the deployed functions run: each on its queue, the sweep on a schedule. */
export function startFunctions({ ports, sqs, install, log, sweepSeconds, receiveWaitSeconds }: FunctionOptions): {
  /** Wakes nothing more; resolves when all that runs is done. */
  close(): Promise<void>;
} {
  const timeoutMs = ports.settings.functionTimeoutMs;
  const sources = queueNames.map((queue) => {
    const { name, build } = handlers[queue];
    const named = namedLog(log, name);
    return startEventSource({
      sqs,
      queueUrl: install.queues[queue],
      queueArn: queueArn(install.queues[queue]),
      region: localRegion,
      handler: build({ ...ports, log: named }),
      timeoutMs,
      waitSeconds: receiveWaitSeconds,
      onFault: (fault) => logFault(named, fault),
    });
  });
  const named = namedLog(log, "sweep");
  const schedule = startSchedule({
    intervalMs: sweepSeconds * 1000,
    // Nobody watches a metric here: a person reads the lines.
    handler: sweepHandler({ ...ports, log: named }, (troubles) =>
      named.write({ level: "warn", ...tellTroubles(troubles) }),
    ),
    timeoutMs,
    onFault: (fault) => logFault(named, fault),
  });
  return { close: async () => void (await Promise.all([...sources, schedule].map((each) => each.close()))) };
}

const queueArn = (url: string) => `arn:aws:sqs:${localRegion}:${localAccount}:${url.slice(url.lastIndexOf("/") + 1)}`;

/** Writes whatever was thrown as one line. */
export function logFault(log: Log, fault: unknown): void {
  const { name, message } = fault instanceof Error ? fault : { name: "Error", message: String(fault) };
  log.write({ level: "error", message, name });
}

/** What is to be counted is for the metrics of a deployed install. */
function namedLog(log: Log, handler: string): Log {
  return { write: ({ counts: _, ...entry }) => log.write({ ...entry, handler }) };
}
