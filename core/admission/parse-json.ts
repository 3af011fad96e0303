import { type Findings, report } from "./findings.ts";
import { emptyMap, type Json } from "./json.ts";
import { child, nameOf, type Place } from "./place.ts";

/** A map or list that is still open. */
type Frame =
  | { readonly kind: "list"; readonly place: Place; readonly items: Json[] }
  | { readonly kind: "map"; readonly place: Place; readonly entries: Record<string, Json>; key: string };

interface Cursor {
  readonly text: string;
  at: number;
  readonly open: Frame[];
  readonly findings: Findings;
}

const numberLiteral = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const words: readonly (readonly [word: string, value: Json])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];

/**
 * Parses JSON text of any depth without recursion, into maps without prototype. Accepts exactly what `JSON.parse` accepts,
 * but reports keys that stand twice in a map, which `JSON.parse` hides, and its messages never quote the text, which may be secret.
 * @returns undefined when the text is not JSON: that is reported with line and column.
 */
export function parseJson(text: string, root: Place, findings: Findings): Json | undefined {
  const cursor: Cursor = { text, at: 0, open: [], findings };
  const value = parseDocument(cursor, root);
  if (value === undefined)
    report(findings, {}, "syntax", () => `the text must be JSON, but is not at ${whereIs(cursor)}`);
  return value;
}

function parseDocument(cursor: Cursor, root: Place): Json | undefined {
  let place: Place | undefined = root;
  while (place) {
    const opened = openContainer(cursor, place);
    if (opened === "failed") return undefined;
    if (opened === "opened") {
      place = nextPlace(cursor);
      continue;
    }
    const value = opened === "empty" ? closeContainer(cursor) : parseScalar(cursor);
    if (value === undefined) return undefined;
    const settled = settle(cursor, value);
    if (settled === "open") place = nextPlace(cursor);
    else return settled === undefined ? undefined : settled.value;
  }
  return undefined;
}

/** Opens the map or list that starts here, if one does, and reads the first key of a map. */
function openContainer(cursor: Cursor, place: Place): "none" | "empty" | "opened" | "failed" {
  if (take(cursor, "[")) {
    cursor.open.push({ kind: "list", place, items: [] });
    return peek(cursor) === "]" ? "empty" : "opened";
  }
  if (!take(cursor, "{")) return "none";
  cursor.open.push({ kind: "map", place, entries: emptyMap(), key: "" });
  if (peek(cursor) === "}") return "empty";
  return readKey(cursor) ? "opened" : "failed";
}

/** Puts a value where it belongs, and closes what ends behind it. Undefined: the text is not JSON. */
function settle(cursor: Cursor, complete: Json): "open" | { readonly value: Json } | undefined {
  let value = complete;
  for (let frame = cursor.open.at(-1); frame; frame = cursor.open.at(-1)) {
    if (frame.kind === "list") frame.items.push(value);
    else frame.entries[frame.key] = value;
    if (take(cursor, ",")) return frame.kind === "list" || readKey(cursor) ? "open" : undefined;
    const closed = closeContainer(cursor);
    if (closed === undefined) return undefined;
    value = closed;
  }
  return peek(cursor) === "" ? { value } : undefined;
}

/** Closes the innermost map or list, if its end stands here. */
function closeContainer(cursor: Cursor): Json | undefined {
  const frame = cursor.open.at(-1);
  if (!frame || !take(cursor, frame.kind === "list" ? "]" : "}")) return undefined;
  cursor.open.pop();
  return frame.kind === "list" ? frame.items : frame.entries;
}

/** Where the next value of the innermost map or list stands. */
function nextPlace(cursor: Cursor): Place | undefined {
  const frame = cursor.open.at(-1);
  return frame && child(frame.place, frame.kind === "list" ? frame.items.length : frame.key);
}

/** Reads `"key":` into the innermost map. */
function readKey(cursor: Cursor): boolean {
  const frame = cursor.open.at(-1);
  const key = peek(cursor) === '"' ? parseText(cursor) : undefined;
  if (key === undefined || frame?.kind !== "map" || !take(cursor, ":")) return false;
  if (Object.hasOwn(frame.entries, key)) {
    const place = child(frame.place, key);
    report(
      cursor.findings,
      place,
      "duplicate",
      () => `${nameOf(place)} must stand once in its map, but is there again`,
    );
  }
  frame.key = key;
  return true;
}

function parseScalar(cursor: Cursor): Json | undefined {
  if (peek(cursor) === '"') return parseText(cursor);
  for (const [word, value] of words) if (take(cursor, word)) return value;
  numberLiteral.lastIndex = cursor.at;
  const literal = numberLiteral.exec(cursor.text)?.[0];
  if (literal === undefined) return undefined;
  cursor.at += literal.length;
  return Number(literal);
}

/** Reads the string that starts here. The literal alone goes to `JSON.parse`, which knows the escapes. */
function parseText(cursor: Cursor): string | undefined {
  const end = endOfText(cursor.text, cursor.at);
  try {
    const value: unknown = JSON.parse(cursor.text.slice(cursor.at, end));
    cursor.at = end;
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined; // Not a string literal: reported as a syntax issue at its start.
  }
}

/** Index behind the quote that ends the string, or the end of the text. */
function endOfText(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === '"') return index + 1;
  }
  return text.length;
}

/** Steps over white space and then over the word, if it stands there. */
function take(cursor: Cursor, word: string): boolean {
  if (peek(cursor) !== word[0] || !cursor.text.startsWith(word, cursor.at)) return false;
  cursor.at += word.length;
  return true;
}

/** The next character that is not white space; empty at the end. */
function peek(cursor: Cursor): string {
  while (cursor.at < cursor.text.length && " \t\n\r".includes(cursor.text.charAt(cursor.at))) cursor.at++;
  return cursor.text.charAt(cursor.at);
}

function whereIs({ text, at }: Cursor): string {
  const before = text.slice(0, at).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
