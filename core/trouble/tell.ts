import { plural } from "../words/plural.ts";
import type { Trouble } from "./trouble.ts";

/** Troubles that one line names: enough to see what they have in common. */
const mostTold = 50;

/** One line for all troubles of a sweep, of which there is at least one. */
export function tellTroubles(troubles: readonly Trouble[]): {
  readonly message: string;
  readonly troubles: readonly Trouble[];
} {
  const kinds = [...Map.groupBy(troubles, ({ kind }) => kind)].map(([kind, same]) => `${same.length} × ${kind}`);
  const told = troubles.length > mostTold ? `, the first ${mostTold} told here` : "";
  return {
    message: `the sweep found ${plural(troubles.length, "trouble")} (${kinds.join(", ")})${told}`,
    troubles: troubles.slice(0, mostTold),
  };
}
