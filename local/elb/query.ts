import { validate } from "../../sim/elb/error.ts";

/** The parameters of a request in the AWS query protocol: `Targets.member.1.Id=…`, read by name. */
export interface Query {
  text(name: string): string | undefined;
  /** @throws ElbError ValidationError when it is absent */
  required(name: string): string;
  /** @throws ElbError ValidationError when it is no whole number */
  integer(name: string): number | undefined;
  /** The texts of a list, in order. */
  texts(name: string): readonly string[];
  /** The members of a list of structures, each read by its own names. */
  members(name: string): readonly Query[];
  /** The names of a structure, such as `Matcher`. */
  inside(name: string): Query;
}

/** Reads parameters whose names start with `prefix`, which is left out by the reader. */
export function readQuery(parameters: URLSearchParams, prefix = ""): Query {
  const text = (name: string) => parameters.get(prefix + name) ?? undefined;
  const required = (name: string) => {
    const value = text(name);
    validate(value !== undefined && value !== "", `${prefix}${name} is required`);
    return value;
  };
  const integer = (name: string) => {
    const value = text(name);
    if (value === undefined) return undefined;
    validate(/^-?\d{1,9}$/.test(value), `${prefix}${name} must be a whole number, got "${value}"`);
    return Number(value);
  };
  const numbersOf = (name: string) => memberNumbers(parameters, `${prefix}${name}.member.`);
  return {
    text,
    required,
    integer,
    texts: (name) => numbersOf(name).flatMap((number) => text(`${name}.member.${number}`) ?? []),
    members: (name) => numbersOf(name).map((number) => readQuery(parameters, `${prefix}${name}.member.${number}.`)),
    inside: (name) => readQuery(parameters, `${prefix}${name}.`),
  };
}

function memberNumbers(parameters: URLSearchParams, prefix: string): readonly number[] {
  const numbers = [...parameters.keys()]
    .filter((key) => key.startsWith(prefix))
    .map((key) => Number.parseInt(key.slice(prefix.length), 10))
    .filter(Number.isFinite);
  return [...new Set(numbers)].sort((one, other) => one - other);
}
