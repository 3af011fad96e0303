// The main job, shown on this machine: an event on a queue becomes healthy tasks, which are replaced, scaled and removed.
//
//   npm run demo                  a readable timeline; exit code 0 only if every step held
//   npm run demo -- --json        the last line of stdout is one JSON object
//   npm run demo -- --no-events   ECS's events are dropped: the sweep alone finds what changed
import { type ChildProcess, fork } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { type LocalCluster, startCluster } from "../../local/cluster.ts";
import { createLoadBalancer, nodeZones, runningTasks, targetStates } from "./cluster-view.ts";
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

/** The steps; each needs those before it. */
async function play(stage: Stage): Promise<void> {
  const { timeline } = stage;
  const steps: readonly (readonly [string, number, () => Promise<void>])[] = [
    ["a cluster of 6 nodes in 3 zones", 0, () => showCluster(stage)],
    ["an event deploys web: 3 tasks over 3 zones, behind a load balancer, under load", 0, () => deploy(stage)],
    // Each connection has one request in flight at most: what was in flight on a killed task is lost with it.
    ["a task is killed: it is replaced", connections, () => killTask(stage)],
    ["a node is terminated: its tasks are replaced elsewhere", connections, () => terminateNode(stage)],
    ["web is scaled to 5, and back to 2", 0, () => scale(stage)],
    ["web is deleted: nothing is left running", 0, () => remove(stage)],
  ];
  for (const [name, mayFail, run] of steps) if (!(await timeline.step(name, mayFail, run))) return;
}

async function showCluster({ cluster, timeline }: Stage): Promise<void> {
  const zones = await eventually(
    "6 nodes",
    () => nodeZones(cluster.clients.ecs.reads),
    ({ length }) => length === 6,
  );
  const inZones = Map.groupBy(zones, (zone) => zone);
  expect(inZones.size === 3, `3 zones, found ${inZones.size}`);
  timeline.say([...inZones].map(([zone, nodes]) => `${zone}: ${nodes.length} nodes`).join("   "));
  timeline.say(`AWS endpoint: ${cluster.endpointUrl}`);
}

async function deploy(stage: Stage): Promise<void> {
  const { timeline, cluster, url } = stage;
  await send(stage, "apply", webManifest(stage.targetGroup, 3));
  timeline.say("posted to longshore-commands.fifo with the plain SQS SDK");
  await healthyTargets(stage, 1);
  timeline.say(
    `first task serves; load starts: ${requestsPerSecond} requests/s over ${connections} kept-alive connections`,
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
}

async function killTask(stage: Stage): Promise<void> {
  const { cluster, timeline } = stage;
  const before = await taskIds(stage);
  const [victim = ""] = before;
  cluster.killTask(victim);
  timeline.say(`killed task ${victim.slice(0, 8)}`);
  await replaced(stage, before, [victim]);
}

async function terminateNode(stage: Stage): Promise<void> {
  const { cluster, timeline } = stage;
  const tasks = await runningTasks(cluster.clients.ecs.reads);
  const node = idOf(tasks[0]?.containerInstanceArn);
  const victims = tasks
    .filter(({ containerInstanceArn }) => idOf(containerInstanceArn) === node)
    .map(({ taskArn }) => idOf(taskArn));
  cluster.terminateNode(node);
  timeline.say(
    `terminated node ${node.slice(0, 8)} with ${victims.length === 1 ? "1 task" : `${victims.length} tasks`}`,
  );
  await replaced(
    stage,
    tasks.map(({ taskArn }) => idOf(taskArn)),
    victims,
  );
  const after = await runningTasks(cluster.clients.ecs.reads);
  expect(
    after.every(({ containerInstanceArn }) => idOf(containerInstanceArn) !== node),
    "no task on the terminated node",
  );
}

async function scale(stage: Stage): Promise<void> {
  await send(stage, "scale", { ...webObject, replicas: 5 });
  await healthyTargets(stage, 5);
  stage.timeline.say("5 healthy targets");
  // More than half of the tasks go: that has to be meant.
  await send(stage, "scale", { ...webObject, replicas: 2, confirm: true });
  await healthyTargets(stage, 2);
  await eventually(
    "2 tasks",
    () => taskIds(stage),
    ({ length }) => length === 2,
  );
  stage.timeline.say("2 tasks left, the others drained first");
  await underLoad(stage);
}

async function remove(stage: Stage): Promise<void> {
  const { cluster, targetGroup, timeline } = stage;
  // Nobody may be refused by a service that is going away: the load ends first.
  await countsOf(stage.load, "stop");
  await send(stage, "delete", webObject);
  await eventually(
    "no task",
    () => taskIds(stage),
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
}

/** Waits until the victims are gone and as many new tasks serve in their stead. */
async function replaced(stage: Stage, before: readonly string[], victims: readonly string[]): Promise<void> {
  await eventually(
    "the replacement",
    () => taskIds(stage),
    (ids) => ids.length === before.length && victims.every((victim) => !ids.includes(victim)),
  );
  await healthyTargets(stage, before.length);
  const fresh = (await taskIds(stage)).filter((id) => !before.includes(id));
  stage.timeline.say(`${fresh.map((id) => id.slice(0, 8)).join(", ")} took over; ${before.length} healthy targets`);
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

async function taskIds({ cluster }: Stage): Promise<readonly string[]> {
  return (await runningTasks(cluster.clients.ecs.reads)).map(({ taskArn }) => idOf(taskArn));
}

let sent = 0;

async function send({ cluster }: Stage, type: "apply" | "scale" | "delete", content: object): Promise<void> {
  sent += 1;
  const MessageBody = JSON.stringify(cloudEvent(`demo-${sent}`, type, content));
  await cluster.clients.sqs.send(
    new SendMessageCommand({ QueueUrl: cluster.install.queues.commands, MessageBody, MessageGroupId: "shop/web" }),
  );
}

/** Asks the load generator how far it is. */
async function countsOf(load: ChildProcess | undefined, message: "counts" | "stop" = "counts"): Promise<Counts> {
  if (load === undefined || load.exitCode !== null) return { requests: 0, failed: 0 };
  return new Promise((resolve) => {
    load.once("message", (counts) => resolve(counts as Counts));
    load.send(message);
  });
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
