import { Dashboard, GraphWidget, type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Watched } from "./alarms.ts";
import { functionNames, queueNames } from "./names.ts";

const columns = 4;
const width = 24 / columns;

/** What AWS measures of an install by itself, and the two metrics of its own, on one page. */
export function createDashboard(scope: Construct, { install, functions, queues, table }: Watched): void {
  const each = (metric: (name: (typeof functionNames)[number]) => IMetric) => functionNames.map(metric);
  const graphs: readonly (readonly [string, readonly IMetric[]])[] = [
    ["tasks", ["TasksStarted", "TasksFailed"].map((metricName) => ownMetric(install, metricName))],
    ["messages waiting", queueNames.map((name) => queues[name].queue.metricApproximateNumberOfMessagesVisible())],
    ["oldest message, s", queueNames.map((name) => queues[name].queue.metricApproximateAgeOfOldestMessage())],
    [
      "dead letters",
      [...queueNames.map((name) => queues[name].dead), queues.sweepDead].map((dead) =>
        dead.metricApproximateNumberOfMessagesVisible(),
      ),
    ],
    ["invocations", each((name) => functions[name].metricInvocations())],
    ["errors", each((name) => functions[name].metricErrors())],
    ["duration, ms, slowest 1 %", each((name) => functions[name].metricDuration({ statistic: "p99" }))],
    ["throttles", each((name) => functions[name].metricThrottles())],
    ["table: units read", [table.metricConsumedReadCapacityUnits({ statistic: "Sum" })]],
    ["table: units written", [table.metricConsumedWriteCapacityUnits({ statistic: "Sum" })]],
    ["table: throttled", ["ReadThrottleEvents", "WriteThrottleEvents"].map((name) => table.metric(name))],
  ];
  const dashboard = new Dashboard(scope, "Dashboard", { dashboardName: install });
  const widgets = graphs.map(([title, left]) => new GraphWidget({ title, left: [...left], width }));
  for (let start = 0; start < widgets.length; start += columns)
    dashboard.addWidgets(...widgets.slice(start, start + columns));
}

function ownMetric(install: string, metricName: string): IMetric {
  return new Metric({ namespace: "Longshore", metricName, dimensionsMap: { install }, statistic: "Sum" });
}
