import { takeSteps } from "./advance.ts";
import type { ContainerReports, EventEnvelope } from "./api.ts";
import { receive } from "./reports.ts";
import type { Ecs, Report } from "./state.ts";

/** Runs operations of an engine one after another, and takes its driver's reports. */
export interface Operator {
  run<T>(operation: () => T): T;
  readonly reports: ContainerReports;
  readonly listeners: ((envelope: EventEnvelope) => void)[];
}

/**
 * Around each operation: first what is due, then the operation itself, then what became due and what was reported
 * meanwhile; last, with everything settled, the events, each to all listeners before the next.
 */
export function operatorOf(ecs: Ecs): Operator {
  const listeners: ((envelope: EventEnvelope) => void)[] = [];
  const inbox: Report[] = [];
  let busy = false;
  let telling = false;
  const settle = () => {
    for (;;) {
      takeSteps(ecs);
      const report = inbox.shift();
      if (report === undefined) return;
      receive(ecs, report);
    }
  };
  const tell = () => {
    if (telling) return;
    telling = true;
    try {
      for (let event = ecs.outbox.shift(); event !== undefined; event = ecs.outbox.shift()) {
        for (const listener of listeners) listener(event);
      }
    } finally {
      telling = false;
    }
  };
  const run = <T>(operation: () => T): T => {
    if (busy) throw new Error("broken invariant: the engine was called from inside an order to its driver");
    busy = true;
    try {
      settle();
      return operation();
    } finally {
      try {
        settle();
      } finally {
        busy = false;
      }
      tell();
    }
  };
  const take = (report: Report) => {
    inbox.push(report);
    if (!busy) run(() => undefined);
  };
  return { run, listeners, reports: reportsInto(take, ecs.options.nowMs) };
}

function reportsInto(take: (report: Report) => void, nowMs: () => number): ContainerReports {
  const base = (taskArn: string, container: string) => ({ taskArn, container, atMs: nowMs() });
  return {
    started: (taskArn, container, hostPorts) => take({ ...base(taskArn, container), kind: "started", hostPorts }),
    failed: (taskArn, container, reason) => take({ ...base(taskArn, container), kind: "failed", reason }),
    exited: (taskArn, container, { code, outOfMemory = false }) =>
      take({ ...base(taskArn, container), kind: "exited", code, outOfMemory }),
    health: (taskArn, container, health) => take({ ...base(taskArn, container), kind: "health", health }),
  };
}
