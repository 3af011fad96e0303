import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { type Clients, closeClients } from "../../aws/clients.ts";
import { type FunctionPorts, portsFrom } from "../../aws/ports.ts";
import type { LogEntry } from "../../core/ports/log.ts";
import type { FunctionName } from "../../infra/names.ts";
import {
  acceptHandler,
  dispatchHandler,
  observeHandler,
  reconcileHandler,
  sweepHandler,
} from "../../lambdas/handlers.ts";
import { startCluster } from "../../local/cluster.ts";
import { localRegion } from "../../local/environment.ts";
import { startEventSource } from "../../local/event-source.ts";
import type { QueueName } from "../../local/install.ts";
import { startSchedule } from "../../local/schedule.ts";
import type { Stage } from "../integration/stage.ts";
import { factsOf } from "./actions.ts";
import { type Call, guardedClients } from "./guard.ts";
import { type Deployed, eachFunction } from "./policies.ts";

/** A cluster of this machine, each handler of which acts in the role that it is deployed with. */
export interface GuardedCluster extends Stage {
  /** Every command that a handler sent or was refused, in order. */
  readonly calls: readonly Call[];
  /** What each handler was built with. */
  readonly ports: Readonly<Record<FunctionName, FunctionPorts>>;
  /** Wakes no handler any more; resolves when those that run are done. */
  stopHandlers(): Promise<void>;
  /** Moves the clock of every handler forward. */
  pass(ms: number): void;
}

const consumers = {
  commands: { name: "accept", build: acceptHandler },
  observations: { name: "observe", build: observeHandler },
  work: { name: "reconcile", build: reconcileHandler },
  dispatch: { name: "dispatch", build: dispatchHandler },
} as const;

/** Starts it, with the roles of that stack; `close` is the caller's. */
export async function startGuardedCluster(deployed: Deployed): Promise<GuardedCluster> {
  const log: LogEntry[] = [];
  const write = (entry: LogEntry) => void log.push(entry);
  const cluster = await startCluster({ port: 0, handlers: false, receiveWaitSeconds: 1, log: { write } });
  const environment = await deployedEnvironment(cluster, deployed);
  const calls: Call[] = [];
  const built: Clients[] = [];
  let shiftMs = 0;
  const ports = eachFunction((name): FunctionPorts => {
    const clients = guardedClients({
      name,
      statements: deployed.roles[name],
      environment: { ...environment, AWS_ACCESS_KEY_ID: name },
      facts: factsOf(cluster.engine),
      onCall: (call) => calls.push(call),
    });
    built.push(clients);
    const its = portsFrom(environment, clients);
    const clock = { ...its.clock, nowMs: () => its.clock.nowMs() + shiftMs };
    return { ...its, clock, log: { write: (entry) => write({ ...entry, handler: name }), publish: () => {} } };
  });
  const handlers = startHandlers({
    cluster,
    ports,
    onFault: (fault) => write({ level: "error", message: String(fault) }),
  });
  return {
    ...cluster,
    store: portsFrom(cluster.environment, cluster.clients).store,
    log,
    sender: "local",
    calls,
    ports,
    stopHandlers: handlers.close,
    pass: (ms) => {
      shiftMs += ms;
    },
    close: async () => {
      await handlers.close();
      for (const clients of built) closeClients(clients);
      await cluster.close();
    },
  };
}

type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** The local install's variables, with what only a deployed one has: its execution role and the schedule's dead letters. */
async function deployedEnvironment({ environment, clients }: Cluster, { executionRole }: Deployed) {
  const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: "longshore-sweep-dead" }));
  return {
    ...environment,
    LONGSHORE_EXECUTION_ROLE: executionRole,
    LONGSHORE_DEAD_LETTER_QUEUE_URLS: `${environment.LONGSHORE_DEAD_LETTER_QUEUE_URLS},${QueueUrl}`,
  };
}

interface Handlers {
  readonly cluster: Cluster;
  readonly ports: Readonly<Record<FunctionName, FunctionPorts>>;
  readonly onFault: (fault: unknown) => void;
}

/** Each handler on its queue, the sweep every other second. What hands messages over is Lambda, and asks nobody. */
function startHandlers({ cluster, ports, onFault }: Handlers): { close(): Promise<void> } {
  const sources = (Object.keys(consumers) as readonly QueueName[]).map((queue) => {
    const { name, build } = consumers[queue];
    const queueUrl = cluster.install.queues[queue];
    const queueArn = `arn:aws:sqs:${localRegion}:000000000000:${queueUrl.split("/").at(-1)}`;
    const handler = build(ports[name]);
    return startEventSource({
      sqs: cluster.clients.sqs,
      queueUrl,
      queueArn,
      region: localRegion,
      handler,
      waitSeconds: 1,
      onFault,
    });
  });
  const schedule = startSchedule({ intervalMs: 2_000, handler: sweepHandler(ports.sweep, () => {}), onFault });
  return { close: async () => void (await Promise.all([...sources, schedule].map((each) => each.close()))) };
}
