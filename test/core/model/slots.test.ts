import { array, assert, integer, property, uniqueArray } from "fast-check";
import { describe, expect, test } from "vitest";
import { firstSlots, indicesOf, type Slots, slotCount, slotsOf } from "../../../core/model/slots.ts";

describe("slots as ranges", () => {
  test.for([
    { indices: [], slots: "" },
    { indices: [0], slots: "0" },
    { indices: [0, 1], slots: "0-1" },
    { indices: [0, 2], slots: "0,2" },
    { indices: [5, 2, 1, 0], slots: "0-2,5" },
    { indices: [1, 1, 2, 2], slots: "1-2" },
    { indices: [9, 10, 11, 100], slots: "9-11,100" },
  ])("$indices are $slots", ({ indices, slots }) => {
    expect(slotsOf(indices)).toBe(slots);
  });

  test("read back, any indices are themselves, rising and once", () => {
    assert(
      property(uniqueArray(integer({ min: 0, max: 60 })), array(integer({ min: 0, max: 60 })), (unique, repeated) => {
        const wanted = [...new Set([...unique, ...repeated])].toSorted((a, b) => a - b);
        expect(indicesOf(slotsOf([...unique, ...repeated]))).toEqual(wanted);
      }),
    );
  });

  test.for([
    { count: 0, slots: "" },
    { count: 1, slots: "0" },
    { count: 5000, slots: "0-4999" },
  ])("the first $count are $slots", ({ count, slots }) => {
    expect(firstSlots(count)).toBe(slots);
  });

  test("the indices of text", () => {
    expect(indicesOf("0-2,5,7-8" as Slots)).toEqual([0, 1, 2, 5, 7, 8]);
  });
});

test.for([
  { sets: [], is: 0 },
  { sets: ["", "0-2,5"], is: 4 },
  { sets: ["0-1", "0-1"], is: 4 },
])("$sets are $is slots", ({ sets, is }) => {
  expect(slotCount(sets.map((slots) => ({ slots: slots as Slots })))).toBe(is);
});
