import type { ContainerOrder } from "../sim/ecs/api.ts";

/** A container's health check as its task definition has it. */
export type HealthCheck = NonNullable<ContainerOrder["health"]>;

/** What the checks so far amount to. */
export interface HealthTally {
  readonly status: "STARTING" | "HEALTHY" | "UNHEALTHY";
  /** Failures in a row that count. */
  readonly failures: number;
}

/** Before the first check. */
export const untested: HealthTally = { status: "STARTING", failures: 0 };

/**
 * Adds one check, as Docker does: a success is healthy at once; `retries` failures in a row are unhealthy; failures in
 * the start period count only once a check has succeeded.
 * @param ageMs Time since the container's start when the check began.
 */
export function tallyHealth(before: HealthTally, passed: boolean, ageMs: number, check: HealthCheck): HealthTally {
  if (passed) return { status: "HEALTHY", failures: 0 };
  if (before.status === "STARTING" && ageMs < check.startPeriodSeconds * 1000) return before;
  const failures = before.failures + 1;
  return { status: failures >= check.retries ? "UNHEALTHY" : before.status, failures };
}

/** Program and arguments of a check's command, by its first word: `CMD`, `CMD-SHELL`; undefined for `NONE`. */
export function healthProgram(command: readonly string[]): readonly [string, ...string[]] | undefined {
  const [form, ...rest] = command;
  if (form === "CMD-SHELL") return ["/bin/sh", "-c", rest.join(" ")];
  const [file, ...args] = form === "CMD" ? rest : command;
  return form === "NONE" || file === undefined ? undefined : [file, ...args];
}

/**
 * Checks a container again and again, an interval after the end of the last check, and reports when its health changes.
 * @param probe Runs the check once, for at most its timeout; ends it when the signal says so.
 * @returns Ends the checks.
 */
export function watchHealth(
  check: HealthCheck,
  probe: (signal: AbortSignal) => Promise<boolean>,
  report: (health: "HEALTHY" | "UNHEALTHY") => void,
): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const startedAtMs = performance.now();
  let tally = untested;
  let timer: NodeJS.Timeout;
  const once = async () => {
    const ageMs = performance.now() - startedAtMs;
    const passed = await probe(signal);
    if (signal.aborted) return;
    const { status } = tally;
    tally = tallyHealth(tally, passed, ageMs, check);
    if (tally.status !== status && tally.status !== "STARTING") report(tally.status);
    again();
  };
  const again = () => {
    timer = setTimeout(once, check.intervalSeconds * 1000);
  };
  again();
  return () => {
    clearTimeout(timer);
    ending.abort();
  };
}
