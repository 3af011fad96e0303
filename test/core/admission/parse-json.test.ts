import fc from "fast-check";
import { expect, test } from "vitest";
import { issuesOf, noFindings } from "../../../core/admission/findings.ts";
import { parseJson } from "../../../core/admission/parse-json.ts";
import { documentRoot } from "../../../core/admission/place.ts";

function parsed(text: string) {
  const findings = noFindings();
  const value = parseJson(text, documentRoot, findings);
  return { value, issues: issuesOf(findings) };
}

/** What `JSON.parse` makes of a text; undefined: it throws. */
function builtIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

test.for([
  "null",
  "true",
  "false",
  "0",
  "-0",
  "12",
  "-1.5e+3",
  "1E2",
  "1e-2",
  "0.1",
  '""',
  '"a"',
  '"\\""',
  '"\\\\"',
  '"\\u00e9\\n"',
  '"\\ud800"',
  "[]",
  "{}",
  "[1]",
  "[1,2]",
  "[[],{}]",
  '{"a":1}',
  '{"a":{"b":[]},"c":null}',
  ' \t\r\n{ "a" : [ 1 , 2 ] , "b" : "" } \n',
  '{"":0}',
])("reads %s as JSON.parse does", (text) => {
  expect(parsed(text)).toEqual({ value: JSON.parse(text), issues: [] });
});

test.for([
  "",
  " ",
  "nul",
  "nulls",
  "True",
  "NaN",
  "Infinity",
  "01",
  "1.",
  ".5",
  "+1",
  "-",
  "1e",
  "0x1",
  '"',
  '"a',
  '"\\"',
  '"\\x"',
  '"\\u12"',
  '"a\nb"',
  '"\u0000"',
  "'a'",
  "[",
  "]",
  "[1",
  "[1,",
  "[1,]",
  "[,1]",
  "[1 2]",
  "[1}",
  "{",
  "}",
  '{"a"',
  '{"a":',
  '{"a":1',
  '{"a":1,',
  '{"a":1,}',
  '{"a" 1}',
  "{:1}",
  '{"a":1,:2}',
  "{a:1}",
  "{1:1}",
  '{"a":1]',
  '{,"a":1}',
  '{"a":}',
  "1 2",
  "[] []",
  "{}}",
  "\ufeff{}",
  "\u00a0{}",
  "// x\n1",
])("refuses %j as JSON.parse does", (text) => {
  expect(builtIn(text)).toBeUndefined();
  expect(parsed(text)).toMatchObject({ value: undefined, issues: [{ code: "syntax", path: "" }] });
});

test.for([
  { text: "", where: "line 1, column 1" },
  { text: '{"a":1,,"b":2}', where: "line 1, column 8" },
  { text: '{\n  "a": 1\n  "b": 2\n}', where: "line 3, column 3" },
  { text: '{"password": hunter2}', where: "line 1, column 14" },
  { text: '["open', where: "line 1, column 2" },
])("says where $text ends being JSON, and does not quote it", ({ text, where }) => {
  expect(parsed(text).issues).toEqual([
    { code: "syntax", path: "", message: `the text must be JSON, but is not at ${where}` },
  ]);
});

test.for([
  { text: '{"a":1,"a":1}', paths: ["a"] },
  { text: '{"a":1,"\\u0061":2}', paths: ["a"] },
  { text: '{"a":1,"b":2,"a":3,"a":4,"b":5}', paths: ["a", "b"] },
  { text: '[{"x":{"a":[0,{"b":1,"b":1}]}}]', paths: ["[0].x.a[1].b"] },
  { text: '{"__proto__":1,"__proto__":2}', paths: ["__proto__"] },
  { text: '{"a":{"a":1},"b":{"a":1}}', paths: [] },
  { text: '[{"a":1},{"a":1}]', paths: [] },
  { text: '{"toString":1}', paths: [] },
])("sees keys that stand twice: $text", ({ text, paths }) => {
  const { issues } = parsed(text);
  expect(issues.map(({ path }) => path)).toEqual(paths);
  expect(issues.every(({ code }) => code === "duplicate")).toBe(true);
});

test("makes maps without prototype, in which __proto__ is a key like any other", () => {
  const { value } = parsed('{"__proto__":{"polluted":true},"a":{}}');
  expect(Object.getPrototypeOf(value)).toBeNull();
  expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test.for([
  { name: "lists", text: "[".repeat(100_000) },
  { name: "lists that are closed", text: "[".repeat(100_000) + "]".repeat(100_000) },
  { name: "maps", text: '{"a":'.repeat(100_000) },
  { name: "maps that are closed", text: `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}` },
])("reads 100,000 $name within each other without overflow", ({ text }) => {
  expect(parsed(text).issues).toHaveLength(text.endsWith("[") || text.endsWith(":") ? 1 : 0);
});

test("a path of an issue far inside is shortened", () => {
  const { issues } = parsed(`${"[".repeat(50_000)}{"a":1,"a":2}${"]".repeat(50_000)}`);
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path).toBe(`…${"[0]".repeat(39)}.a`);
});

test("property: accepts what JSON.parse accepts, as it reads it, and nothing else", () => {
  const valid = fc.json();
  const spaced = fc.json().map((text) => JSON.stringify(JSON.parse(text), null, "\t"));
  const damaged = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom("", ",", "}", "]", '"', "\\", ":", "0", "e", "-", "[", "{", " "))
    .map(
      ([text, at, piece]) => text.slice(0, at % (text.length + 1)) + piece + text.slice((at % (text.length + 1)) + 1),
    );
  fc.assert(
    fc.property(fc.oneof(valid, spaced, damaged, fc.string()), (text) => {
      const expected = builtIn(text);
      const { value, issues } = parsed(text);
      // `toEqual` takes an own __proto__ for a prototype, so texts are compared.
      expect(JSON.stringify(value)).toBe(JSON.stringify(expected));
      expect(issues.some(({ code }) => code === "syntax")).toBe(expected === undefined);
    }),
    { numRuns: 2000 },
  );
});
