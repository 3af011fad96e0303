import { functionLog } from "../../aws/function-log.ts";
import type { Usage } from "../../cli/cost/usage.ts";
import { observationBodies } from "../../core/model/bodies.ts";
import type { Ports } from "../../core/ports/index.ts";
import type { Around } from "../../sim/world/options.ts";
import { metering } from "../loop/metering.ts";
import { timing } from "./timing.ts";
import { type FunctionSizes, type Messages, type Reading, usedBetween } from "./used.ts";

/** Meters a world in what AWS charges for. */
export interface UsageMeter {
  readonly around: Around;
  /** Tells of an event that AWS puts on the observations queue, or of a command. */
  sent(what: "event" | "command"): void;
  /** To measure from. */
  read(): Reading;
  /** What was used since. */
  since(reading: Reading): Usage;
  /** Every custom metric that was published, with the names of its dimensions. */
  readonly metrics: ReadonlySet<string>;
}

/** CloudWatch Logs counts so much for each line beside its text. */
const lineBytes = 26;

/** A meter that stands at nothing. */
export function usageMeter(sizes: FunctionSizes): UsageMeter {
  const counts = metering();
  const times = timing();
  const messages: Messages = { events: 0, accept: 0, observe: 0, reconcile: 0, dispatch: 0, sweep: 0 };
  const metrics = new Set<string>();
  let logBytes = 0;
  const print = (line: string) => {
    logBytes += Buffer.byteLength(line) + 1 + lineBytes;
    for (const name of metricsIn(line)) metrics.add(name);
  };
  const watched: Around = (handler, work) => async (ports) => {
    if (handler === "sweep") messages.sweep += 1;
    const log = functionLog({ install: ports.settings.install, handler }, print);
    await work({ ...ports, queues: counted(ports.queues, messages), log });
    log.publish();
  };
  const read = (): Reading => ({
    counts: counts.read(),
    passes: times.passes.length,
    messages: { ...messages },
    logBytes,
  });
  return {
    around: (handler, work) => times.around(handler, counts.around(handler, watched(handler, work))),
    sent: (what) => {
      messages[what === "command" ? "accept" : "observe"] += 1;
      if (what === "event") messages.events += 1;
    },
    read,
    since: (from) => usedBetween(from, read(), times.passes.slice(from.passes), sizes),
    metrics,
  };
}

/** Queues that count what is sent to whom. */
function counted(queues: Ports["queues"], messages: Messages): Ports["queues"] {
  return {
    ...queues,
    wake: (queue, wakeups, delaySeconds) => {
      messages[queue === "work" ? "reconcile" : "dispatch"] += wakeups.length;
      return queues.wake(queue, wakeups, delaySeconds);
    },
    report: (observations, hops) => {
      messages.observe += observationBodies(observations, hops).length;
      return queues.report(observations, hops);
    },
  };
}

/** The metrics that a line of CloudWatch's embedded format publishes: `Longshore TasksStarted by install`. */
function metricsIn(line: string): readonly string[] {
  const { _aws } = JSON.parse(line) as { readonly _aws?: { readonly CloudWatchMetrics: readonly Directive[] } };
  return (_aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) => Dimensions.map((names) => `${Namespace} ${Name} by ${names.join(", ")}`)),
  );
}

interface Directive {
  readonly Namespace: string;
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string }[];
}
