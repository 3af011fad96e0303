/** A request, as its client names its members. */
export type Input = Readonly<Record<string, unknown>>;

/** One documented limit of some operations' requests. */
export interface Limit {
  readonly of: readonly string[];
  /** The page that says so. */
  readonly source: string;
  /** The member that it is about. */
  readonly path: string;
  /** What is wrong; undefined: nothing. */
  readonly check: (input: Input) => string | undefined;
}

/** What is wrong with a number that has to be within bounds; an absent one is right. */
export function within(value: unknown, least: number, most: number): string | undefined {
  if (value === undefined || (Number(value) >= least && Number(value) <= most)) return undefined;
  return `must be ${least} to ${most}, got ${value}`;
}

/** The objects of a list, or the object itself; anything else is none. */
export function objects(value: unknown): readonly Input[] {
  return (Array.isArray(value) ? value : [value]).filter((entry) => typeof entry === "object" && entry !== null);
}
