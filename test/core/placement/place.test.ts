import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Candidate, Placed, Request } from "../../../core/placement/place.ts";
import { place } from "../../../core/placement/place.ts";
import { aNode, aRequest, constraint, hard, nodesOf, soft } from "../../support/placement.ts";
import { placeNaively } from "./naive.ts";

describe("several requests", () => {
  test("each sees what the ones before took", () => {
    const nodes = [aNode("n1", { free: { cpuUnits: 512, memoryMib: 4096 } }), aNode("n2")];
    const placed = place([aRequest({ count: 2, cpuUnits: 1024 }), aRequest({ key: "shop/api", count: 3 })], nodes);
    expect(placed.map((answer) => answer.nodes.join(" "))).toEqual(["n2 n2", "n1 n1"]);
    expect(placed.map((answer) => answer.unplaced)).toEqual([0, 1]);
  });

  test("one that finds no place does not stop the next", () => {
    const placed = place([aRequest({ cpuUnits: 9999 }), aRequest()], nodesOf("n1"));
    expect(placed.map((answer) => answer.nodes.length)).toEqual([0, 1]);
  });

  test("tasks of another service decide ties", () => {
    const none = { cpuUnits: 0, memoryMib: 0 };
    const placed = place([aRequest({ ...none }), aRequest({ ...none, key: "shop/api" })], nodesOf("n1 n2"));
    expect(placed.map((answer) => answer.nodes.join(" "))).toEqual(["n1", "n2"]);
  });
});

test("nothing wanted, nothing placed and nothing to explain", () => {
  expect(place([aRequest({ count: 0 })], [])).toEqual([{ nodes: [], unplaced: 0, rejections: new Map() }]);
});

test("no nodes, no place", () => {
  expect(place([aRequest({ count: 2 })], [])).toEqual([{ nodes: [], unplaced: 2, rejections: new Map() }]);
});

test("fewer tasks than none is a bug of ours", () => {
  expect(() => place([aRequest({ count: -1 })], [])).toThrow("count must be 0 or more, got -1");
});

const nodeIds = ["n1", "n2", "n3", "n4", "n5", "n6", "n7"];
const aResource = fc.constantFrom(0, 256, 512, 1024, 2048);

const someNodes: fc.Arbitrary<readonly Candidate[]> = fc
  .uniqueArray(fc.constantFrom(...nodeIds))
  .chain((ids) => fc.tuple(...ids.map(someNode)));

function someNode(id: string): fc.Arbitrary<Candidate> {
  return fc
    .record({
      zone: fc.constantFrom("a", "a", "b", "c", ""),
      attributes: fc.constantFrom<Record<string, string>>({}, { rack: "r1" }, { rack: "r2" }),
      schedulable: fc.constantFrom(true, true, true, false),
      free: fc.record({ cpuUnits: aResource, memoryMib: aResource }),
      taskCount: fc.integer({ min: 0, max: 3 }),
    })
    .map((given) => aNode(id, given));
}

const someRequest: fc.Arbitrary<Request> = fc
  .record({
    count: fc.integer({ min: 0, max: 12 }),
    cpuUnits: fc.constantFrom(0, 100, 256),
    memoryMib: fc.constantFrom(0, 128, 512),
    spread: fc.array(
      fc.constantFrom(
        hard("zone"),
        hard("zone", 2),
        hard("rack"),
        hard("node"),
        hard("node", 2),
        soft("zone"),
        soft("rack"),
        soft("node"),
      ),
      { maxLength: 3 },
    ),
    constraints: fc.array(
      fc.constantFrom(
        ...["zone in a,b", "zone notIn c", "rack exists", "rack notExists", "rack in r1"].map(constraint),
      ),
      { maxLength: 1 },
    ),
    placed: fc.dictionary(fc.constantFrom(...nodeIds), fc.integer({ min: 0, max: 2 })),
    excluded: fc.subarray(nodeIds, { maxLength: 1 }),
  })
  .map(aRequest);

const requests = fc.array(someRequest, { maxLength: 3 });

/** The answers alone: what a caller sees, with rejections in a fixed order. */
function seen(answers: readonly Placed[]) {
  return answers.map((answer) => ({ ...answer, rejections: [...answer.rejections].toSorted() }));
}

describe("properties", () => {
  test("chooses what one look at all nodes for every task would", () => {
    fc.assert(
      fc.property(requests, someNodes, (asked, nodes) => {
        expect(place(asked, nodes).map((answer) => answer.nodes)).toEqual(placeNaively(asked, nodes));
      }),
      { numRuns: 2_000 },
    );
  });

  test("the order of the nodes changes nothing, nor does asking again", () => {
    fc.assert(
      fc.property(
        requests,
        someNodes.chain((nodes) =>
          fc.tuple(fc.constant(nodes), fc.shuffledSubarray([...nodes], { minLength: nodes.length })),
        ),
        (asked, [nodes, shuffled]) => {
          const answers = seen(place(asked, nodes));
          expect(seen(place(asked, nodes))).toEqual(answers);
          expect(seen(place(asked, shuffled))).toEqual(answers);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("every task is placed or not, and every node refused the first that was not", () => {
    fc.assert(
      fc.property(requests, someNodes, (asked, nodes) => {
        for (const [index, { nodes: chosen, unplaced, rejections }] of place(asked, nodes).entries()) {
          expect(chosen.length + unplaced).toBe(asked[index]?.count);
          const refused = [...rejections.values()].reduce((sum, count) => sum + count, 0);
          expect(refused).toBe(unplaced === 0 ? 0 : nodes.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("never more than a node has, and never on one that takes nothing", () => {
    fc.assert(
      fc.property(requests, someNodes, (asked, nodes) => {
        const answers = place(asked, nodes);
        for (const node of nodes) {
          const needs = answers.flatMap((answer, index) =>
            answer.nodes.filter((nodeId) => nodeId === node.nodeId).map(() => asked[index]?.need),
          );
          if (!node.schedulable) expect(needs).toEqual([]);
          for (const resource of ["cpuUnits", "memoryMib"] as const) {
            const taken = needs.reduce((sum, need) => sum + (need?.[resource] ?? 0), 0);
            expect(taken).toBeLessThanOrEqual(node.free[resource]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test.for([
  { name: "by zone", spread: [] },
  { name: "one on each node", spread: [hard("node")] },
])("5,000 tasks on 1,000 nodes are placed in one pass: $name", ({ spread }) => {
  const looks = { count: 0 };
  const nodes = Array.from({ length: 1000 }, (_, index) =>
    watched(aNode(`n${index}`, { zone: `z${index % 3}`, registered: { cpuUnits: 8192, memoryMib: 65_536 } }), looks),
  );
  expect(place([aRequest({ count: 5000, spread })], nodes)[0]?.unplaced).toBe(0);
  // One look at all nodes for every task would be 5,000,000.
  expect(looks.count).toBeGreaterThan(1000);
  expect(looks.count).toBeLessThan(30_000);
});

/** The same node, counting how often it is asked whether it takes tasks. */
function watched(node: Candidate, looks: { count: number }): Candidate {
  return {
    ...node,
    get schedulable() {
      looks.count += 1;
      return true;
    },
  };
}
