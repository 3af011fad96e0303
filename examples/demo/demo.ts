// The main job, shown on this machine: an event on a queue becomes healthy tasks, which are replaced, scaled, updated and
// removed, and follow a backlog.
//
//   npm run demo                  a readable timeline; exit code 0 only if every step held
//   npm run demo -- --json        the last line of stdout is one JSON object
//   npm run demo -- --no-events   ECS's events are dropped: the sweep alone finds what changed
import { asJson } from "./options.ts";
import { openStage, type Stage } from "./stage.ts";
import { followBacklog } from "./steps/backlog.ts";
import { killTask, terminateNode } from "./steps/break.ts";
import { deploy } from "./steps/deploy.ts";
import { showCluster } from "./steps/open.ts";
import { remove } from "./steps/remove.ts";
import { rollBack, rollOut } from "./steps/rollout.ts";
import { scale } from "./steps/scale.ts";

/** One after the other: each needs those before it, and answers how many requests may have failed in it. */
const steps = [
  { id: "cluster", name: "a cluster of 6 nodes in 3 zones", run: showCluster },
  { id: "deploy", name: "an event deploys web: 3 tasks over 3 zones, behind a load balancer, under load", run: deploy },
  { id: "kill", name: "a task is killed: it is replaced", run: killTask },
  { id: "node", name: "a node is terminated: its tasks are replaced elsewhere", run: terminateNode },
  { id: "scale", name: "web is scaled to 6, and back to 4", run: scale },
  { id: "rollout", name: "v2 is rolled out, under load", run: rollOut },
  { id: "rollback", name: "v3 never gets healthy: v2 is back, by itself", run: rollBack },
  {
    id: "backlog",
    name: "worker follows a queue: from no task to what 500 messages need, and back",
    run: followBacklog,
  },
  { id: "delete", name: "both are deleted: nothing is left running", run: remove },
] as const;

async function main(): Promise<void> {
  const stage = await openStage();
  try {
    for (const step of steps) if (!(await stage.timeline.step(step, () => step.run(stage)))) break;
  } finally {
    await stage.close();
  }
  finish(stage);
}

function finish({ timeline: { results }, faults }: Stage): void {
  const ok = results.length === steps.length && results.every((step) => step.ok) && faults.length === 0;
  for (const fault of faults) console.log(`fault: ${fault}`);
  const seconds = results.reduce((sum, step) => sum + step.seconds, 0);
  console.log(ok ? `every step held, in ${seconds.toFixed(1)} s` : "a step did not hold");
  if (asJson) console.log(JSON.stringify({ ok, steps: results }));
  process.exitCode = ok ? 0 : 1;
}

await main();
