import type { InstallRecord, NamespaceRecord } from "../model/records.ts";
import type { ScopeCommand } from "./command.ts";
import { type Rejection, superseded } from "./outcomes.ts";

/** What the pause of a namespace or of the install stands on. */
export interface ScopeGround {
  /** Absent: the namespace was never paused. */
  readonly record: NamespaceRecord | InstallRecord | undefined;
  /** Version of the record when the command was received; 0: there was none. */
  readonly base: number;
  /** Key of the command's record. */
  readonly hash: string;
  readonly nowMs: number;
}

/** What is written of a pause, or of its end. */
export interface ScopeFields {
  readonly paused: boolean;
  readonly resumedAtMs?: number;
  readonly lastCommand: string;
}

/** What a command does to that record. */
export type ScopeChange =
  | { readonly kind: "write"; readonly fields: ScopeFields }
  /** It is so already. */
  | { readonly kind: "nothing" }
  | Rejection;

/** Decides what a pause or a resume of more than one service changes. Whatever is written to such a record is its pause. */
export function decideScopeChange({ type }: ScopeCommand, { record, base, hash, nowMs }: ScopeGround): ScopeChange {
  if ((record?.version ?? 0) > base) return superseded("another pause or resume came after this one was received");
  const paused = type === "pause";
  if ((record?.paused ?? false) === paused) return { kind: "nothing" };
  return { kind: "write", fields: { paused, ...(paused ? {} : { resumedAtMs: nowMs }), lastCommand: hash } };
}
