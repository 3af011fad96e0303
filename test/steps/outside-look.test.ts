import { expect, test } from "vitest";
import type { TaskId } from "../../core/model/ids.ts";
import type { SeenTask } from "../../core/model/sightings.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { TargetHealth } from "../../core/ports/targets.ts";
import { isStillSo, watchOutside } from "../../steps/outside-look.ts";
import { aStage } from "../support/stage.ts";

const metric = { type: "queue", queue: "arn:aws:sqs:us-east-1:000000000000:jobs", messagesPerTask: 1 } as const;
const target = (id: string, state: TargetHealth["state"]): TargetHealth => ({ id, port: 80, state });
const task = (id: string, given: Partial<SeenTask> = {}) => ({ kind: "seen", taskId: id, ...given }) as SeenTask;

/** What a look may ask of the world outside, and is answered. */
interface Outside {
  readonly targets?: readonly TargetHealth[] | Error;
  readonly tasks?: readonly SeenTask[];
  readonly backlog?: number;
}

function portsOf({ targets = [], tasks = [], backlog = 0 }: Outside): Ports {
  const { ports } = aStage();
  const health = async () => {
    if (targets instanceof Error) throw targets;
    return targets;
  };
  return {
    ...ports,
    targets: { ...ports.targets, health },
    tasks: { ...ports.tasks, describe: async () => tasks },
    metrics: { read: async () => ({ kind: "total", value: backlog }) },
  };
}

const usual: Outside = {
  targets: [target("10.0.0.1", "healthy"), target("10.0.0.2", "healthy")],
  tasks: [task("t0", { health: "HEALTHY", readAtMs: 1 })],
  backlog: 3,
};

/** A look that asks for everything, in a world that is as usual but for these. */
async function looked(outside: Outside = {}) {
  const watch = watchOutside(portsOf({ ...usual, ...outside }));
  const { targets, tasks, metrics } = watch.ports;
  await targets.health("arn:group").catch(() => []);
  await tasks.describe("main", ["t0" as TaskId]);
  await metrics.read(metric);
  return watch.found();
}

test.for<{ name: string; now: Outside; still: boolean }>([
  { name: "all is as it was", now: {}, still: true },
  { name: "read at another time", now: { tasks: [task("t0", { health: "HEALTHY", readAtMs: 2 })] }, still: true },
  {
    name: "in another order",
    now: { targets: [target("10.0.0.2", "healthy"), target("10.0.0.1", "healthy")] },
    still: true,
  },
  {
    name: "a target is unhealthy",
    now: { targets: [target("10.0.0.1", "healthy"), target("10.0.0.2", "unhealthy")] },
    still: false,
  },
  { name: "a target is gone", now: { targets: [target("10.0.0.1", "healthy")] }, still: false },
  { name: "a task is unhealthy", now: { tasks: [task("t0", { health: "UNHEALTHY", readAtMs: 1 })] }, still: false },
  { name: "a task is missing", now: { tasks: [] }, still: false },
  { name: "the backlog grew", now: { backlog: 4 }, still: false },
  { name: "the targets cannot be read", now: { targets: new Error("no answer") }, still: false },
])("$name: $still", async ({ now, still }) => {
  expect(await isStillSo(portsOf({ ...usual, ...now }), await looked())).toBe(still);
});

test("what could not be read before has to be looked at again", async () => {
  const outside = { targets: new Error("no answer") };
  expect(await isStillSo(portsOf({ ...usual, ...outside }), await looked(outside))).toBe(false);
});

test("a look that asked for nothing is still so", async () => {
  expect(await isStillSo(portsOf({}), [])).toBe(true);
});
