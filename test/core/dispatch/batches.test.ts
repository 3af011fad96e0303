import * as fc from "fast-check";
import { expect, test } from "vitest";
import { batchCalls, type PlacedSlot } from "../../../core/dispatch/batches.ts";
import type { NodeId } from "../../../core/model/ids.ts";

/** Placed slots drawn as `<slot>@<node>`, or `<slot>/<zone>` on Fargate. */
function placedOf(text: string): readonly PlacedSlot[] {
  if (text === "") return [];
  return text.split(" ").map((each) => {
    const [slot, place = ""] = each.split(/[@/]/);
    return each.includes("@") ? { slot: Number(slot), nodeId: place as NodeId } : { slot: Number(slot), zone: place };
  });
}

function rangeOf(count: number, node: (slot: number) => string): string {
  return Array.from({ length: count }, (_, slot) => `${slot}@${node(slot)}`).join(" ");
}

test.for([
  { name: "nothing placed", placed: "", expected: "" },
  { name: "one call a node", placed: "0@n1 1@n2 2@n1", expected: "n1:0,2 n2:1" },
  { name: "one call a zone", placed: "0/a 1/b 2/a", expected: "/a:0,2 /b:1" },
  { name: "slots rise, calls follow the order of decision", placed: "5@n2 3@n1 4@n2", expected: "n2:4,5 n1:3" },
  { name: "slots rise as numbers", placed: "10@n1 9@n1", expected: "n1:9,10" },
  { name: "ten a call", placed: rangeOf(12, () => "n1"), expected: "n1:0,1,2,3,4,5,6,7,8,9 n1:10,11" },
  { name: "exactly ten", placed: rangeOf(10, () => "n1"), expected: "n1:0,1,2,3,4,5,6,7,8,9" },
  { name: "fewer a call", placed: rangeOf(5, () => "n1"), perCall: 2, expected: "n1:0,1 n1:2,3 n1:4" },
  {
    name: "never more than ten a call",
    placed: rangeOf(11, () => "n1"),
    perCall: 99,
    expected: "n1:0,1,2,3,4,5,6,7,8,9 n1:10",
  },
  { name: "at least one a call", placed: "0@n1 1@n1", perCall: 0, expected: "n1:0 n1:1" },
  { name: "the first of too many", placed: "2@n2 0@n1 1@n2", most: 2, expected: "n2:2 n1:0" },
  { name: "none while none may start", placed: "0@n1", most: 0, expected: "" },
])("$name", ({ placed, most, perCall, expected }) => {
  const limits = { most: most ?? Number.POSITIVE_INFINITY, ...(perCall !== undefined && { perCall }) };
  const calls = batchCalls(placedOf(placed), limits);
  expect(calls.map(({ nodeId, zone, slots }) => `${nodeId ?? `/${zone}`}:${slots}`).join(" ")).toBe(expected);
});

test("a call names its node or its zone, and nothing else", () => {
  expect(batchCalls(placedOf("0@n1"), { most: 1 })).toStrictEqual([{ nodeId: "n1", slots: [0] }]);
  expect(batchCalls(placedOf("0/a"), { most: 1 })).toStrictEqual([{ zone: "a", slots: [0] }]);
});

test("every task that may start travels once, to its own place", () => {
  const nodes = fc.array(fc.constantFrom("n1", "n2", "n3"), { maxLength: 60 });
  fc.assert(
    fc.property(nodes, fc.nat({ max: 70 }), (places, most) => {
      const placed = places.map((node, slot): PlacedSlot => ({ slot, nodeId: node as NodeId }));
      const sent = batchCalls(placed, { most }).flatMap(({ nodeId, slots }) => slots.map((slot) => ({ slot, nodeId })));
      expect(sent.toSorted((a, b) => a.slot - b.slot)).toEqual(placed.slice(0, most));
    }),
  );
});
