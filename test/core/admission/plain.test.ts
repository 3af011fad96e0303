import { expect, test } from "vitest";
import { issuesOf, noFindings } from "../../../core/admission/findings.ts";
import { documentRoot } from "../../../core/admission/place.ts";
import { isPlain } from "../../../core/admission/plain.ts";

function looked(document: unknown) {
  const findings = noFindings();
  const plain = isPlain(document, documentRoot, findings);
  return { plain, issues: issuesOf(findings).map(({ path, message }) => `${path}: ${message}`) };
}

/** Maps within each other, the innermost empty. */
function nestedMaps(depth: number): unknown {
  let value: unknown = {};
  for (let level = 1; level < depth; level++) value = { a: value };
  return value;
}

/** Lists within each other, the innermost holding a value. */
function nested(depth: number, innermost: unknown[] = []): unknown {
  let value: unknown = innermost;
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

const fine = { plain: true, issues: [] };

test.for([
  { name: "scalars", document: [null, true, 1.5, -1, "text"] },
  { name: "what follows C0 and C1", document: " ~\u00a0" },
  { name: "line feeds and tabs", document: "a\n\tb" },
  { name: "4 KiB of ASCII", document: "x".repeat(4096) },
  { name: "4 KiB of others", document: "é".repeat(2048) },
  { name: "4 KiB of pairs", document: "😀".repeat(1024) },
  { name: "32 lists within each other, with a scalar inside", document: nested(32, [1]) },
  { name: "32 maps within each other", document: nestedMaps(32) },
  { name: "10,000 values", document: Array.from({ length: 9999 }, () => 0) },
  { name: "maps without prototype", document: Object.assign(Object.create(null), { a: 1 }) },
])("lets pass: $name", ({ document }) => expect(looked(document)).toEqual(fine));

test.for([
  { name: "a null", document: { a: "b\u0000" }, issue: "a: a must hold no control characters, got \\u0000 at 1" },
  {
    name: "an escape",
    document: ["\u001b[31m"],
    issue: "[0]: the document[0] must hold no control characters, got \\u001b at 0",
  },
  {
    name: "a carriage return",
    document: { a: "b\r\n" },
    issue: "a: a must hold no control characters, got \\u000d at 1",
  },
  { name: "DEL", document: { a: "\u007f" }, issue: "a: a must hold no control characters, got \\u007f at 0" },
  {
    name: "the last of C0",
    document: ["\u001f"],
    issue: "[0]: the document[0] must hold no control characters, got \\u001f at 0",
  },
  {
    name: "the last of C1",
    document: ["\u009f"],
    issue: "[0]: the document[0] must hold no control characters, got \\u009f at 0",
  },
  { name: "C1", document: { a: "\u009b" }, issue: "a: a must hold no control characters, got \\u009b at 0" },
  {
    name: "a control character in a key",
    document: { "a\nb": 1 },
    issue: '["a\\nb"]: the key "a\\nb" must hold no control characters, got \\u000a at 1',
  },
  {
    name: "half of a pair",
    document: { a: "\ud83d" },
    issue: "a: a must be well-formed Unicode, but half of a surrogate pair is missing",
  },
  { name: "more than 4 KiB", document: { a: "x".repeat(4097) }, issue: "a: a must be at most 4096 bytes, got 4097" },
  {
    name: "more than 4 KiB in two-byte characters",
    document: { a: `${"é".repeat(2048)}x` },
    issue: "a: a must be at most 4096 bytes, got 4097",
  },
  {
    name: "more than 4 KiB in three-byte characters",
    document: { a: "€".repeat(1366) },
    issue: "a: a must be at most 4096 bytes, got 4098",
  },
  { name: "infinity", document: { a: Number.POSITIVE_INFINITY }, issue: "a: a must be a finite number, got Infinity" },
  ...["__proto__", "constructor", "prototype"].map((key) => ({
    name: key,
    document: { a: [JSON.parse(`{"${key}":1}`)] },
    issue: `a[0].${key}: the key ${key} is refused; choose another`,
  })),
])("reports $name and goes on", ({ document, issue }) =>
  expect(looked(document)).toEqual({ plain: true, issues: [issue] }),
);

test("reports a key that is too long, shortened", () => {
  const { issues } = looked({ ["k".repeat(4097)]: 1 });
  expect(issues).toEqual([`["${"k".repeat(60)}…"]: the key "${"k".repeat(60)}…" must be at most 4096 bytes, got 4097`]);
});

test.for([
  { character: "\u007e", bytes: 1 },
  { character: "\u07ff", bytes: 2 },
  { character: "\u0800", bytes: 3 },
  { character: "\ud7ff", bytes: 3 },
  { character: "\ue000", bytes: 3 },
  { character: "\u{10000}", bytes: 4 },
  { character: "\u{10ffff}", bytes: 4 },
])("counts $bytes bytes for $character", ({ character, bytes }) => {
  const most = character.repeat(Math.floor(4096 / bytes)) + "x".repeat(4096 % bytes);
  expect(looked(most)).toEqual(fine);
  expect(looked(`${most}x`).issues).toEqual([": the document must be at most 4096 bytes, got 4097"]);
});

const tooDeep = `${"[0]".repeat(32)}: maps and lists must lie at most 32 deep, got more`;
const tooMany = ": a document must hold at most 10000 values, got more";

test.for([
  { name: "33 lists within each other", document: nested(33), issue: tooDeep },
  {
    name: "33 maps within each other",
    document: nestedMaps(33),
    issue: `${Array.from({ length: 32 }, () => "a").join(".")}: maps and lists must lie at most 32 deep, got more`,
  },
  { name: "100,000 lists within each other", document: nested(100_000), issue: tooDeep },
  { name: "a list within itself", document: cycle(), issue: tooDeep },
  { name: "10,001 values in a list", document: Array.from({ length: 10_000 }, () => 0), issue: tooMany },
  {
    name: "10,001 values in maps",
    document: [1, Object.fromEntries(Array.from({ length: 9999 }, (_, i) => [`k${i}`, 0]))],
    issue: tooMany,
  },
  { name: "a few lists named again and again", document: billion(), issue: tooMany },
])("gives up on $name", ({ document, issue }) => expect(looked(document)).toEqual({ plain: false, issues: [issue] }));

function cycle(): unknown {
  const list: unknown[] = [];
  list.push(list);
  return list;
}

function billion(): unknown {
  let list: unknown[] = [0];
  for (let level = 0; level < 20; level++) list = [list, list, list, list];
  return list;
}

test.for([
  { name: "undefined", value: undefined, kind: "undefined" },
  { name: "a function", value: () => 1, kind: "function" },
  { name: "a big integer", value: 1n, kind: "bigint" },
  { name: "a symbol", value: Symbol("x"), kind: "symbol" },
  { name: "a date", value: new Date(0), kind: "object" },
  { name: "a Map", value: new Map(), kind: "object" },
])("what is no plain data must not be read: $name", ({ value, kind }) => {
  expect(looked({ a: value, b: "\u0000" })).toEqual({
    plain: false,
    issues: [`a: a must be plain data, got ${kind}`, "b: b must hold no control characters, got \\u0000 at 0"],
  });
});
