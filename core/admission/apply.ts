import { canonicalJson } from "../model/canonical.ts";
import type { SpecRecord } from "../model/records.ts";
import type { ServiceManifest } from "../model/service.ts";
import type { Changes } from "../ports/store.ts";
import { attempt } from "./attempts.ts";
import type { ServiceCommand } from "./command.ts";
import { firstSpec } from "./first-spec.ts";
import type { Ground } from "./ground.ts";
import { absent, type Change, nextGeneration, nothing, refused } from "./outcomes.ts";

/** Removing more than half of a service's tasks, of so many or more, has to be meant. */
const largeService = 4;

/**
 * Makes the spec what a manifest says; during a delete, what comes after it. One that differs in nothing but the replicas
 * is a scale: no rollout is tried anew for it.
 */
export function apply({ manifest, confirm }: ServiceCommand & { type: "apply" }, ground: Ground): Change {
  const { spec, hash, nowMs } = ground;
  if (spec === undefined) return create(manifest, ground);
  const version = spec.version + 1;
  const wrote = { wroteManifest: version, wroteReplicas: version };
  if (spec.deleting) {
    const next = { manifest, lastCommand: hash, acceptedAtMs: nowMs };
    return { kind: "swap", generation: spec.generation + 1, changes: { next, lastCommand: hash, ...wrote } };
  }
  const { replicas, autoscaling } = manifest.spec;
  if (canonicalJson(spec.manifest) === canonicalJson(manifest)) return nothing(spec);
  const isScale = canonicalJson(scaled(spec.manifest, replicas)) === canonicalJson(manifest);
  const changes = { manifest, ...wrote, ...(isScale ? sameAttempt(spec) : attempt(spec)) };
  // Where metrics decided until now, they decided on more than the spec may say.
  const before = ground.history.state?.scale?.replicas ?? spec.manifest.spec.replicas;
  const tooLarge = autoscaling === undefined ? checkReduction(before, replicas, confirm) : undefined;
  return tooLarge ?? nextGeneration(ground, spec, changes);
}

function create(manifest: ServiceManifest, { hash, nowMs, lastGeneration, services }: Ground): Change {
  if (services.used >= services.most)
    return refused(
      "quota",
      "metadata.namespace",
      `namespace ${manifest.metadata.namespace} has ${services.used} services, and may have ${services.most}`,
    );
  const generation = lastGeneration + 1;
  const spec = firstSpec({ manifest, generation, lastCommand: hash, acceptedAtMs: nowMs, version: 1 });
  return { kind: "create", generation, spec };
}

/** Changes how many tasks are wanted, unless metrics decide that. */
export function scale({ replicas, confirm, key }: ServiceCommand & { type: "scale" }, ground: Ground): Change {
  const { spec } = ground;
  if (spec === undefined || spec.deleting) return absent(key, spec);
  const { autoscaling } = spec.manifest.spec;
  if (autoscaling !== undefined)
    return refused(
      "autoscaled",
      "replicas",
      `autoscaling keeps service ${key} between ${autoscaling.min} and ${autoscaling.max} tasks; change spec.autoscaling.min or spec.autoscaling.max instead`,
    );
  if (spec.manifest.spec.replicas === replicas) return nothing(spec);
  const changes = {
    manifest: scaled(spec.manifest, replicas),
    wroteReplicas: spec.version + 1,
    ...sameAttempt(spec),
  };
  return checkReduction(spec.manifest.spec.replicas, replicas, confirm) ?? nextGeneration(ground, spec, changes);
}

/** Marks the spec: reconcile ends what runs, then removes it. */
export function remove({ key }: ServiceCommand, ground: Ground): Change {
  const { spec, hash, nowMs } = ground;
  if (spec === undefined) return absent(key, spec);
  if (spec.deleting && spec.next === undefined) return nothing(spec);
  const version = spec.version + 1;
  const changes = { deleting: true, next: undefined, wroteManifest: version, wroteReplicas: version };
  return spec.deleting
    ? { kind: "swap", generation: spec.generation, changes: { ...changes, lastCommand: hash, acceptedAtMs: nowMs } }
    : nextGeneration(ground, spec, changes);
}

function scaled(manifest: ServiceManifest, replicas: number): ServiceManifest {
  return { ...manifest, spec: { ...manifest.spec, replicas } };
}

/** A rollout that was cancelled stays cancelled under the new generation. */
function sameAttempt({ cancelled, generation }: SpecRecord): Changes<SpecRecord> {
  return cancelled === generation ? { cancelled: generation + 1 } : {};
}

function checkReduction(before: number, replicas: number, confirm: boolean): Change | undefined {
  if (confirm || before < largeService || replicas * 2 >= before) return undefined;
  return refused(
    "needs-confirmation",
    "replicas",
    `this removes ${before - replicas} of ${before} tasks, more than half; if that is meant, send it with confirm: true (longshore: --yes)`,
  );
}
