/**
 * What people write, after admission: every default is filled in, every bound holds. Absent means *not given, and the
 * install decides*. The shapes are those of a manifest (`docs/manifest.md`); units are in the names.
 */
export interface ServiceManifest {
  readonly apiVersion: "longshore.dev/v1";
  readonly kind: "Service";
  readonly metadata: Metadata;
  readonly spec: ServiceSpec;
}

export interface Metadata {
  /** `[a-z0-9-]`, 1 to 63 characters, as is `name`. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ServiceSpec {
  /** Tasks wanted, 0 to 5,000. */
  readonly replicas: number;
  /** 0 to 100; higher ones are placed first. */
  readonly priority: number;
  readonly task: TaskTemplate;
  readonly placement: Placement;
  readonly restart: Restart;
  readonly traffic: readonly Traffic[];
  readonly rollout: Rollout;
}

export interface TaskTemplate {
  /** 1024 = one vCPU. Of the whole task: the containers' sum, rounded up to a Fargate size where Fargate runs it. */
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly architecture: "x86_64" | "arm64";
  readonly taskRole?: string;
  readonly executionRole?: string;
  readonly network?: Network;
  /** 1 to 10; at least one is essential. */
  readonly containers: readonly Container[];
}

export interface Network {
  readonly mode: "awsvpc" | "bridge" | "host";
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicIp: boolean;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly memoryReservationMib?: number;
  readonly essential: boolean;
  readonly ports: readonly ContainerPort[];
  readonly environment: Readonly<Record<string, string>>;
  /** Variable → ARN of a Secrets Manager secret or an SSM parameter. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment keys that look secret and are not: without standing here they are refused. */
  readonly plainSecrets?: readonly string[];
  readonly health?: ContainerHealth;
  /** 0 to 120; what a container gets between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
  readonly logs?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
}

export interface ContainerPort {
  readonly name: string;
  readonly containerPort: number;
  readonly protocol: "tcp" | "udp";
}

export interface ContainerHealth {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export type CapacityType = "ec2" | "fargate";

export interface Placement {
  /** At most one for now; empty: the install's default. */
  readonly capacity: readonly { readonly type: CapacityType }[];
  readonly spread: readonly Spread[];
  readonly constraints: readonly Constraint[];
}

export interface Spread {
  /** `zone`, `node`, or the name of a node attribute. */
  readonly by: string;
  /** 1 to 100: how far the fullest domain may lie above the emptiest eligible one. */
  readonly maxSkew: number;
  readonly whenUnsatisfiable: "refuse" | "prefer";
}

/** What a node must be: `attribute` is `zone` or the name of a node attribute. */
export interface Constraint {
  readonly attribute: string;
  readonly operator: "in" | "notIn" | "exists" | "notExists";
  /** Empty for `exists` and `notExists`. */
  readonly values: readonly string[];
}

export interface Restart {
  readonly backoffSeconds: number;
  readonly maxBackoffSeconds: number;
  readonly resetSeconds: number;
}

export interface Traffic {
  readonly targetGroup: string;
  readonly container: string;
  /** Name of a port of that container. */
  readonly port: string;
  /** How long a leaving task waits for its last requests, 0 to 3600. */
  readonly drainSeconds: number;
  /** How long after its start failing target checks do not count, 0 to 7200. */
  readonly healthGraceSeconds: number;
}

export interface Rollout {
  readonly strategy: "recreate";
  readonly minReadySeconds: number;
  readonly progressDeadlineSeconds: number;
}
