import type { Bench } from "./bench-world.ts";
import { between, byName, type Counts } from "./meter.ts";
import type { Figure } from "./report.ts";

const restMs = 10 * 60_000;
const queues = ["commands", "work", "dispatch", "observations"] as const;
const sweeps = "the sweep, ten times";

/** What a settled service costs in ten minutes in which nothing happens; the sweep's own apart. */
export async function restFigures({ world, metering }: Bench): Promise<readonly Figure[]> {
  await world.run({ until: () => queues.every((queue) => world.queues.pending(queue) === 0) });
  const [before, from] = [metering.read(), world.calls.length];
  await world.run({ mostMs: restMs });
  const counts = between(before, metering.read());
  const mutating = world.calls.slice(from).filter(({ mutates }) => mutates);
  const others = byName(counts, (handler) => handler !== "sweep");
  const own = byName(counts, (handler) => handler === "sweep");
  return [
    zero("write units, of all handlers", byName(counts).get("write units")),
    zero("log lines, of all handlers", byName(counts).get("log lines")),
    zero("messages sent, of all handlers", byName(counts).get("messages sent")),
    zero("calls that may change anything, of all handlers", mutating.length),
    zero("calls of AWS, of all but the sweep", callsIn(others)),
    ...[...own]
      .filter(([name]) => isCall(name) || name === "read units")
      .map(([name, value]) => ({ name: `sweep: ${name}`, value, unit: "", bound: sweeps })),
  ];
}

function zero(name: string, value = 0): Figure {
  return { name, value, unit: "", bound: "0" };
}

function callsIn(counts: Counts): number {
  return [...counts].reduce((sum, [name, count]) => sum + (isCall(name) ? count : 0), 0);
}

function isCall(name: string): boolean {
  return /^(ecs|elb|sqs|dynamodb) /.test(name);
}
