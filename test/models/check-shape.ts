import { type Model, type Shape, shapeOf } from "./model.ts";

/** A rule that a value broke, and where in it. */
export interface Breach {
  /** Such as `overrides.containerOverrides[0].name`; empty: the whole. */
  readonly path: string;
  readonly rule:
    | "required"
    | "unknown"
    | "type"
    | "length"
    | "pattern"
    | "enum"
    | "range"
    | "size"
    | "union"
    | "documented";
  readonly message: string;
}

/** What one look at a value found. */
export interface Look {
  readonly breaches: Breach[];
  /** Paths of the members that were there, list positions left out. */
  readonly members: Set<string>;
}

interface Place {
  readonly model: Model;
  readonly path: string;
  readonly look: Look;
}

/** Compares a value with a shape of a model, as deep as it goes; a member that is undefined is absent. */
export function checkShape(model: Model, shape: string, value: unknown): Look {
  const look: Look = { breaches: [], members: new Set() };
  check(shapeOf(model, shape), value, { model, path: "", look });
  return look;
}

function check(shape: Shape, value: unknown, place: Place): void {
  const wanted = types[shape.type];
  if (!wanted) throw new Error(`shapes of type ${shape.type} are not known here`);
  if (wanted.accepts(value)) wanted.check?.(shape, value, place);
  else tell(place, "type", `must be ${wanted.words}, got ${shown(value)}`);
}

interface Type {
  readonly words: string;
  readonly accepts: (value: unknown) => boolean;
  readonly check?: (shape: Shape, value: unknown, place: Place) => void;
}

const integers: Type = { words: "a whole number", accepts: Number.isSafeInteger, check: checkRange };
const fractions: Type = { words: "a number", accepts: (value) => Number.isFinite(value), check: checkRange };

const types: Readonly<Record<string, Type>> = {
  structure: { words: "an object", accepts: isObject, check: checkStructure },
  list: { words: "a list", accepts: Array.isArray, check: checkList },
  map: { words: "an object", accepts: isObject, check: checkMap },
  string: { words: "a text", accepts: (value) => typeof value === "string", check: checkString },
  blob: { words: "bytes", accepts: (value) => value instanceof Uint8Array || typeof value === "string" },
  boolean: { words: "true or false", accepts: (value) => typeof value === "boolean" },
  timestamp: { words: "a time", accepts: (value) => value instanceof Date || Number.isFinite(value) },
  integer: integers,
  long: integers,
  float: fractions,
  double: fractions,
};

function checkStructure({ members = {}, required = [], union }: Shape, value: unknown, place: Place): void {
  const present = Object.entries(value as object).filter(([, its]) => its !== undefined);
  const names = new Set(present.map(([name]) => name));
  for (const name of required) if (!names.has(name)) tell(inside(place, name), "required", "is required");
  if (union && names.size !== 1) tell(place, "union", `must have one member, got ${[...names].join(", ") || "none"}`);
  for (const [name, its] of present) {
    const next = inside(place, name);
    const shape = Object.hasOwn(members, name) ? members[name] : undefined;
    if (shape === undefined) tell(next, "unknown", "is no member that the service knows");
    else {
      place.look.members.add(next.path.replaceAll(/\[.*?\]/g, ""));
      check(shapeOf(place.model, shape), its, next);
    }
  }
}

function checkList(shape: Shape, value: unknown, place: Place): void {
  const items = value as readonly unknown[];
  checkSize(shape, items.length, place, { rule: "size", unit: "entries" });
  const member = shapeOf(place.model, shape.member ?? "");
  for (const [index, item] of items.entries()) check(member, item, { ...place, path: `${place.path}[${index}]` });
}

function checkMap(shape: Shape, value: unknown, place: Place): void {
  const entries = Object.entries(value as object).filter(([, its]) => its !== undefined);
  checkSize(shape, entries.length, place, { rule: "size", unit: "entries" });
  for (const [key, its] of entries) {
    const next = { ...place, path: `${place.path}[${JSON.stringify(key)}]` };
    check(shapeOf(place.model, shape.key ?? ""), key, next);
    check(shapeOf(place.model, shape.value ?? ""), its, next);
  }
}

function checkString(shape: Shape, value: unknown, place: Place): void {
  const text = String(value);
  checkSize(shape, [...text].length, place, { rule: "length", unit: "characters" });
  if (shape.enum && !shape.enum.includes(text))
    tell(place, "enum", `must be one of ${shape.enum.join(", ")}, got ${shown(text)}`);
  if (shape.pattern && !whole(shape.pattern).test(text))
    tell(place, "pattern", `must match ${shape.pattern}, got ${shown(text)}`);
}

function checkRange({ min = -Infinity, max = Infinity }: Shape, value: unknown, place: Place): void {
  const number = Number(value);
  if (number < min || number > max) tell(place, "range", `must be ${bounds(min, max)}, got ${number}`);
}

function checkSize(
  { min = 0, max = Infinity }: Shape,
  size: number,
  place: Place,
  { rule, unit }: { readonly rule: Breach["rule"]; readonly unit: string },
): void {
  if (size < min || size > max) tell(place, rule, `must have ${bounds(min, max)} ${unit}, got ${size}`);
}

function bounds(min: number, max: number): string {
  if (max === Infinity) return `at least ${min}`;
  return min === -Infinity ? `at most ${max}` : `${min} to ${max}`;
}

const expressions = new Map<string, RegExp>();

/** The expression of a pattern: AWS compares the whole text. */
export function whole(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(`^(?:${pattern})$`, "u");
  expressions.set(pattern, known);
  return known;
}

function inside(place: Place, name: string): Place {
  return { ...place, path: place.path === "" ? name : `${place.path}.${name}` };
}

function tell({ path, look }: Place, rule: Breach["rule"], message: string): void {
  look.breaches.push({ path, rule, message });
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
