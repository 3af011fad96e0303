/**
 * How long calls of AWS are assumed to take, ms: no account was at hand to measure it, and the figures are rather high. They
 * decide what the functions' time costs, and nothing else.
 */
export const callMs: Readonly<Record<string, number>> = {
  "store.get": 4,
  "store.query": 6,
  "store.list": 6,
  "store.create": 6,
  "store.swap": 6,
  "store.remove": 6,
  "store.take": 6,
  "store.halve": 6,
  "queues.wake": 12,
  "queues.report": 12,
  "queues.deadLetters": 10,
  "metrics.read": 10,
  "tasks.list": 60,
  "tasks.describe": 60,
  "tasks.listNodes": 60,
  "tasks.describeNodes": 60,
  "tasks.run": 400,
  "tasks.stop": 150,
  "tasks.define": 150,
  "tasks.findDefinition": 120,
  "targets.health": 80,
  "targets.register": 100,
  "targets.deregister": 100,
};

/** A function's share of a processor: one whole at 1,769 MB. */
export function processorShare(memoryMib: number): number {
  return Math.min(1, memoryMib / 1_769);
}

/** How new tasks become available in what is measured: as images and health checks usually let them, ms. */
export const startsAfterMs = 20_000;
