import { nounFor } from "../../core/words/plural.ts";
import type { Line, Load } from "../cost/month.ts";
import { prices } from "../cost/prices.ts";
import type { CostReport } from "../cost/report.ts";

/** What a bar may take of a line, at most. */
const widestBar = 40;
const indent = "  ";
const gap = "  ";

/** The bill of a month, its lines as bars, and what always-on control planes would cost beside it. */
export function costReport(
  { load, lines, dollars, beside, measured, prices: of }: CostReport,
  columns: number,
): string {
  const bill = barred(
    lines.map((line) => ({
      cells: [line.name, `${quantity(line.quantity)} ${unitOf(line)}`],
      dollars: line.dollars,
    })),
    columns,
  );
  const others = [{ name: "this install", dollars }, ...beside].map((each) => ({
    cells: [each.name],
    dollars: each.dollars,
  }));
  return [
    `A month of ${tellLoad(load)}: ${money(dollars)}`,
    "",
    ...bill,
    "",
    "Beside control planes that are always on:",
    "",
    ...barred(others, columns),
    "",
    `Measured on ${measured}; prices of ${of.region} as of ${of.date}, without the free tier. What tasks themselves cost is not in it.`,
    "",
  ].join("\n");
}

function unitOf({ price, quantity: count }: Line): string {
  const { one, many } = prices[price];
  return nounFor(count, one, many);
}

/** A load in words. */
export function tellLoad(load: Load): string {
  const { services, tasks, rolloutsPerDay, queueServices, backlogsPerDay, targetGroupServices } = load;
  if (services === 0) return "an install without services";
  const kinds = [
    ...(queueServices > 0 ? [`${queueServices} on the backlog of a queue`] : []),
    ...(targetGroupServices > 0 ? [`${targetGroupServices} behind target groups`] : []),
  ];
  const which = kinds.length > 0 ? ` (${kinds.join(", ")})` : "";
  const backlogs = backlogsPerDay > 0 ? [`${grouped(backlogsPerDay, "backlog")} that come and go a day`] : [];
  return [
    `${grouped(services, "service")}${which}`,
    grouped(tasks, "task"),
    `${grouped(rolloutsPerDay, "rollout")} a day`,
    ...backlogs,
  ].join(", ");
}

/** Dollars and cents; what is less than half a cent is still something. */
export function money(dollars: number): string {
  return dollars > 0 && dollars < 0.005 ? "<$0.01" : `$${dollars.toFixed(2)}`;
}

interface Barred {
  readonly cells: readonly string[];
  readonly dollars: number;
}

/** Rows in columns, each with its dollars and a bar that is as long as they are many. */
function barred(rows: readonly Barred[], columns: number): readonly string[] {
  const widths = (rows[0]?.cells ?? []).map((_, column) =>
    Math.max(...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const texts = rows.map(({ dollars }) => money(dollars));
  const widest = Math.max(...texts.map((text) => text.length));
  const heads = rows.map(({ cells }, row) =>
    [...cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)), texts[row]?.padStart(widest)].join(gap),
  );
  const room = Math.max(0, Math.min(widestBar, columns - indent.length - (heads[0]?.length ?? 0) - gap.length));
  const most = Math.max(...rows.map(({ dollars }) => dollars));
  return rows.map(({ dollars }, row) => `${indent}${heads[row]}${gap}${bar(dollars / most, room)}`.trimEnd());
}

const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function bar(share: number, room: number): string {
  const parts = Math.round(share * room * eighths.length);
  return "█".repeat(Math.floor(parts / eighths.length)) + (eighths[parts % eighths.length] ?? "");
}

/** Whole numbers in groups of three; of small ones what distinguishes them. */
function quantity(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en-US");
  return value >= 1 ? String(Number(value.toFixed(1))) : String(Number(value.toPrecision(2)));
}

function grouped(count: number, noun: string): string {
  return `${count.toLocaleString("en-US")} ${nounFor(count, noun)}`;
}
