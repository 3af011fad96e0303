import { type ExitCode, exit } from "../cli/exit-codes.ts";
import type { Outcome } from "../cli/outcome.ts";
import type { FileIssue } from "../cli/render/messages.ts";
import type { RolloutView } from "../cli/rollout-views.ts";
import type { ServiceView } from "../cli/views.ts";
import type { Text } from "./capture.ts";

/** What became of `longshore apply --wait --json`. */
export interface Applied {
  readonly exitCode: ExitCode;
  /** In one or two words: `live`, or the first that went otherwise. */
  readonly outcome: Outcome["outcome"] | "invalid" | "fault";
  /** One a service; none when nothing was sent. */
  readonly results: readonly Outcome[];
  /** What is wrong with the manifests; then nothing was sent. */
  readonly issues: readonly FileIssue[];
  /** What else it said, where it could not even ask. */
  readonly said: string;
}

/** How a service stands: what of `longshore describe --json` is told. */
export interface Described {
  readonly service: ServiceView;
  readonly rollout: RolloutView;
}

/** Reads the answer: results, issues, or no document at all. */
export function readApplied(exitCode: ExitCode, { out, progress }: Text): Applied {
  const { results = [], issues = [] }: Partial<Applied> = out === "" ? {} : JSON.parse(out);
  const [bad] = results.filter((each) => each.exitCode !== exit.done);
  const outcome = bad?.outcome ?? (exitCode === exit.done ? "live" : exitCode === exit.invalid ? "invalid" : "fault");
  return { exitCode, outcome, results, issues, said: out === "" ? progress.trim() : "" };
}
