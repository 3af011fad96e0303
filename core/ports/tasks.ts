import type { NodeId, TaskId } from "../model/ids.ts";
import type { RunTaskInput } from "../model/records.ts";
import type { MissingTask, NodeSighting, SeenTask } from "../model/sightings.ts";
import type { TaskDefinition } from "../model/task-definition.ts";

/** One task that a RunTask did not start, in an answer that is no error. */
export interface Failure {
  /** ECS's own word, such as `RESOURCE:MEMORY`, `AGENT`, `ATTRIBUTE`, `LOCATION`. */
  readonly reason: string;
  readonly nodeId?: NodeId;
  readonly detail?: string;
}

/** What a RunTask answered: together as many as it asked for. */
export interface RunAnswer {
  readonly tasks: readonly SeenTask[];
  readonly failures: readonly Failure[];
}

/** What `list` may filter by; ECS allows `startedBy` no companion. Without `desiredStatus`: tasks wanted running. */
export type TaskFilter =
  | { readonly startedBy: string }
  | { readonly nodeId: NodeId; readonly desiredStatus?: "RUNNING" | "STOPPED" }
  | { readonly family: string; readonly desiredStatus?: "RUNNING" | "STOPPED" }
  | { readonly desiredStatus: "RUNNING" | "STOPPED" };

/**
 * ECS tasks, task definitions and container instances. Mutating calls are sent once, 5 s in all, and never repeated
 * by the adapter. Reads may be stale, may miss a task that is new, and are repeated by the SDK.
 */
export interface Tasks {
  /**
   * One RunTask. The same input again is answered from the first time.
   * @throws Fault terminal: nothing started. transient: unknown what started, unless `throttled`. conflict: the token
   *   was used with other parameters; `taskIds` names what that started.
   */
  run(input: RunTaskInput): Promise<RunAnswer>;
  /** One StopTask. @throws Fault terminal when it is refused or the task is unknown. */
  stop(cluster: string, taskId: TaskId, reason: string): Promise<void>;
  /** Any number of tasks, in batches of 100, with `readAtMs` the start of each batch's read. */
  describe(cluster: string, taskIds: readonly TaskId[]): Promise<readonly (SeenTask | MissingTask)[]>;
  /** All pages. */
  list(cluster: string, filter: TaskFilter): Promise<readonly TaskId[]>;
  /** Registers a task definition and returns its ARN with its revision. Not idempotent: look with `findDefinition` first. */
  define(definition: TaskDefinition): Promise<string>;
  /** ARN of the newest active task definition of the family that is tagged with that revision, among its last 10. */
  findDefinition(family: string, revision: string): Promise<string | undefined>;
  /** Ids of all container instances but INACTIVE ones, all pages. */
  listNodes(cluster: string): Promise<readonly NodeId[]>;
  /** Those that exist, with what remains of them; one that is not in the answer is gone. */
  describeNodes(cluster: string, nodeIds: readonly NodeId[]): Promise<readonly NodeSighting[]>;
}
