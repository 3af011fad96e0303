import { request as openRequest } from "node:http";
import type { ElbModel } from "../../sim/elb/model.ts";
import type { DueCheck } from "../../sim/elb/resources.ts";
import type { CheckAnswer } from "../../sim/elb/target-life.ts";
import type { Resolve } from "./upstream.ts";

/** What health checks are made with. */
export interface HealthCheckOptions {
  readonly model: ElbModel;
  readonly resolve: Resolve;
  /** The clock that the model was made with. */
  readonly nowMs: () => number;
}

/** The longest delay that a timer takes, ms. */
const longestDelayMs = 2 ** 31 - 1;

/** Makes the health checks of a model over HTTP, each when it is due; answers how to stop. */
export function startHealthChecks({ model, resolve, nowMs }: HealthCheckOptions): () => void {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  const run = () => {
    for (const check of model.startChecks()) {
      void makeCheck(check, resolve, stopped.signal).then((answer) => model.checkResult(check, answer));
    }
    wait();
  };
  const wait = () => {
    clearTimeout(timer);
    const dueMs = model.nextDueMs();
    if (dueMs !== undefined) timer = setTimeout(run, Math.min(Math.max(dueMs - nowMs(), 0), longestDelayMs));
  };

  const forget = model.onChange(wait);
  wait();
  return () => {
    forget();
    clearTimeout(timer);
    stopped.abort();
  };
}

/** One GET on a connection of its own; a redirect is an answer like any other. */
function makeCheck(check: DueCheck, resolve: Resolve, stopped: AbortSignal): Promise<CheckAnswer> {
  const address = resolve({ id: check.target.id, port: check.port }, check.targetType);
  if (!address) return Promise.resolve({ kind: "failed" });
  const overtime = AbortSignal.timeout(check.timeoutSeconds * 1000);
  return new Promise((done) => {
    const request = openRequest({
      ...address,
      path: check.path,
      agent: false,
      headers: { "User-Agent": "ELB-HealthChecker/2.0" },
      signal: AbortSignal.any([stopped, overtime]),
    });
    request.once("response", (response) => {
      done({ kind: "answered", status: response.statusCode ?? 0 });
      response.on("error", () => {}).resume();
    });
    request.on("error", () => done({ kind: overtime.aborted ? "timeout" : "failed" }));
    request.end();
  });
}
