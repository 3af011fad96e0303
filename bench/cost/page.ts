import { alwaysOn } from "../../cli/cost/always-on.ts";
import type { Measurement } from "../../cli/cost/measurement.ts";
import { type Load, monthOf, totalOf, usedAtRest } from "../../cli/cost/month.ts";
import { type Price, prices, pricesOf } from "../../cli/cost/prices.ts";
import { reportOf } from "../../cli/cost/report.ts";
import type { Usage } from "../../cli/cost/usage.ts";
import { costReport, money, tellLoad } from "../../cli/render/cost.ts";
import { nounFor } from "../../core/words/plural.ts";
import { callMs } from "./assumed.ts";

const columns = 110;
const usual: Load = {
  services: 100,
  tasks: 1_000,
  rolloutsPerDay: 10,
  queueServices: 10,
  backlogsPerDay: 0,
  targetGroupServices: 90,
};
const none: Load = {
  services: 0,
  tasks: 0,
  rolloutsPerDay: 0,
  queueServices: 0,
  backlogsPerDay: 0,
  targetGroupServices: 0,
};
/** What is to be reached, dollars a month. */
const goals: readonly { readonly load: Load; readonly dollars: number }[] = [
  { load: usual, dollars: 5 },
  { load: none, dollars: 1 },
];

/** The page docs/cost.md: all of it follows from what was measured, counted and priced. */
export function costPage(measured: Measurement): string {
  const dollarsOf = (load: Load) => totalOf(monthOf(load, measured));
  const shown = (load: Load) => ["```", costReport(reportOf(load, measured), columns).trimEnd(), "```"];
  return [
    "# What it costs",
    "",
    "Made by `npm run bench:cost` from what it measures of the product and counts in the template; `longshore cost` works the",
    "same out for any size. It is what Longshore itself costs, beside the tasks that it runs.",
    "",
    "```sh",
    "npx longshore cost --services 100 --tasks 1000 --rollouts-per-day 10",
    "```",
    "",
    ...shown(usual),
    "",
    ...shown(none),
    "",
    "## Against its goals",
    "",
    ...tableOf(
      ["A month of", "Costs", "Goal"],
      goals.map(({ load, dollars }) => [tellLoad(load), money(dollarsOf(load)), `at most ${money(dollars)}`]),
    ),
    "",
    "## One more of each",
    "",
    ...tableOf(
      ["A month of", "Adds"],
      additions.map(({ name, load }) => [name, `$${(dollarsOf(load) - dollarsOf(usual)).toFixed(4)}`]),
    ),
    "",
    "## Others, always on",
    "",
    ...tableOf(
      ["Control plane", "A month", "How that comes about"],
      alwaysOn.map(({ name, dollars, arithmetic }) => [name, money(dollars), arithmetic]),
    ),
    "",
    "## How it is known",
    "",
    ...howKnown(measured),
    "",
    `## Prices of ${pricesOf.region}, ${pricesOf.date}`,
    "",
    "No page of AWS could be opened where this table was written. _Read_: in a copy of a page of AWS's own; _told_: by others than AWS, who agree;",
    "_not confirmed_: from memory. Look them up before you rely on them.",
    "",
    ...tableOf(
      ["Dollars", "For", "Source"],
      Object.values<Price>(prices).map(({ dollars, of, one, many, source }) => [
        String(dollars),
        `${of.toLocaleString("en-US")} ${nounFor(of, one, many)}`,
        sources[source],
      ]),
    ),
    "",
  ].join("\n");
}

const sources: Readonly<Record<Price["source"], string>> = { read: "read", told: "told", unread: "not confirmed" };

const additions: readonly { readonly name: string; readonly load: Load }[] = [
  { name: "a service whose tasks events tell all about", load: { ...usual, services: 101 } },
  { name: "a service behind a target group", load: { ...usual, services: 101, targetGroupServices: 91 } },
  { name: "a service on the backlog of a queue", load: { ...usual, services: 101, queueServices: 11 } },
  { name: "a task", load: { ...usual, tasks: 1_001 } },
  { name: "a rollout of ten tasks, each day", load: { ...usual, rolloutsPerDay: 11 } },
  { name: "a backlog of ten tasks that comes and goes, each day", load: { ...usual, backlogsPerDay: 1 } },
];

function howKnown(measured: Measurement): readonly string[] {
  const { whole, clientMs, customMetrics, stack } = measured;
  const load: Load = {
    ...usual,
    services: whole.services,
    tasks: whole.tasks,
    queueServices: whole.queueServices,
    targetGroupServices: whole.services - whole.queueServices,
  };
  const sum = usedAtRest(load, measured);
  return [
    "- **Units, messages and lines are measured**: the product's own steps run in the simulator for an hour at rest, with no services, with",
    "  100, and with 1,000 tasks of each kind, and through rollouts and backlogs that come and go; each item is sized as DynamoDB sizes it.",
    `- **An hour of the whole is held against the sum of its parts**: ${comparison(sum, whole.used)}.`,
    `- **Alarms, queues, mappings and memory are counted** in the template that \`cdk deploy\` deploys by default: ${stack.alarms} alarms, ${stack.dashboards} dashboards, ${stack.keys} keys,`,
    `  ${stack.mappings.standard + stack.mappings.fifo} mappings, ${stack.deadLetterQueues.standard + stack.deadLetterQueues.fifo} queues of dead letters, functions of ${[...new Set(Object.values(stack.memoryMib))].join(" and ")} MB.`,
    `- **Custom metrics are counted** in what was published: ${customMetrics.map((name) => `\`${name}\``).join(", ")}. They cost for the whole month here,`,
    "  though they are published only while tasks start or fail.",
    `- **Time is worked out**: calls of AWS are assumed to take ${callMs["store.get"]} to ${callMs["tasks.run"]} ms (\`bench/cost/assumed.ts\`), waits at the same time overlap, and the`,
    `  processor's part is measured, ${clientMs} ms a call in AWS's client on a whole processor of the machine that measured, at the share that the functions have.`,
    "- **Messages are counted as if each travelled alone**: received, worked on and deleted by itself. Batches make that cheaper.",
    "- **Idle queues are polled** by two pollers each, every 20 seconds, as Lambda does for mappings without a maximum of concurrency.",
    "- **The sweep's process is assumed to live for two hours**: what it remembers saves it from reading everything each minute.",
    "- Tasks run on Fargate. Machines of EC2 would add their events and records, which are not measured here.",
    "- A backlog that stands still, or is empty, is what a queue service at rest is measured with; `--backlogs-per-day` adds what moves.",
  ];
}

function comparison(sum: Usage, whole: Usage): string {
  return (["readUnits", "requests", "invocations", "gbSeconds"] as const)
    .map((name) => `${names[name]} ${sum[name].toPrecision(3)} by parts, ${whole[name].toPrecision(3)} measured`)
    .join("; ");
}

const names = {
  readUnits: "read units a minute",
  requests: "requests",
  invocations: "invocations",
  gbSeconds: "GB-seconds",
} as const;

/** A table of Markdown, padded as Biome formats it. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}
