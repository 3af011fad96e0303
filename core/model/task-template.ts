/** What each task of a service runs, and with what. An optional field that is absent is no part of a revision's name. */
export interface TaskTemplate {
  /** 1024 = one vCPU. Of the whole task: the containers' sum, rounded up to a Fargate size where Fargate runs it. */
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly architecture: "x86_64" | "arm64";
  readonly taskRole?: string;
  readonly executionRole?: string;
  /** Whether commands may be run in its containers (ECS Exec), which takes a task role. */
  readonly exec?: boolean;
  /** 21 to 200, on Fargate only; absent: what Fargate gives every task. */
  readonly ephemeralStorageGib?: number;
  readonly network?: Network;
  /** At most 20, each named once. */
  readonly volumes?: readonly Volume[];
  /** 1 to 10; at least one is essential. */
  readonly containers: readonly Container[];
}

/** ECS's network mode; subnets, security groups and the public IP are those of `awsvpc`. */
export interface Network {
  readonly mode: "awsvpc" | "bridge" | "host";
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly publicIp: boolean;
}

/** A folder that containers of a task mount, by where what it holds is kept. */
export type Volume = { readonly name: string } & (
  | { readonly efs: EfsVolume }
  | { readonly host: HostVolume }
  | { readonly ephemeral: EphemeralVolume }
);

/** An Amazon EFS file system: shared, and there after the task. */
export interface EfsVolume {
  /** `fs-…` */
  readonly fileSystem: string;
  /** Folder of the file system that is mounted; absent: its root, or what the access point says. */
  readonly path?: string;
  /** `fsap-…`; with one, `path` is absent or `/` and `transitEncryption` is on. */
  readonly accessPoint?: string;
  /** Whether it is mounted as the task role; then `transitEncryption` is on. */
  readonly iam: boolean;
  readonly transitEncryption: boolean;
}

/** A folder of the machine that the task runs on: not on Fargate, and there after the task. */
export interface HostVolume {
  readonly path: string;
}

/** A folder that is empty when the task starts and gone when it has stopped. */
export type EphemeralVolume = Readonly<Record<string, never>>;

/** One container of a task. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** ARN of a Secrets Manager secret with what a private registry asks for. */
  readonly registryCredentials?: string;
  readonly entryPoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory?: string;
  readonly user?: string;
  readonly cpuUnits: number;
  readonly memoryMib: number;
  readonly memoryReservationMib?: number;
  /** 1 to 16 whole GPUs, its own while it runs; not on Fargate. */
  readonly gpu?: number;
  readonly essential: boolean;
  /** What has to come to pass before it starts; it is stopped before those that it waited for. No cycles. */
  readonly dependsOn?: readonly Dependency[];
  readonly ports: readonly ContainerPort[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files of variables, at most 10; of one variable the first file counts, and `environment` before any. */
  readonly environmentFrom?: readonly EnvironmentFile[];
  /** Variable → ARN of a Secrets Manager secret or an SSM parameter. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Environment keys that look secret and are not: without standing here they are refused. */
  readonly plainSecrets?: readonly string[];
  /** At most 20, each at a path of its own. */
  readonly mounts?: readonly Mount[];
  readonly health?: ContainerHealth;
  /** 0 to 120 on Fargate, 0 to 3600 elsewhere; what a container gets between SIGTERM and SIGKILL. */
  readonly stopTimeoutSeconds: number;
  readonly logs?: ContainerLogs;
}

/** Another container of the task, and how far it has to have come. */
export interface Dependency {
  readonly container: string;
  /**
   * `start` it was started · `healthy` its health check passed · `complete` it has exited · `success` it has exited
   * with 0. The last two are of containers that are not essential.
   */
  readonly condition: "start" | "healthy" | "complete" | "success";
}

/** A port that a container listens on, 1 to 65535, under a name that traffic refers to. */
export interface ContainerPort {
  readonly name: string;
  readonly containerPort: number;
  /** Port of the node, which one task at a time can have; other than `containerPort` only on a bridge. */
  readonly hostPort?: number;
  readonly protocol: "tcp" | "udp";
}

/** Lines `NAME=value` that ECS reads when the task starts. */
export interface EnvironmentFile {
  /** ARN of the object in S3; its key ends in `.env`. */
  readonly s3: string;
}

/** Where a container sees a volume of its task. */
export interface Mount {
  readonly volume: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** ECS's container health check. */
export interface ContainerHealth {
  readonly command: readonly string[];
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

/** Where a container's output goes: a log driver of ECS's, and its options. */
export interface ContainerLogs {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  /** Option → ARN of a Secrets Manager secret or an SSM parameter. */
  readonly secretOptions?: Readonly<Record<string, string>>;
}
