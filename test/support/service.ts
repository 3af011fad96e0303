import type { NodeId, Revision, ServiceKey } from "../../core/model/ids.ts";
import type { RevisionContent, RevisionRecord, SpecRecord } from "../../core/model/records.ts";
import type { Autoscaling, Rollout, ServiceManifest, Traffic } from "../../core/model/service.ts";
import type { Settings } from "../../core/model/settings.ts";
import type { Container } from "../../core/model/task-template.ts";

/** The moment at which every snapshot of the tests is taken. */
export const nowMs = 1_000_000_000;
export const key = "shop/web" as ServiceKey;
/** What `shop/web` is called by as a target group. */
export const group = "arn:group";

/** What a test says about a service; the rest is one container with a health check, three replicas, nothing special. */
export interface Wished {
  readonly replicas?: number;
  readonly priority?: number;
  /** Whether the container has a health check. */
  readonly health?: boolean;
  /** Entries of traffic; each is the target group `arn:group` unless told. */
  readonly traffic?: readonly Partial<Traffic>[];
  readonly minReadySeconds?: number;
  readonly progressDeadlineSeconds?: number;
  readonly cpuUnits?: number;
  readonly mode?: "awsvpc" | "bridge";
  readonly restart?: Partial<ServiceManifest["spec"]["restart"]>;
  /** `recreate` unless told. */
  readonly rollout?: Partial<Rollout>;
  readonly autoscaling?: Partial<Autoscaling>;
}

/** What an install of tests was deployed with. */
export function aSettings(given: Partial<Settings> = {}): Settings {
  return {
    install: "longshore",
    region: "eu-central-1",
    cluster: "main",
    accountShare: 0.5,
    defaults: {
      capacity: "ec2",
      network: { mode: "awsvpc", subnets: ["subnet-a"], securityGroups: [], publicIp: false },
      subnetZones: {},
    },
    quota: { services: 500, tasks: 5000 },
    functionTimeoutMs: 30_000,
    ...given,
  };
}

function aContainer({ health = true, cpuUnits = 256 }: Wished): Container {
  return {
    name: "app",
    image: "shop/web:1",
    entryPoint: [],
    command: [],
    cpuUnits,
    memoryMib: 512,
    essential: true,
    ports: [{ name: "http", containerPort: 80, protocol: "tcp" }],
    environment: {},
    secrets: {},
    stopTimeoutSeconds: 30,
    ...(health
      ? {
          health: {
            command: ["CMD", "true"],
            intervalSeconds: 10,
            timeoutSeconds: 5,
            retries: 3,
            startPeriodSeconds: 0,
          },
        }
      : {}),
  };
}

/** An admitted manifest of `shop/web`. */
export function aManifest(wished: Wished = {}): ServiceManifest {
  const container = aContainer(wished);
  return {
    apiVersion: "longshore.dev/v1",
    kind: "Service",
    metadata: { namespace: "shop", name: "web", labels: {}, annotations: {} },
    spec: {
      replicas: wished.replicas ?? 3,
      priority: wished.priority ?? 50,
      task: {
        cpuUnits: container.cpuUnits,
        memoryMib: container.memoryMib,
        architecture: "x86_64",
        containers: [container],
      },
      placement: { capacity: [], spread: [], constraints: [] },
      restart: { backoffSeconds: 10, maxBackoffSeconds: 300, resetSeconds: 600, ...wished.restart },
      traffic: (wished.traffic ?? []).map((entry) => ({
        targetGroup: group,
        container: "app",
        port: "http",
        drainSeconds: 30,
        healthGraceSeconds: 0,
        ...entry,
      })),
      rollout: {
        strategy: "recreate",
        maxSurge: 1,
        maxUnavailable: 0,
        minReadySeconds: wished.minReadySeconds ?? 0,
        progressDeadlineSeconds: wished.progressDeadlineSeconds ?? 600,
        breaker: { percent: 50 },
        onFailure: "rollback",
        ...wished.rollout,
      },
      ...(wished.autoscaling === undefined ? {} : { autoscaling: { ...anAutoscaling, ...wished.autoscaling } }),
    },
  };
}

/** Follows the queue `jobs`, ten messages a task, at once in both directions. */
const anAutoscaling: Autoscaling = {
  min: 0,
  max: 20,
  metrics: [{ type: "queue", queue: "arn:aws:sqs:eu-central-1:000000000000:jobs", messagesPerTask: 10 }],
  pollSeconds: 30,
  cooldownSeconds: 300,
  activation: 0,
  tolerance: 0.1,
  scaleIn: { windowSeconds: 0 },
  scaleOut: { windowSeconds: 0 },
};

/** The spec of `shop/web`, generation and version 1 unless told. */
export function aSpec(wished: Wished = {}, given: Partial<SpecRecord> = {}): SpecRecord {
  return {
    partition: `service#${key}`,
    sort: "spec",
    schema: 1,
    version: 1,
    uid: "u1",
    manifest: aManifest(wished),
    generation: 1,
    acceptedAtMs: nowMs - 3_600_000,
    lastCommand: "c1",
    wroteManifest: 1,
    wroteReplicas: 1,
    deleting: false,
    paused: false,
    restarts: 0,
    attempt: 1,
    ...given,
  };
}

/** What a revision of tests runs: all of them the same. */
export function aContent(wished: Wished = {}): RevisionContent {
  const network = {
    mode: wished.mode ?? "awsvpc",
    subnets: ["subnet-a"],
    securityGroups: [],
    publicIp: false,
  } as const;
  return { task: aManifest(wished).spec.task, network, capacity: "ec2", restarts: 0 };
}

/** The record of a revision that has its task definition `td/<revision>`. */
export function aRevision(revision: string, given: Partial<RevisionRecord> = {}, wished: Wished = {}): RevisionRecord {
  return {
    partition: `service#${key}`,
    sort: `revision#${revision}`,
    schema: 1,
    version: 1,
    uid: "u1",
    revision: revision as Revision,
    content: aContent(wished),
    generation: 1,
    given: { task: aManifest(wished).spec.task, capacity: [] },
    createdAtMs: nowMs - 3_600_000,
    taskDefinition: `td/${revision}`,
    ...given,
  };
}

/** The node of every task that is drawn without another. */
export const nodeId = "n1" as NodeId;
