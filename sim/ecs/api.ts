import type { Health, NodeStatus, Resources, TaskStatus } from "../../core/model/records.ts";
import type { Target } from "../../core/ports/targets.ts";

/**
 * An ECS control plane as a deterministic state machine: no clock, timer or randomness of its own. Somebody calls
 * `advance` when time has passed (a virtual clock in the simulator, a timer in the local cluster), and a driver runs
 * what the engine says should run (virtual containers in the simulator, processes or Docker in the local cluster).
 */
export interface EcsEngine {
  /**
   * Answers one action of the ECS API: input and output are the JSON of the wire protocol (AWS JSON 1.1, times as
   * epoch seconds). Throws `EcsError`.
   */
  handle(action: string, input: unknown): Record<string, unknown>;
  /** Carries out everything that is due by now. `handle` and the driver's reports do so too. */
  advance(): void;
  /** When `advance` has something to do next, epoch ms. It changes only with a call of `handle` or with an event. */
  nextDueMs(): number | undefined;
  /** Adds a container instance, ACTIVE and connected; answers its ARN. */
  registerInstance(instance: InstanceInput): string;
  /** The EC2 instance is gone: its container instance becomes INACTIVE and its tasks stop ("Host EC2 (instance …) terminated."). */
  terminateInstance(cluster: string, ec2InstanceId: string): void;
  /** Fargate takes the task's capacity back: it is stopped with the code SpotInterruption. */
  interruptTask(taskArn: string): void;
  /** The agent loses or regains its connection; its tasks run on, their last reported state frozen meanwhile. */
  setAgentConnected(cluster: string, ec2InstanceId: string, connected: boolean): void;
  /** Task and container instance events in the documented EventBridge envelope, in the order of their versions. */
  onEvent(listener: (envelope: EventEnvelope) => void): void;
  /** Every task that ECS still describes, as it shows them, in the order of their creation. */
  tasks(): readonly EngineTask[];
  /** Every container instance, INACTIVE ones too, in the order of their registration. */
  instances(): readonly EngineInstance[];
  /**
   * The task that a load balancer's target stands for: an address and a container port (awsvpc), or an EC2 instance's
   * id and a host port (bridge, host). Undefined unless the container that has that port really runs, whatever a
   * disconnected agent last reported.
   */
  taskAt(target: Target): EngineTask | undefined;
  /** The port of 127.0.0.1 that reaches the target, as its driver reported it; undefined as for `taskAt`. */
  hostEndpoint(target: Target): number | undefined;
}

/** One container of a task as ECS shows it. */
export interface EngineContainer {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly lastStatus: "PENDING" | "RUNNING" | "STOPPED";
  readonly exitCode?: number;
  readonly reason?: string;
  /** UNKNOWN for ever without a health check. */
  readonly health: Health;
  /** What the driver reported: container port → port of 127.0.0.1. */
  readonly hostPorts: Readonly<Record<number, number>>;
}

/** One task as ECS shows it. */
export interface EngineTask {
  readonly arn: string;
  /** Name of its cluster. */
  readonly cluster: string;
  readonly group: string;
  readonly startedBy?: string;
  /** ARN with its revision. */
  readonly taskDefinition: string;
  readonly launchType: "EC2" | "FARGATE";
  readonly networkMode: "awsvpc" | "bridge" | "host" | "none";
  readonly version: number;
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: "RUNNING" | "STOPPED";
  /** ARN of its container instance; absent on Fargate, as is `ec2InstanceId`. */
  readonly instanceArn?: string;
  readonly ec2InstanceId?: string;
  readonly zone: string;
  /** Private IPv4 (awsvpc). */
  readonly address?: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly stoppingAtMs?: number;
  readonly executionStoppedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly stopCode?: string;
  readonly stoppedReason?: string;
  readonly health: Health;
  readonly containers: readonly EngineContainer[];
}

/** One container instance as ECS shows it. */
export interface EngineInstance {
  readonly arn: string;
  /** Name of its cluster. */
  readonly cluster: string;
  readonly ec2InstanceId: string;
  readonly version: number;
  readonly status: NodeStatus;
  readonly agentConnected: boolean;
  readonly zone: string;
  readonly subnet: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly registered: Resources;
  readonly remaining: Resources;
  /** How many it has, and how many of them no task has. */
  readonly gpus: { readonly registered: number; readonly remaining: number };
  /** Fixed host ports that are taken, the instance's own among them. */
  readonly usedPorts: readonly number[];
  readonly registeredAtMs: number;
}

/** A machine that joins a cluster; its attributes are its own, beside those that ECS sets. */
export interface InstanceInput {
  readonly cluster: string;
  readonly ec2InstanceId: string;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  /** Default 0. */
  readonly gpus?: number;
  readonly zone: string;
  readonly subnet: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** An event as EventBridge delivers it. */
export interface EventEnvelope {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: "aws.ecs";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What AWS answers with an HTTP status of 400 or 500 and `__type`. */
export class EcsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Members of the error shape besides `message`, such as `resourceIds`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    message: string,
    options: { readonly status?: number; readonly fields?: Record<string, unknown> } = {},
  ) {
    super(message);
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** One container that the engine wants to run. */
export interface ContainerOrder {
  readonly taskArn: string;
  readonly cluster: string;
  readonly container: string;
  readonly image: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly containerPort: number; readonly protocol: string }[];
  readonly stopTimeoutSeconds: number;
  readonly health?: {
    readonly command: readonly string[];
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly retries: number;
    readonly startPeriodSeconds: number;
  };
  /** Where its output goes; absent: the machine keeps it. */
  readonly logs?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  /** Which life of the container this is: what is reported for an older one is ignored. */
  readonly attempt: number;
}

/** What a driver tells the engine; each may come at any later time. */
export interface ContainerReports {
  /** It runs. `hostPorts`: what each of its ports is reachable by on the host (containerPort → host port). */
  started(taskArn: string, container: string, hostPorts: Readonly<Record<number, number>>): void;
  /** It could not be started: becomes stop code TaskFailedToStart with this reason, such as `CannotPullContainerError: …`. */
  failed(taskArn: string, container: string, reason: string): void;
  exited(taskArn: string, container: string, exit: { readonly code: number; readonly outOfMemory?: boolean }): void;
  health(taskArn: string, container: string, health: "HEALTHY" | "UNHEALTHY"): void;
}

/** Runs containers for the engine. Calls may be repeated; an unknown task is ignored. */
export interface ContainerDriver {
  /** Handed over once, before any order. */
  connect(reports: ContainerReports): void;
  start(order: ContainerOrder): void;
  /** SIGTERM now, SIGKILL after the stop timeout; reports `exited`. */
  stop(taskArn: string, container: string): void;
  /** At once, without a report: its host is gone. */
  kill(taskArn: string, container: string): void;
}

/** What an engine is given: place, time, chance, and whatever runs its containers. */
export interface EcsEngineOptions {
  readonly region: string;
  readonly account: string;
  readonly nowMs: () => number;
  /** Deterministic in the simulator: a hex string of that many digits. */
  readonly hex: (digits: number) => string;
  readonly driver: ContainerDriver;
  /** Subnets that Fargate and awsvpc tasks may name, with their zone. */
  readonly subnets: Readonly<Record<string, string>>;
  /** How late ListTasks shows a new task or drops a stopped one, ms. Default 0. */
  readonly listLagMs?: number;
  /** How long the steps PROVISIONING, PENDING and DEPROVISIONING take, ms. Default 0. */
  readonly stepMs?: number;
}
