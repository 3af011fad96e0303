import { randomBytes, randomUUID } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";
import { clientSettings } from "../aws/client-settings.ts";
import { type Clients, clientsFrom, closeClients } from "../aws/clients.ts";
import { jsonLog } from "../aws/log.ts";
import { portsFrom } from "../aws/ports.ts";
import { keys } from "../core/model/names.ts";
import { type InstallRecord, schema } from "../core/model/records.ts";
import type { Log } from "../core/ports/log.ts";
import type { Store } from "../core/ports/store.ts";
import type { Target } from "../core/ports/targets.ts";
import type { EcsEngine } from "../sim/ecs/api.ts";
import { createEcsEngine } from "../sim/ecs/engine.ts";
import { createElbModel, type ElbModel } from "../sim/elb/model.ts";
import { type Breakage, breakage } from "./breakage.ts";
import { type Closers, closers } from "./closers.ts";
import { elbApi } from "./elb/api.ts";
import { startLoadBalancers } from "./elb/load-balancer.ts";
import type { Address } from "./elb/upstream.ts";
import { startEndpoint } from "./endpoint.ts";
import { type EngineClock, keepAdvancing } from "./engine-clock.ts";
import { clientEnvironment, exportLines, localAccount, localRegion } from "./environment.ts";
import { forwardEvents } from "./event-forwarder.ts";
import { logFault, startFunctions } from "./functions.ts";
import { createInstall, type Install } from "./install.ts";
import { installEnvironment, localLogGroup, localName } from "./install-environment.ts";
import { type LogGroups, logGroups } from "./log-groups.ts";
import { defaultNodes, instanceInput, localSubnets, type NodeOptions } from "./nodes.ts";
import { type ProcessDriver, processDriver } from "./process-driver.ts";
import { tellWhereReachable } from "./reachable.ts";
import type { OutputListener } from "./task-output.ts";

/** What the local install calls itself in groups and families: the same on every machine. */
const localInstallId = "local000";

/** What a cluster on this machine is like; without any option, as `longshore dev` runs it. */
export interface LocalClusterOptions {
  /** Of the AWS endpoint; 0: any that is free. Default 4566. */
  readonly port?: number;
  /** Default: six machines in three zones. */
  readonly nodes?: readonly NodeOptions[];
  /** Whether ECS's events reach the observations queue. Default true; without them the sweep alone finds what changed. */
  readonly events?: boolean;
  /** Whether the product's handlers run. Default true. */
  readonly handlers?: boolean;
  /** How long a message that failed stays hidden. Default 180. */
  readonly visibilityTimeoutSeconds?: number;
  /** Longest that a function's queue waits for a message before it is asked again. Default 20. */
  readonly receiveWaitSeconds?: number;
  /** How often the sweep runs. Default 60. */
  readonly sweepSeconds?: number;
  /** Prefixes the names of the table and the queues. Default `longshore`. */
  readonly installName?: string;
  /** Variables of AWS's SDKs, such as `AWS_ENDPOINT_URL_SQS`, for what is to come from somewhere else than from here. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** Told of what the handlers change, and of every fault. Default: JSON lines on stderr. */
  readonly log?: Log;
  /** Told of every line that a task writes. */
  readonly onOutput?: OutputListener;
}

/** A running cluster on this machine. */
export interface LocalCluster extends Breakage {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpointUrl: string;
  /** Variables of a function of this install, or of a client: endpoint, credentials, names. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a client needs of them, for a shell: one `export NAME='value'` a line. */
  readonly exports: string;
  readonly install: Install;
  readonly engine: EcsEngine;
  readonly elb: ElbModel;
  /** Clients of the endpoint, closed with the cluster. */
  readonly clients: Clients;
  /** Stops waking handlers, waits for those that run, kills every task and lets go of the ports. */
  close(): Promise<void>;
}

/**
 * Starts a whole cluster on this machine: an AWS endpoint with DynamoDB, SQS, ECS and load balancers in memory, machines
 * whose tasks are processes, and the product's own handlers on its queues. It listens on 127.0.0.1 alone.
 * @throws Error when the port is taken.
 */
export async function startCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  const running = closers();
  try {
    return await start(options, running);
  } catch (error) {
    await running.close();
    throw error;
  }
}

async function start(options: LocalClusterOptions, running: Closers): Promise<LocalCluster> {
  const log = options.log ?? jsonLog({ install: localName }, (line) => console.error(line));
  const machines = startMachines(options, log);
  const { engine, elb, driver, logs, clock } = machines;
  const loadBalancers = startLoadBalancers({
    model: elb,
    nowMs: Date.now,
    resolve: (target) => addressOf(engine, target),
  });
  running.add(loadBalancers.close);
  const endpoint = await startEndpoint({
    ecs: engine,
    loadBalancing: elbApi(elb, loadBalancers),
    logs,
    port: options.port ?? 4566,
    onActivity: clock.wake,
    onFault: (fault) => logFault(log, fault),
  });
  running.add(endpoint.close);
  log.write({ level: "info", message: "tasks run as processes of this machine: their images are not used" });
  tellWhereReachable(engine, localInstallId, log);
  running.add(driver.close);
  running.add(clock.close);
  const client = { ...clientEnvironment(endpoint.url), ...options.elsewhere };
  const clients = clientsFrom(client);
  running.add(() => closeClients(clients));
  const { visibilityTimeoutSeconds, installName = localName } = options;
  const install = await createInstall(clients, {
    name: installName,
    ...(visibilityTimeoutSeconds !== undefined && { visibilityTimeoutSeconds }),
  });
  const environment = installEnvironment(client, install);
  await connect({ ...machines, options, log, clients, install, environment }, running);
  return {
    ...breakage(engine, driver),
    endpointUrl: endpoint.url,
    environment,
    exports: exportLines(client),
    install,
    engine,
    elb,
    clients,
    close: running.close,
  };
}

interface Machines {
  readonly engine: EcsEngine;
  readonly elb: ElbModel;
  readonly driver: ProcessDriver;
  readonly logs: LogGroups;
  readonly clock: EngineClock;
}

/** The machines, and what AWS would run them with; nothing of it listens yet. */
function startMachines({ onOutput }: LocalClusterOptions, log: Log): Machines {
  const logs = logGroups([localLogGroup]);
  const driver = processDriver({ logs, ...(onOutput && { onOutput }) });
  const hex = (digits: number) =>
    randomBytes(Math.ceil(digits / 2))
      .toString("hex")
      .slice(0, digits);
  const shared = { region: localRegion, account: localAccount, nowMs: Date.now, hex };
  const engine = createEcsEngine({ ...shared, driver, subnets: localSubnets });
  const elb = createElbModel(shared);
  const clock = keepAdvancing(engine, (fault) => logFault(log, fault));
  engine.onEvent(clock.wake);
  engine.handle("CreateCluster", { clusterName: localName });
  return { engine, elb, driver, logs, clock };
}

/** Where the task behind a target listens on this machine. */
function addressOf(engine: EcsEngine, target: Target): Address | undefined {
  const port = engine.hostEndpoint(target);
  return port === undefined ? undefined : { host: "127.0.0.1", port };
}

interface Connection {
  readonly engine: EcsEngine;
  readonly options: LocalClusterOptions;
  readonly log: Log;
  readonly clients: Clients;
  readonly install: Install;
  readonly environment: Readonly<Record<string, string>>;
}

/** Events, handlers, and the nodes, whose registration is an event: all that makes tasks of a command. */
async function connect(connection: Connection, running: Closers): Promise<void> {
  const { engine, options, log, clients, install, environment } = connection;
  const ports = { ...portsFrom(environment, clients), log };
  await recordInstall(ports.store);
  // The clients of the product give up after seconds; a receive waits longer than that for its messages.
  const sqs = new SQSClient({ ...clientSettings(environment, "SQS"), requestHandler: {} });
  running.add(() => sqs.destroy());
  if (options.events ?? true) {
    const forwarder = forwardEvents(sqs, install.queues.observations, (fault) => logFault(log, fault));
    running.add(forwarder.close);
    engine.onEvent(forwarder.forward);
  }
  if (options.handlers ?? true) {
    const { sweepSeconds = 60, receiveWaitSeconds = 20 } = options;
    const functions = startFunctions({ ports, sqs, install, log, sweepSeconds, receiveWaitSeconds });
    running.add(functions.close);
  }
  const { nodes = defaultNodes } = options;
  for (const [index, node] of nodes.entries()) engine.registerInstance(instanceInput(localName, node, index));
}

/** The record that a deployed install makes itself, with an id that is the same on every machine. */
async function recordInstall(store: Store): Promise<void> {
  await store.create<InstallRecord>({
    ...keys.install(),
    schema,
    uid: randomUUID(),
    installId: localInstallId,
    paused: false,
  });
}
