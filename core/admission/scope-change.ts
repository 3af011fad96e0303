import { canonicalJson } from "../model/canonical.ts";
import type { Grant } from "../model/grants.ts";
import { namespaceShard } from "../model/names.ts";
import type { InstallRecord, NamespaceRecord } from "../model/records.ts";
import type { ScopeManifest } from "./any-manifest.ts";
import type { ScopeCommand } from "./command.ts";
import { type Rejection, refused, superseded } from "./outcomes.ts";

/** What a change of a namespace or of the install stands on. */
export interface ScopeGround {
  /** Absent: nobody paused the namespace yet, or granted anything in it. */
  readonly record: NamespaceRecord | InstallRecord | undefined;
  /** Version of the record when the command was received; 0: there was none. */
  readonly base: number;
  /** Key of the command's record. */
  readonly hash: string;
  readonly nowMs: number;
  /** Unique id of whoever sent the command. */
  readonly sender: string;
  /** Administrators that the stack was deployed with: no manifest removes them. */
  readonly appointed: readonly string[];
}

/** What may be written of such a record. */
export interface ScopeFields {
  readonly paused: boolean;
  readonly resumedAtMs?: number;
  readonly administrators?: readonly string[];
  readonly grants?: readonly Grant[];
  readonly kindShard?: string;
  readonly kindRow?: string;
  readonly wrotePause: number;
  readonly wroteGrants: number;
  readonly lastCommand: string;
}

/** What a command does to that record. */
export type ScopeChange =
  | { readonly kind: "write"; readonly fields: ScopeFields }
  /** It is so already. */
  | { readonly kind: "nothing" }
  | Rejection;

/** The parts of a record whose writes are told apart, by the version at which each was written last. */
type Part = "wrotePause" | "wroteGrants";

/** Decides what a pause, a resume or an apply changes of more than one service. */
export function decideScopeChange(command: ScopeCommand, ground: ScopeGround): ScopeChange {
  return command.type === "apply" ? grant(command.manifest, ground) : hold(command.type === "pause", ground);
}

function hold(paused: boolean, ground: ScopeGround): ScopeChange {
  const { record, base, nowMs } = ground;
  if (wroteAt(record, "wrotePause") > base)
    return superseded("another pause or resume came after this one was received");
  if ((record?.paused ?? false) === paused) return { kind: "nothing" };
  return write(ground, "wrotePause", { paused, ...(paused ? {} : { resumedAtMs: nowMs }) });
}

/** Makes the grants what the manifest says: what it leaves out is taken away. */
function grant(manifest: ScopeManifest, ground: ScopeGround): ScopeChange {
  const { record, base } = ground;
  if (wroteAt(record, "wroteGrants") > base) return superseded("other grants were applied after these were received");
  const before = { administrators: administratorsIn(record), grants: record?.grants ?? [] };
  const after = { administrators: [], ...manifest.spec };
  if (canonicalJson(before) === canonicalJson(after)) return { kind: "nothing" };
  const paused = record?.paused ?? false;
  if (manifest.kind === "Namespace") {
    const row = { kindShard: namespaceShard, kindRow: manifest.metadata.name };
    return write(ground, "wroteGrants", { paused, grants: after.grants, ...row });
  }
  return whyLockedOut(before, after, ground) ?? write(ground, "wroteGrants", { paused, ...after });
}

interface Administrators {
  readonly administrators: readonly string[];
}

/** Access control must not go off by a manifest, nor come on with nobody who is known to be able to send. */
function whyLockedOut(
  before: Administrators,
  after: Administrators,
  { sender, appointed }: ScopeGround,
): Rejection | undefined {
  if (appointed.length > 0) return undefined;
  const place = "spec.administrators";
  if (after.administrators.length === 0)
    return before.administrators.length === 0
      ? undefined
      : refused("last-administrator", place, "administrators must have at least one, got none; name who takes over");
  if (before.administrators.length > 0 || after.administrators.includes(sender)) return undefined;
  return refused(
    "locked-out",
    place,
    `administrators must hold you, "${sender}", when access control goes on, so that you can correct them; once it is on, another one can remove you`,
  );
}

function write(
  { record, hash }: ScopeGround,
  part: Part,
  fields: Omit<ScopeFields, Part | "lastCommand">,
): ScopeChange {
  const wrote = { wrotePause: wroteAt(record, "wrotePause"), wroteGrants: wroteAt(record, "wroteGrants") };
  return {
    kind: "write",
    fields: { ...fields, ...wrote, [part]: (record?.version ?? 0) + 1, lastCommand: hash },
  };
}

/** Version at which a command wrote a part last; 0: none did. What an earlier Longshore wrote was a pause. */
function wroteAt(record: ScopeGround["record"], part: Part): number {
  if (record?.lastCommand === undefined) return 0;
  const isEarlier = record.wrotePause === undefined && record.wroteGrants === undefined;
  return record[part] ?? (isEarlier && part === "wrotePause" ? record.version : 0);
}

function administratorsIn(record: ScopeGround["record"]): readonly string[] {
  return record !== undefined && "administrators" in record ? (record.administrators ?? []) : [];
}
