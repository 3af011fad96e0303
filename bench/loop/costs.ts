import { byName, type Counts } from "./meter.ts";
import type { Figure } from "./report.ts";

/** What each figure is to be compared with; in the order of the table. What is not named here is in no table. */
const bounds: Readonly<Record<string, string>> = {
  "ecs RunTask": "at least 0.1: ten tasks a call; quota 40/s, ours 20/s",
  "ecs StopTask": "one for each old task; same quota",
  "ecs DescribeTasks": "0 where nothing has a health check; quota 20/s, ours 10/s",
  "ecs ListTasks": "the sweep's: one for 100 tasks a minute",
  "ecs DescribeContainerInstances": "one a round of placing, for 100 nodes",
  "ecs ListContainerInstances": "the sweep's: one a minute",
  "ecs RegisterTaskDefinition": "one a revision; quota 1/s",
  "ecs ListTaskDefinitions": "one a revision",
  "ecs DescribeTaskDefinition": "at most 10 a revision",
  "elb DescribeTargetHealth": "one a look at the service; quota 10/s, ours 5/s",
  "elb RegisterTargets": "at least 0.01: 100 targets a call; quota 4/s, ours 2/s",
  "elb DeregisterTargets": "at least 0.01: 100 targets a call; same quota",
  "sqs SendMessageBatch": "at least 0.1 of the messages: ten a call; no quota",
  "messages sent": "by us; those of AWS's events not counted",
  "dynamodb GetItem": "no quota",
  "dynamodb Query": "no quota",
  "dynamodb PutItem": "at most 1,000/s to one key",
  "dynamodb UpdateItem": "budgets: one a call, two in a new window",
  "dynamodb DeleteItem": "no quota",
  "write units": "goal 25",
  "read units": "3,000/s from one service's partition",
  "log lines": "one a pass that changed something",
};

/** Parts of the units that are worth a line of their own: at least that share of all. */
const leastShare = 0.02;

/** Calls and units for each task that was launched. */
export function costFigures(counts: Counts, launched: number): readonly Figure[] {
  const sums = byName(counts);
  return Object.entries(bounds).flatMap(([name, bound]) => {
    const count = sums.get(name);
    return count === undefined ? [] : [{ name, value: count / launched, unit: "", bound }];
  });
}

/** Units for each task that was launched, by the kind of item that they were for. */
export function unitFigures(counts: Counts, launched: number): readonly Figure[] {
  return (["written", "read"] as const).flatMap((way) => {
    const sums = [...byName(counts)].filter(([name]) => name.startsWith(`${way} `) && name !== `${way} units`);
    const all = sums.reduce((sum, [, units]) => sum + units, 0);
    return sums
      .filter(([, units]) => units >= all * leastShare)
      .map(([name, units]) => ({ name, value: units / launched, unit: "", bound: "" }));
  });
}
