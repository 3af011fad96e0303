/** JSON with the keys of every object in order and absent values left out: equal values, equal text, whoever stored them. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (isMap(part) ? inOrder(part) : part)) ?? "null";
}

function isMap(part: unknown): part is Readonly<Record<string, unknown>> {
  return part !== null && typeof part === "object" && !Array.isArray(part);
}

function inOrder(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
