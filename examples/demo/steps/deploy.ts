import { eventually, expect } from "../eventually.ts";
import { connections, requestsPerSecond } from "../load-process.ts";
import { type Stage, send } from "../stage.ts";
import { web, webManifest } from "../web.ts";
import { healthyTargets, underLoad, webTargets, webTasks } from "../web-view.ts";

/** Deploys web; load begins with its first healthy task. */
export async function deploy(stage: Stage): Promise<number> {
  const { timeline, load, targetGroup, url } = stage;
  await send(stage, "apply", web, webManifest(targetGroup, { version: "v1", replicas: 3 }));
  timeline.say("posted to longshore-commands.fifo with the plain SQS SDK");
  await eventually(
    "a healthy target",
    () => webTargets(stage),
    (states) => [...states.values()].includes("healthy"),
  );
  timeline.say(
    `first task serves; load starts: up to ${requestsPerSecond} requests/s over ${connections} kept-alive connections`,
  );
  load.start(url);
  await healthyTargets(stage, 3);
  const zones = new Set((await webTasks(stage)).map(({ availabilityZone }) => availabilityZone));
  expect(zones.size === 3, `tasks in 3 zones, found ${[...zones].join(", ")}`);
  timeline.say(`3 healthy targets, in ${[...zones].toSorted().join(", ")}`);
  await underLoad(stage);
  return 0;
}
