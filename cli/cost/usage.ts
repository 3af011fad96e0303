/** How much of what AWS charges for something uses. */
export interface Usage {
  /** Of the table, on demand. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of standard queues: a batch that is sent, received or deleted is one. */
  readonly requests: number;
  /** Of the FIFO queue. */
  readonly fifoRequests: number;
  readonly invocations: number;
  /** Of the functions, as they are billed. */
  readonly gbSeconds: number;
  /** As CloudWatch Logs counts what it takes in. */
  readonly logBytes: number;
}

/** Nothing at all. */
export const nothing: Usage = {
  readUnits: 0,
  writeUnits: 0,
  requests: 0,
  fifoRequests: 0,
  invocations: 0,
  gbSeconds: 0,
  logBytes: 0,
};

/** What several use together, each so many times. */
export function sumOf(parts: readonly (readonly [usage: Usage, times: number])[]): Usage {
  return mapUsage((name) => parts.reduce((sum, [usage, times]) => sum + usage[name] * times, 0));
}

/** A usage by its quantities. */
export function mapUsage(quantity: (name: keyof Usage) => number): Usage {
  const names = Object.keys(nothing) as readonly (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, quantity(name)])) as unknown as Usage;
}
