import { assert, dictionary, jsonValue, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../../core/model/canonical.ts";

describe("canonical JSON", () => {
  test.for([
    { name: "keys in order", value: { b: 1, a: 2 }, text: '{"a":2,"b":1}' },
    { name: "keys of what is inside in order", value: { x: [{ d: 1, c: 2 }] }, text: '{"x":[{"c":2,"d":1}]}' },
    { name: "lists in their own order", value: [2, 1], text: "[2,1]" },
    { name: "absent values left out", value: { a: undefined, b: null }, text: '{"b":null}' },
    { name: "nothing", value: undefined, text: "null" },
    { name: "null", value: null, text: "null" },
    { name: "text", value: "a", text: '"a"' },
  ])("$name", ({ value, text }) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test("the order in which keys were set never shows, and nothing is lost", () => {
    assert(
      property(dictionary(string(), jsonValue()), (map) => {
        const turned = Object.fromEntries(Object.entries(map).toReversed());
        expect(canonicalJson(turned)).toBe(canonicalJson(map));
        expect(JSON.parse(canonicalJson(map))).toEqual(JSON.parse(JSON.stringify(map)));
      }),
    );
  });
});
