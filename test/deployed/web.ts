import type { LoadBalancer } from "./load-balancer.ts";
import { addressOf, imageOf, type Service } from "./service.ts";

/** The image of a release. */
export const release = (version: string) => `shop/web:${version}`;

/**
 * The `spec` of a web service behind a load balancer. Its windows are short, so that a minute shows everything.
 * @param minReadySeconds More makes a rollout last longer.
 */
export function webSpec({ targetGroup }: LoadBalancer, version: string, replicas: number, minReadySeconds = 0): object {
  return {
    replicas,
    task: {
      containers: [
        {
          name: "app",
          image: release(version),
          cpuUnits: 256,
          memoryMib: 512,
          ports: [{ name: "http", containerPort: 8080 }],
          environment: { LATENCY_MS: "20" },
          stopTimeoutSeconds: 5,
        },
      ],
    },
    traffic: [{ targetGroup, container: "app", port: "http", drainSeconds: 2 }],
    rollout: { maxSurge: 1, minReadySeconds, breaker: { failures: 2 } },
    restart: { backoffSeconds: 1 },
  };
}

/** A web service at one moment, as ECS, Docker and the load balancer show it. */
export interface WebView {
  /** Images of its tasks that run, in order. */
  readonly tasks: readonly string[];
  /** Images of its containers that run, in order. */
  readonly containers: readonly string[];
  /** Whether exactly its running tasks are behind the load balancer. */
  readonly inTraffic: boolean;
}

/** Looks at all three. */
export async function viewOf(service: Service, loadBalancer: LoadBalancer): Promise<WebView> {
  const [running, containers, targets] = await Promise.all([
    service.running(),
    service.containers(),
    loadBalancer.targets(),
  ]);
  return {
    tasks: running.map(imageOf).toSorted(),
    containers: containers.map(({ image }) => image).toSorted(),
    inTraffic: running.map(addressOf).toSorted().join() === targets.join(),
  };
}

/** Whether it is so many tasks of one release, as real containers, and all of them behind the load balancer. */
export function isAll(version: string, replicas: number): (view: WebView) => boolean {
  const wanted = Array.from({ length: replicas }, () => release(version)).join();
  return ({ tasks, containers, inTraffic }) => tasks.join() === wanted && containers.join() === wanted && inTraffic;
}

/** What the load balancer's answers say, each once: `hello from v1 on port 8080`. */
export async function answersOf({ url }: LoadBalancer, requests = 10): Promise<readonly string[]> {
  const answers = new Set<string>();
  for (let count = 0; count < requests; count++) answers.add((await (await fetch(url)).text()).trim());
  return [...answers].toSorted();
}
