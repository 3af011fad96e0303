import type { Issue } from "../core/model/issue.ts";
import type { ExitCode } from "./exit-codes.ts";
import { exit } from "./exit-codes.ts";

/** How a command ended, as far as we waited. */
export interface Outcome {
  /** `<namespace>/<name>`; null: the command named no service, or more than one. */
  readonly service: string | null;
  readonly outcome:
    | "accepted"
    | "live"
    | "deleted"
    | "cancelled"
    | "refused"
    | "failed"
    | "rolled back"
    | "superseded"
    | "timed out";
  readonly exitCode: ExitCode;
  readonly generation: number | null;
  readonly message: string;
  readonly issues: readonly Issue[];
}

const codes: Readonly<Record<Outcome["outcome"], ExitCode>> = {
  accepted: exit.done,
  live: exit.done,
  deleted: exit.done,
  cancelled: exit.done,
  refused: exit.refused,
  failed: exit.failed,
  "rolled back": exit.rolledBack,
  superseded: exit.superseded,
  "timed out": exit.timedOut,
};

type Told = Pick<Outcome, "service" | "message"> & Partial<Pick<Outcome, "generation" | "issues">>;

/** An outcome with its exit code. */
export function outcomeOf(
  outcome: Outcome["outcome"],
  { service, message, generation = null, issues = [] }: Told,
): Outcome {
  return { service, outcome, exitCode: codes[outcome], generation, message, issues };
}
