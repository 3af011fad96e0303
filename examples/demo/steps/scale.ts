import { eventually } from "../eventually.ts";
import { type Stage, send } from "../stage.ts";
import { web } from "../web.ts";
import { healthyTargets, underLoad, webTasks } from "../web-view.ts";

/** Scales web to 6, and back to 4. */
export async function scale(stage: Stage): Promise<number> {
  await send(stage, "scale", web, { ...web, replicas: 6 });
  await healthyTargets(stage, 6);
  stage.timeline.say("6 healthy targets");
  await send(stage, "scale", web, { ...web, replicas: 4 });
  await healthyTargets(stage, 4);
  await eventually(
    "4 tasks",
    () => webTasks(stage),
    ({ length }) => length === 4,
  );
  stage.timeline.say("4 tasks left, the others drained first");
  await underLoad(stage);
  return 0;
}
