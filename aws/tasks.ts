import {
  DescribeTasksCommand,
  type DescribeTasksCommandOutput,
  type ECSClient,
  ListTasksCommand,
  type ListTasksCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type RunTaskCommandOutput,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import type { NodeId, TaskId } from "../core/model/ids.ts";
import type { RunTaskInput } from "../core/model/records.ts";
import type { MissingTask, SeenTask } from "../core/model/sightings.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Failure, RunAnswer, TaskFilter, Tasks } from "../core/ports/tasks.ts";
import { lastPart } from "./arns.ts";
import { callOnce, callTimeoutMs } from "./call-once.ts";
import { chunks } from "./chunks.ts";
import type { ClientPair } from "./clients.ts";
import { ecsDefinitions } from "./definitions.ts";
import { translated } from "./faults.ts";
import { ecsNodes } from "./nodes.ts";
import { everyPage } from "./pages.ts";
import { seenTask } from "./seen.ts";
import { readWithin } from "./within-time.ts";

interface TasksOptions {
  readonly clients: ClientPair<ECSClient>;
  /** Dates what is read by the start of the read. */
  readonly clock: Clock;
  /** Longest that a mutating call may take. */
  readonly timeoutMs?: number;
  /** Longest that it may take to describe a hundred tasks, in all. */
  readonly describeTimeoutMs?: number;
}

/** Most that ECS lists on a page or describes at once. */
const atOnce = 100;

/** A pass that goes on without what could not be described has time left for its calls, within 5 s of its first read. */
const describeWithinMs = 3_000;

/** Amazon ECS. Mutating calls make one attempt, of 5 s unless told otherwise; reads are repeated by the SDK. */
export function ecsTasks({
  clients,
  clock,
  timeoutMs = callTimeoutMs,
  describeTimeoutMs = describeWithinMs,
}: TasksOptions): Tasks {
  const { calls, reads } = clients;
  return {
    run: async (input) => {
      const readAtMs = clock.nowMs();
      // The stored input is ECS's own; only its lists are read-only.
      const command = new RunTaskCommand(input as unknown as RunTaskCommandInput);
      const answer = await callOnce("ecs RunTask", timeoutMs, (options) => calls.send(command, options));
      return runAnswer(input, answer, readAtMs);
    },
    stop: async (cluster, task, reason) => {
      const command = new StopTaskCommand({ cluster, task, reason });
      await callOnce("ecs StopTask", timeoutMs, (options) => calls.send(command, options));
    },
    describe: async (cluster, taskIds) => {
      const sightings: (SeenTask | MissingTask)[] = [];
      for (const ids of chunks(taskIds, atOnce)) {
        const readAtMs = clock.nowMs();
        const command = new DescribeTasksCommand({ cluster, tasks: [...ids] });
        const answer = await readWithin("ecs DescribeTasks", describeTimeoutMs, (options) =>
          reads.send(command, options),
        );
        sightings.push(...described(answer, cluster, readAtMs));
      }
      return sightings;
    },
    list: (cluster, filter) =>
      everyPage(async (nextToken) => {
        const input = { cluster, ...listFilter(filter), maxResults: atOnce, nextToken };
        const answer = await translated("ecs ListTasks", () => reads.send(new ListTasksCommand(input)));
        return { items: (answer.taskArns ?? []).map(lastPart<TaskId>), next: answer.nextToken };
      }),
    ...ecsDefinitions(clients, timeoutMs),
    ...ecsNodes(reads, clock),
  };
}

/**
 * A repeated call is answered from the first one, and of tasks that have stopped meanwhile by little more than their ARN
 * and status: what they were started with is filled in, under version 0, which any other sighting follows.
 */
function runAnswer(
  input: RunTaskInput,
  { tasks = [], failures = [] }: RunTaskCommandOutput,
  readAtMs: number,
): RunAnswer {
  const { cluster, group, startedBy, taskDefinition } = input;
  const known = { clusterArn: cluster, group, startedBy, taskDefinitionArn: taskDefinition, version: 0 };
  return {
    tasks: tasks.flatMap((task) => seenTask({ ...known, ...present(task) }, readAtMs) ?? []),
    failures: failures.map(({ arn, reason, detail }): Failure => {
      const isNode = arn?.includes(":container-instance/") === true;
      return {
        reason: reason ?? "UNKNOWN",
        ...(isNode && { nodeId: lastPart<NodeId>(arn) }),
        ...(detail && { detail }),
      };
    }),
  };
}

function present(task: object): object {
  return Object.fromEntries(Object.entries(task).filter(([, value]) => value !== undefined));
}

/** A failure other than MISSING says nothing of the task. */
function described(
  { tasks = [], failures = [] }: DescribeTasksCommandOutput,
  cluster: string,
  readAtMs: number,
): readonly (SeenTask | MissingTask)[] {
  const missing = failures.flatMap(({ arn, reason }): readonly MissingTask[] =>
    arn && reason === "MISSING" ? [{ kind: "missing", taskId: lastPart(arn), cluster, readAtMs }] : [],
  );
  return [...tasks.flatMap((task) => seenTask(task, readAtMs) ?? []), ...missing];
}

function listFilter(filter: TaskFilter): Partial<ListTasksCommandInput> {
  if ("startedBy" in filter) return { startedBy: filter.startedBy };
  if ("nodeId" in filter) return { containerInstance: filter.nodeId, desiredStatus: filter.desiredStatus };
  return filter;
}
