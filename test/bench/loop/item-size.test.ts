import { describe, expect, test } from "vitest";
import { itemBytes, readUnits, refusedUnits, rowAttributes, writeUnits } from "../../../bench/loop/item-size.ts";

const key = { partition: "p", sort: "s" };
/** An item of that many bytes. */
const ofBytes = (bytes: number) => ({ ...key, text: "x".repeat(bytes - itemBytes({ ...key, text: "" })) });

describe("the bytes of an item", () => {
  test.for([
    { name: "a text: name and value", item: { ab: "cde" }, bytes: 5 },
    { name: "a text in UTF-8", item: { ä: "€" }, bytes: 5 },
    { name: "several attributes", item: { a: "1", b: "2" }, bytes: 4 },
    { name: "nothing that is undefined", item: { a: "1", b: undefined }, bytes: 2 },
    { name: "true, false and null: a byte", item: { a: true, b: false, c: null }, bytes: 6 },
    { name: "zero: a byte", item: { a: 0 }, bytes: 2 },
    { name: "a number: a byte, and one for two digits", item: { a: 12 }, bytes: 3 },
    { name: "an odd number of digits is rounded up", item: { a: 123 }, bytes: 4 },
    { name: "zeros at the end are not stored", item: { a: 1_200_000 }, bytes: 3 },
    { name: "zeros at the beginning are not stored", item: { a: 0.0012 }, bytes: 3 },
    { name: "digits behind the point count", item: { a: 12.34 }, bytes: 4 },
    { name: "milliseconds since 1970", item: { a: 1_767_225_679_123 }, bytes: 9 },
    { name: "an empty list: 3 bytes", item: { a: [] }, bytes: 4 },
    { name: "a list: a byte more for each element", item: { a: ["x", 12] }, bytes: 1 + 3 + 2 + 3 },
    { name: "an empty map: 3 bytes", item: { a: {} }, bytes: 4 },
    { name: "a map: a byte more for each field", item: { a: { b: "x", c: undefined } }, bytes: 1 + 3 + 1 + 2 },
    { name: "a list of maps", item: { a: [{ b: "x" }] }, bytes: 1 + 3 + 1 + 3 + 1 + 2 },
  ])("$name", ({ item, bytes }) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  test("what DynamoDB cannot hold as we write it is refused", () => {
    expect(() => itemBytes({ a: 1n })).toThrow("got bigint");
  });
});

describe("the units of a write", () => {
  const indexed = { ...key, kindShard: "Service#1", kindRow: "a" };
  const twice = { ...indexed, waitShard: "main#1", waitRow: "b" };
  test.for([
    { name: "a new item of 1 KB", before: undefined, after: ofBytes(1024), units: 1 },
    { name: "a byte more", before: undefined, after: ofBytes(1025), units: 2 },
    { name: "the larger one when it shrinks", before: ofBytes(3000), after: ofBytes(100), units: 3 },
    { name: "the larger one when it grows", before: ofBytes(100), after: ofBytes(3000), units: 3 },
    { name: "a removal: what was there", before: ofBytes(2000), after: undefined, units: 2 },
    { name: "a new entry of an index", before: key, after: indexed, units: 2 },
    { name: "half a key is no entry", before: key, after: { ...key, kindShard: "Service#1" }, units: 1 },
    { name: "an entry that stays", before: indexed, after: { ...indexed, text: "x" }, units: 1 },
    { name: "an entry that moves: removed and put", before: indexed, after: { ...indexed, kindRow: "b" }, units: 3 },
    { name: "an entry that goes", before: indexed, after: key, units: 2 },
    { name: "entries of both indexes", before: undefined, after: twice, units: 3 },
    { name: "an item that goes with both", before: twice, after: undefined, units: 3 },
    { name: "a large item with a small entry", before: undefined, after: { ...ofBytes(3000), ...indexed }, units: 4 },
  ])("$name", ({ before, after, units }) => {
    expect(writeUnits(before, after)).toBe(units);
  });

  test.for([
    { name: "the larger of what is there", there: ofBytes(3000), wanted: ofBytes(100), units: 3 },
    { name: "and of what was to be written", there: ofBytes(100), wanted: ofBytes(3000), units: 3 },
    { name: "and nothing in an index", there: key, wanted: { ...key, kindShard: "a", kindRow: "b" }, units: 1 },
    { name: "one at least", there: undefined, wanted: undefined, units: 1 },
  ])("are used although the condition does not hold: $name", ({ there, wanted, units }) => {
    expect(refusedUnits(there, wanted)).toBe(units);
  });
});

describe("the units of a read", () => {
  test.for([
    { name: "one for nothing", items: [], units: 1 },
    { name: "one for 4 KB", items: [ofBytes(4096)], units: 1 },
    { name: "another begun", items: [ofBytes(4097)], units: 2 },
    { name: "a query adds first and rounds then", items: [ofBytes(2000), ofBytes(2000)], units: 1 },
  ])("$name", ({ items, units }) => {
    expect(readUnits(items, "consistent")).toBe(units);
    expect(readUnits(items, "eventual")).toBe(units / 2);
  });
});

test("a row of an index is its keys and the table's", () => {
  expect(rowAttributes("waiting", "main#3", { ...key, row: "0000#shop/web" })).toEqual({
    ...key,
    waitShard: "main#3",
    waitRow: "0000#shop/web",
  });
});
