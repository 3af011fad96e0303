import { fargateSizes, type TaskSize } from "../model/fargate.ts";
import type { TaskTemplate } from "../model/task-template.ts";
import { orList } from "../words/or-list.ts";
import { maxCpuUnits, maxMemoryMib } from "./container-schema.ts";
import { type Findings, report } from "./findings.ts";
import type { Draft } from "./objects.ts";
import { child, type Place } from "./place.ts";

type Dimension = "cpuUnits" | "memoryMib";

const dimensions: readonly { readonly name: Dimension; readonly most: number }[] = [
  { name: "cpuUnits", most: maxCpuUnits },
  { name: "memoryMib", most: maxMemoryMib },
];

/**
 * Fills in what the task as a whole gets: where that is not given, its containers' sum, and where Fargate runs it the
 * smallest Fargate size that has room. Reports a task smaller than its containers, and one that Fargate has no size for.
 * A task whose containers have issues is left as it is.
 */
export function sizeTask(
  task: Draft<TaskTemplate>,
  onFargate: boolean,
  place: Place,
  findings: Findings,
): Draft<TaskTemplate> {
  const cpuSum = sumOf(task, "cpuUnits");
  const memorySum = sumOf(task, "memoryMib");
  if (cpuSum === undefined || memorySum === undefined) return task;
  const sums = { cpuUnits: cpuSum, memoryMib: memorySum };
  const fitting = dimensions.filter((dimension) => holdsContainers(task, dimension, sums, place, findings));
  if (fitting.length < dimensions.length) return task;
  if (!onFargate) return withSize(task, { cpuUnits: task.cpuUnits ?? cpuSum, memoryMib: task.memoryMib ?? memorySum });

  const size = fargateSizes.find((candidate) =>
    dimensions.every(({ name }) =>
      task[name] === undefined ? candidate[name] >= sums[name] : candidate[name] === task[name],
    ),
  );
  if (size) return withSize(task, size);
  report(findings, place, "conflict", () => describeNoSize(task, sums));
  return task;
}

/** The fields in the order of the schema, so that an admitted task reads the same when it is admitted again. */
function withSize({ cpuUnits, memoryMib, ...task }: Draft<TaskTemplate>, size: TaskSize): Draft<TaskTemplate> {
  return { ...size, ...task };
}

/** Undefined: no containers, or one whose share could not be read. */
function sumOf({ containers }: Draft<TaskTemplate>, dimension: Dimension): number | undefined {
  let sum = 0;
  for (const container of containers ?? [undefined]) {
    const share = container?.[dimension];
    if (share === undefined) return undefined;
    sum += share;
  }
  return sum;
}

function holdsContainers(
  task: Draft<TaskTemplate>,
  { name, most }: (typeof dimensions)[number],
  sums: Readonly<Record<Dimension, number>>,
  place: Place,
  findings: Findings,
): boolean {
  const room = task[name] ?? most;
  if (room >= sums[name]) return true;
  const here = child(place, name);
  report(findings, here, "conflict", () => `the containers' ${name} must sum to at most ${room}, got ${sums[name]}`);
  return false;
}

function describeNoSize(task: Draft<TaskTemplate>, sums: Readonly<Record<Dimension, number>>): string {
  const asked = dimensions.map(({ name }) =>
    task[name] === undefined ? `at least ${sums[name]} ${name}` : `${task[name]} ${name}`,
  );
  const cpuSizes = [...new Set(fargateSizes.map(({ cpuUnits }) => cpuUnits))];
  const memory = fargateSizes
    .filter(({ cpuUnits }) => cpuUnits === task.cpuUnits)
    .map(({ memoryMib }) => `${memoryMib}`);
  const advice =
    memory.length > 0
      ? `with ${task.cpuUnits} cpuUnits goes memoryMib ${orList(memory)}`
      : `cpuUnits must be ${orList(cpuSizes.map(String))}`;
  return `fargate has no size of ${asked.join(" and ")}; ${advice}`;
}
