import { fileURLToPath } from "node:url";

const server = fileURLToPath(new URL("../web/server.js", import.meta.url));

/**
 * The service of the demonstration: a small HTTP server, three times, one in each zone, behind a load balancer. The
 * windows are shortened so that a minute shows everything; the defaults stand beside them.
 */
export function webManifest(targetGroup: string, replicas: number) {
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name: "web" },
    spec: {
      replicas,
      task: {
        containers: [
          {
            name: "app",
            image: "shop/web:1.0.0",
            command: ["node", server],
            cpuUnits: 256,
            memoryMib: 256,
            ports: [{ name: "http", containerPort: 8080 }],
            environment: { VERSION: "v1", LATENCY_MS: "20" }, // so that there is always something in flight
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
          drainSeconds: 10, // 300
          healthGraceSeconds: 15, // 0
        },
      ],
      restart: { backoffSeconds: 1 }, // 10
    },
  };
}

/** A command in a CloudEvents 1.0 envelope, as any client of the queue sends it. */
export function cloudEvent(id: string, type: "apply" | "scale" | "delete", data: object) {
  return { specversion: "1.0", id, source: "demo", type: `dev.longshore.${type}`, data };
}

/** What names the service in commands about it. */
export const webObject = { kind: "Service", metadata: { namespace: "shop", name: "web" } } as const;
