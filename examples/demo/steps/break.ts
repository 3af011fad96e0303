import type { Task } from "@aws-sdk/client-ecs";
import { eventually, expect } from "../eventually.ts";
import type { Stage } from "../stage.ts";
import { addressOf, idOf, shortIds } from "../tasks-view.ts";
import { healthyTargets, underLoad, webTargets, webTasks } from "../web-view.ts";

/** Kills a task; answers how many requests were in flight on it. */
export async function killTask(stage: Stage): Promise<number> {
  const { cluster, timeline } = stage;
  const tasks = await webTasks(stage);
  const victims = tasks.slice(0, 1);
  const lost = await inFlightOn(stage, victims, () => victims.map(({ taskArn }) => cluster.killTask(idOf(taskArn))));
  timeline.say(`killed task ${shortIds(victims)}, ${lost} requests in flight on it`);
  await replaced(stage, tasks, victims);
  return lost;
}

/** Terminates a node; answers how many requests were in flight on its tasks. */
export async function terminateNode(stage: Stage): Promise<number> {
  const { cluster, timeline } = stage;
  const tasks = await webTasks(stage);
  const node = tasks[0]?.containerInstanceArn;
  const victims = tasks.filter(({ containerInstanceArn }) => containerInstanceArn === node);
  const lost = await inFlightOn(stage, victims, () => cluster.terminateNode(idOf(node)));
  timeline.say(
    `terminated node ${idOf(node).slice(0, 8)} with task ${shortIds(victims)}, ${lost} requests in flight on it`,
  );
  await replaced(stage, tasks, victims);
  expect(
    (await webTasks(stage)).every(({ containerInstanceArn }) => containerInstanceArn !== node),
    "no task on the terminated node",
  );
  return lost;
}

/**
 * Kills tasks, and answers how many requests were in flight on them: those that were not answered when it began, and those
 * that were still sent to them before the load balancer found them dead. Each is lost with its task, and no other may be.
 */
async function inFlightOn(stage: Stage, victims: readonly Task[], kill: () => unknown): Promise<number> {
  const { cluster, targetGroup } = stage;
  const targets = victims.map((task) => ({ id: addressOf(task), port: 8080 }));
  const sum = (name: "started" | "ended") =>
    targets.reduce((total, target) => total + cluster.elb.requestCounts(targetGroup, target)[name], 0);
  const ended = sum("ended");
  kill();
  let started = sum("started");
  await eventually(
    "the load balancer to find them dead",
    () => webTargets(stage),
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
    () => webTasks(stage),
    (tasks) =>
      tasks.length === before.length && victims.every(({ taskArn }) => !tasks.some((task) => task.taskArn === taskArn)),
  );
  await healthyTargets(stage, before.length);
  stage.timeline.say(
    `${shortIds(after.filter(({ taskArn }) => !known.has(taskArn)))} took over; ${before.length} healthy targets`,
  );
  await underLoad(stage);
}
