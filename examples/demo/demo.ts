// The main job, shown on this machine: an event on a queue becomes healthy tasks, which are replaced, scaled and removed.
//
//   npm run demo                  a readable timeline; exit code 0 only if every step held
//   npm run demo -- --json        the last line of stdout is one JSON object
//   npm run demo -- --no-events   ECS's events are dropped: the sweep alone finds what changed
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import type { Task } from "@aws-sdk/client-ecs";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { addressOf, createLoadBalancer, nodeZones, runningTasks, targetStates } from "./cluster-view.ts";
import { type Counts, startTimeline, type Timeline } from "./timeline.ts";
import { cloudEvent, webManifest, webObject } from "./web.ts";

const connections = 10;
const requestsPerSecond = 250;
const asJson = process.argv.includes("--json");
const withEvents = !process.argv.includes("--no-events");
const stepDeadlineMs = withEvents ? 30_000 : 150_000;

/** A cluster under load, and what to look at it with. */
interface Stage {
  readonly cluster: LocalCluster;
  readonly timeline: Timeline;
  readonly targetGroup: string;
  readonly url: string;
  load?: ChildProcess;
}

const faults: string[] = [];

async function main(): Promise<void> {
  const cluster = await startCluster({
    port: 0,
    events: withEvents,
    sweepSeconds: withEvents ? 60 : 5,
    log: {
      write: ({ level, message, ...fields }) =>
        level === "error" && faults.push(`${message} ${JSON.stringify(fields)}`),
    },
  });
  const port = await freePort();
  const stage: Stage = {
    cluster,
    url: `http://127.0.0.1:${port}/`,
    targetGroup: await createLoadBalancer(cluster.clients.elb.calls, port),
    timeline: startTimeline(() => countsOf(stage.load), console.log),
  };
  try {
    await play(stage);
  } finally {
    stage.load?.kill();
    await cluster.close();
  }
  finish(stage.timeline);
}

/** The steps; each needs those before it, and answers how many requests may have failed in it. */
async function play(stage: Stage): Promise<void> {
  const { timeline } = stage;
  const steps: readonly (readonly [string, () => Promise<number>])[] = [
    ["a cluster of 6 nodes in 3 zones", () => showCluster(stage)],
    ["an event deploys web: 3 tasks over 3 zones, behind a load balancer, under load", () => deploy(stage)],
    ["a task is killed: it is replaced", () => killTask(stage)],
    ["a node is terminated: its tasks are replaced elsewhere", () => terminateNode(stage)],
    ["web is scaled to 5, and back to 2", () => scale(stage)],
    ["web is deleted: nothing is left running", () => remove(stage)],
  ];
  for (const [name, run] of steps) if (!(await timeline.step(name, run))) return;
}

async function showCluster({ cluster, timeline }: Stage): Promise<number> {
  const zones = await eventually(
    "6 nodes",
    () => nodeZones(cluster.clients.ecs.reads),
    ({ length }) => length === 6,
  );
  const inZones = Map.groupBy(zones, (zone) => zone);
  expect(inZones.size === 3, `3 zones, found ${inZones.size}`);
  timeline.say([...inZones].map(([zone, nodes]) => `${zone}: ${nodes.length} nodes`).join("   "));
  timeline.say(`AWS endpoint: ${cluster.endpointUrl}`);
  return 0;
}

async function deploy(stage: Stage): Promise<number> {
  const { timeline, cluster, url } = stage;
  await send(stage, "apply", webManifest(stage.targetGroup, 3));
  timeline.say("posted to longshore-commands.fifo with the plain SQS SDK");
  await healthyTargets(stage, 1);
  timeline.say(
    `first task serves; load starts: up to ${requestsPerSecond} requests/s over ${connections} kept-alive connections`,
  );
  stage.load = fork(
    fileURLToPath(new URL("./load.ts", import.meta.url)),
    [url, String(connections), String(requestsPerSecond)],
    { stdio: ["ignore", "inherit", "inherit", "ipc"] },
  );
  await healthyTargets(stage, 3);
  const tasks = await runningTasks(cluster.clients.ecs.reads);
  const zones = new Set(tasks.map(({ availabilityZone }) => availabilityZone));
  expect(zones.size === 3, `tasks in 3 zones, found ${[...zones].join(", ")}`);
  timeline.say(`3 healthy targets, in ${[...zones].toSorted().join(", ")}`);
  await underLoad(stage);
  return 0;
}

async function killTask(stage: Stage): Promise<number> {
  const { cluster, timeline } = stage;
  const tasks = await runningTasks(cluster.clients.ecs.reads);
  const victims = tasks.slice(0, 1);
  const lost = await inFlightOn(stage, victims, () => victims.map(({ taskArn }) => cluster.killTask(idOf(taskArn))));
  timeline.say(`killed task ${shortIds(victims)}, ${lost} requests in flight on it`);
  await replaced(stage, tasks, victims);
  return lost;
}

async function terminateNode(stage: Stage): Promise<number> {
  const { cluster, timeline } = stage;
  const tasks = await runningTasks(cluster.clients.ecs.reads);
  const node = tasks[0]?.containerInstanceArn;
  const victims = tasks.filter(({ containerInstanceArn }) => containerInstanceArn === node);
  const lost = await inFlightOn(stage, victims, () => cluster.terminateNode(idOf(node)));
  timeline.say(
    `terminated node ${idOf(node).slice(0, 8)} with task ${shortIds(victims)}, ${lost} requests in flight on it`,
  );
  await replaced(stage, tasks, victims);
  const after = await runningTasks(cluster.clients.ecs.reads);
  expect(
    after.every(({ containerInstanceArn }) => containerInstanceArn !== node),
    "no task on the terminated node",
  );
  return lost;
}

async function scale(stage: Stage): Promise<number> {
  const { cluster } = stage;
  await send(stage, "scale", { ...webObject, replicas: 5 });
  await healthyTargets(stage, 5);
  stage.timeline.say("5 healthy targets");
  // More than half of the tasks go: that has to be meant.
  await send(stage, "scale", { ...webObject, replicas: 2, confirm: true });
  await healthyTargets(stage, 2);
  await eventually(
    "2 tasks",
    () => runningTasks(cluster.clients.ecs.reads),
    ({ length }) => length === 2,
  );
  stage.timeline.say("2 tasks left, the others drained first");
  await underLoad(stage);
  return 0;
}

async function remove(stage: Stage): Promise<number> {
  const { cluster, targetGroup, timeline } = stage;
  // Nobody may be refused by a service that is going away: the load ends first.
  await countsOf(stage.load, "stop");
  await send(stage, "delete", webObject);
  await eventually(
    "no task",
    () => runningTasks(cluster.clients.ecs.reads),
    ({ length }) => length === 0,
  );
  await eventually(
    "no target",
    () => targetStates(cluster.clients.elb.reads, targetGroup),
    ({ size }) => size === 0,
  );
  await eventually(
    "no process",
    async () => cluster.engine.tasks().filter(({ lastStatus }) => lastStatus !== "STOPPED"),
    ({ length }) => length === 0,
  );
  timeline.say("0 tasks, 0 targets, 0 processes");
  return 0;
}

/**
 * Kills tasks, and answers how many requests were in flight on them: those that were not answered when it began, and those
 * that were still sent to them before the load balancer found them dead. Each is lost with its task, and no other may be.
 */
async function inFlightOn(
  { cluster, targetGroup }: Stage,
  victims: readonly Task[],
  kill: () => unknown,
): Promise<number> {
  const targets = victims.map((task) => ({ id: addressOf(task), port: 8080 }));
  const sum = (name: "started" | "ended") =>
    targets.reduce((total, target) => total + cluster.elb.requestCounts(targetGroup, target)[name], 0);
  const ended = sum("ended");
  kill();
  let started = sum("started");
  await eventually(
    "the load balancer to find them dead",
    () => targetStates(cluster.clients.elb.reads, targetGroup),
    (states) => {
      started = Math.max(started, sum("started"));
      return targets.every(({ id }) => states.get(id) !== "healthy");
    },
  );
  return started - ended;
}

/** Waits until the victims are gone and as many new tasks serve in their stead. */
async function replaced(stage: Stage, before: readonly Task[], victims: readonly Task[]): Promise<void> {
  const known = new Set(before.map(({ taskArn }) => taskArn));
  const after = await eventually(
    "the replacement",
    () => runningTasks(stage.cluster.clients.ecs.reads),
    (tasks) =>
      tasks.length === before.length && victims.every(({ taskArn }) => !tasks.some((task) => task.taskArn === taskArn)),
  );
  await healthyTargets(stage, before.length);
  stage.timeline.say(
    `${shortIds(after.filter(({ taskArn }) => !known.has(taskArn)))} took over; ${before.length} healthy targets`,
  );
  await underLoad(stage);
}

async function healthyTargets({ cluster, targetGroup }: Stage, count: number): Promise<void> {
  await eventually(
    `${count} healthy targets`,
    () => targetStates(cluster.clients.elb.reads, targetGroup),
    (states) =>
      count === 1
        ? [...states.values()].includes("healthy")
        : states.size === count && [...states.values()].every((state) => state === "healthy"),
  );
}

/** A moment of load on the new state, so that what would fail has the time to. */
async function underLoad({ load }: Stage): Promise<void> {
  const { requests } = await countsOf(load);
  await eventually(
    "another second of load",
    () => countsOf(load),
    (counts) => counts.requests >= requests + requestsPerSecond * 0.8,
  );
}

function shortIds(tasks: readonly Task[]): string {
  return tasks.map(({ taskArn }) => idOf(taskArn).slice(0, 8)).join(", ");
}

let sent = 0;

async function send({ cluster }: Stage, type: "apply" | "scale" | "delete", content: object): Promise<void> {
  sent += 1;
  const MessageBody = JSON.stringify(cloudEvent(`demo-${sent}`, type, content));
  await cluster.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: cluster.install.queues.commands, MessageBody, MessageGroupId: "shop/web" }),
  );
}

let lastCounts: Counts = { requests: 0, failed: 0 };

/** Asks the load generator how far it is; once it has ended, how far it came. */
async function countsOf(load: ChildProcess | undefined, message: "counts" | "stop" = "counts"): Promise<Counts> {
  if (load?.connected !== true) return lastCounts;
  const answered = once(load, "message") as Promise<[Counts]>;
  load.send(message);
  [lastCounts] = await answered;
  return lastCounts;
}

async function eventually<T>(what: string, read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadlineMs = Date.now() + stepDeadlineMs;
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    if (Date.now() > deadlineMs) throw new Error(`waited ${stepDeadlineMs / 1000} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function expect(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}

function idOf(arn: string | undefined): string {
  return arn?.split("/").at(-1) ?? "";
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}

function finish({ results }: Timeline): void {
  const ok = results.length === 6 && results.every((step) => step.ok) && faults.length === 0;
  for (const fault of faults) console.log(`fault: ${fault}`);
  const seconds = results.reduce((sum, step) => sum + step.seconds, 0);
  console.log(ok ? `every step held, in ${seconds.toFixed(1)} s` : "a step did not hold");
  if (asJson) console.log(JSON.stringify({ ok, steps: results }));
  process.exitCode = ok ? 0 : 1;
}

await main();
