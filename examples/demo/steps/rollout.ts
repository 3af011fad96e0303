import type { Task } from "@aws-sdk/client-ecs";
import { readCondition, sayCondition } from "../conditions.ts";
import { type DrawnTask, drawVersions, type Looks, legend } from "../drawing.ts";
import { eventually, expect } from "../eventually.ts";
import { type Stage, send } from "../stage.ts";
import { addressOf, liveTasks, versionOf } from "../tasks-view.ts";
import { type Release, web, webManifest } from "../web.ts";
import { answers, healthyTargets, underLoad, webTargets } from "../web-view.ts";

const replicas = 4;
/** Signs that each version may need: its tasks, the surge, and some that are on their way out. */
const columns = 8;

/** Rolls v2 out under load: no request may fail. */
export async function rollOut(stage: Stage): Promise<number> {
  await release(stage, { version: "v2", replicas });
  await watch(stage, ["v1", "v2"], async (tasks) => serveAlone(tasks, "v2"));
  await serving(stage, "v2");
  await told(stage, "Complete");
  await underLoad(stage);
  return 0;
}

/** Rolls out a v3 that answers its health checks with 500, which brings v2 back: no request may fail. */
export async function rollBack(stage: Stage): Promise<number> {
  await release(stage, { version: "v3", replicas, healthStatus: 500 });
  const seen = await watch(
    stage,
    ["v2", "v3"],
    async (tasks) => serveAlone(tasks, "v2") && (await progressing(stage))?.reason === "RolledBack",
  );
  expect(seen.has("v3"), "tasks of v3");
  await serving(stage, "v2");
  await told(stage, "RolledBack");
  await underLoad(stage);
  return 0;
}

async function release(stage: Stage, given: Release): Promise<void> {
  await send(stage, "apply", web, webManifest(stage.targetGroup, given));
  stage.timeline.say(legend);
}

/** Draws the tasks by version whenever they changed, until it is over; answers the versions that were seen. */
async function watch(
  stage: Stage,
  versions: readonly string[],
  isOver: (tasks: readonly DrawnTask[]) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const registered = new Set<string>();
  const seen = new Set<string>();
  let shown = "";
  await eventually(
    `${versions.join(" and ")} to settle`,
    async () => {
      const tasks = await drawnTasks(stage, registered);
      for (const { version } of tasks) seen.add(version);
      const drawing = drawVersions(versions, tasks, columns);
      if (drawing !== shown) stage.timeline.say(drawing);
      shown = drawing;
      return isOver(tasks);
    },
    (over) => over,
  );
  return seen;
}

/** @param registered Tasks that have been seen in the target group; grows. */
async function drawnTasks(stage: Stage, registered: Set<string>): Promise<readonly DrawnTask[]> {
  const ecs = stage.cluster.clients.ecs.reads;
  const [tasks, states] = await Promise.all([liveTasks(ecs, web), webTargets(stage)]);
  return Promise.all(
    tasks.map(async (task) => ({ version: await versionOf(ecs, task), looks: looksOf(task, states, registered) })),
  );
}

/** One that was in the target group and no longer is has left it, and is about to be stopped. */
function looksOf(task: Task, states: ReadonlyMap<string, string>, registered: Set<string>): Looks {
  const { taskArn = "", desiredStatus } = task;
  const state = states.get(addressOf(task));
  if (state !== undefined) registered.add(taskArn);
  if (desiredStatus === "STOPPED" || state === "draining") return "leaves";
  if (state === "healthy") return "serves";
  if (state === "unhealthy") return "unhealthy";
  return state === undefined && registered.has(taskArn) ? "leaves" : "starts";
}

function serveAlone(tasks: readonly DrawnTask[], version: string): boolean {
  return tasks.length === replicas && tasks.every((task) => task.version === version && task.looks === "serves");
}

/** What answers is of that version, and nothing else. */
async function serving(stage: Stage, version: string): Promise<void> {
  await healthyTargets(stage, replicas);
  const given = await answers(stage);
  const right = given.filter((answer) => answer.startsWith(`hello from ${version} `));
  expect(right.length === replicas, `${replicas} answers of ${version}, got ${JSON.stringify(given)}`);
  stage.timeline.say(`${right.length} of ${given.length} targets answer with ${version}, and no other task runs`);
}

function progressing(stage: Stage) {
  return readCondition(stage, web, "Progressing");
}

/** Waits until users are told so, and shows how. */
async function told(stage: Stage, reason: string): Promise<void> {
  const condition = await eventually(
    `the condition Progressing to say ${reason}`,
    () => progressing(stage),
    (found) => found?.reason === reason,
  );
  if (condition) sayCondition(stage, condition);
}
