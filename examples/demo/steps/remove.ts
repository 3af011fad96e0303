import { eventually } from "../eventually.ts";
import { type Stage, send } from "../stage.ts";
import { liveTasks } from "../tasks-view.ts";
import { web } from "../web.ts";
import { webTargets } from "../web-view.ts";
import { worker } from "../worker.ts";

/** Deletes both services; nothing may be left of them. */
export async function remove(stage: Stage): Promise<number> {
  const { cluster, load, timeline } = stage;
  // Nobody may be refused by a service that is going away: the load ends first.
  await load.stop();
  await send(stage, "delete", web, web);
  await send(stage, "delete", worker, worker);
  await eventually(
    "no task",
    async () => (await Promise.all([web, worker].map((each) => liveTasks(cluster.clients.ecs.reads, each)))).flat(),
    ({ length }) => length === 0,
  );
  await eventually(
    "no target",
    () => webTargets(stage),
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
