import { fileURLToPath } from "node:url";
import { clientEnvironment } from "../../local/environment.ts";
import type { ServiceName } from "./commands.ts";

const program = fileURLToPath(new URL("../worker/worker.js", import.meta.url));

/** What names the service in commands about it. */
export const worker: ServiceName = { kind: "Service", metadata: { namespace: "shop", name: "worker" } };

/** A queue, as a task reaches it and as metrics name it. */
export interface Queue {
  readonly url: string;
  readonly arn: string;
}

/** Most tasks that the service may have. */
export const mostWorkers = 10;

/**
 * Works a queue off, with one task for each 50 messages and none while the queue is empty. The windows are shortened so
 * that a minute shows everything; the defaults stand beside them.
 */
export function workerManifest(queue: Queue, endpointUrl: string) {
  return {
    apiVersion: "longshore.dev/v1",
    ...worker,
    spec: {
      replicas: 0,
      task: {
        containers: [
          {
            name: "app",
            image: "shop/worker:1.0.0",
            command: ["node", program],
            cpuUnits: 128,
            memoryMib: 128,
            // The client's own variables are for this machine: on AWS the task's role signs, and the endpoint is AWS's.
            environment: {
              QUEUE_URL: queue.url,
              WORK_MS: "100",
              WAIT_SECONDS: "1",
              ...clientEnvironment(endpointUrl, "worker"),
            },
            plainSecrets: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
            stopTimeoutSeconds: 10, // 30
          },
        ],
      },
      autoscaling: {
        min: 0,
        max: mostWorkers,
        metrics: [{ type: "queue", queue: queue.arn, messagesPerTask: 50 }],
        pollSeconds: 5, // 30
        cooldownSeconds: 5, // 300
        scaleIn: { windowSeconds: 0, percentPerMinute: 100 }, // 300, 10
      },
    },
  };
}
