import { combined, type ExitCode } from "./exit-codes.ts";
import type { Outcome } from "./outcome.ts";
import { json } from "./printable.ts";
import { outcomeLines } from "./render/messages.ts";
import type { Session } from "./session.ts";

/** Tells how commands ended: what went well as the answer, the rest as errors; with `--json` one document. */
export function reportOutcomes(outcomes: readonly Outcome[], { out, progress }: Session, asJson: boolean): ExitCode {
  if (asJson) out.write(json({ results: outcomes }));
  else {
    for (const outcome of outcomes) {
      const output = outcome.exitCode === 0 ? out : progress;
      output.write(outcomeLines(outcome, output));
    }
  }
  return combined(outcomes.map(({ exitCode }) => exitCode));
}
