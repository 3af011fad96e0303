/** How an option is read. */
export interface Kind<Value> {
  /** What it must be, as after "must be". */
  readonly allowed: string;
  /** Its value; `undefined` when the text is none that is allowed. */
  readonly read: (text: string) => Value | undefined;
}

/** Anything. */
export const text: Kind<string> = { allowed: "text", read: (given) => given };

/** Separated by commas; spaces around them do not count. */
export const list: Kind<readonly string[]> = { allowed: "a list", read: entriesOf };

/** What is read as a number. */
export const number: Kind<number> = {
  allowed: "a number",
  read: (given) => (Number.isFinite(Number(given)) ? Number(given) : undefined),
};

/** Whether or not. */
export const flag: Kind<boolean> = oneOf([true, false]);

/** At least one, as `subnet-1=us-east-1a,subnet-2=us-east-1b`. */
export const zonesBySubnet: Kind<Readonly<Record<string, string>>> = {
  allowed: "subnets with their zones, such as subnet-1=us-east-1a",
  read: (given) => {
    const pairs = entriesOf(given).map((entry) => /^([^=]+)=([^=]+)$/.exec(entry)?.slice(1) ?? []);
    const areAll = pairs.length > 0 && pairs.every(({ length }) => length === 2);
    return areAll ? Object.fromEntries(pairs) : undefined;
  },
};

/** One of a few values. */
export function oneOf<const Value extends string | number | boolean>(values: readonly Value[]): Kind<Value> {
  return {
    allowed: `one of ${values.join(", ")}`,
    read: (given) => values.find((value) => String(value) === given),
  };
}

/** Text of a pattern. @param allowed The pattern in words. */
export function matching(pattern: RegExp, allowed: string): Kind<string> {
  return { allowed, read: (given) => (pattern.test(given) ? given : undefined) };
}

function entriesOf(given: string): readonly string[] {
  return given
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
