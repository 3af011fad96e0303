/** One price of AWS, in dollars. */
export interface Price {
  readonly dollars: number;
  /** How many of what is counted the price is for. */
  readonly of: number;
  /** What is counted: one of it, and many. */
  readonly one: string;
  readonly many: string;
  /** `read`: on AWS's own page or in its documentation. `told`: by others. `unread`: by memory, nowhere read for this table. */
  readonly source: "read" | "told" | "unread";
}

/** When the prices were put together, and of which region. */
export const pricesOf = { date: "2026-11-20", region: "us-east-1" } as const;

const million = 1_000_000;

/** On demand, without any free tier. */
export const prices = {
  // Cut by half on 1 November 2024.
  readUnit: { dollars: 0.125, of: million, one: "read unit", many: "read units", source: "told" },
  writeUnit: { dollars: 0.625, of: million, one: "write unit", many: "write units", source: "told" },
  storage: { dollars: 0.25, of: 1, one: "GB for a month", many: "GB for a month", source: "read" },
  backup: { dollars: 0.2, of: 1, one: "GB for a month", many: "GB for a month", source: "unread" },
  request: { dollars: 0.4, of: million, one: "request", many: "requests", source: "told" },
  fifoRequest: {
    dollars: 0.5,
    of: million,
    one: "request to a FIFO queue",
    many: "requests to FIFO queues",
    source: "told",
  },
  invocation: { dollars: 0.2, of: million, one: "invocation", many: "invocations", source: "told" },
  gbSecond: { dollars: 0.000_013_333_4, of: 1, one: "GB-second", many: "GB-seconds", source: "told" },
  schedule: {
    dollars: 1,
    of: million,
    one: "invocation by the Scheduler",
    many: "invocations by the Scheduler",
    source: "told",
  },
  alarm: { dollars: 0.1, of: 1, one: "alarm for a month", many: "alarms for a month", source: "unread" },
  dashboard: { dollars: 3, of: 1, one: "dashboard for a month", many: "dashboards for a month", source: "told" },
  customMetric: { dollars: 0.3, of: 1, one: "metric for a month", many: "metrics for a month", source: "told" },
  logs: { dollars: 0.5, of: 1, one: "GB taken in", many: "GB taken in", source: "told" },
  key: { dollars: 1, of: 1, one: "key for a month", many: "keys for a month", source: "unread" },
  eksHour: {
    dollars: 0.1,
    of: 1,
    one: "hour of an EKS control plane",
    many: "hours of an EKS control plane",
    source: "read",
  },
  serverHour: { dollars: 0.0168, of: 1, one: "hour of a t4g.small", many: "hours of a t4g.small", source: "unread" },
  disk: { dollars: 0.08, of: 1, one: "GB of gp3 for a month", many: "GB of gp3 for a month", source: "unread" },
} as const satisfies Readonly<Record<string, Price>>;

/** The name of a price. */
export type PriceName = keyof typeof prices;
