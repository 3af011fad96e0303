import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll } from "vitest";
import { portsFrom } from "../../aws/ports.ts";
import { keys } from "../../core/model/names.ts";
import type { CommandRecord } from "../../core/model/records.ts";
import type { LogEntry } from "../../core/ports/log.ts";
import type { Store } from "../../core/ports/store.ts";
import { type LocalCluster, type LocalClusterOptions, startCluster } from "../../local/cluster.ts";
import type { QueueName } from "../../local/install.ts";
import type { EngineTask } from "../../sim/ecs/api.ts";
import { digest } from "../../steps/digest.ts";
import { eventually } from "../local/eventually.ts";
import { isLacking, ownName, target } from "../support/target.ts";

/** A machine under load is slow, and so are some targets; nothing here waits longer than it has to. */
export const patienceMs = target ? 120_000 : 40_000;
const group = "test";

/** A cluster of this machine with the product's own handlers on it, and every line that they logged. */
export interface Stage extends LocalCluster {
  readonly store: Store;
  readonly log: readonly LogEntry[];
  /** As whom the queues show those who sign with our key. */
  readonly sender: string;
}

/** Where a receive that waits overlooks what comes meanwhile, none waits long. */
const receivesLate =
  isLacking("a receive that waits sees a group as soon as it is free") ||
  isLacking("a receive that waits sees a message as soon as it comes back");

/** Starts a cluster, with what this run's target offers in place of its own; `close` is the caller's. */
export async function startStage(options: LocalClusterOptions = {}): Promise<Stage> {
  const log: LogEntry[] = [];
  const cluster = await startCluster({
    port: 0,
    log: { write: (entry) => log.push(entry) },
    ...(target && { installName: ownName(), elsewhere: target.variables }),
    ...(receivesLate && { receiveWaitSeconds: 1 }),
    ...options,
  });
  try {
    const sender = await senderOf(cluster);
    return { ...cluster, store: portsFrom(cluster.environment, cluster.clients).store, log, sender };
  } catch (error) {
    await cluster.close();
    throw error;
  }
}

/** Asks a queue: each implementation of SQS has its own idea of who that is. */
async function senderOf({ clients: { sqs } }: LocalCluster): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: ownName() }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "who am I?" }));
  return eventually("a message that names its sender", async () => {
    const request = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["SenderId"] });
    return (await sqs.send(request)).Messages?.[0]?.Attributes?.SenderId;
  });
}

/** A cluster for the tests of a file. */
export function useStage(options: LocalClusterOptions = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await startStage(options);
  });
  afterAll(() => stage?.close());
  return () => {
    if (!stage) throw new Error("the cluster starts before the first test");
    return stage;
  };
}

/** Puts a text on the commands queue, as its own message however often it was sent before; answers the message's id. */
export async function sendText({ clients, install }: Stage, text: string, messageGroup = group): Promise<string> {
  const { MessageId = "" } = await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: install.queues.commands,
      MessageBody: text,
      MessageGroupId: messageGroup,
      MessageDeduplicationId: crypto.randomUUID(),
    }),
  );
  return MessageId;
}

/** A CloudEvent. */
export function anEvent(type: string, id: string, data: unknown) {
  return { specversion: "1.0", id, source: "test", type: `dev.longshore.${type}`, data };
}

/** Sends a command and waits for its result. */
export async function command(stage: Stage, type: string, data: unknown, messageGroup = group): Promise<CommandRecord> {
  const id = crypto.randomUUID();
  await sendText(stage, JSON.stringify(anEvent(type, id, data)), messageGroup);
  return resultOf(stage, "test", id);
}

/** What became of the command of that source and id; where the sender gave none, of the message of that id. */
export function resultOf({ store, sender }: Stage, ...origin: readonly string[]): Promise<CommandRecord> {
  return eventually(
    `the result of ${origin.join(" ")}`,
    async () => {
      const record = await store.get<CommandRecord>(keys.command(digest(sender, ...origin)));
      return record?.phase === "received" ? undefined : record;
    },
    patienceMs,
  );
}

/** What names a service of the tests in commands about it. */
export const anObject = (name: string) => ({ kind: "Service", metadata: { namespace: "shop", name } });

/** A service whose tasks are processes that answer requests with their process id. */
export function aService(name: string, spec: Readonly<Record<string, unknown>> = {}, environment = {}) {
  const script = `require("node:http").createServer((_, answer) => answer.end(String(process.pid))).listen(process.env.PORT, process.env.HOST)`;
  const container = {
    name: "app",
    image: "shop/web:1",
    entryPoint: [process.execPath, "-e"],
    command: [script],
    cpuUnits: 64,
    memoryMib: 64,
    ports: [{ name: "http", containerPort: 8080 }],
    stopTimeoutSeconds: 5,
    environment,
  };
  return {
    apiVersion: "longshore.dev/v1",
    ...anObject(name),
    spec: { replicas: 1, restart: { backoffSeconds: 0 }, task: { containers: [container] }, ...spec },
  };
}

/** Every task that a service ever had, as ECS knows it. */
export function tasksOf({ engine }: Pick<Stage, "engine">, name: string): readonly EngineTask[] {
  return engine.tasks().filter(({ group: its }) => its === `longshore/local000/shop/${name}`);
}

/** Those that run and are meant to. */
function runningOf(stage: Pick<Stage, "engine">, name: string): readonly EngineTask[] {
  return tasksOf(stage, name).filter(
    ({ lastStatus, desiredStatus }) => lastStatus === "RUNNING" && desiredStatus === "RUNNING",
  );
}

/** Waits until just so many tasks of a service are there, all of them running. */
export function runs(stage: Pick<Stage, "engine">, name: string, count: number): Promise<readonly EngineTask[]> {
  return eventually(
    `${count} running tasks of ${name}`,
    () => {
      const running = runningOf(stage, name);
      const others = tasksOf(stage, name).filter((task) => task.lastStatus !== "STOPPED" && !running.includes(task));
      return running.length === count && others.length === 0 ? running : undefined;
    },
    patienceMs,
  );
}

/** What a task itself answers to a request. */
export function answerOf({ containers: [container] }: EngineTask): Promise<string> {
  const url = `http://127.0.0.1:${container?.hostPorts[8080]}/`;
  const ask = () =>
    fetch(url).then(
      (answer) => answer.text(),
      () => undefined,
    );
  return eventually(`an answer of ${url}`, ask, patienceMs);
}

/** The last part of an ARN. */
export const idOf = (arn = ""): string => arn.split("/").at(-1) ?? "";

/** How many messages lie in each dead-letter queue. */
export async function deadLetters(stage: Stage): Promise<Readonly<Record<QueueName, number>>> {
  const { commands, work, dispatch, observations } = stage.install.deadLetters;
  const [inCommands, inWork, inDispatch, inObservations] = await Promise.all(
    [commands, work, dispatch, observations].map((url) => messagesIn(stage, url)),
  );
  return {
    commands: inCommands ?? 0,
    work: inWork ?? 0,
    dispatch: inDispatch ?? 0,
    observations: inObservations ?? 0,
  };
}

/** All messages of a queue: those that wait, those that are being handled, and those that are not due. */
export async function messagesIn({ clients }: Pick<Stage, "clients">, QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
  );
  const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed } =
    Attributes;
  return [ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible, ApproximateNumberOfMessagesDelayed]
    .map(Number)
    .reduce((sum, count) => sum + count, 0);
}

/** Faults that a handler or the cluster told of. */
export const faultsOf = ({ log }: Stage) => log.filter(({ level }) => level === "error");
