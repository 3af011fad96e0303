import { type Breach, whole } from "./check-shape.ts";
import { type Model, type Shape, shapeOf } from "./model.ts";

/** A request that breaks one rule of its model, made of one that breaks none. */
export interface Mutant {
  readonly path: string;
  readonly rule: Breach["rule"];
  readonly input: unknown;
}

/** Every way to break one rule of a shape, at each place of a value that fits it. */
export function mutants(model: Model, shape: string, value: unknown): readonly Mutant[] {
  return [...broken(model, shapeOf(model, shape), value, "")];
}

/** The mutants of a part of a value, each as that part would be. */
function* broken(model: Model, shape: Shape, value: unknown, path: string): Generator<Mutant> {
  yield { path, rule: "type", input: ofAnotherType(shape) };
  for (const { rule, input } of ownRules(shape, value)) yield { path, rule, input };
  if (shape.type === "structure") yield* inStructure(model, shape, value as Readonly<Record<string, unknown>>, path);
  if (shape.type === "list") yield* inList(model, shape, value as readonly unknown[], path);
}

function* inStructure(
  model: Model,
  { members = {}, required = [] }: Shape,
  value: Readonly<Record<string, unknown>>,
  path: string,
): Generator<Mutant> {
  for (const [name, its] of Object.entries(value)) {
    const next = path === "" ? name : `${path}.${name}`;
    const { [name]: _, ...others } = value;
    if (required.includes(name)) yield { path: next, rule: "required", input: others };
    for (const mutant of broken(model, shapeOf(model, members[name] ?? ""), its, next))
      yield { ...mutant, input: { ...value, [name]: mutant.input } };
  }
}

function* inList(model: Model, { member = "" }: Shape, value: readonly unknown[], path: string): Generator<Mutant> {
  const [first, ...others] = value;
  if (first === undefined) return;
  for (const mutant of broken(model, shapeOf(model, member), first, `${path}[]`))
    yield { ...mutant, input: [mutant.input, ...others] };
}

function ofAnotherType({ type }: Shape): unknown {
  if (type === "structure" || type === "map" || type === "list") return "text";
  return type === "string" ? 7 : "text";
}

function* ownRules(shape: Shape, value: unknown): Generator<Pick<Mutant, "rule" | "input">> {
  const { type, min, max, pattern } = shape;
  if (shape.enum) yield { rule: "enum", input: "NONE_OF_THESE" };
  const unlike = pattern === undefined ? undefined : ["\u0001", ":*"].find((text) => !whole(pattern).test(text));
  if (unlike !== undefined) yield { rule: "pattern", input: unlike };
  const isNumber = ["integer", "long", "float", "double"].includes(type);
  if (isNumber && min !== undefined) yield { rule: "range", input: min - 1 };
  if (isNumber && max !== undefined) yield { rule: "range", input: max + 1 };
  if (type === "string" && min) yield { rule: "length", input: "a".repeat(min - 1) };
  if (type === "string" && max !== undefined) yield { rule: "length", input: "a".repeat(max + 1) };
  if (type === "list" && min) yield { rule: "size", input: [] };
  if (type === "list" && max !== undefined) yield { rule: "size", input: Array(max + 1).fill((value as unknown[])[0]) };
}
