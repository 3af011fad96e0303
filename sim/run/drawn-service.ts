import { type ServiceKey, serviceKey } from "../../core/model/ids.ts";
import type { Drawing } from "./drawing.ts";

/** What a seed drew of one service: plain data, so that it can be printed. */
export interface DrawnService {
  readonly namespace: string;
  readonly name: string;
  /** Tasks wanted by every apply; with autoscaling those of the first start. */
  readonly replicas: number;
  readonly hasTraffic: boolean;
  readonly hasHealthCheck: boolean;
  readonly strategy: "rolling" | "recreate";
  readonly maxSurge: number | string;
  readonly maxUnavailable: number | string;
  readonly minReadySeconds: number;
  readonly backoffSeconds: number;
  readonly onFailure: "rollback" | "pause";
  readonly priority: number;
  /** Its number of tasks follows a queue. */
  readonly autoscaling?: { readonly min: number; readonly max: number };
  /** What becomes of it when everything else has come right. */
  readonly end: "stays" | "deleted" | "bad version";
}

/** Each is a service of its own in every seed, in this order: a trace of one reads like that of another. */
const names: readonly (readonly [namespace: string, name: string])[] = [
  ["shop", "web"],
  ["shop", "cart"],
  ["bank", "ledger"],
  ["bank", "mail"],
];

const bounds: readonly (readonly [maxSurge: number | string, maxUnavailable: number | string])[] = [
  [1, 0],
  ["50%", 0],
  [0, 1],
  [1, 1],
  ["100%", 0],
  ["25%", "25%"],
];

/** How many messages of its queue a task of an autoscaled service is for. */
export const messagesPerTask = 10;

/** One to four services of differing kinds; mostly few, so that more seeds are played in the same time. */
export function drawServices(draw: Drawing): readonly DrawnService[] {
  return names
    .slice(0, draw.pick([1, 1, 1, 2, 2, 3, 4]))
    .map(([namespace, name]) => drawService(draw, namespace, name));
}

function drawService(draw: Drawing, namespace: string, name: string): DrawnService {
  const [maxSurge, maxUnavailable] = draw.pick(bounds);
  const service: DrawnService = {
    namespace,
    name,
    replicas: draw.between(1, 6),
    hasTraffic: draw.chance(0.6),
    hasHealthCheck: draw.chance(0.5),
    strategy: draw.chance(0.15) ? "recreate" : "rolling",
    maxSurge,
    maxUnavailable,
    minReadySeconds: draw.pick([0, 2, 20]),
    backoffSeconds: draw.pick([1, 10]),
    onFailure: draw.chance(0.75) ? "rollback" : "pause",
    priority: draw.pick([0, 0, 50]),
    end: draw.pick(["stays", "deleted", "bad version"]),
  };
  return draw.chance(0.25)
    ? { ...service, autoscaling: { min: draw.between(0, 2), max: draw.between(4, 8) } }
    : service;
}

/** The key of a service. */
export function keyOf({ namespace, name }: Pick<DrawnService, "namespace" | "name">): ServiceKey {
  return serviceKey(namespace, name);
}

/** The queue that an autoscaled service follows. */
export function queueOf({ namespace, name }: DrawnService): string {
  return `arn:aws:sqs:us-east-1:000000000000:${namespace}-${name}`;
}

/**
 * What somebody applies.
 *
 * @param version Tag of its image: `images.ts` says what becomes of it.
 * @param targetGroup Of its own, for one that has traffic.
 */
export function manifestOf(service: DrawnService, version: string, targetGroup: string): object {
  const { namespace, name, autoscaling } = service;
  const { strategy, maxSurge, maxUnavailable, minReadySeconds, onFailure } = service;
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace, name },
    spec: {
      replicas: service.replicas,
      priority: service.priority,
      task: { containers: [containerOf(service, version)] },
      restart: { backoffSeconds: service.backoffSeconds },
      rollout: { strategy, maxSurge, maxUnavailable, minReadySeconds, onFailure },
      ...(service.hasTraffic ? { traffic: [{ targetGroup, container: "app", port: "http", drainSeconds: 10 }] } : {}),
      ...(autoscaling === undefined ? {} : { autoscaling: following(service, autoscaling) }),
    },
  };
}

function containerOf({ namespace, name, hasHealthCheck }: DrawnService, version: string): object {
  const health = { command: ["CMD", "true"], intervalSeconds: 5, timeoutSeconds: 2, retries: 3 };
  return {
    name: "app",
    image: `${namespace}/${name}:${version}`,
    cpuUnits: 256,
    memoryMib: 512,
    ports: [{ name: "http", containerPort: 80 }],
    ...(hasHealthCheck ? { health } : {}),
  };
}

function following(service: DrawnService, { min, max }: { readonly min: number; readonly max: number }): object {
  return {
    min,
    max,
    metrics: [{ type: "queue", queue: queueOf(service), messagesPerTask }],
    pollSeconds: 60,
    cooldownSeconds: 120,
    scaleIn: { windowSeconds: 60, percentPerMinute: 100 },
  };
}
