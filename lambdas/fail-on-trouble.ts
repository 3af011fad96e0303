import type { Log } from "../core/ports/log.ts";
import { tellTroubles } from "../core/trouble/tell.ts";
import type { Trouble } from "../core/trouble/trouble.ts";

/**
 * Writes what the sweep found as one line, and fails the invocation: the function's own `Errors` is what the alarm watches, so
 * that no metric is paid for.
 */
export function failOnTrouble(log: Log): (troubles: readonly Trouble[]) => never {
  return (troubles) => {
    const told = tellTroubles(troubles);
    log.write({ level: "error", ...told });
    throw new Error(`${told.message}: the line before this one names them`);
  };
}
