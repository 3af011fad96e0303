import { failureOf } from "../core/admission/attempts.ts";
import type { ServiceKey } from "../core/model/ids.ts";
import type { RolloutRecord } from "../core/model/records.ts";
import { plural } from "../core/words/plural.ts";
import type { Tell } from "./events.ts";
import { heldText, pauseOf, stillHeldText } from "./pauses.ts";
import { readService, type ServiceRecords } from "./read-records.ts";
import { rolloutVerdict } from "./verdict.ts";

type Failure = NonNullable<RolloutRecord["failure"]>;

/**
 * Says as which generation a command was accepted, or why it had nothing to change; and who holds the service, if anybody.
 *
 * @param tellDone What to say instead where there was something to change.
 */
export function tellAccepted(key: ServiceKey, tellDone?: string): Tell {
  return async ({ generation, isUnchanged }, store) => {
    const records = await readService(store, key);
    const done = tellDone ?? `accepted as generation ${generation}`;
    const pause = pauseOf(records);
    return joined(isUnchanged ? tellUnchanged(generation, records) : done, pause && heldText(pause, key));
  };
}

/** Says how many tasks are wanted already, where a scale had nothing to change. */
export function tellScaled(key: ServiceKey, replicas: number): Tell {
  const tell = tellAccepted(key);
  return async (done, store) =>
    done.isUnchanged
      ? `unchanged: generation ${done.generation} wants ${plural(replicas, "task")} already`
      : tell(done, store);
}

/** Says that a service or its rollout is held now, or was before. */
export function tellPaused(key: ServiceKey, only: "service" | "rollout"): Tell {
  const texts = {
    service: "paused: nothing starts or stops until it is resumed",
    rollout: "the rollout is paused: tasks are healed and scaled, and no more are replaced",
  };
  const already = { service: "it is paused already", rollout: "the rollout is paused already" };
  return async ({ isUnchanged }, store) => {
    const pause = pauseOf(await readService(store, key));
    const isWider = pause !== null && pause !== only;
    return joined((isUnchanged ? already : texts)[only], isWider ? heldText(pause, key) : null);
  };
}

/** Says what goes on after a resume, and what does not: what something else holds, and what was rolled back. */
export function tellResumed(key: ServiceKey, only: "service" | "rollout"): Tell {
  const texts = { service: "resumed", rollout: "the rollout goes on" };
  const untouched = {
    service: "nothing was paused: the service was not",
    rollout: "nothing was paused: the rollout was not",
  };
  return async ({ isUnchanged }, store) => {
    const records = await readService(store, key);
    const { spec } = records;
    const pause = pauseOf(records);
    const failure = spec && failureOf(spec, records);
    const isRolledBack = failure?.outcome === "rolled back";
    const resumed = only === "rollout" && isRolledBack ? "no pause holds the rollout" : texts[only];
    const still = pause === null ? "" : `, but ${stillHeldText(pause, key)}`;
    const back = spec && isRolledBack ? rolledBackText(spec.generation, failure, key) : null;
    return joined(`${isUnchanged ? untouched[only] : resumed}${still}`, back);
  };
}

function tellUnchanged(generation: number, records: ServiceRecords): string {
  const { key, spec } = records;
  if (spec === undefined || spec.deleting) return "unchanged: it is being deleted already";
  const failure = failureOf(spec, records);
  if (failure?.outcome === "rolled back") return `unchanged: ${rolledBackText(generation, failure, key)}`;
  if (failure) {
    const advice = `change the manifest, or longshore rollout resume ${key} tries it again`;
    return `unchanged: generation ${generation} failed (${failure.reason}) and is held; ${advice}`;
  }
  const { kind, message } = rolloutVerdict(generation, records);
  if (kind === "live") return `unchanged: generation ${generation} runs already`;
  return `unchanged: generation ${generation} ${kind === "failed" ? `failed: ${message}` : "is on its way already"}`;
}

/** What became of a generation that what ran before replaced again, and what tries it again. */
function rolledBackText(generation: number, { reason }: Failure, key: ServiceKey): string {
  const how = reason === "Cancelled" ? "cancelled" : `rolled back (${reason})`;
  return `generation ${generation} was ${how}; change the manifest, or longshore restart service ${key} tries it again`;
}

function joined(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => typeof part === "string").join("; ");
}
