import type { SpecRecord } from "../model/records.ts";
import type { Changes } from "../ports/store.ts";
import type { ServiceCommand } from "./command.ts";
import type { Ground, History } from "./ground.ts";
import { absent, type Change, nextGeneration, nothing, refused, sameGeneration } from "./outcomes.ts";

/**
 * What makes the next generation of a spec a new attempt: a rollout that failed, or was cancelled, is tried again. A pause
 * of rollouts stays until somebody resumes them.
 */
export function attempt(spec: SpecRecord): Changes<SpecRecord> {
  return {
    attempt: spec.generation + 1,
    wroteManifest: spec.version + 1,
    isRollback: undefined,
    cancelled: undefined,
  };
}

/** Replaces every task by one of the same content: the count of restarts is part of the revision's name. */
export function restart({ key }: ServiceCommand, ground: Ground): Change {
  const { spec } = ground;
  if (spec === undefined || spec.deleting) return absent(key, spec);
  return nextGeneration(ground, spec, { restarts: spec.restarts + 1, ...attempt(spec) });
}

/**
 * Ends a rollout that is under way: reconcile goes back to what ran before, whatever `onFailure` says. There has to be
 * something under way, and something to go back to.
 */
export function cancel({ key }: ServiceCommand, ground: Ground): Change {
  const { spec, history } = ground;
  if (spec === undefined || spec.deleting) return absent(key, spec);
  if (spec.cancelled === spec.generation) return nothing(spec);
  const why = whyNotCancelled(spec, history);
  if (why !== undefined) return refused("nothing-to-cancel", "metadata.name", `service ${key} ${why}`);
  return sameGeneration(ground, spec, { cancelled: spec.generation });
}

function whyNotCancelled(spec: SpecRecord, { state, wanted }: History): string | undefined {
  if (state?.stable === undefined) return "has never been rolled out completely: there is nothing to go back to";
  const isComplete = state.generation === spec.generation && state.progress.complete;
  if (isComplete || state.stable === wanted) return "has no rollout under way";
  const failure = failureOf(spec, { state });
  if (failure === undefined) return undefined;
  const then = failure.outcome === "paused" ? "is paused; roll back instead" : "is rolled back already";
  return `has no rollout under way: it failed (${failure.reason}) and ${then}`;
}

/** Why the present attempt failed, unless it was resumed since. */
export function failureOf({ attempt, resumedAtMs = 0 }: SpecRecord, { state }: Pick<History, "state">) {
  const { rollout } = state ?? {};
  const failure = rollout?.attempt === attempt ? rollout.failure : undefined;
  return failure?.outcome === "paused" && resumedAtMs >= failure.atMs ? undefined : failure;
}
