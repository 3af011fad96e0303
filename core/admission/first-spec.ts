import { type ServiceKey, serviceKey } from "../model/ids.ts";
import { kindShardOf } from "../model/names.ts";
import type { SpecRecord } from "../model/records.ts";
import type { ServiceManifest } from "../model/service.ts";

/** What a spec's writer fills in of it; the rest is the store's, or the same for every record. */
export type SpecFields = Omit<SpecRecord, "partition" | "sort" | "schema" | "version" | "uid">;

/** How the first spec of a life comes to be. */
export interface Birth {
  readonly manifest: ServiceManifest;
  readonly generation: number;
  /** Key of the record of the command that asked for it. */
  readonly lastCommand: string;
  readonly acceptedAtMs: number;
  /** Version that the record will have: every part is written with it. */
  readonly version: number;
}

/** The first spec of one life of a service: new, or after a delete. */
export function firstSpec({ manifest, generation, lastCommand, acceptedAtMs, version }: Birth): SpecFields {
  return {
    manifest,
    generation,
    attempt: generation,
    acceptedAtMs,
    lastCommand,
    wroteManifest: version,
    wroteReplicas: version,
    wrotePause: version,
    deleting: false,
    paused: false,
    restarts: 0,
    kindShard: kindShardOf(keyOf(manifest)),
    kindRow: rowOf(manifest, generation),
  };
}

/** The row of a spec in index "byKind": beside its state's, and ordered before it. */
export function rowOf(manifest: ServiceManifest, generation: number): string {
  return `${keyOf(manifest)}#spec#${generation}`;
}

function keyOf({ metadata }: ServiceManifest): ServiceKey {
  return serviceKey(metadata.namespace, metadata.name);
}
