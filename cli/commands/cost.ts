import { CommandError } from "../command-error.ts";
import { measured } from "../cost/measured.ts";
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
  /** Absent: all others. */
  readonly targetGroupServices?: number;
  readonly json?: boolean;
}

/** Tells what a month of an install costs, by what was measured of the product. It asks no account and no install. */
export async function cost(options: CostOptions, { out }: Session): Promise<ExitCode> {
  const { services, tasks, rolloutsPerDay } = options;
  const workers = options.queueServices ?? Math.floor(services / 10);
  const webs = options.targetGroupServices ?? Math.max(0, services - workers);
  if (workers + webs > services) {
    const message = `queue-services and target-group-services must be at most ${services} together, got ${workers} and ${webs}`;
    throw new CommandError(exit.invalid, message);
  }
  if (services === 0 && (tasks > 0 || rolloutsPerDay > 0))
    throw new CommandError(
      exit.invalid,
      `without services there are no tasks and no rollouts, got ${tasks} and ${rolloutsPerDay}`,
    );
  const report = reportOf({ services, tasks, rolloutsPerDay, workers, webs }, measured);
  out.write(options.json ? json(report) : costReport(report, out.columns));
  return exit.done;
}
