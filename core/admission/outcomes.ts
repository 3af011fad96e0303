import type { Issue } from "../model/issue.ts";
import type { SpecRecord } from "../model/records.ts";
import type { Changes } from "../ports/store.ts";
import { rowOf, type SpecFields } from "./first-spec.ts";
import type { Ground } from "./ground.ts";

/** What a command does to the spec that it found. */
export type Change =
  /** Write this; it becomes that generation. `create`: there is no spec yet. */
  | { readonly kind: "create"; readonly spec: SpecFields; readonly generation: number }
  | { readonly kind: "swap"; readonly changes: Changes<SpecRecord>; readonly generation: number }
  /** It is so already. */
  | { readonly kind: "nothing"; readonly generation: number }
  | Rejection;

/** A command that changes nothing, and why. */
export type Rejection =
  | { readonly kind: "refused"; readonly issues: readonly Issue[] }
  /** Somebody wrote the same part after this command was received. */
  | { readonly kind: "superseded"; readonly issues: readonly Issue[] };

/** The spec that was found, with these changes, as its next generation. */
export function nextGeneration({ hash, nowMs }: Ground, spec: SpecRecord, changes: Changes<SpecRecord>): Change {
  const generation = spec.generation + 1;
  const kindRow = rowOf(spec.manifest, generation);
  return {
    kind: "swap",
    generation,
    changes: { ...changes, generation, acceptedAtMs: nowMs, lastCommand: hash, kindRow },
  };
}

/** The spec that was found, with these changes, of the generation that it is. */
export function sameGeneration({ hash }: Ground, spec: SpecRecord, changes: Changes<SpecRecord>): Change {
  return { kind: "swap", generation: generationOf(spec), changes: { ...changes, lastCommand: hash } };
}

/** It is so already. */
export function nothing(spec: SpecRecord): Change {
  return { kind: "nothing", generation: generationOf(spec) };
}

/** The generation that the last command of a spec made, or that it will be once a delete is over. */
export function generationOf({ generation, next }: SpecRecord): number {
  return next ? generation + 1 : generation;
}

/** The command cannot be carried out; `message` says what to do instead. */
export function refused(code: string, path: string, message: string): Rejection {
  return { kind: "refused", issues: [{ code, path, message }] };
}

/** Another command came first. */
export function superseded(message: string): Rejection {
  return { kind: "superseded", issues: [{ code: "superseded", path: "", message }] };
}

/** There is no such service, or not for long. */
export function absent(key: string, spec: SpecRecord | undefined): Rejection {
  return spec
    ? refused("deleting", "metadata.name", `service ${key} is being deleted; apply it again to have it back`)
    : refused("not-found", "metadata.name", `there is no service ${key}; apply it first`);
}
