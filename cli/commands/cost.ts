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
  const workers = options.queueServices ?? Math.floor(services / 10);
  const webs = options.targetGroupServices ?? Math.max(0, services - workers);
  const load = { services, tasks, rolloutsPerDay, workers, backlogsPerDay, webs };
  const why = whyImpossible(load);
  if (why !== undefined) throw new CommandError(exit.invalid, why);
  const report = reportOf(load, measured);
  out.write(options.json ? json(report) : costReport(report, out.columns));
  return exit.done;
}

/** What of a load contradicts the rest of it. */
function whyImpossible({ services, tasks, rolloutsPerDay, workers, backlogsPerDay, webs }: Load): string | undefined {
  if (workers + webs > services)
    return `queue-services and target-group-services must be at most ${services} together, got ${workers} and ${webs}`;
  if (services === 0 && (tasks > 0 || rolloutsPerDay > 0))
    return `without services there are no tasks and no rollouts, got ${tasks} and ${rolloutsPerDay}`;
  if (workers === 0 && backlogsPerDay > 0)
    return `without services that follow a queue no backlog comes and goes, got ${backlogsPerDay}`;
  return undefined;
}
