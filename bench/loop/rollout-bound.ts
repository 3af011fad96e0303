/** What a rollout has to go through, however well it is led. Times in ms. */
export interface RolloutTerms {
  readonly replicas: number;
  /** Tasks above those wanted, at least 1; no task may be missing. */
  readonly surge: number;
  /** From RunTask to available, and from the word to leave to STOPPED, with nobody else's delay. */
  readonly readyMs: number;
  readonly stopMs: number;
  /** RunTask and StopTask calls that a window of the account's budget holds for a rollout, and how long it is. */
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
 * `surge` places is used ceil(replicas / surge) times, each time for start → available → old one stopped.
 *
 * The call budget is the other bound: a StopTask for each task, and a RunTask for every ten that start once places are
 * free again, in windows of which the first begins when the first new task is available. The launch ramp (1, 2, 4 …) adds
 * nothing: its calls follow one another within a pass.
 */
export function rolloutBound(terms: RolloutTerms): RolloutBound {
  const { replicas, surge, readyMs, stopMs, callsAWindow, windowMs } = terms;
  const batchesMs = Math.ceil(replicas / surge) * (readyMs + stopMs);
  const calls = replicas + Math.ceil(Math.max(0, replicas - surge) / tasksACall);
  const budgetMs = readyMs + (Math.ceil(calls / callsAWindow) - 1) * windowMs + stopMs;
  return budgetMs > batchesMs ? { ms: budgetMs, binding: "call budget" } : { ms: batchesMs, binding: "batches" };
}
