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
  { name: "of too many, those of the first places", placed: "2@n2 0@n1 1@n2", most: 2, expected: "n2:1,2" },
  { name: "a last place in part", placed: "2@n2 0@n1 1@n2 3@n1", most: 3, expected: "n2:1,2 n1:0" },
  { name: "of a place in part, what was decided first", placed: "5@n1 0@n1 1@n1", most: 2, expected: "n1:0,5" },
  { name: "the first of too many, in order", placed: "2@n2 0@n1 1@n2", most: 2, inOrder: true, expected: "n2:2 n1:0" },
  { name: "none while none may start", placed: "0@n1", most: 0, expected: "" },
])("$name", ({ placed, most, perCall, inOrder = false, expected }) => {
  const limits = { most: most ?? Number.POSITIVE_INFINITY, inOrder, ...(perCall !== undefined && { perCall }) };
  const calls = batchCalls(placedOf(placed), limits);
  expect(calls.map(({ nodeId, zone, slots }) => `${nodeId ?? `/${zone}`}:${slots}`).join(" ")).toBe(expected);
});

test("a call names its node or its zone, and nothing else", () => {
  expect(batchCalls(placedOf("0@n1"), { most: 1 })).toStrictEqual([{ nodeId: "n1", slots: [0] }]);
  expect(batchCalls(placedOf("0/a"), { most: 1 })).toStrictEqual([{ zone: "a", slots: [0] }]);
});

const nodes = fc.array(fc.constantFrom("n1", "n2", "n3"), { maxLength: 60 });

function placedOn(places: readonly string[]): readonly PlacedSlot[] {
  return places.map((node, slot) => ({ slot, nodeId: node as NodeId }));
}

function sentOf(calls: ReturnType<typeof batchCalls>) {
  return calls.flatMap(({ nodeId, slots }) => slots.map((slot) => ({ slot, nodeId })));
}

test("as many tasks as may start travel once, each to its own place", () => {
  fc.assert(
    fc.property(nodes, fc.nat({ max: 70 }), fc.boolean(), (places, most, inOrder) => {
      const placed = placedOn(places);
      const sent = sentOf(batchCalls(placed, { most, inOrder })).toSorted((a, b) => a.slot - b.slot);
      expect(sent).toHaveLength(Math.min(most, placed.length));
      expect(placed.filter(({ slot }) => sent.some((each) => each.slot === slot))).toEqual(sent);
      if (inOrder) expect(sent).toEqual(placed.slice(0, most));
    }),
  );
});

test("every place gets all of its tasks, but the last that gets any", () => {
  fc.assert(
    fc.property(nodes, fc.nat({ max: 70 }), (places, most) => {
      const sent = sentOf(batchCalls(placedOn(places), { most }));
      const served = [...new Set(sent.map(({ nodeId }) => nodeId))].slice(0, -1);
      const onThem = ({ nodeId }: { readonly nodeId?: NodeId | undefined }) => served.includes(nodeId);
      expect(sent.filter(onThem)).toHaveLength(placedOn(places).filter(onThem).length);
    }),
  );
});
