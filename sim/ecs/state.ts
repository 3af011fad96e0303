import type { TaskStatus } from "../../core/model/records.ts";
import type { EcsEngineOptions, EngineContainer, EngineInstance, EngineTask, EventEnvelope } from "./api.ts";
import type { ContainerInput, OverridesInput, RegisterInput } from "./inputs.ts";

/** Tags by their key. */
export type Tags = Readonly<Record<string, string>>;

/** A cluster. */
export interface ClusterState {
  readonly arn: string;
  readonly name: string;
}

/** A container instance. */
export interface InstanceState extends EngineInstance {
  readonly id: string;
  readonly updatedAtMs: number;
}

/** One revision of a task definition. */
export interface DefinitionState {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  readonly status: "ACTIVE" | "INACTIVE";
  readonly networkMode: EngineTask["networkMode"];
  readonly containers: readonly ContainerInput[];
  /** As it was registered, with ECS's own defaults filled in. */
  readonly registered: RegisterInput;
  readonly registeredAtMs: number;
  readonly deregisteredAtMs?: number;
}

/** A port of a container. */
export interface PortState {
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
  /** Host port that the task definition fixes; absent: the driver chooses one. */
  readonly fixedPort?: number;
}

/** A container of a task. */
export interface ContainerState extends EngineContainer {
  readonly arn: string;
  /** Whether it has a health check: only then is its health ever known. */
  readonly checked: boolean;
  /** Whether the driver was told to start it: before, it waits for other containers. */
  readonly ordered: boolean;
  readonly runtimeId?: string;
  readonly cpuUnits: number;
  readonly memoryMib?: number;
  readonly memoryReservationMib?: number;
  readonly ports: readonly PortState[];
}

/** An elastic network interface, the task's own (awsvpc). */
export interface InterfaceState {
  readonly attachmentId: string;
  readonly interfaceId: string;
  readonly macAddress: string;
  readonly subnet: string;
  readonly address: string;
  readonly status: "PRECREATED" | "ATTACHED" | "DETACHING" | "DELETED";
}

/** A task. */
export interface TaskState extends EngineTask {
  readonly id: string;
  readonly containers: readonly ContainerState[];
  readonly overrides: OverridesInput;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  /** Of its instance, while it lives. */
  readonly gpus: number;
  /** Host ports that it holds on its instance. */
  readonly fixedPorts: readonly number[];
  readonly architecture: string;
  readonly enableExecuteCommand: boolean;
  readonly eni?: InterfaceState;
  readonly connectedAtMs?: number;
  readonly pullStartedAtMs?: number;
  readonly pullStoppedAtMs?: number;
  readonly updatedAtMs: number;
}

/** What a RunTask with a token started and refused, for the same request sent again. */
export interface TokenState {
  /** Canonical JSON of the request. */
  readonly request: string;
  readonly atMs: number;
  readonly taskArns: readonly string[];
  readonly failures: readonly Readonly<Record<string, string>>[];
}

/** What a driver reported, and when. */
export type Report = { readonly taskArn: string; readonly container: string; readonly atMs: number } & (
  | { readonly kind: "started"; readonly hostPorts: Readonly<Record<number, number>> }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "exited"; readonly code: number; readonly outOfMemory: boolean }
  | { readonly kind: "health"; readonly health: "HEALTHY" | "UNHEALTHY" }
);

/** All that the engine knows: maps and arrays of plain data, each value replaced and never written into. */
export interface EcsState {
  readonly clusters: Map<string, ClusterState>;
  /** By ARN, as are definitions, tasks and tags. */
  readonly instances: Map<string, InstanceState>;
  readonly definitions: Map<string, DefinitionState>;
  /** Highest revision of each family, deregistered ones included. */
  readonly revisions: Map<string, number>;
  /** In the order of their creation: that of lists. */
  readonly tasks: Map<string, TaskState>;
  readonly tags: Map<string, Tags>;
  /** By cluster and token. */
  readonly tokens: Map<string, TokenState>;
  /** When a task takes its next step by itself, by its ARN. */
  readonly due: Map<string, number>;
  /** ARNs of stopped tasks, in the order in which they stopped. */
  readonly stopped: string[];
  /** Task ARN of each private address in use. */
  readonly addresses: Map<string, string>;
  /** What a disconnected agent will report once it is connected again, by the ARN of its instance. */
  readonly held: Map<string, Report[]>;
  /** Host ports of the containers that really run, by task ARN and container name. */
  readonly running: Map<string, Readonly<Record<number, number>>>;
  /** Addresses handed out so far. */
  leased: number;
}

/** What every part of the engine works on. */
export interface Ecs {
  readonly options: EcsEngineOptions;
  readonly state: EcsState;
  /** Events that nobody was told of yet. */
  readonly outbox: EventEnvelope[];
}

/** An engine without clusters, instances and tasks. */
export function emptyState(): EcsState {
  return {
    clusters: new Map(),
    instances: new Map(),
    definitions: new Map(),
    revisions: new Map(),
    tasks: new Map(),
    tags: new Map(),
    tokens: new Map(),
    due: new Map(),
    stopped: [],
    addresses: new Map(),
    held: new Map(),
    running: new Map(),
    leased: 0,
  };
}

/** Whether a task still takes room: nothing but STOPPED gives its resources back. */
export function isLive(task: { readonly lastStatus: TaskStatus }): boolean {
  return task.lastStatus !== "STOPPED";
}
