import type { Progress } from "../model/records.ts";
import type { Planned } from "./snapshot.ts";

/** Whether nothing has moved for longer than it may, counted from the last move or the end of the last pause. */
export function isOverdue({ spec, resumedAtMs, nowMs }: Planned, { atMs }: Progress): boolean {
  return nowMs - Math.max(atMs, resumedAtMs) > spec.manifest.spec.rollout.progressDeadlineSeconds * 1000;
}
