import { escaped } from "../words/escaped.ts";
import { orList } from "../words/or-list.ts";
import { type Findings, invalid, misshapen, report } from "./findings.ts";
import { emptyMap, isMap, type Json } from "./json.ts";
import { child, nameOf, type Place } from "./place.ts";
import { shown, veiled } from "./shown.ts";
import { flawOf } from "./text.ts";

/**
 * Reads one kind of value: reports every issue in it and returns what could be read. Undefined, or parts that are
 * undefined, were reported. What is read is a copy; the input is never changed.
 */
export interface Reader<Value> {
  /** What is allowed, as the end of a sentence that begins with "must be". */
  readonly allowed: string;
  readonly read: (value: Json, place: Place, findings: Findings) => Value | undefined;
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number): Reader<number> {
  const allowed = `${least} to ${most}`;
  return {
    allowed,
    read(value, place, findings) {
      if (!Number.isInteger(value)) return invalid(findings, place, `a whole number, ${allowed}`, value);
      if (typeof value !== "number" || value < least || value > most) return invalid(findings, place, allowed, value);
      return value + 0; // -0 becomes 0.
    },
  };
}

/** Any number from `least` to `most`. */
export function decimal(least: number, most: number): Reader<number> {
  const allowed = `a number, ${least} to ${most}`;
  return {
    allowed,
    read(value, place, findings) {
      const fits = typeof value === "number" && value >= least && value <= most;
      return fits ? value + 0 : invalid(findings, place, allowed, value); // -0 becomes 0.
    },
  };
}

/** True or false. */
export const flag: Reader<boolean> = {
  allowed: "true or false",
  read(value, place, findings) {
    return typeof value === "boolean" ? value : invalid(findings, place, flag.allowed, value);
  },
};

interface TextRules {
  readonly allowed: string;
  /** Of the whole text; linear-time. */
  readonly pattern?: RegExp;
  /** Characters (UTF-16 code units), from 1 unless `mayBeEmpty`. */
  readonly most?: number;
  readonly mayBeEmpty?: boolean;
  /** Line feeds and tabs are allowed. */
  readonly lines?: boolean;
  /** May be secret: messages say what it is, never what it says. */
  readonly veil?: boolean;
}

/** Text that keeps to its rules; beyond them, no text is longer than 4 KiB or holds control characters. */
export function text(rules: TextRules): Reader<string> {
  const { allowed, pattern, most = Number.POSITIVE_INFINITY, mayBeEmpty = false, lines = false, veil = false } = rules;
  const show = veil ? veiled : shown;
  return {
    allowed,
    read(value, place, findings) {
      const tell = () => `${nameOf(place)} must be ${allowed}, got ${show(value)}`;
      if (typeof value !== "string") return report(findings, place, "invalid", tell);
      const flaw = flawOf(value, { lines });
      if (flaw) return report(findings, place, "text", () => `${nameOf(place)} ${flaw}`);
      const fits = (mayBeEmpty || value !== "") && value.length <= most && (pattern?.test(value) ?? true);
      return fits ? value : report(findings, place, "invalid", tell);
    },
  };
}

/** One of a few words. Words that are planned are refused as not built yet. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  isPlanned: (word: string) => boolean = () => false,
): Reader<Word> {
  const allowed = orList(words);
  return {
    allowed,
    read(value, place, findings) {
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      if (typeof value !== "string" || !isPlanned(value)) return invalid(findings, place, allowed, value);
      return report(findings, place, "not-built", () => `${escaped(value)} is not built yet; use ${allowed}`);
    },
  };
}

/** A list of so many items; `unique` ones of scalars hold none twice. */
export interface ListReader<Item> extends Reader<readonly (Item | undefined)[]> {
  readonly item: Reader<Item>;
}

/** A list of what another reader reads. */
export function list<Item>(
  item: Reader<Item>,
  { least = 0, most, unique = false }: { readonly least?: number; readonly most: number; readonly unique?: boolean },
): ListReader<Item> {
  const allowed = least === 0 ? `a list of at most ${most}` : `a list of ${least} to ${most}`;
  return {
    item,
    allowed,
    read(value, place, findings) {
      if (!isList(value)) return misshapen(findings, place, allowed, value);
      if (value.length < least || value.length > most) {
        return report(findings, place, "invalid", () => `${nameOf(place)} must be ${allowed}, got ${value.length}`);
      }
      return value.map((element, index) => {
        const here = child(place, index);
        if (unique && value.indexOf(element) < index) {
          return report(findings, here, "conflict", () => `${shown(element)} must stand once in its list`);
        }
        return item.read(element, here, findings);
      });
    },
  };
}

/** A map whose keys the user chooses. Without prototype; keys keep their order. */
export function mapOf(
  key: Reader<string>,
  entry: Reader<string>,
  most: number,
): Reader<Readonly<Record<string, string>>> {
  const allowed = `a map of at most ${most}`;
  return {
    allowed: `${allowed}: ${key.allowed} → ${entry.allowed}`,
    read(value, place, findings) {
      if (!isMap(value)) return misshapen(findings, place, allowed, value);
      const keys = Object.keys(value);
      if (keys.length > most) {
        return report(findings, place, "invalid", () => `${nameOf(place)} must be ${allowed}, got ${keys.length}`);
      }
      const entries = emptyMap<string>();
      for (const name of keys) {
        const here = child(place, name);
        if (key.read(name, here, findings) === undefined) continue;
        const read = entry.read(value[name] ?? null, here, findings);
        if (read !== undefined) entries[name] = read;
      }
      return entries;
    },
  };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
