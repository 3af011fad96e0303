import { fileURLToPath } from "node:url";
import type { ServiceName } from "./commands.ts";

const server = fileURLToPath(new URL("../web/server.js", import.meta.url));

/** What names the service in commands about it. */
export const web: ServiceName = { kind: "Service", metadata: { namespace: "shop", name: "web" } };

/** One release of the service. */
export interface Release {
  readonly version: string;
  readonly replicas: number;
  /** What it answers health checks with. Default 200. */
  readonly healthStatus?: number;
}

/**
 * The service of the demonstration: a small HTTP server, spread over the zones, behind a load balancer. The windows are
 * shortened so that a minute shows everything; the defaults stand beside them.
 */
export function webManifest(targetGroup: string, { version, replicas, healthStatus = 200 }: Release) {
  return {
    apiVersion: "longshore.dev/v1",
    ...web,
    spec: {
      replicas,
      task: {
        containers: [
          {
            name: "app",
            image: `shop/web:${version}`,
            command: ["node", server],
            cpuUnits: 256,
            memoryMib: 256,
            ports: [{ name: "http", containerPort: 8080 }],
            // So that there is always something in flight, an answer takes a moment.
            environment: { VERSION: version, HEALTH_STATUS: String(healthStatus), LATENCY_MS: "20" },
            stopTimeoutSeconds: 5, // 30
          },
        ],
      },
      placement: { spread: [{ by: "zone", maxSkew: 1 }] },
      traffic: [
        {
          targetGroup,
          container: "app",
          port: "http",
          drainSeconds: 10, // 30
          healthGraceSeconds: 5, // 0
        },
      ],
      rollout: {
        maxSurge: "50%", // 25%
        breaker: { failures: 2 }, // half of the tasks, but 3 at least
      },
      restart: { backoffSeconds: 1 }, // 10
    },
  };
}
