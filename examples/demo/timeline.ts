/** One step of the demonstration, as it is counted. */
export interface StepResult {
  readonly id: string;
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly requests: number;
  readonly failedRequests: number;
}

/** Requests sent so far, and those that failed. */
export interface Counts {
  readonly requests: number;
  readonly failed: number;
}

/** What a step is called: for machines, and for people. */
export type StepName = Pick<StepResult, "id" | "name">;

/** Tells a story as it happens, and counts time and requests for each step of it. */
export interface Timeline {
  /** A line under the current step. */
  say(line: string): void;
  /** Runs a step: it holds if it does not throw and no more requests failed than it answers may fail. */
  step(step: StepName, run: () => Promise<number>): Promise<boolean>;
  readonly results: readonly StepResult[];
}

/** @param counts Read before and after each step. */
export function startTimeline(counts: () => Promise<Counts>, print: (line: string) => void): Timeline {
  const startMs = Date.now();
  const results: StepResult[] = [];
  const at = () => `${((Date.now() - startMs) / 1000).toFixed(1).padStart(5)}s`;
  const say = (line: string) => print(`${at()}      ${line}`);
  return {
    say,
    results,
    async step({ id, name }, run) {
      print(`${at()}  ${results.length + 1}. ${name}`);
      const begunMs = Date.now();
      const before = await counts();
      const outcome = await run().catch((error: unknown) => error);
      const after = await counts();
      const requests = after.requests - before.requests;
      const failedRequests = after.failed - before.failed;
      const seconds = (Date.now() - begunMs) / 1000;
      const mayFail = typeof outcome === "number" ? outcome : 0;
      const ok = typeof outcome === "number" && failedRequests <= mayFail;
      results.push({ id, name, ok, seconds, requests, failedRequests });
      if (typeof outcome !== "number") say(`✗ ${outcome instanceof Error ? outcome.message : String(outcome)}`);
      else if (!ok) say(`✗ ${failedRequests} requests failed, at most ${mayFail} may`);
      say(`${ok ? "✓" : "✗"} ${seconds.toFixed(1)} s, ${requests} requests, ${failedRequests} failed`);
      return ok;
    },
  };
}
