import { observationBodies } from "../../core/model/bodies.ts";
import type { Observation } from "../../core/ports/queues.ts";
import type { PortCall } from "./watched.ts";

/** Calls of one API of AWS, such as `ecs RunTask`, and how many. */
export type AwsCalls = readonly [name: string, count: number];

/** What ECS and ELB take or show at once, and SQS. */
const pageSize = 100;
const batchSize = 10;
/** How many definitions of a family are looked through for a revision. */
const newestDefinitions = 10;

type Rule = (args: readonly unknown[], answer: unknown, defined: number) => readonly AwsCalls[];

const one =
  (name: string): Rule =>
  () => [[name, 1]];
/** In batches of what the argument at that index lists; none for none. */
const batched =
  (name: string, index: number): Rule =>
  (args) => [[name, Math.ceil(lengthOf(args[index]) / pageSize)]];
/** Page by page; one for none. */
const paged =
  (name: string): Rule =>
  (_, answer) => [[name, Math.max(1, Math.ceil(lengthOf(answer) / pageSize))]];
const messages = (count: number): readonly AwsCalls[] => [
  ["sqs SendMessageBatch", Math.ceil(count / batchSize)],
  ["messages sent", count],
];

/** The calls that the adapters in `aws/` make for each method of a port; those of the store are counted with its units. */
const rules: Readonly<Record<string, Rule>> = {
  "tasks.run": one("ecs RunTask"),
  "tasks.stop": one("ecs StopTask"),
  "tasks.describe": batched("ecs DescribeTasks", 1),
  "tasks.list": paged("ecs ListTasks"),
  "tasks.define": one("ecs RegisterTaskDefinition"),
  "tasks.findDefinition": (_, __, defined) => [
    ["ecs ListTaskDefinitions", 1],
    ["ecs DescribeTaskDefinition", Math.min(newestDefinitions, defined)],
  ],
  "tasks.listNodes": paged("ecs ListContainerInstances"),
  "tasks.describeNodes": batched("ecs DescribeContainerInstances", 1),
  "targets.register": batched("elb RegisterTargets", 1),
  "targets.deregister": batched("elb DeregisterTargets", 1),
  "targets.health": one("elb DescribeTargetHealth"),
  "queues.deadLetters": (_, answer) => [["sqs GetQueueAttributes of dead letters", lengthOf(answer)]],
  "metrics.read": one("sqs GetQueueAttributes"),
  "queues.wake": ([, wakeups]) => messages(lengthOf(wakeups)),
  "queues.report": ([observations, hops]) =>
    messages(observationBodies(observations as readonly Observation[], Number(hops)).length),
};

/**
 * What a call of a port becomes in AWS.
 * @param defined Task definitions that were registered before: each is looked at for its revision.
 * @returns Empty for a call of the store.
 */
export function awsCallsOf({ port, method, args }: PortCall, answer: unknown, defined: number): readonly AwsCalls[] {
  const calls = rules[`${port}.${method}`]?.(args, answer, defined) ?? [];
  return calls.filter(([, count]) => count > 0);
}

function lengthOf(list: unknown): number {
  return (list as readonly unknown[]).length;
}
