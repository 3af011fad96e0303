import { CommandError } from "../command-error.ts";
import { measured } from "../cost/measured.ts";
import type { Load } from "../cost/month.ts";
import { reportOf } from "../cost/report.ts";
import { type ExitCode, exit } from "../exit-codes.ts";
import { json } from "../printable.ts";
import { costReport } from "../render/cost.ts";
import type { Session } from "../session.ts";

/** What `longshore cost` is given. */
export interface CostOptions {
  readonly services: number;
  readonly tasks: number;
  readonly rolloutsPerDay: number;
  /** Absent: one service in ten. */
  readonly queueServices?: number;
  readonly backlogsPerDay: number;
  /** Absent: all others. */
  readonly targetGroupServices?: number;
  readonly json?: boolean;
}

/** Tells what a month of an install costs, by what was measured of the product. It asks no account and no install. */
export async function cost(options: CostOptions, { out }: Session): Promise<ExitCode> {
  const { services, tasks, rolloutsPerDay, backlogsPerDay } = options;
  const queueServices = options.queueServices ?? Math.floor(services / 10);
  const targetGroupServices = options.targetGroupServices ?? Math.max(0, services - queueServices);
  const load = { services, tasks, rolloutsPerDay, queueServices, backlogsPerDay, targetGroupServices };
  const why = whyImpossible(load);
  if (why !== undefined) throw new CommandError(exit.invalid, why);
  const report = reportOf(load, measured);
  out.write(options.json ? json(report) : costReport(report, out.columns));
  return exit.done;
}

/** What of a load contradicts the rest of it. */
function whyImpossible(load: Load): string | undefined {
  const { services, tasks, rolloutsPerDay, queueServices, backlogsPerDay, targetGroupServices } = load;
  if (queueServices + targetGroupServices > services)
    return `queue-services and target-group-services must be at most ${services} together, got ${queueServices} and ${targetGroupServices}`;
  if (services === 0 && (tasks > 0 || rolloutsPerDay > 0))
    return `tasks and rollouts-per-day must be 0 where services is 0, got ${tasks} and ${rolloutsPerDay}; give --services`;
  if (queueServices === 0 && backlogsPerDay > 0)
    return `backlogs-per-day must be 0 where queue-services is 0, got ${backlogsPerDay}; give --queue-services`;
  return undefined;
}
