import { describe, expect, test } from "vitest";
import type { Measurement } from "../../../cli/cost/measurement.ts";
import { type Load, monthOf, totalOf, usedAtRest } from "../../../cli/cost/month.ts";
import { nothing, type Usage } from "../../../cli/cost/usage.ts";

const hours = 730;
const minutes = hours * 60;
const none: Load = {
  services: 0,
  tasks: 0,
  rolloutsPerDay: 0,
  queueServices: 0,
  backlogsPerDay: 0,
  targetGroupServices: 0,
};

/** A measurement in which nothing costs anything but what a test says. */
function aMeasurement(given: {
  readonly perMinute?: Partial<Measurement["perMinute"]>;
  readonly perRollout?: Partial<Measurement["perRollout"]>;
  readonly perBacklog?: Usage;
  readonly stack?: Partial<Measurement["stack"]>;
  readonly customMetrics?: readonly string[];
  readonly bytes?: Partial<Measurement["bytes"]>;
}): Measurement {
  const memoryMib = { accept: 512, observe: 512, reconcile: 512, dispatch: 512, sweep: 512 };
  const noQueues = { standard: 0, fifo: 0 };
  const stack = { sweepsAMinute: 0, alarms: 0, dashboards: 0, keys: 0, memoryMib, mappings: noQueues };
  const each = { service: nothing, task: nothing, targetGroupService: nothing, queueService: nothing };
  return {
    date: "2026-01-01",
    clientMs: 1,
    stack: { ...stack, deadLetterQueues: noQueues, ...given.stack },
    customMetrics: given.customMetrics ?? [],
    perMinute: { install: nothing, ...each, ...given.perMinute },
    perRollout: { rollout: nothing, task: nothing, ...given.perRollout },
    perBacklog: given.perBacklog ?? nothing,
    bytes: { service: 0, task: 0, rollout: 0, ...given.bytes },
    whole: { services: 0, tasks: 0, queueServices: 0, used: nothing },
  };
}

const using = (given: Partial<Usage>): Usage => ({ ...nothing, ...given });

/** The lines of a bill: what, how many, and dollars to a hundredth of a cent. */
function billed(load: Partial<Load>, given: Parameters<typeof aMeasurement>[0]): readonly string[] {
  const lines = monthOf({ ...none, ...load }, aMeasurement(given));
  return lines.map(({ name, quantity, dollars }) => `${name}: ${Math.round(quantity)} $${dollars.toFixed(4)}`);
}

test("what is not there costs nothing", () => {
  expect(billed({}, {})).toEqual([]);
});

describe("by its mere being there", () => {
  test.for<{ name: string; stack: Partial<Measurement["stack"]>; bill: readonly string[] }>([
    { name: "an alarm", stack: { alarms: 2 }, bill: ["CloudWatch: alarms: 2 $0.2000"] },
    { name: "a dashboard", stack: { dashboards: 1 }, bill: ["CloudWatch: dashboards: 1 $3.0000"] },
    { name: "a key", stack: { keys: 1 }, bill: ["KMS: keys: 1 $1.0000"] },
    {
      name: "an idle queue: two pollers, three polls a minute each",
      stack: { mappings: { standard: 1, fifo: 0 } },
      bill: [`SQS: empty receives: ${6 * minutes} $0.1051`],
    },
    {
      name: "an idle FIFO queue",
      stack: { mappings: { standard: 0, fifo: 1 } },
      bill: [`SQS: empty receives, FIFO: ${6 * minutes} $0.1314`],
    },
    {
      name: "a look at each queue of dead letters in each sweep",
      stack: { sweepsAMinute: 1, deadLetterQueues: { standard: 2, fifo: 1 } },
      bill: [
        `SQS: looks at dead letters: ${2 * minutes} $0.0350`,
        `SQS: looks at dead letters, FIFO: ${minutes} $0.0219`,
        `Scheduler: sweeps: ${minutes} $0.0438`,
      ],
    },
  ])("$name", ({ stack, bill }) => {
    expect(billed({}, { stack })).toEqual(bill);
  });
});

describe("each minute", () => {
  test.for<{ name: string; used: Partial<Usage>; bill: string }>([
    { name: "read units", used: { readUnits: 100 }, bill: `DynamoDB: reads: ${100 * minutes} $0.5475` },
    { name: "write units", used: { writeUnits: 100 }, bill: `DynamoDB: writes: ${100 * minutes} $2.7375` },
    { name: "requests", used: { requests: 10 }, bill: `SQS: messages, and looks at backlogs: ${10 * minutes} $0.1752` },
    { name: "requests to the FIFO queue", used: { fifoRequests: 10 }, bill: `SQS: commands: ${10 * minutes} $0.2190` },
    { name: "invocations", used: { invocations: 10 }, bill: `Lambda: invocations: ${10 * minutes} $0.0876` },
    { name: "time", used: { gbSeconds: 1 }, bill: `Lambda: time: ${minutes} $0.5840` },
    { name: "log lines", used: { logBytes: 1024 ** 3 / minutes }, bill: "CloudWatch: log lines: 1 $0.5000" },
  ])("of an install: $name", ({ used, bill }) => {
    expect(billed({}, { perMinute: { install: using(used) } })).toEqual([bill]);
  });

  // A new process reads everything, twelve times a day, as ten minutes do: a twelfth more.
  const withNewProcesses = (amount: number) => `DynamoDB: reads: ${Math.round((amount * minutes * 13) / 12)}`;
  test.for<{ of: "service" | "task" | "targetGroupService" | "queueService"; load: Partial<Load>; times: number }>([
    { of: "service", load: { services: 7 }, times: 7 },
    { of: "task", load: { tasks: 7 }, times: 7 },
    { of: "targetGroupService", load: { targetGroupServices: 7 }, times: 7 },
    { of: "queueService", load: { queueServices: 7 }, times: 7 },
  ])("of each $of, and of what a new process reads again", ({ of, load, times }) => {
    const [line] = billed(load, { perMinute: { [of]: using({ readUnits: 1 }) } });
    expect(line).toContain(withNewProcesses(times));
  });
});

test("each rollout, and each of its tasks: as many as a service has", () => {
  const perRollout = { rollout: using({ writeUnits: 100 }), task: using({ writeUnits: 10 }) };
  const [line] = billed({ services: 10, tasks: 50, rolloutsPerDay: 2 }, { perRollout });
  expect(line).toContain(`DynamoDB: writes: ${Math.round(((2 * hours) / 24) * (100 + 5 * 10))}`);
});

test("each backlog that comes and goes", () => {
  const [line] = billed({ backlogsPerDay: 2 }, { perBacklog: using({ writeUnits: 1000 }) });
  expect(line).toContain(`DynamoDB: writes: ${Math.round(((2 * hours) / 24) * 1000)}`);
});

test("custom metrics cost once there is anything that may publish them", () => {
  const customMetrics = ["a", "b"];
  expect(billed({}, { customMetrics })).toEqual([]);
  expect(billed({ services: 1 }, { customMetrics })).toEqual(["CloudWatch: custom metrics: 2 $0.6000"]);
});

test("what is stored costs, and its backup: of rollouts what is kept for two weeks", () => {
  const gigabyte = 1024 ** 3;
  const bytes = { service: gigabyte, task: gigabyte / 2, rollout: gigabyte / 14 };
  expect(billed({ services: 2, tasks: 4, rolloutsPerDay: 1 }, { bytes })).toEqual([
    "DynamoDB: storage: 5 $1.2500",
    "DynamoDB: point-in-time recovery: 5 $1.0000",
  ]);
});

test("the total is the sum of its lines", () => {
  const lines = monthOf({ ...none, services: 1 }, aMeasurement({ stack: { alarms: 2 }, customMetrics: ["a"] }));
  expect(totalOf(lines)).toBeCloseTo(0.5);
});

test("rest is the sum of its parts", () => {
  const perMinute = {
    install: using({ readUnits: 1 }),
    service: using({ readUnits: 2 }),
    task: using({ readUnits: 3 }),
  };
  const load = { ...none, services: 10, tasks: 100 };
  expect(usedAtRest(load, aMeasurement({ perMinute })).readUnits).toBe(321);
});
