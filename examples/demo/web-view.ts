import type { Task } from "@aws-sdk/client-ecs";
import { eventually } from "./eventually.ts";
import { requestsPerSecond } from "./load-process.ts";
import type { Stage } from "./stage.ts";
import { targetStates } from "./target-group.ts";
import { wantedTasks } from "./tasks-view.ts";
import { web } from "./web.ts";

/** The tasks of web that are wanted running. */
export function webTasks({ cluster }: Stage): Promise<readonly Task[]> {
  return wantedTasks(cluster.clients.ecs.reads, web);
}

/** State of each target behind the load balancer, by its address. */
export function webTargets({ cluster, targetGroup }: Stage): Promise<ReadonlyMap<string, string>> {
  return targetStates(cluster.clients.elb.reads, targetGroup);
}

/** Waits until there are so many targets, and all of them are healthy. */
export async function healthyTargets(stage: Stage, count: number): Promise<void> {
  await eventually(
    `${count} healthy targets`,
    () => webTargets(stage),
    (states) => states.size === count && [...states.values()].every((state) => state === "healthy"),
  );
}

/** What each healthy target answers when it is asked directly, its version: `hello from v2 on port 8080`. */
export async function answers(stage: Stage): Promise<readonly string[]> {
  const healthy = [...(await webTargets(stage))].filter(([, state]) => state === "healthy");
  return Promise.all(
    healthy.map(async ([id]) => {
      const response = await fetch(`http://127.0.0.1:${stage.cluster.engine.hostEndpoint({ id, port: 8080 })}/`);
      return response.text();
    }),
  );
}

/** A moment of load on the new state, so that what would fail has the time to. */
export async function underLoad({ load }: Stage): Promise<void> {
  const { requests } = await load.counts();
  await eventually("another second of load", load.counts, (counts) => {
    return counts.requests >= requests + requestsPerSecond * 0.8;
  });
}
