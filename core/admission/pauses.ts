import type { SpecRecord } from "../model/records.ts";
import type { Changes } from "../ports/store.ts";
import { failureOf } from "./attempts.ts";
import type { ServiceCommand } from "./command.ts";
import type { Ground } from "./ground.ts";
import { absent, type Change, nothing, sameGeneration } from "./outcomes.ts";

type PauseCommand = ServiceCommand & { type: "pause" | "resume" };

/** Holds the rollout, or everything: also what is being deleted. */
export function pause({ key, only }: PauseCommand, ground: Ground): Change {
  const { spec } = ground;
  if (spec === undefined || isTooLate(spec, only)) return absent(key, spec);
  return isPaused(spec, only) ? nothing(spec) : write(ground, spec, only ? { rolloutPaused: true } : { paused: true });
}

/** Ends a pause of the same kind; a resume of either kind has a rollout tried again that failed and is paused. */
export function resume({ key, only }: PauseCommand, ground: Ground): Change {
  const { spec, history, nowMs } = ground;
  if (spec === undefined || isTooLate(spec, only)) return absent(key, spec);
  const failure = failureOf(spec, history);
  const failedAtMs = failure?.outcome === "paused" ? failure.atMs : undefined;
  if (!isPaused(spec, only) && failedAtMs === undefined) return nothing(spec);
  return write(ground, spec, {
    ...(only ? { rolloutPaused: undefined } : { paused: false }),
    ...(failedAtMs === undefined ? {} : { cancelled: undefined }),
    // A clock that is behind that of the failure's must not make the resume seem older.
    resumedAtMs: Math.max(nowMs, failedAtMs ?? 0),
  });
}

/** The tasks of a service that is being deleted are all to go: there is no rollout any more. */
function isTooLate({ deleting }: SpecRecord, only: "rollout" | undefined): boolean {
  return deleting && only !== undefined;
}

function isPaused({ paused, rolloutPaused }: SpecRecord, only: "rollout" | undefined): boolean {
  return only ? rolloutPaused === true : paused;
}

function write(ground: Ground, spec: SpecRecord, changes: Changes<SpecRecord>): Change {
  return sameGeneration(ground, spec, { ...changes, wrotePause: spec.version + 1 });
}
