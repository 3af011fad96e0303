import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { Fault } from "../../core/model/fault.ts";
import { serviceKey } from "../../core/model/ids.ts";
import { keys } from "../../core/model/names.ts";
import type { CommandRecord, NodeRecord, StateRecord } from "../../core/model/records.ts";
import { dispatchHandler, reconcileHandler, sweepHandler } from "../../lambdas/handlers.ts";
import { aLoadBalancer } from "../integration/load-balancer.ts";
import { anObject, aService, command, runs, tasksOf } from "../integration/stage.ts";
import { eventually } from "../local/eventually.ts";
import type { GuardedCluster } from "./guarded-cluster.ts";

/** Other suites run beside this one; nothing here waits longer than it has to. */
const patienceMs = 100_000;

/** A role that the stack lets tasks have. */
export const taskRole = "arn:aws:iam::000000000000:role/shop-tasks";

const rollout = { maxSurge: 1, breaker: { failures: 1 } };
const restart = { backoffSeconds: 1, maxBackoffSeconds: 1 };

/** Everything that handlers do for users and against the world, at once where it can be: each service its own story. */
export async function playEverything(stage: GuardedCluster): Promise<void> {
  const { targetGroup } = await aLoadBalancer(stage);
  const directory = mkdtempSync(join(tmpdir(), "longshore-sick-"));
  const sick = join(directory, "sick");
  try {
    await Promise.all([rollOutAndBack(stage, targetGroup), followBacklog(stage), onFargate(stage, sick)]);
    await loseNode(stage);
    await pauseEverything(stage);
    await remove(stage, "worker");
    const settle = await loseAnswers(stage);
    await outOfReach(stage);
    await fallSick(stage, sick);
    await settle();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** In traffic, v1 to v2, then a bad v3 that is rolled back; a task dies; restarted, scaled. */
async function rollOutAndBack(stage: GuardedCluster, targetGroup: string): Promise<void> {
  const traffic = [{ targetGroup, container: "app", port: "http", drainSeconds: 1, healthGraceSeconds: 60 }];
  const version = (name: string, environment = {}) =>
    aService("web", { replicas: 2, traffic, rollout, restart }, { VERSION: name, ...environment });
  await settled(stage, await command(stage, "apply", version("v1")), "web", "Complete");
  await settled(stage, await command(stage, "apply", version("v2")), "web", "Complete");
  const bad = version("v3");
  const [container] = bad.spec.task.containers;
  const failing = { ...container, command: ["process.exit(3)"] };
  const applied = await command(stage, "apply", { ...bad, spec: { ...bad.spec, task: { containers: [failing] } } });
  await settled(stage, applied, "web", "RolledBack");
  const [victim] = await runs(stage, "web", 2);
  stage.killTask(victim?.arn ?? "");
  const isReplaced = async () => (await runs(stage, "web", 2)).every((task) => task !== victim) || undefined;
  await eventually("another task", isReplaced, patienceMs);
  await command(stage, "scale", { ...anObject("web"), replicas: 1 });
  await runs(stage, "web", 1);
}

/** From none to two and back to none, by the messages of a queue. */
async function followBacklog(stage: GuardedCluster): Promise<void> {
  const { sqs } = stage.clients;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "orders" }));
  const autoscaling = {
    min: 0,
    max: 2,
    metrics: [{ type: "queue", queue: "arn:aws:sqs:us-east-1:000000000000:orders", messagesPerTask: 1 }],
    pollSeconds: 5,
    cooldownSeconds: 0,
    scaleIn: { windowSeconds: 0, percentPerMinute: 100 },
  };
  await command(stage, "apply", aService("worker", { replicas: 0, autoscaling, restart }));
  for (const MessageBody of ["a", "b"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await runs(stage, "worker", 2);
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await runs(stage, "worker", 0);
}

/** One task on Fargate, in a role of its own, healthy as long as a file is not there. */
async function onFargate(stage: GuardedCluster, sick: string): Promise<void> {
  const { spec, ...edge } = aService("edge");
  const health = { command: ["CMD-SHELL", `test ! -e ${sick}`], intervalSeconds: 5, timeoutSeconds: 2, retries: 1 };
  const containers = spec.task.containers.map((container) => ({ ...container, health }));
  const placement = { capacity: [{ type: "fargate" }] };
  const manifest = { ...edge, spec: { ...spec, task: { containers, taskRole }, placement } };
  await settled(stage, await command(stage, "apply", manifest), "edge", "Complete");
}

/** The machine that a task runs on goes away. */
async function loseNode(stage: GuardedCluster): Promise<void> {
  const [task] = await runs(stage, "web", 1);
  stage.terminateNode(task?.ec2InstanceId ?? "");
  await eventually("a task elsewhere", async () => (await runs(stage, "web", 1))[0] !== task || undefined, patienceMs);
}

/** Every kill switch, on and off; then a restart. */
async function pauseEverything(stage: GuardedCluster): Promise<void> {
  const all = [anObject("web"), { kind: "Namespace", metadata: { name: "shop" } }, { kind: "Install" }];
  for (const object of all) await command(stage, "pause", object);
  for (const object of all) await command(stage, "resume", object);
  await settled(stage, await command(stage, "restart", anObject("edge")), "edge", "Complete");
  await runs(stage, "edge", 1);
}

async function remove(stage: GuardedCluster, name: string): Promise<void> {
  await command(stage, "delete", anObject(name));
  const spec = keys.spec(serviceKey("shop", name));
  await eventually(`${name} gone`, async () => !(await stage.store.get(spec)) || undefined, patienceMs);
}

/** A task's health fails, of which no event tells: the sweep sees it, and looks at what rests. */
async function fallSick(stage: GuardedCluster, sick: string): Promise<void> {
  // What was under way when the handlers stopped is done first: the sweep only wakes what is.
  const reconcile = reconcileHandler(stage.ports.reconcile);
  for (const name of ["web", "edge"]) await reconcile({ Records: [aWakeup(`shop/${name}`)] });
  writeFileSync(sick, "");
  const isSick = () => tasksOf(stage, "edge").some(({ health }) => health === "UNHEALTHY") || undefined;
  await eventually("a sick task", isSick, patienceMs);
  // Each service has had its turn after ten minutes.
  const sweep = sweepHandler(stage.ports.sweep, () => {});
  for (let minute = 0; minute <= 10; minute += 1) {
    await sweep();
    stage.pass(60_000);
  }
}

/**
 * The answers to two RunTasks are lost, of which one arrived, and their services paused: nobody sends them again. Two
 * listings settle that which started nothing, once it is too late for it to arrive.
 * @returns What to do once the handlers are stopped: the cluster is looked at as time passes.
 */
async function loseAnswers(stage: GuardedCluster): Promise<() => Promise<void>> {
  const { tasks, settings } = stage.ports.dispatch;
  const { run } = tasks;
  const lost = new Set<string>();
  const runAndLose: typeof run = async (input) => {
    if (lost.has(input.group)) return run(input);
    lost.add(input.group);
    if (input.group.endsWith("/arrived")) await run(input);
    throw new Fault("transient", "TimeoutError", "ecs RunTask had no answer");
  };
  Object.assign(tasks, { run: runAndLose });
  const names = ["arrived", "vanished"];
  for (const name of names) await command(stage, "apply", aService(name));
  await eventually("lost answers", () => lost.size === names.length || undefined, patienceMs);
  for (const name of names) await command(stage, "pause", anObject(name));
  return async () => {
    const dispatch = dispatchHandler(stage.ports.dispatch);
    for (const afterMs of [15_000, 200_000, 100_000]) {
      stage.pass(afterMs);
      await dispatch({ Records: [aWakeup(settings.cluster)] });
    }
  };
}

/** A machine that is on record as out of reach is back, and nobody has heard of it when it is to be given up. */
async function outOfReach(stage: GuardedCluster): Promise<void> {
  const { arn = "", cluster = "" } = stage.engine.instances().find(({ status }) => status === "ACTIVE") ?? {};
  stage.setAgentConnected(arn, false);
  const isRecorded = async () => {
    const nodes = await stage.store.query<NodeRecord>(keys.cluster(cluster), "node#");
    return nodes.some(({ nodeId, agentConnected }) => arn.endsWith(nodeId) && !agentConnected) || undefined;
  };
  await eventually("a node out of reach", isRecorded, patienceMs);
  await stage.stopHandlers();
  stage.setAgentConnected(arn, true);
}

function aWakeup(key: string) {
  const record = { messageId: "1", body: JSON.stringify({ key, hops: 1 }), attributes: {} };
  return record as unknown as Parameters<ReturnType<typeof dispatchHandler>>[0]["Records"][number];
}

/** Waits until the rollout that a command began has come to that reason. */
function settled(
  stage: GuardedCluster,
  { generation = 0 }: CommandRecord,
  name: string,
  reason: string,
): Promise<unknown> {
  const isSettled = async () => {
    const state = await stage.store.get<StateRecord>(keys.state(serviceKey("shop", name)));
    if (state === undefined || state.generation < generation) return undefined;
    return state.conditions.some((each) => each.type === "Progressing" && each.reason === reason) || undefined;
  };
  return eventually(`${name} ${reason}`, isSettled, patienceMs);
}
