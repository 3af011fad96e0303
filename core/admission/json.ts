/** A map as people send it. Those that `parseJson` makes have no prototype. */
export interface JsonMap {
  readonly [key: string]: Json;
}

/** Whatever JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | JsonMap;

/** Whether a value is a map, rather than a list, null or a scalar. */
export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A map without a prototype: no key of it, however chosen, reaches anything but the map. */
export function emptyMap<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}
