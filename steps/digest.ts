import { createHash } from "node:crypto";
import { framed } from "../core/model/framed.ts";
import type { Revision } from "../core/model/ids.ts";
import type { RevisionContent } from "../core/model/records.ts";
import { revisionText } from "../core/model/revision.ts";

/** SHA-256 in hex: what core, which has no crypto, is handed. */
export function digest(...parts: readonly string[]): string {
  return createHash("sha256").update(framed(parts)).digest("hex");
}

/** Names a revision by its content: 10 hex digits. */
export function revisionOf(content: RevisionContent): Revision {
  return digest(revisionText(content)).slice(0, 10) as Revision;
}
