import type { Queues, StackCount } from "../../cli/cost/measurement.ts";
import { Synthesized } from "../../test/infra/synthesize.ts";

const functions = ["accept", "observe", "reconcile", "dispatch", "sweep"] as const;

/** Counts what costs by its mere being there, in the template that `cdk deploy` deploys without any option. */
export function countStack(): StackCount {
  const stack = new Synthesized();
  const all = (type: string) => [...stack.all(type).values()].map(({ Properties }) => Properties);
  const queues = all("AWS::SQS::Queue");
  const mappings = all("AWS::Lambda::EventSourceMapping").map((mapping) => stack.shown(mapping.EventSourceArn));
  const memory = Object.fromEntries(
    all("AWS::Lambda::Function").map((each) => [nameIn(each.FunctionName), Number(each.MemorySize)]),
  );
  return {
    mappings: byKind(mappings.map((source) => /commands/i.test(source))),
    deadLetterQueues: byKind(
      queues
        .filter(({ QueueName: name }) => /-dead(\.fifo)?$/.test(String(name)))
        .map(({ FifoQueue: fifo }) => fifo === true),
    ),
    sweepsAMinute: all("AWS::Scheduler::Schedule").filter((each) => each.ScheduleExpression === "rate(1 minute)")
      .length,
    alarms: all("AWS::CloudWatch::Alarm").length,
    dashboards: all("AWS::CloudWatch::Dashboard").length,
    keys: all("AWS::KMS::Key").length,
    memoryMib: Object.fromEntries(
      functions.map((name) => [name, memory[name] ?? Number.NaN]),
    ) as StackCount["memoryMib"],
  };
}

function nameIn(functionName: unknown): string {
  return String(functionName).split("-").at(-1) ?? "";
}

function byKind(areFifo: readonly boolean[]): Queues {
  const fifo = areFifo.filter((isFifo) => isFifo).length;
  return { standard: areFifo.length - fifo, fifo };
}
