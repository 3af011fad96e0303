import { Fault } from "../../core/model/fault.ts";
import type { NodeId, TaskId } from "../../core/model/ids.ts";
import type { RunTaskInput } from "../../core/model/records.ts";
import type { MissingTask, SeenTask } from "../../core/model/sightings.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Failure, RunAnswer, TaskFilter, Tasks } from "../../core/ports/tasks.ts";
import { type EcsEngine, EcsError } from "./api.ts";
import { lastPart } from "./arns.ts";
import { registerInput } from "./port-definition.ts";
import { seenNode, seenTask, type WireInstance, type WireTask } from "./port-seen.ts";

interface WireFailure {
  readonly arn?: string;
  readonly reason: string;
  readonly detail?: string;
}

/** What the port needs of an engine, so that faults can be put around it. */
type Handler = Pick<EcsEngine, "handle">;

/** The tasks port over an engine in the same process, through its wire JSON, as the adapter for AWS sees it. */
export function engineTasks(engine: Handler, clock: Pick<Clock, "nowMs">): Tasks {
  const call = caller(engine);
  return {
    run: async (input) => runAnswer(call("RunTask", input), input, clock.nowMs()),
    stop: async (cluster, taskId, reason) => {
      call("StopTask", { cluster, task: taskId, reason });
    },
    describe: async (cluster, taskIds) =>
      inBatches(taskIds).flatMap((tasks) => {
        const readAtMs = clock.nowMs();
        return sightings(call("DescribeTasks", { cluster, tasks }), cluster, readAtMs);
      }),
    list: async (cluster, filter) =>
      allPages(call, "ListTasks", { cluster, ...listFilter(filter) }, "taskArns").map((arn) => lastPart(arn) as TaskId),
    define: async (definition) => {
      const answer = call("RegisterTaskDefinition", registerInput(definition));
      return (answer.taskDefinition as { readonly taskDefinitionArn: string }).taskDefinitionArn;
    },
    findDefinition: async (family, revision) => findDefinition(call, family, revision),
    listNodes: async (cluster) =>
      allPages(call, "ListContainerInstances", { cluster }, "containerInstanceArns").map(
        (arn) => lastPart(arn) as NodeId,
      ),
    describeNodes: async (cluster, nodeIds) =>
      inBatches(nodeIds).flatMap((containerInstances) => {
        const readAtMs = clock.nowMs();
        const answer = call("DescribeContainerInstances", { cluster, containerInstances });
        const found = answer.containerInstances as readonly WireInstance[];
        return found.map((instance) => seenNode(instance, cluster, readAtMs));
      }),
  };
}

type Call = (action: string, input: unknown) => Record<string, unknown>;

/** Passes JSON both ways, as a wire would, and turns ECS's errors into faults. */
function caller(engine: Handler): Call {
  return (action, input) => {
    try {
      return JSON.parse(JSON.stringify(engine.handle(action, JSON.parse(JSON.stringify(input)))));
    } catch (error) {
      throw error instanceof EcsError ? faultOf(error) : error;
    }
  };
}

/** What an error of ECS means for the caller. */
export function faultOf(error: EcsError): Fault {
  const { code, message, fields } = error;
  if (code === "ThrottlingException") return new Fault("transient", code, message, { throttled: true, cause: error });
  if (code === "ServerException") return new Fault("transient", code, message, { cause: error });
  if (code !== "ConflictException") return new Fault("terminal", code, message, { cause: error });
  const arns = Array.isArray(fields.resourceIds) ? fields.resourceIds : [];
  return new Fault("conflict", code, message, {
    taskIds: arns.map((arn) => lastPart(`${arn}`) as TaskId),
    cause: error,
  });
}

function runAnswer(answer: Record<string, unknown>, input: RunTaskInput, readAtMs: number): RunAnswer {
  const tasks = answer.tasks as readonly WireTask[];
  const failures = answer.failures as readonly WireFailure[];
  return {
    tasks: tasks.map((task) => seenTask(task, input.cluster, readAtMs, input)),
    failures: failures.map(failureOf),
  };
}

function failureOf({ arn, reason, detail }: WireFailure): Failure {
  return {
    reason,
    ...(arn?.includes(":container-instance/") && { nodeId: lastPart(arn) as NodeId }),
    ...(detail !== undefined && { detail }),
  };
}

function sightings(
  answer: Record<string, unknown>,
  cluster: string,
  readAtMs: number,
): readonly (SeenTask | MissingTask)[] {
  const tasks = answer.tasks as readonly WireTask[];
  const failures = answer.failures as readonly WireFailure[];
  const missing = failures.filter(({ reason }) => reason === "MISSING");
  return [
    ...tasks.map((task) => seenTask(task, cluster, readAtMs)),
    ...missing.map(
      ({ arn = "" }) => ({ kind: "missing", taskId: lastPart(arn) as TaskId, cluster, readAtMs }) as const,
    ),
  ];
}

function listFilter(filter: TaskFilter): Record<string, unknown> {
  if (!("nodeId" in filter)) return filter;
  return { containerInstance: filter.nodeId, desiredStatus: filter.desiredStatus };
}

function findDefinition(call: Call, family: string, revision: string): string | undefined {
  const newest = call("ListTaskDefinitions", { familyPrefix: family, sort: "DESC", maxResults: 10 });
  return (newest.taskDefinitionArns as readonly string[]).find((taskDefinition) => {
    const { tags } = call("DescribeTaskDefinition", { taskDefinition, include: ["TAGS"] });
    const list = tags as readonly { readonly key: string; readonly value: string }[];
    return list.some(({ key, value }) => key === "longshore:revision" && value === revision);
  });
}

function allPages(call: Call, action: string, input: Record<string, unknown>, member: string): readonly string[] {
  const found: string[] = [];
  let page = call(action, input);
  found.push(...(page[member] as readonly string[]));
  while (typeof page.nextToken === "string") {
    page = call(action, { ...input, nextToken: page.nextToken });
    found.push(...(page[member] as readonly string[]));
  }
  return found;
}

function inBatches<T>(items: readonly T[]): readonly (readonly T[])[] {
  const size = 100;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, batch) =>
    items.slice(batch * size, (batch + 1) * size),
  );
}
