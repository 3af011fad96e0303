import { alwaysOn } from "./always-on.ts";
import type { Measurement } from "./measurement.ts";
import { type Line, type Load, monthOf, totalOf } from "./month.ts";
import { pricesOf } from "./prices.ts";

/** What a month costs, and beside what. */
export interface CostReport {
  readonly load: Load;
  /** The dearest first. */
  readonly lines: readonly Line[];
  readonly dollars: number;
  readonly beside: readonly { readonly name: string; readonly dollars: number; readonly arithmetic: string }[];
  /** Day of the measurement, and of the prices. */
  readonly measured: string;
  readonly prices: { readonly date: string; readonly region: string };
}

/** Works out the month of a load. */
export function reportOf(load: Load, measured: Measurement): CostReport {
  const lines = monthOf(load, measured).toSorted((a, b) => b.dollars - a.dollars || (a.name < b.name ? -1 : 1));
  return { load, lines, dollars: totalOf(lines), beside: alwaysOn, measured: measured.date, prices: pricesOf };
}
