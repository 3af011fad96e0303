import type { Measurement } from "./measurement.ts";
import { type PriceName, prices } from "./prices.ts";
import { sumOf, type Usage } from "./usage.ts";

/** What an install carries. */
export interface Load {
  readonly services: number;
  /** Of all services together. */
  readonly tasks: number;
  /** In all, of services of the usual size. */
  readonly rolloutsPerDay: number;
  /** Services that follow the backlog of a queue. */
  readonly queueServices: number;
  /** How often a backlog of ten tasks comes and goes, in all. */
  readonly backlogsPerDay: number;
  /** Services behind a target group; none of them follows a queue here. */
  readonly targetGroupServices: number;
}

/** One line of the bill. */
export interface Line {
  readonly name: string;
  readonly quantity: number;
  readonly price: PriceName;
  readonly dollars: number;
}

/** A month of 730 hours. */
const hours = 730;
const days = hours / 24;
const minutes = hours * 60;
const gigabyte = 1024 ** 3;

/** An idle mapping keeps two pollers, each of which waits 20 s for its answer. */
const idlePollers = 2;
const pollsAMinute = 3;

/** A process of the sweep that has just started reads everything at once, as ten minutes of audits do; how often, is assumed. */
const newProcessesADay = 12;
const auditMinutes = 10;

/** How long history and results of commands are kept. */
const keptDays = 14;

/**
 * What a month costs: of what is measured, so often as the load says, and of what is there whether it is used or not. The
 * free tier is left out.
 */
export function monthOf(load: Load, measured: Measurement): readonly Line[] {
  const { stack } = measured;
  const used = usedInAMonth(load, measured);
  const receives = minutes * pollsAMinute * idlePollers;
  const sweeps = minutes * stack.sweepsAMinute;
  const gigabytes = storedBytes(load, measured) / gigabyte;
  const line = (name: string, price: PriceName, quantity: number): Line => ({
    name,
    quantity,
    price,
    dollars: (quantity / prices[price].of) * prices[price].dollars,
  });
  return [
    line("SQS: empty receives", "request", receives * stack.mappings.standard),
    line("SQS: empty receives, FIFO", "fifoRequest", receives * stack.mappings.fifo),
    line("SQS: looks at dead letters", "request", sweeps * stack.deadLetterQueues.standard),
    line("SQS: looks at dead letters, FIFO", "fifoRequest", sweeps * stack.deadLetterQueues.fifo),
    line("SQS: messages, and looks at backlogs", "request", used.requests),
    line("SQS: commands", "fifoRequest", used.fifoRequests),
    line("Lambda: time", "gbSecond", used.gbSeconds),
    line("Lambda: invocations", "invocation", used.invocations),
    line("Scheduler: sweeps", "schedule", sweeps),
    line("DynamoDB: reads", "readUnit", used.readUnits),
    line("DynamoDB: writes", "writeUnit", used.writeUnits),
    line("DynamoDB: storage", "storage", gigabytes),
    line("DynamoDB: point-in-time recovery", "backup", gigabytes),
    line("CloudWatch: alarms", "alarm", stack.alarms),
    line("CloudWatch: dashboards", "dashboard", stack.dashboards),
    // Published only while tasks start or fail; here for the whole month, as soon as there is anything that may.
    line("CloudWatch: custom metrics", "customMetric", load.services > 0 ? measured.customMetrics.length : 0),
    line("CloudWatch: log lines", "logs", used.logBytes / gigabyte),
    line("KMS: keys", "key", stack.keys),
  ].filter(({ quantity }) => quantity > 0);
}

/** What lines cost together. */
export function totalOf(lines: readonly Line[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** At rest for a minute. */
export function usedAtRest(load: Load, { perMinute }: Measurement): Usage {
  return sumOf([[perMinute.install, 1], ...ofServices(load, perMinute)]);
}

function usedInAMonth(load: Load, { perMinute, perRollout, perBacklog }: Measurement): Usage {
  const rollouts = load.rolloutsPerDay * days;
  const tasksEach = load.services === 0 ? 0 : load.tasks / load.services;
  const afresh = (newProcessesADay * auditMinutes) / (24 * 60);
  return sumOf([
    [perMinute.install, minutes],
    ...ofServices(load, perMinute).map(([usage, times]) => [usage, times * minutes * (1 + afresh)] as const),
    [perRollout.rollout, rollouts],
    [perRollout.task, rollouts * tasksEach],
    [perBacklog, load.backlogsPerDay * days],
  ]);
}

function ofServices(
  { services, tasks, queueServices, targetGroupServices }: Load,
  perMinute: Measurement["perMinute"],
): readonly (readonly [Usage, number])[] {
  return [
    [perMinute.service, services],
    [perMinute.task, tasks],
    [perMinute.targetGroupService, targetGroupServices],
    [perMinute.queueService, queueServices],
  ];
}

function storedBytes({ services, tasks, rolloutsPerDay }: Load, { bytes }: Measurement): number {
  return services * bytes.service + tasks * bytes.task + rolloutsPerDay * keptDays * bytes.rollout;
}
