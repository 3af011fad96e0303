import { canonicalJson } from "../model/canonical.ts";
import type { Issue } from "../model/issue.ts";
import { kindShardOf } from "../model/names.ts";
import type { SpecRecord } from "../model/records.ts";
import type { ServiceManifest } from "../model/service.ts";
import type { Changes } from "../ports/store.ts";
import type { Command } from "./command.ts";

/** What a command does to the spec that it found. */
export type Change =
  /** Write this; it becomes that generation. `create`: there is no spec yet. */
  | { readonly kind: "create"; readonly spec: SpecFields; readonly generation: number }
  | { readonly kind: "swap"; readonly changes: Changes<SpecRecord>; readonly generation: number }
  /** It is so already. */
  | { readonly kind: "nothing"; readonly generation: number }
  | { readonly kind: "refused"; readonly issues: readonly Issue[] }
  /** Somebody wrote the same part after this command was received. */
  | { readonly kind: "superseded"; readonly issues: readonly Issue[] };

type SpecFields = Omit<SpecRecord, "partition" | "sort" | "schema" | "version" | "uid">;

/** What the command stands on. */
export interface Ground {
  readonly spec: SpecRecord | undefined;
  /** Version of the spec when the command was received. */
  readonly base: number;
  /** Its generation then, and which life of the service it was. */
  readonly baseGeneration: number;
  readonly baseUid?: string;
  /** Key of the command's record. */
  readonly hash: string;
  readonly nowMs: number;
  /** The last generation of an earlier life of the service; 0: there was none. */
  readonly lastGeneration: number;
  /** Services that the namespace has, and may have. */
  readonly services: { readonly used: number; readonly most: number };
}

/** Removing more than half of a service's tasks, of so many or more, has to be meant. */
const largeService = 4;

/**
 * Decides what an admitted command changes. Two commands that write the same part do not merge: the one that was received
 * before the other's write is superseded. The same content again changes nothing.
 */
export function decideChange(command: Command, ground: Ground): Change {
  const { spec } = ground;
  if (isOver(command, ground)) return { kind: "nothing", generation: spec?.generation ?? ground.lastGeneration };
  const conflict = checkGeneration(command, spec) ?? checkBase(command, ground);
  if (conflict) return conflict;
  switch (command.type) {
    case "apply":
      return apply(command, ground);
    case "scale":
      return scale(command, ground);
    case "delete":
      return remove(command, ground);
  }
}

/** The life that this delete was to end is over: by this very command, perhaps. A later life is none of its business. */
function isOver({ type }: Command, { spec, base, baseUid }: Ground): boolean {
  return type === "delete" && base > 0 && (spec === undefined || (baseUid !== undefined && spec.uid !== baseUid));
}

function checkGeneration({ ifGeneration }: Command, spec: SpecRecord | undefined): Change | undefined {
  const generation = spec?.generation ?? 0;
  if (ifGeneration === undefined || ifGeneration === generation) return undefined;
  return refused(
    "generation-mismatch",
    "ifGeneration",
    `ifGeneration is ${ifGeneration}, but the service is at generation ${generation}; look at what changed, then send it again`,
  );
}

function checkBase(
  command: Command,
  { spec, base, baseGeneration, baseUid, lastGeneration }: Ground,
): Change | undefined {
  if (spec === undefined) {
    // It was being deleted when this command was received: the delete came first, and is over.
    const wasDeleting = baseGeneration === lastGeneration;
    return base === 0 || wasDeleting
      ? undefined
      : superseded("the service was deleted after this command was received");
  }
  // Versions of one life only grow.
  const isLater = base > 0 && baseUid !== undefined && spec.uid !== baseUid;
  if (spec.version < base || isLater)
    return superseded("the service was deleted and made again after this command was received");
  const wrote = command.type === "scale" ? Math.max(spec.wroteReplicas, spec.wroteManifest) : spec.wroteManifest;
  const replicas = command.type === "apply" ? spec.wroteReplicas : 0;
  return Math.max(wrote, replicas) > base
    ? superseded("another command wrote the same part of the spec after this one was received")
    : undefined;
}

function apply({ manifest, confirm }: Command & { type: "apply" }, ground: Ground): Change {
  const { spec, hash, nowMs, services } = ground;
  if (spec === undefined) {
    if (services.used >= services.most)
      return refused(
        "quota",
        "metadata.namespace",
        `namespace ${manifest.metadata.namespace} has ${services.used} services, and may have ${services.most}`,
      );
    const generation = ground.lastGeneration + 1;
    return { kind: "create", generation, spec: firstSpec(manifest, generation, hash, nowMs) };
  }
  if (spec.deleting) {
    const next = { manifest, lastCommand: hash, acceptedAtMs: nowMs };
    const version = spec.version + 1;
    const changes = { next, lastCommand: hash, wroteManifest: version, wroteReplicas: version };
    return { kind: "swap", generation: spec.generation + 1, changes };
  }
  if (canonicalJson(spec.manifest) === canonicalJson(manifest)) return { kind: "nothing", generation: spec.generation };
  return checkReduction(spec, manifest.spec.replicas, confirm) ?? rewrite(ground, spec, manifest, "manifest");
}

function scale({ replicas, confirm, key }: Command & { type: "scale" }, ground: Ground): Change {
  const { spec } = ground;
  if (spec === undefined || spec.deleting) return absent(key, spec);
  if (spec.manifest.spec.replicas === replicas) return { kind: "nothing", generation: spec.generation };
  const manifest = { ...spec.manifest, spec: { ...spec.manifest.spec, replicas } };
  return checkReduction(spec, replicas, confirm) ?? rewrite(ground, spec, manifest, "replicas");
}

function remove({ key }: Command & { type: "delete" }, { spec, hash, nowMs }: Ground): Change {
  if (spec === undefined) return absent(key, spec);
  if (spec.deleting && spec.next === undefined) return { kind: "nothing", generation: spec.generation };
  const generation = spec.deleting ? spec.generation : spec.generation + 1;
  const version = spec.version + 1;
  return {
    kind: "swap",
    generation,
    changes: {
      deleting: true,
      next: undefined,
      generation,
      lastCommand: hash,
      acceptedAtMs: nowMs,
      wroteManifest: version,
      wroteReplicas: version,
      kindRow: rowOf(spec.manifest, generation),
    },
  };
}

function rewrite(
  { hash, nowMs }: Ground,
  spec: SpecRecord,
  manifest: ServiceManifest,
  part: "manifest" | "replicas",
): Change {
  const generation = spec.generation + 1;
  const version = spec.version + 1;
  return {
    kind: "swap",
    generation,
    changes: {
      manifest,
      generation,
      acceptedAtMs: nowMs,
      lastCommand: hash,
      ...(part === "manifest" ? { wroteManifest: version } : {}),
      wroteReplicas: version,
      kindRow: rowOf(manifest, generation),
    },
  };
}

function firstSpec(
  manifest: ServiceManifest,
  generation: number,
  lastCommand: string,
  acceptedAtMs: number,
): SpecFields {
  return {
    manifest,
    generation,
    acceptedAtMs,
    lastCommand,
    wroteManifest: 1,
    wroteReplicas: 1,
    deleting: false,
    paused: false,
    restarts: 0,
    kindShard: kindShardOf(keyOf(manifest)),
    kindRow: rowOf(manifest, generation),
  };
}

function checkReduction(spec: SpecRecord, replicas: number, confirm: boolean): Change | undefined {
  const before = spec.manifest.spec.replicas;
  if (confirm || before < largeService || replicas * 2 >= before) return undefined;
  return refused(
    "needs-confirmation",
    "replicas",
    `this removes ${before - replicas} of ${before} tasks, more than half; if that is meant, send it with confirm: true (longshore: --yes)`,
  );
}

function absent(key: string, spec: SpecRecord | undefined): Change {
  return spec
    ? refused("deleting", "metadata.name", `service ${key} is being deleted; apply it again to have it back`)
    : refused("not-found", "metadata.name", `there is no service ${key}; apply it first`);
}

function refused(code: string, path: string, message: string): Change {
  return { kind: "refused", issues: [{ code, path, message }] };
}

function superseded(message: string): Change {
  return { kind: "superseded", issues: [{ code: "superseded", path: "", message }] };
}

/** The row of a spec in index "byKind": beside its state's, and ordered before it. */
export function rowOf(manifest: ServiceManifest, generation: number): string {
  return `${keyOf(manifest)}#spec#${generation}`;
}

function keyOf({ metadata }: ServiceManifest) {
  return `${metadata.namespace}/${metadata.name}` as Parameters<typeof kindShardOf>[0];
}
