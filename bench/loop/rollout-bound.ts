/** What a rollout has to go through, however well it is led. Times in ms. */
export interface RolloutTerms {
  readonly replicas: number;
  /** Tasks above those wanted, at least 1; no task may be missing. */
  readonly surge: number;
  /** Nodes over which placement spreads the tasks that start together. */
  readonly nodes: number;
  /** From RunTask to available, and from the word to leave to STOPPED, with nobody else's delay. */
  readonly readyMs: number;
  readonly stopMs: number;
  /** StopTasks of a rollout that a window of the account's budget holds, calls of it in all, and how long it is. */
  readonly stopsAWindow: number;
  readonly callsAWindow: number;
  readonly windowMs: number;
}

/** Least time of a rollout, and what it is due to. */
export interface RolloutBound {
  readonly ms: number;
  readonly binding: "batches" | "call budget";
}

/** RunTask starts at most this many tasks a call; StopTask stops one. */
const tasksACall = 10;

/**
 * Nothing old may leave before a new one is available, and what leaves counts as live until it has stopped. So each of the
 * `surge` places is used ceil(replicas / surge) times, each time for start → available → old one stopped; and the place
 * that is the last to get its StopTask of the first round, in the windows that the round takes, is the last in all others.
 *
 * The call budget is the other bound: a StopTask for each task, and a RunTask for each node of every batch that starts once
 * places are free again, in windows of which the first begins when the first new task is available. The launch ramp (1, 2,
 * 4 …) adds nothing: its calls follow one another within a pass.
 */
export function rolloutBound(terms: RolloutTerms): RolloutBound {
  const { replicas, surge, readyMs, stopMs, stopsAWindow, callsAWindow } = terms;
  const batches = Math.ceil(replicas / surge);
  const lastBatch = replicas - (batches - 1) * surge;
  const batchesMs = batches * (readyMs + stopMs) + waitMs(terms, lastBatch / stopsAWindow);
  const windows = Math.max(replicas / stopsAWindow, (replicas + laterStarts(terms)) / callsAWindow);
  const budgetMs = readyMs + waitMs(terms, windows) + stopMs;
  return budgetMs > batchesMs ? { ms: budgetMs, binding: "call budget" } : { ms: batchesMs, binding: "batches" };
}

/** From the first of so many windows, of which the last may be begun, until the last begins. */
function waitMs({ windowMs }: RolloutTerms, windows: number): number {
  return (Math.ceil(windows) - 1) * windowMs;
}

/** RunTasks of all tasks but the first surge, batch by batch. */
function laterStarts({ replicas, surge, nodes }: RolloutTerms): number {
  let calls = 0;
  for (let left = replicas - surge; left > 0; left -= surge) {
    const batch = Math.min(left, surge);
    calls += Math.max(Math.min(batch, nodes), Math.ceil(batch / tasksACall));
  }
  return calls;
}
