import { startCluster } from "../../local/cluster.ts";
import type { StartedTarget } from "./started-target.ts";

/** The local cluster, without the product's handlers. */
export async function startLocal(): Promise<StartedTarget> {
  const { environment, install, close } = await startCluster({ port: 0, handlers: false, log: { write: () => {} } });
  return {
    title: "the local cluster",
    variables: environment,
    cluster: environment.LONGSHORE_CLUSTER ?? "",
    eventsQueue: install.queues.observations,
    close,
  };
}
