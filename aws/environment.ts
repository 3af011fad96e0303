/** Variables of a process, such as `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables, and collects what is wrong with them, so that a person is told of all at once. */
export interface EnvironmentReader {
  /** Must be set. @param allowed In words, such as `a table's name`. */
  required(name: string, allowed: string, pattern?: RegExp): string;
  optional(name: string): string | undefined;
  /**
   * Separated by commas; spaces around them do not count. Not set: none.
   * @param allowed What each must be, in words; with `pattern`.
   */
  list(name: string, allowed?: string, pattern?: RegExp): readonly string[];
  oneOf<Value extends string>(name: string, values: readonly [Value, ...Value[]]): Value;
  number(name: string, range: { readonly min: number; readonly max: number; readonly fallback: number }): number;
  /** `name=value,name=value`. Not set: none. */
  pairs(name: string, allowed: string): Readonly<Record<string, string>>;
  /** @throws Error naming every variable that is missing or malformed, its value and what is allowed. */
  check(): void;
}

/** A variable that is set to nothing counts as not set. */
export function environmentReader(environment: Environment): EnvironmentReader {
  const issues: string[] = [];
  const optional = (name: string) => environment[name] || undefined;
  const complain = (name: string, allowed: string) => {
    const value = optional(name);
    issues.push(`${name} must be ${allowed}, got ${value === undefined ? "nothing" : JSON.stringify(value)}`);
  };
  const list = (name: string, allowed = "", pattern = /./) => {
    const entries = (optional(name) ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== "");
    if (!entries.every((entry) => pattern.test(entry))) complain(name, `each ${allowed}`);
    return entries;
  };

  return {
    optional,
    list,
    required: (name, allowed, pattern = /./) => {
      const value = optional(name) ?? "";
      if (!pattern.test(value)) complain(name, allowed);
      return value;
    },
    oneOf: (name, values) => {
      const value = optional(name) ?? values[0];
      const known = values.find((candidate) => candidate === value);
      if (known === undefined) complain(name, `one of ${values.join(", ")}`);
      return known ?? values[0];
    },
    number: (name, { min, max, fallback }) => {
      const value = Number(optional(name) ?? fallback);
      if (!(value >= min && value <= max)) complain(name, `a number from ${min} to ${max}`);
      return value;
    },
    pairs: (name, allowed) => {
      const entries = list(name).map((entry) => /^([^=]+)=([^=]+)$/.exec(entry));
      if (entries.includes(null)) complain(name, allowed);
      return Object.fromEntries(entries.map((match) => [match?.[1] ?? "", match?.[2] ?? ""]));
    },
    check: () => {
      if (issues.length > 0) throw new Error(`the settings are wrong: ${issues.join("; ")}`);
    },
  };
}
