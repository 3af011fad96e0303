import type { Json } from "./json.ts";

const shownCharacters = 60;

/** What a terminal or a page may take for more than text, beyond what JSON escapes: C1 controls, invisible and bidirectional marks. */
const treacherous = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

/** Untrusted text as it may stand in a message: shortened to 60 characters, everything but plain text escaped. */
export function escaped(text: string): string {
  const short = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  return JSON.stringify(short).slice(1, -1).replace(treacherous, unicodeEscape);
}

/** A value as messages quote it: `"latest"`, `-1`, `a list`. */
export function shown(value: Json): string {
  return typeof value === "string" ? `"${escaped(value)}"` : kindOf(value);
}

/** A value that may be secret: only what it is, never what it says. */
export function veiled(value: Json): string {
  if (typeof value === "string") return `text of ${value.length} characters`;
  return typeof value === "number" ? "a number" : kindOf(value);
}

function kindOf(value: Json): string {
  if (value === null || typeof value !== "object") return String(value);
  return Array.isArray(value) ? "a list" : "a map";
}

/** One character as JSON would escape it: `\u001b`. */
export function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
