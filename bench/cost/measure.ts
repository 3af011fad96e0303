import type { Measurement } from "../../cli/cost/measurement.ts";
import { mapUsage, sumOf, type Usage } from "../../cli/cost/usage.ts";
import { itemBytes } from "../loop/item-size.ts";
import { measureClientMs } from "./client-time.ts";
import { countStack } from "./stack.ts";
import type { FunctionSizes } from "./used.ts";
import { type CostWorld, clearedUpMinutes, costWorld, type Group } from "./world.ts";

/** So long, each of the audit's turns comes six times. */
const restMinutes = 60;
const services = 100;
const tasksEach = 10;
const queueServices = 10;
/** What DynamoDB's storage adds to each item. */
const itemOverheadBytes = 100;

/** Measures the product in simulated installs, one after another, and counts in its template. */
export async function measure(date: string, told: (text: string) => void): Promise<Measurement> {
  const stack = countStack();
  const clientMs = rounded(await measureClientMs());
  const sizes: FunctionSizes = { memoryMib: stack.memoryMib, clientMs };
  const rest = async (groups: readonly Group[]) => {
    told(groups.map(({ kind, count, tasksEach: each }) => `${count} × ${kind} of ${each}`).join(", ") || "no services");
    return restOf(await costWorld(groups, sizes));
  };
  const empty = await rest([]);
  const few = await rest([{ kind: "plain", count: services, tasksEach: 1 }]);
  const plain = await rest([{ kind: "plain", count: services, tasksEach }]);
  const web = await rest([{ kind: "web", count: services, tasksEach }]);
  const worker = await rest([{ kind: "worker", count: services, tasksEach }]);
  const task = scaled(difference(plain.used, few.used), 1 / (services * (tasksEach - 1)));
  const taskBytes = (plain.bytes - few.bytes) / (services * (tasksEach - 1));
  const whole = await measureWhole(sizes, told);
  return {
    date,
    clientMs,
    stack,
    customMetrics: whole.customMetrics,
    perMinute: {
      install: empty.used,
      service: difference(scaled(difference(few.used, empty.used), 1 / services), task),
      task,
      targetGroupService: scaled(difference(web.used, plain.used), 1 / services),
      queueService: scaled(difference(worker.used, plain.used), 1 / services),
    },
    perRollout: whole.perRollout,
    perBacklog: whole.perBacklog,
    bytes: {
      service: Math.round((few.bytes - empty.bytes) / services - taskBytes),
      task: Math.round(taskBytes),
      rollout: whole.bytesOfRollout,
    },
    whole: { services, tasks: services * tasksEach, queueServices, used: whole.used },
  };
}

async function restOf(costs: CostWorld): Promise<{ readonly used: Usage; readonly bytes: number }> {
  const from = costs.meter.read();
  await costs.run(restMinutes);
  return { used: scaled(costs.meter.since(from), 1 / restMinutes), bytes: bytesOf(costs) };
}

/** An install of the usual size: at rest, and in rollouts of a service of ten tasks and of the same with thirty. */
async function measureWhole(sizes: FunctionSizes, told: (text: string) => void) {
  told("all together, and rollouts");
  const costs = await costWorld(
    [
      { kind: "web", count: services - queueServices, tasksEach },
      { kind: "worker", count: queueServices, tasksEach },
    ],
    sizes,
  );
  const { used, bytes } = await restOf(costs);
  const ten = await rollOut(costs, tasksEach, used);
  const bytesOfRollout = bytesOf(costs) - bytes;
  await costs.change(firstOf(costs), { image: "shop/web:2", tasks: 3 * tasksEach });
  const thirty = await rollOut(costs, 3 * tasksEach, used);
  const perBacklog = await comeAndGo(costs, used);
  await failOne(costs);
  const task = scaled(difference(thirty, ten), 1 / (2 * tasksEach));
  return {
    used,
    customMetrics: [...costs.meter.metrics].toSorted(),
    perRollout: { rollout: difference(ten, scaled(task, tasksEach)), task },
    perBacklog,
    bytesOfRollout,
  };
}

let images = 1;

/** What a rollout uses beside what rest uses meanwhile. */
async function rollOut(costs: CostWorld, tasks: number, atRest: Usage): Promise<Usage> {
  images += 1;
  const from = costs.meter.read();
  await costs.change(firstOf(costs), { image: `shop/web:${images}`, tasks });
  return difference(costs.meter.since(from), scaled(atRest, clearedUpMinutes));
}

/** What a backlog of ten tasks uses that goes and comes again, beside what rest uses meanwhile. */
async function comeAndGo(costs: CostWorld, atRest: Usage): Promise<Usage> {
  const key = costs.services.at(-1);
  if (key === undefined) throw new Error("there is no service");
  const from = costs.meter.read();
  await costs.drain(key);
  await costs.change(key, { image: "shop/web:1", tasks: tasksEach });
  return difference(costs.meter.since(from), scaled(atRest, 2 * clearedUpMinutes));
}

async function failOne({ world, run, services }: CostWorld): Promise<void> {
  const [key] = services;
  const [task] = key === undefined ? [] : world.truth.live(key);
  world.aws.crash(task?.arn ?? "");
  await run(5);
}

function firstOf({ services: [first] }: CostWorld) {
  if (first === undefined) throw new Error("there is no service");
  return first;
}

function bytesOf({ world }: CostWorld): number {
  return world.store.all().reduce((sum, item) => sum + itemBytes({ ...item }) + itemOverheadBytes, 0);
}

function difference(more: Usage, less: Usage): Usage {
  return sumOf([
    [more, 1],
    [less, -1],
  ]);
}

function scaled(usage: Usage, times: number): Usage {
  return mapUsage((name) => usage[name] * times);
}

/** Two significant digits: more would be noise. */
function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
