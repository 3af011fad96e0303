/**
 * One text of several parts, each preceded by its length, so that no two lists of parts read the same: what a hash of
 * several parts is of, whoever has the hash function.
 */
export function framed(parts: readonly string[]): string {
  return parts.map((part) => `${part.length}:${part}`).join("");
}
