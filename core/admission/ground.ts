import type { Revision } from "../model/ids.ts";
import type { RevisionRecord, SpecRecord, StateRecord } from "../model/records.ts";
import type { ServiceCommand } from "./command.ts";

/** What a command stands on. */
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
  readonly history: History;
}

/** What a service ran, and how its rollout goes. It is read for commands that ask for it; for others it is empty. */
export interface History {
  /** What the spec wants to run. */
  readonly wanted?: Revision;
  /** Of this life of the service. */
  readonly state?: StateRecord;
  readonly revisions: readonly RevisionRecord[];
}

/** Whether a command is decided by what ran before, by how the rollout goes, or by how many tasks metrics wanted. */
export function asksForHistory(command: ServiceCommand, { manifest }: SpecRecord): boolean {
  const { type } = command;
  if (type === "apply")
    return manifest.spec.autoscaling !== undefined && command.manifest.spec.autoscaling === undefined;
  return type === "rollback" || type === "cancel" || type === "resume";
}
