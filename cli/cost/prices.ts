/** One price of AWS, in dollars. */
export interface Price {
  readonly dollars: number;
  /** How many of what is counted the price is for. */
  readonly of: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** `read`: on AWS's own page or in its documentation. `told`: by others. `unread`: by memory, nowhere read for this table. */
  readonly source: "read" | "told" | "unread";
}

/** When the prices were put together, and of which region. */
export const pricesOf = { date: "2026-11-20", region: "us-east-1" } as const;

const million = 1_000_000;

/** On demand, without any free tier. */
export const prices = {
  // Cut by half on 1 November 2024.
  readUnit: { dollars: 0.125, of: million, unit: "read units", source: "told" },
  writeUnit: { dollars: 0.625, of: million, unit: "write units", source: "told" },
  storage: { dollars: 0.25, of: 1, unit: "GB for a month", source: "read" },
  backup: { dollars: 0.2, of: 1, unit: "GB for a month", source: "unread" },
  request: { dollars: 0.4, of: million, unit: "requests", source: "told" },
  fifoRequest: { dollars: 0.5, of: million, unit: "requests to FIFO queues", source: "told" },
  invocation: { dollars: 0.2, of: million, unit: "invocations", source: "told" },
  gbSecond: { dollars: 0.000_013_333_4, of: 1, unit: "GB-seconds", source: "told" },
  schedule: { dollars: 1, of: million, unit: "invocations by the Scheduler", source: "told" },
  alarm: { dollars: 0.1, of: 1, unit: "alarms for a month", source: "unread" },
  dashboard: { dollars: 3, of: 1, unit: "dashboards for a month", source: "told" },
  customMetric: { dollars: 0.3, of: 1, unit: "metrics for a month", source: "told" },
  logs: { dollars: 0.5, of: 1, unit: "GB taken in", source: "told" },
  key: { dollars: 1, of: 1, unit: "keys for a month", source: "unread" },
  eksHour: { dollars: 0.1, of: 1, unit: "hours of an EKS control plane", source: "read" },
  serverHour: { dollars: 0.0168, of: 1, unit: "hours of a t4g.small", source: "unread" },
  disk: { dollars: 0.08, of: 1, unit: "GB of gp3 for a month", source: "unread" },
} as const satisfies Readonly<Record<string, Price>>;

/** The name of a price. */
export type PriceName = keyof typeof prices;
