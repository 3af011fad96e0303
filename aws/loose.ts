/** Members of a value that another's program wrote: each may be absent or of another type. */
export type Loose = Readonly<Record<string, unknown>>;

/** The value when it is an object, else one without members. */
export function looseObject(value: unknown): Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

/** The objects of a list; none when it is no list. */
export function looseObjects(value: unknown): readonly Loose[] {
  return Array.isArray(value) ? value.map(looseObject) : [];
}

/** The text, or undefined when it is none or empty. */
export function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The number, or undefined when it is none that can be counted with. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Epoch milliseconds of a `Date` (the SDK) or an ISO text (events). */
export function timeIn(value: unknown): number | undefined {
  if (typeof value !== "string" && !(value instanceof Date)) return undefined;
  return numberIn(new Date(value).getTime());
}
