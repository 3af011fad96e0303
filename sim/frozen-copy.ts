/**
 * A deep copy that nobody can change, of plain data as a table would keep it: `undefined` is left out, everything but
 * strings, finite numbers, booleans, null, arrays and plain objects is refused.
 */
export function frozenCopy<T>(value: T): T {
  return copy(value) as T;
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.filter((entry) => entry !== undefined).map(copy));
  if (isPlainObject(value)) {
    const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.freeze(Object.fromEntries(entries.map(([name, entry]) => [name, copy(entry)])));
  }
  if (isScalar(value)) return value;
  throw new TypeError(`a table keeps strings, finite numbers, booleans, null, lists and maps, got ${String(value)}`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  // Maps of untrusted input have no prototype.
  return prototype === Object.prototype || prototype === null;
}

function isScalar(value: unknown): boolean {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}
