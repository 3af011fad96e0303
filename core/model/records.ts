import type { Condition } from "./conditions.ts";
import type { NewEvent } from "./events.ts";
import type { Grant } from "./grants.ts";
import type { NodeId, Revision, ServiceKey, TaskId, Token } from "./ids.ts";
import type { Issue } from "./issue.ts";
import type { Scope } from "./scope.ts";
import type { CapacityType, Placement, ServiceManifest, Traffic } from "./service.ts";
import type { Slots } from "./slots.ts";
import type { Network, TaskTemplate } from "./task-template.ts";

/** What this code writes; a record with a higher `schema` was written by a newer Longshore and freezes its own service. */
export const schema = 1;

/** What every stored item but a budget carries. Unknown fields survive a rewrite: a swap names what changes and keeps the rest. */
export interface Item {
  readonly partition: string;
  readonly sort: string;
  readonly schema: number;
  /** Counts the writes of this item, from 1; every condition names it. */
  readonly version: number;
  /** One life of the object that the item belongs to: a service deleted and created again has another. */
  readonly uid: string;
  /** Epoch seconds after which the item counts as absent, whatever the database still shows. */
  readonly expiresAt?: number;
  /** Index "byKind": `<kind>#<shard>`, with the text that orders it there. */
  readonly kindShard?: string;
  readonly kindRow?: string;
  /** Index "waiting": `<cluster>#<shard>`, with the text that orders it there. */
  readonly waitShard?: string;
  readonly waitRow?: string;
}

/** The fields of a record that are its own, apart from those that any item carries. */
export type Fields<R extends Item> = Omit<R, keyof Item>;

/** `install` / `spec`: made by whoever needs it first. */
export interface InstallRecord extends Item {
  /** Random, 8 characters: goes into groups and families. */
  readonly installId: string;
  readonly paused: boolean;
  /** When the last pause ended: deadlines begin again then. */
  readonly resumedAtMs?: number;
  /** `command#<hash>` of the command that wrote it last. */
  readonly lastCommand?: string;
  /** Version of this record at which a part was written last; absent where an earlier Longshore wrote it: by pauses alone. */
  readonly wrotePause?: number;
  readonly wroteGrants?: number;
  /** Unique ids, beside those of the stack; absent: none. */
  readonly administrators?: readonly string[];
  /** In every namespace; absent: none. */
  readonly grants?: readonly Grant[];
}

/** `namespace#<name>` / `spec`: only there once somebody paused the namespace, or granted something there. */
export interface NamespaceRecord extends Item {
  readonly paused: boolean;
  readonly resumedAtMs?: number;
  readonly lastCommand: string;
  /** As the install's. */
  readonly wrotePause?: number;
  readonly wroteGrants?: number;
  /** In this namespace; absent: none. */
  readonly grants?: readonly Grant[];
}

/** `service#<key>` / `spec`: the wish. Written by accept; removed by reconcile in the last step of a delete. */
export interface SpecRecord extends Item {
  readonly manifest: ServiceManifest;
  /** Counts accepted changes, from 1, also across a delete that is followed by an apply. */
  readonly generation: number;
  readonly acceptedAtMs: number;
  /** `command#<hash>` of the command that wrote this version. */
  readonly lastCommand: string;
  /** Version of this record at which a part was written last: what makes a late redelivery superseded. */
  readonly wroteManifest: number;
  readonly wroteReplicas: number;
  readonly deleting: boolean;
  /** An apply that arrived during the delete: becomes the new spec in its last step. */
  readonly next?: { readonly manifest: ServiceManifest; readonly lastCommand: string; readonly acceptedAtMs: number };
  readonly paused: boolean;
  /** The rollout is held; healing and scaling go on. */
  readonly rolloutPaused?: boolean;
  /** When a pause of either kind ended last: deadlines begin again then, and a failure of before no longer counts. */
  readonly resumedAtMs?: number;
  /** Version of this record at which a pause or resume wrote it last. */
  readonly wrotePause?: number;
  /** Part of the revision's hash. */
  readonly restarts: number;
  /** Generation that an apply, a restart or a rollback made last; changes of `replicas` alone do not count. */
  readonly attempt: number;
  /** That generation goes back to what ran before it: it is not itself rolled back. */
  readonly isRollback?: boolean;
  /** A generation whose rollout somebody cancelled: an automatic rollback by hand. */
  readonly cancelled?: number;
}

/** One revision and role in the plan. */
export interface PlannedSet {
  /** Tail of `startedBy`, at most 19 characters; for the main set its revision. */
  readonly id: string;
  readonly revision: Revision;
  readonly role: "main";
  readonly slots: Slots;
  readonly priority: number;
  readonly placement: Placement;
  readonly capacity: CapacityType;
  /** A task that has not reached RUNNING by then has failed to start. */
  readonly startDeadlineSeconds: number;
  /** None of it starts before then (back-off). */
  readonly notBeforeMs: number;
}

/** What may run: dispatch fills the slots of its sets in their order, up to `maxLive`. */
export interface Plan {
  /** Older revisions that still serve, the proven one among them, then the one that is rolled out. */
  readonly sets: readonly PlannedSet[];
  readonly maxLive: number;
  /** Revisions of which nothing starts. */
  readonly barred: readonly Revision[];
}

/** One task's way out. `leaving` could be taken back, though nothing does so yet; `stopping` never can. */
export interface Stop {
  readonly phase: "leaving" | "stopping";
  readonly why: StopReason;
  readonly atMs: number;
  /** StopTask calls recorded so far: each is counted before it is sent. */
  readonly tries: number;
  readonly lastTryAtMs?: number;
}

/** Why a task goes; `returned`: it was out of reach, and is back after its replacement came. */
export type StopReason =
  | "surplus"
  | "replaced"
  | "deleted"
  | "unhealthy"
  | "failed to start"
  | "orphan"
  | "returned"
  | "drained";

/** Resources that a namespace's quota counts. */
export interface Held {
  readonly tasks: number;
  readonly cpuUnits: number;
  readonly memoryMib: number;
}

/** Crash back-off of one revision of a service. */
export interface BackOff {
  readonly revision: Revision;
  /** Failures in a row, without a quiet time between. */
  readonly failures: number;
  readonly lastFailureAtMs: number;
}

/** Why a rollout ended before it was complete. */
export type FailureReason =
  | "BreakerTripped"
  | "ProgressDeadlineExceeded"
  | "ImageUnavailable"
  | "PermissionMissing"
  | "ConfigurationRefused"
  | "Cancelled";

/** The attempt to bring about what the spec wants to run. */
export interface RolloutRecord {
  /** The spec's `attempt` that it belongs to. */
  readonly attempt: number;
  readonly revision: Revision;
  readonly startedAtMs: number;
  /** The spec's last resume when it began: another one may try it again. */
  readonly resumedAtMs?: number;
  /** Set once; then nothing of the revision starts any more. */
  readonly failure?: {
    readonly reason: FailureReason;
    readonly message: string;
    readonly atMs: number;
    /** `paused`: also where there is no earlier revision to go back to. */
    readonly outcome: "rolled back" | "paused";
  };
}

/** What the autoscaler decided, and what it has to remember. It is written only when it changes. */
export interface Scale {
  /** Tasks wanted now. */
  readonly replicas: number;
  /** Since when no metric has been active. */
  readonly idleSinceMs?: number;
  /** What was recommended lately, oldest first: each stood until the next. Two that were joined have both their bounds. */
  readonly recommended: readonly { readonly sinceMs: number; readonly low: number; readonly high: number }[];
  /** Changes of the last minute, oldest first. */
  readonly moves: readonly { readonly atMs: number; readonly by: number }[];
}

/** How far the rollout of a generation came. */
export interface Progress {
  /** What is rolled out: another one than the spec wants while that is rolled back. */
  readonly revision: Revision;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** Live tasks of other revisions, the fewest that were seen. */
  readonly older: number;
  /** When one of the first three last went up, or the last one down, or the rollout began. */
  readonly atMs: number;
  readonly complete: boolean;
}

/** Traffic that tasks of ours may be registered in. */
export interface TrafficOnRecord extends Traffic {
  /**
   * When it came, until enough tasks were healthy in it: what runs since before then is not to blame for failing there.
   * Absent also for what the service had from the first.
   */
  readonly sinceMs?: number;
}

/** `service#<key>` / `state`: what reconcile decided. ≤ 64 KB. A delete leaves a tombstone. */
export interface StateRecord extends Item {
  readonly tombstone: boolean;
  /** The latest generation that this plan is for. */
  readonly generation: number;
  readonly cluster: string;
  readonly plan: Plan;
  /** Version of this record at which the plan last changed: what seals are compared with. */
  readonly planVersion: number;
  /** Version at which the plan last took something away; a seal of that version or later has to be on record. */
  readonly sealVersion: number;
  readonly held: Held;
  readonly stops: Readonly<Record<string, Stop>>;
  /** Of each revision in the plan that failed lately. */
  readonly backOffs: readonly BackOff[];
  readonly rollout?: RolloutRecord;
  /** What the last complete rollout left running: where an automatic rollback goes. */
  readonly stable?: Revision;
  /** The traffic that it was complete with: what a rollback goes back to with it. */
  readonly stableTraffic?: readonly Traffic[];
  readonly scale?: Scale;
  readonly conditions: readonly Condition[];
  /** Traffic that tasks of ours may be registered in: the spec's, and what left the spec until nothing of ours is in it. */
  readonly traffic?: readonly TrafficOnRecord[];
  /** Where the rollout of this generation stands; what its deadline is measured from. */
  readonly progress: Progress;
  /** When this service must be looked at next; may lie in the past while it is unsettled; absent at rest. */
  readonly dueAtMs?: number;
  /** What the spec wants to run. */
  readonly revision?: Revision;
}

/** What a revision's hash is of, and what its task definition is made from: every default of the install is filled in. */
export interface RevisionContent {
  readonly task: TaskTemplate;
  readonly network: Network;
  readonly capacity: CapacityType;
  readonly restarts: number;
}

/** `service#<key>` / `revision#<hash>`. The task definition is set once. */
export interface RevisionRecord extends Item {
  readonly revision: Revision;
  readonly content: RevisionContent;
  /** Last generation that brought it in: what people name it by. */
  readonly generation: number;
  /** What the manifest said of it, without the install's defaults: what a rollback writes into the spec again. */
  readonly given: { readonly task: TaskTemplate; readonly capacity: Placement["capacity"] };
  readonly createdAtMs: number;
  /** A rollout of it was complete: what a rollback goes to by itself. */
  readonly proven?: true;
  /** Why its last rollout failed. */
  readonly failed?: FailureReason;
  readonly taskDefinition?: string;
  /** Why ECS refused the task definition, and when: another attempt, or a resume, asks again. */
  readonly refusal?: string;
  readonly refusedAtMs?: number;
}

/** A whole RunTask request: stored before it is sent, sent again byte for byte. Field names are those of the ECS API. */
export interface RunTaskInput {
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly count: number;
  readonly clientToken: Token;
  readonly startedBy: string;
  readonly group: string;
  readonly launchType: "EC2" | "FARGATE";
  readonly enableECSManagedTags: boolean;
  readonly enableExecuteCommand?: true;
  readonly propagateTags: "TASK_DEFINITION";
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly placementConstraints?: readonly { readonly type: "memberOf"; readonly expression: string }[];
  readonly networkConfiguration?: {
    readonly awsvpcConfiguration: {
      readonly subnets: readonly string[];
      readonly securityGroups: readonly string[];
      readonly assignPublicIp: "ENABLED" | "DISABLED";
    };
  };
}

/** `sent`: outcome open · `settling`: nobody sends it again, looking decides · `answered` and `void` are final. */
export type CallPhase = "sent" | "settling" | "answered" | "void";

/** One task that a call asks for. */
export interface Member {
  /** Index of the slot in the call's set. */
  readonly slot: number;
  readonly taskId?: TaskId;
  /** ECS's reason for not starting it, such as `RESOURCE:MEMORY`. */
  readonly failure?: string;
}

/** `service#<key>` / `call#<seq>`: one RunTask. A seal is a void call without members. */
export interface CallRecord extends Item {
  readonly seq: number;
  readonly planVersion: number;
  readonly phase: CallPhase;
  readonly token: Token;
  readonly setId: string;
  readonly revision: Revision;
  readonly members: readonly Member[];
  /** Node that the call is pinned to; on Fargate the zone. */
  readonly nodeId?: NodeId;
  readonly zone?: string;
  /** Dropped when the call is closed. */
  readonly input?: RunTaskInput;
  readonly firstSentAtMs: number;
  readonly tries: number;
  readonly settlingSinceMs?: number;
  /** What the first of the two listings of a settling call saw, and when it began. */
  readonly firstListing?: { readonly atMs: number; readonly taskIds: readonly TaskId[] };
  readonly reason?: string;
  /** Why ECS refused it for good, in its words. */
  readonly refusal?: string;
  readonly closedAtMs?: number;
}

/** ECS's `lastStatus`, in the order of a task's life. */
export type TaskStatus =
  | "PROVISIONING"
  | "PENDING"
  | "ACTIVATING"
  | "RUNNING"
  | "DEACTIVATING"
  | "STOPPING"
  | "DEPROVISIONING"
  | "STOPPED";

/** ECS's `healthStatus`: of the container health checks of a task together; UNKNOWN without any. */
export type Health = "HEALTHY" | "UNHEALTHY" | "UNKNOWN";

/** `service#<key>` / `task#<id>`: one task. `mergeSighting` writes what ECS shows, `changeTask` what is ours. ≤ 512 B, and once it failed ≤ 1 KB. */
export interface TaskRecord extends Item {
  readonly taskId: TaskId;
  /** From `startedBy`. */
  readonly token: Token;
  readonly setId: string;
  /** Set once, from the call that started it or by adoption. */
  readonly call?: number;
  readonly slot?: number;
  readonly revision?: Revision;
  /** From the family's revision: what an adopted task's revision is told by. */
  readonly taskDefinition: string;
  readonly ecsVersion: number;
  readonly status: TaskStatus;
  readonly desiredStatus: "RUNNING" | "STOPPED";
  readonly nodeId?: NodeId;
  readonly zone?: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly stoppedAtMs?: number;
  readonly stopCode?: string;
  /** First 400 characters: what a task that never ran failed of is told late in ECS's longer texts. */
  readonly stoppedReason?: string;
  readonly exitCode?: number;
  readonly address?: string;
  /** Host port by `<container>:<containerPort>`, in bridge and host mode. */
  readonly hostPorts?: Readonly<Record<string, number>>;
  readonly health: Health;
  /** Start of the read that saw this health first. */
  readonly healthAtMs: number;
  /** Start of the first read that did not find it. */
  readonly missingAtMs?: number;
  /** Set by reconcile when its node was out of reach past its grace. */
  readonly abandonedAtMs?: number;
  /** Since when it has been running, healthy and healthy in its traffic, without a break that was seen. */
  readonly readySinceMs?: number;
}

/** Who passes over a key now, and what others want looked at. It only spares work: no rule leans on it. */
export interface Lease extends Item {
  readonly holder: string;
  readonly untilMs: number;
  /** Grows whenever somebody found it held. */
  readonly wanted: number;
  /** What they wanted looked at, at most 100 names; `all` beyond. */
  readonly names: readonly string[] | "all";
}

/** ECS's status of a container instance; only ACTIVE ones take new tasks. */
export type NodeStatus = "ACTIVE" | "DRAINING" | "REGISTERING" | "DEREGISTERING" | "REGISTRATION_FAILED" | "INACTIVE";

/** What a task needs, or a node has: 1024 CPU units are one vCPU. */
export interface Resources {
  readonly cpuUnits: number;
  readonly memoryMib: number;
}

/** `cluster#<name>` / `node#<id>`: a machine for tasks as last seen, merged by `mergeNode` alone. */
export interface NodeRecord extends Item {
  readonly nodeId: NodeId;
  readonly ecsVersion: number;
  readonly ec2InstanceId: string;
  readonly status: NodeStatus;
  readonly agentConnected: boolean;
  readonly disconnectedAtMs?: number;
  readonly inactiveAtMs?: number;
  /** Start of the first describe that did not show it. */
  readonly missingAtMs?: number;
  readonly zone: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly registered: Resources;
}

/** `cluster#<name>` / `state`: what dispatch decided about nodes. */
export interface ClusterRecord extends Item {
  /** Nodes given up, and when. */
  readonly lost: Readonly<Record<string, number>>;
  readonly lastLossAtMs: number;
}

/** `cluster#<name>` / `notice#<key>`: dispatch asks a service to give tasks up, or tells it why nothing starts. */
export interface NoticeRecord extends Item {
  readonly tasks: Readonly<
    Record<string, { readonly why: "node lost" | "node gone"; readonly nodeId: NodeId; readonly atMs: number }>
  >;
  /** What could not be placed, and why, in words for people. */
  readonly unplaced?: { readonly tasks: number; readonly message: string };
}

/** `namespace#<name>` / `usage`. */
export interface UsageRecord extends Item {
  readonly entries: Readonly<Record<string, Held & { readonly stamp: number; readonly uid: string }>>;
}

/** `received`: not decided yet; the others are final. */
export type CommandPhase = "received" | "applied" | "refused" | "superseded";

/** `command#<hash>` / `result`: what became of a command. Expires after 14 days. */
export interface CommandRecord extends Item {
  readonly phase: CommandPhase;
  /** The unique id that SQS stamped on the message, as it was first received: what it may do is decided by this alone. */
  readonly sender: string;
  readonly type: string;
  readonly bodyHash: string;
  readonly receivedAtMs: number;
  /** The service that it names, where that could be read. */
  readonly object?: ServiceKey;
  /** What it names instead: a namespace or the install. */
  readonly scope?: Scope;
  /** Version of the spec when it was received or last tried; 0: there was none. */
  readonly base: number;
  /** Generation of the spec at that version; 0: there was none. */
  readonly baseGeneration?: number;
  /** Which life of the service that was. */
  readonly baseUid?: string;
  readonly generation?: number;
  /** Applied, and it was so already. */
  readonly unchanged?: true;
  readonly issues?: readonly Issue[];
}

/** `events#<key>` / ulid: one line for people; of a service, a namespace or the install. */
export interface EventRecord extends Item, NewEvent {
  readonly atMs: number;
}
