import { nearestWord } from "../words/nearest-word.ts";
import { type Findings, misshapen, report } from "./findings.ts";
import { isMap, type Json, type JsonMap } from "./json.ts";
import { child, nameOf, type Place, pathOf } from "./place.ts";
import type { Reader } from "./readers.ts";

/** A value as far as it could be read: once nothing was reported it is whole, and a `Value`. */
export type Draft<Value> = Value extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : Value extends object
    ? { readonly [Key in keyof Value]?: Draft<Value[Key]> | undefined }
    : Value;

/** One field of a map: how it is read, and what it is when absent. */
export interface Field<Value> {
  readonly reader: Reader<Value>;
  /** One line for people. */
  readonly meaning: string;
  /** An absent field: `required` is an issue; `optional` stays absent; `default` is read as if `value` stood there. */
  readonly absent: { readonly kind: "required" | "optional" } | { readonly kind: "default"; readonly value: Json };
}

/** The fields of a map, in the order in which they are read and written. */
export type Fields<Whole> = { readonly [Key in keyof Whole]-?: Field<Draft<NonNullable<Whole[Key]>>> };

/** Reads a map of known fields; `planned` ones are refused as not built yet. */
export interface ObjectReader<Whole> extends Reader<Draft<Whole>> {
  readonly fields: Fields<Whole>;
  readonly planned: readonly string[];
}

/** A field that must be given. */
export function required<Value>(reader: Reader<Value>, meaning: string): Field<Value> {
  return { reader, meaning, absent: { kind: "required" } };
}

/** A field that may stay away. */
export function optional<Value>(reader: Reader<Value>, meaning: string): Field<Value> {
  return { reader, meaning, absent: { kind: "optional" } };
}

/** A field that counts as `value` when it is absent; `value` is written as people would. */
export function defaulted<Value>(reader: Reader<Value>, value: Json, meaning: string): Field<Value> {
  return { reader, meaning, absent: { kind: "default", value } };
}

/**
 * A map with these fields and no others. Keys `x-*` are dropped; `planned` fields are refused as not built yet, unknown
 * ones with the nearest known name. `open` ones keep quiet about fields that they do not know.
 */
export function object<Whole>(
  fields: Fields<Whole>,
  { planned = [], open = false }: { readonly planned?: readonly string[]; readonly open?: boolean } = {},
): ObjectReader<Whole> {
  const known = Object.keys(fields);
  return {
    allowed: "a map",
    fields,
    planned,
    read(value, place, findings) {
      if (!isMap(value)) return misshapen(findings, place, "a map", value);
      const misspelt = open ? [] : refuseOthers(value, { known, planned }, place, findings);
      return readFields(value, { fields, misspelt }, place, findings);
    },
  };
}

/** @param misspelt Fields of which it was said already that they were meant: one that is absent is no second issue. */
function readFields<Whole>(
  map: JsonMap,
  { fields, misspelt }: { readonly fields: Fields<Whole>; readonly misspelt: readonly string[] },
  place: Place,
  findings: Findings,
): Draft<Whole> {
  const draft: Record<string, unknown> = {};
  for (const [name, field] of Object.entries<Field<unknown>>(fields)) {
    if (misspelt.includes(name) && !Object.hasOwn(map, name)) continue;
    const read = readField(field, Object.hasOwn(map, name) ? map[name] : undefined, child(place, name), findings);
    if (read !== undefined) draft[name] = read;
  }
  return draft as Draft<Whole>;
}

function readField(
  { reader, absent }: Field<unknown>,
  value: Json | undefined,
  place: Place,
  findings: Findings,
): unknown {
  if (value !== undefined) return reader.read(value, place, findings);
  if (absent.kind === "default") return reader.read(absent.value, place, findings);
  if (absent.kind === "optional") return undefined;
  return report(findings, place, "required", () => `${nameOf(place)} is required: ${reader.allowed}`);
}

/** Refuses every field that is not known; answers the known ones that were suggested in their stead. */
function refuseOthers(
  map: JsonMap,
  { known, planned }: { readonly known: readonly string[]; readonly planned: readonly string[] },
  place: Place,
  findings: Findings,
): readonly string[] {
  const suggested: string[] = [];
  for (const name of Object.keys(map)) {
    if (known.includes(name) || name.startsWith("x-")) continue;
    const here = child(place, name);
    if (planned.includes(name)) {
      report(findings, here, "not-built", () => `${pathOf(here)} is not built yet; remove it`);
      continue;
    }
    report(findings, here, "unknown", () => {
      const nearest = nearestWord(name, [...known, ...planned]);
      if (nearest !== undefined) suggested.push(nearest);
      const advice = nearest === undefined ? `known are ${known.join(", ")}` : `did you mean ${nearest}?`;
      return `${pathOf(here)} is not a known field; ${advice}`;
    });
  }
  return suggested;
}
