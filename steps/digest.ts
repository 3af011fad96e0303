import { createHash } from "node:crypto";
import type { Revision } from "../core/model/ids.ts";
import type { RevisionContent } from "../core/model/records.ts";
import { revisionText } from "../core/model/revision.ts";

/** SHA-256 in hex: what core, which has no crypto, is handed. */
export function digest(...parts: readonly string[]): string {
  const hash = createHash("sha256");
  // Each part is preceded by its length, so that no two lists of parts read the same.
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex");
}

/** Names a revision by its content: 10 hex digits. */
export function revisionOf(content: RevisionContent): Revision {
  return digest(revisionText(content)).slice(0, 10) as Revision;
}
