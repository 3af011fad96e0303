import type { StopReason, TaskRecord } from "./records.ts";

const mark = "longshore: ";

/** What StopTask is told: ECS shows it as the stopped task's reason, so that why it went outlives the stored stop. */
export function stopText(why: StopReason): string {
  return `${mark}${why}`;
}

/** Why we stopped a task ourselves, by what ECS shows; undefined: it was not us. */
export function ownStop(stoppedReason: string | undefined): StopReason | undefined {
  return stoppedReason?.startsWith(mark) ? (stoppedReason.slice(mark.length) as StopReason) : undefined;
}

/** Why a task stopped, in words for people: what we stopped it for, else what ECS says of it and its exit code. */
export function whyStopped(task: Pick<TaskRecord, "stoppedReason" | "stopCode" | "exitCode">): string {
  const { stoppedReason, stopCode, exitCode } = task;
  const code = exitCode === undefined ? "" : ` (exit code ${exitCode})`;
  return ownStop(stoppedReason) ?? `${stoppedReason ?? stopCode ?? "no reason given"}${code}`;
}
