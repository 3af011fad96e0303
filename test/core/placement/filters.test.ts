import { describe, expect, test } from "vitest";
import { explain, place } from "../../../core/placement/place.ts";
import { type Asked, aNode, aRequest, constraint, hard, nodesOf, soft } from "../../support/placement.ts";

/** Where the tasks of one request go, or why one of them goes nowhere. */
function answer(asked: Asked, nodes: Parameters<typeof place>[1]): string {
  const [placed] = place([aRequest(asked)], nodes);
  if (!placed) throw new Error("one request has one answer");
  return placed.unplaced === 0 ? placed.nodes.join(" ") : explain(placed.rejections, nodes.length);
}

describe("one node, one task", () => {
  const zoned = { zone: "a", attributes: { disk: "ssd" } };
  test.for([
    { name: "a node that has all", node: {}, asked: {}, expected: "n1" },
    { name: "draining", node: { schedulable: false, unschedulable: "draining" }, asked: {}, expected: "1 is draining" },
    { name: "lost", node: { schedulable: false, unschedulable: "lost" }, asked: {}, expected: "1 is lost" },
    { name: "cordoned", node: { schedulable: false, unschedulable: "cordoned" }, asked: {}, expected: "1 is cordoned" },
    {
      name: "its agent out of reach",
      node: { schedulable: false, unschedulable: "agent disconnected" },
      asked: {},
      expected: "1 has a disconnected agent",
    },
    { name: "no reason given", node: { schedulable: false }, asked: {}, expected: "1 is not schedulable" },
    {
      name: "refused lately",
      node: {},
      asked: { excluded: ["n1"] },
      expected: "1 refused this service lately: RESOURCE:PORTS",
    },
    { name: "another refused lately", node: {}, asked: { excluded: ["n2"] }, expected: "n1" },
    { name: "CPU to the last unit", node: { free: { cpuUnits: 256, memoryMib: 512 } }, asked: {}, expected: "n1" },
    {
      name: "one CPU unit short",
      node: { free: { cpuUnits: 255, memoryMib: 512 } },
      asked: {},
      expected: "1 has not enough free CPU: 256 units wanted",
    },
    {
      name: "one MiB short",
      node: { free: { cpuUnits: 256, memoryMib: 511 } },
      asked: {},
      expected: "1 has not enough free memory: 512 MiB wanted",
    },
    {
      name: "more CPU than it has in all",
      node: {},
      asked: { cpuUnits: 8192 },
      expected: "1 is too small: 8192 CPU units wanted",
    },
    {
      name: "more memory than it has in all",
      node: {},
      asked: { memoryMib: 65_536 },
      expected: "1 is too small: 65536 MiB wanted",
    },
    {
      name: "too small before it is full",
      node: { free: { cpuUnits: 0, memoryMib: 0 } },
      asked: { memoryMib: 4097 },
      expected: "1 is too small: 4097 MiB wanted",
    },
    { name: "all that it has", node: {}, asked: { cpuUnits: 2048, memoryMib: 4096 }, expected: "n1" },
    { name: "zone in, there", node: zoned, asked: { constraints: ["zone in b,a"] }, expected: "n1" },
    { name: "zone in, elsewhere", node: zoned, asked: { constraints: ["zone in b"] }, expected: "on zone" },
    { name: "in, missing", node: zoned, asked: { constraints: ["rack in r1"] }, expected: "on rack" },
    { name: "in, no zone known", node: {}, asked: { constraints: ["zone in a"] }, expected: "on zone" },
    { name: "attribute in", node: zoned, asked: { constraints: ["disk in ssd"] }, expected: "n1" },
    { name: "not in, elsewhere", node: zoned, asked: { constraints: ["zone notIn b"] }, expected: "n1" },
    { name: "not in, there", node: zoned, asked: { constraints: ["zone notIn a"] }, expected: "on zone" },
    { name: "not in, missing", node: zoned, asked: { constraints: ["rack notIn r1"] }, expected: "n1" },
    { name: "exists", node: zoned, asked: { constraints: ["disk exists"] }, expected: "n1" },
    { name: "exists, missing", node: zoned, asked: { constraints: ["gpu exists"] }, expected: "on gpu" },
    {
      name: "exists, only on the prototype",
      node: {},
      asked: { constraints: ["toString exists"] },
      expected: "on toS",
    },
    { name: "not exists", node: zoned, asked: { constraints: ["disk notExists"] }, expected: "on disk" },
    { name: "not exists, missing", node: zoned, asked: { constraints: ["gpu notExists"] }, expected: "n1" },
    {
      name: "every constraint counts",
      node: zoned,
      asked: { constraints: ["zone in a", "disk in hdd"] },
      expected: "1 does not match the constraint on disk",
    },
    {
      name: "a hard spread without a domain",
      node: {},
      asked: { spread: [hard("rack")] },
      expected: "1 has no rack to",
    },
    { name: "a soft spread without a domain", node: {}, asked: { spread: [soft("rack")] }, expected: "n1" },
  ])("$name", ({ node, asked, expected }) => {
    const constraints = "constraints" in asked ? asked.constraints?.map(constraint) : [];
    expect(answer({ ...asked, constraints: constraints ?? [] }, [aNode("n1", node)])).toContain(expected);
  });
});

describe("what is counted", () => {
  test("each node once, at its first refusal in the order of the table", () => {
    const full = { free: { cpuUnits: 0, memoryMib: 0 } };
    const nodes = [
      aNode("n1", { ...full, schedulable: false, unschedulable: "draining" }),
      aNode("n2", full),
      aNode("n3", { ...full, zone: "b" }),
      aNode("n4", { free: { cpuUnits: 256, memoryMib: 0 } }),
      aNode("n5", { free: { cpuUnits: 256, memoryMib: 0 } }),
      aNode("n6"),
    ];
    expect(answer({ excluded: ["n1", "n2"], constraints: [constraint("zone notIn b")], count: 9 }, nodes)).toBe(
      "0 of 6 nodes fit: 2 have not enough free memory: 512 MiB wanted, 1 is draining, " +
        "1 does not match the constraint on zone, 1 has not enough free CPU: 256 units wanted, 1 refused this service lately: RESOURCE:PORTS",
    );
  });
});

describe("hard spread", () => {
  const drained = { schedulable: false, unschedulable: "draining" };
  const full = { free: { cpuUnits: 0, memoryMib: 0 } };
  test.for([
    { name: "evens out", asked: { count: 4 }, nodes: nodesOf("n1@a n2@b"), expected: "n1 n2 n1 n2" },
    {
      name: "a full zone holds the others to one task more",
      asked: { count: 3 },
      nodes: [...nodesOf("n1@a"), aNode("n2", { zone: "b", ...full })],
      expected: "0 of 2 nodes fit: 1 has not enough free CPU: 256 units wanted, 1 would exceed a skew of 1 by zone",
    },
    {
      name: "to two more with a skew of 2",
      asked: { count: 2, spread: [hard("zone", 2)] },
      nodes: [...nodesOf("n1@a"), aNode("n2", { zone: "b", ...full })],
      expected: "n1 n1",
    },
    {
      name: "a zone whose nodes all drain counts as well",
      asked: { count: 2 },
      nodes: [...nodesOf("n1@a"), ...nodesOf("n2@b", drained)],
      expected: "0 of 2 nodes fit: 1 is draining, 1 would exceed a skew of 1 by zone",
    },
    {
      name: "a zone that the constraints rule out does not",
      asked: { count: 2, constraints: [constraint("zone in a")] },
      nodes: nodesOf("n1@a n2@b"),
      expected: "n1 n1",
    },
    {
      name: "nor do tasks on nodes that the constraints rule out",
      asked: { count: 1, placed: { n3: 5 }, constraints: [constraint("disk notExists")] },
      nodes: [...nodesOf("n1@a n2@b"), ...nodesOf("n3@a", { attributes: { disk: "ssd" } })],
      expected: "n1",
    },
    {
      name: "nor a domain whose nodes lack the key of another hard spread",
      asked: { count: 2, spread: [hard("zone"), hard("rack", 9)] },
      nodes: [...nodesOf("n1@a", { attributes: { rack: "r1" } }), ...nodesOf("n2@b")],
      expected: "n1 n1",
    },
    {
      name: "the key of a soft spread is not asked for",
      asked: { count: 2, spread: [hard("zone"), soft("rack")] },
      nodes: [...nodesOf("n1@a", { attributes: { rack: "r1" } }), ...nodesOf("n2@b")],
      expected: "n1 n2",
    },
    {
      name: "tasks that are there count",
      asked: { count: 2, placed: { n1: 2 } },
      nodes: nodesOf("n1@a n2@b"),
      expected: "n2 n2",
    },
    {
      name: "tasks on nodes that are gone do not",
      asked: { count: 2, placed: { n9: 7 } },
      nodes: nodesOf("n1@a n2@b"),
      expected: "n1 n2",
    },
    {
      name: "by node, one on each",
      asked: { count: 6, spread: [hard("node")] },
      nodes: [...nodesOf("n1 n2"), aNode("n3", { free: { cpuUnits: 256, memoryMib: 512 } })],
      expected: "0 of 3 nodes fit: 2 would exceed a skew of 1 by node, 1 has not enough free CPU: 256 units wanted",
    },
    {
      name: "by an attribute",
      asked: { count: 3, spread: [hard("rack")] },
      nodes: [...nodesOf("n1 n2", { attributes: { rack: "r1" } }), ...nodesOf("n3", { attributes: { rack: "r2" } })],
      expected: "n1 n3 n2",
    },
  ])("$name", ({ asked, nodes, expected }) => {
    expect(answer({ spread: [hard("zone")], ...asked }, nodes)).toBe(expected);
  });
});
