import { expect, test } from "vitest";
import { place } from "../../../core/placement/place.ts";
import { aNode, aRequest, hard, nodesOf, soft } from "../../support/placement.ts";

/** A free share of CPU, with memory untouched. */
const free = (cpuUnits: number) => ({ free: { cpuUnits, memoryMib: 4096 } });
const rack = (name: string) => ({ attributes: { rack: name } });

test.for([
  {
    name: "without a spread, zones first",
    asked: { count: 3 },
    nodes: [...nodesOf("n1@a n2@a"), aNode("n3", { zone: "b", ...free(512) })],
    expected: "n1 n3 n2",
  },
  {
    name: "a zone's tasks count on all its nodes",
    asked: { placed: { n1: 1, n2: 1, n3: 1 } },
    nodes: nodesOf("n1@a n2@a n3@b n4@b"),
    expected: "n4",
  },
  {
    name: "zones are only preferred: what does not fit in one goes to another",
    asked: { count: 3 },
    nodes: [...nodesOf("n1@a"), aNode("n2", { zone: "b", ...free(256) })],
    expected: "n1 n2 n1",
  },
  {
    name: "a node in no zone comes last",
    asked: { count: 3 },
    nodes: [aNode("n1"), aNode("n2", { zone: "a", ...free(512) })],
    expected: "n2 n2 n1",
  },
  {
    name: "then the node with fewest of the set, however full",
    asked: { placed: { n1: 1 } },
    nodes: [aNode("n1"), aNode("n2", free(256))],
    expected: "n2",
  },
  {
    name: "then the larger free share",
    asked: {},
    nodes: [aNode("n1", free(1024)), aNode("n2", free(1025))],
    expected: "n2",
  },
  {
    name: "a share, not an amount: half of a large node is less than all of a small one",
    asked: {},
    nodes: [aNode("n1", { registered: { cpuUnits: 8192, memoryMib: 4096 }, ...free(4096) }), aNode("n2")],
    expected: "n2",
  },
  {
    name: "with the task on it: a small node loses more of itself",
    asked: { cpuUnits: 1024 },
    nodes: [aNode("n1"), aNode("n2", { registered: { cpuUnits: 4096, memoryMib: 4096 } })],
    expected: "n2",
  },
  {
    name: "memory weighs as much as CPU",
    asked: {},
    nodes: [
      aNode("n1", { free: { cpuUnits: 2048, memoryMib: 2000 } }),
      aNode("n2", { free: { cpuUnits: 1025, memoryMib: 4096 } }),
    ],
    expected: "n2",
  },
  {
    name: "what the task does not ask for is left out",
    asked: { cpuUnits: 0 },
    nodes: [
      aNode("n1", { free: { cpuUnits: 2048, memoryMib: 2000 } }),
      aNode("n2", { free: { cpuUnits: 1, memoryMib: 2001 } }),
    ],
    expected: "n2",
  },
  {
    name: "then fewer tasks of any service",
    asked: {},
    nodes: [aNode("n1", { taskCount: 2 }), aNode("n2", { taskCount: 1 })],
    expected: "n2",
  },
  { name: "then the lower id", asked: { count: 2 }, nodes: nodesOf("n2 n1"), expected: "n1 n2" },
  {
    name: "a given spread takes the place of zones",
    asked: { spread: [soft("rack")], placed: { n1: 1 } },
    nodes: [
      aNode("n1", { zone: "a", ...rack("r1") }),
      aNode("n2", { zone: "b", ...rack("r1") }),
      aNode("n3", { zone: "a", ...rack("r2"), ...free(256) }),
    ],
    expected: "n3",
  },
  {
    name: "spreads count in the order given: zone, then rack",
    asked: { spread: [soft("zone"), soft("rack")], placed: { n1: 1 } },
    nodes: [
      aNode("n1", { zone: "a", ...rack("r1") }),
      aNode("n2", { zone: "a", ...rack("r2") }),
      aNode("n3", { zone: "b", ...rack("r1") }),
    ],
    expected: "n3",
  },
  {
    name: "spreads count in the order given: rack, then zone",
    asked: { spread: [soft("rack"), soft("zone")], placed: { n1: 1 } },
    nodes: [
      aNode("n1", { zone: "a", ...rack("r1") }),
      aNode("n2", { zone: "a", ...rack("r2") }),
      aNode("n3", { zone: "b", ...rack("r1") }),
    ],
    expected: "n2",
  },
  {
    name: "node before zone",
    asked: { spread: [soft("node"), soft("zone")], placed: { n1: 1 }, count: 2 },
    nodes: nodesOf("n1@a n2@a n3@b n4@a"),
    expected: "n3 n2",
  },
  {
    name: "a hard spread prefers the emptiest domain too, within its skew",
    asked: { spread: [hard("zone", 5)], placed: { n1: 1 } },
    nodes: [...nodesOf("n1@a n2@a"), aNode("n3", { zone: "b", ...free(256) })],
    expected: "n3",
  },
])("$name", ({ asked, nodes, expected }) => {
  expect(place([aRequest(asked)], nodes)[0]?.nodes.join(" ")).toBe(expected);
});
