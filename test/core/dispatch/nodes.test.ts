import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awaitsVerdict, judgeNodes, type NodeVerdicts, whyUnschedulable } from "../../../core/dispatch/nodes.ts";
import type { ClusterRecord, NodeRecord, NodeStatus } from "../../../core/model/records.ts";
import { aClusterRecord, aNodeRecord, drawNodes } from "../../support/cluster-view.ts";
import { nowMs } from "../../support/service.ts";

const second = 1000;
const minute = 60 * second;
const grace = 5 * minute;

/** `lost n1, gone n2, back n3`. */
function rendered({ lost, returned }: NodeVerdicts): string {
  return [
    ...lost.map(({ nodeId, why }) => `${why.replace("node ", "")} ${nodeId}`),
    ...returned.map((nodeId) => `back ${nodeId}`),
  ].join(", ");
}

/** Nodes as `drawNodes` reads them; those that are away have been so for that long, the grace unless told. */
function judged(nodes: string, cluster: Partial<ClusterRecord> = {}, awayMs = grace): string {
  const records = drawNodes(nodes).map((node) =>
    node.disconnectedAtMs === undefined ? node : { ...node, disconnectedAtMs: nowMs - awayMs },
  );
  return rendered(judgeNodes(records, aClusterRecord(cluster), nowMs));
}

/** `count` nodes of a zone, the first `away` of them away. */
function zone(name: string, count: number, away: number): string {
  return Array.from({ length: count }, (_, index) => `${name}${index}@${name}${index < away ? "!" : ""}`).join(" ");
}

describe("a node is given up", () => {
  test.for([
    { name: "not while all is well", nodes: "n1 n2", is: "" },
    { name: "not within its grace", nodes: "n1! n2", awayMs: grace - 1, is: "" },
    { name: "once its grace is over", nodes: "n1! n2", awayMs: grace, is: "lost n1" },
    { name: "not again", nodes: "n1! n2", cluster: { lost: { n1: 1 } }, is: "" },
    { name: "not while its agent is connected", nodes: "n1~ n2", is: "" },
    { name: "at once when its instance is gone", nodes: "n1- n2", awayMs: 0, is: "gone n1" },
    { name: "all at once when their instances are gone", nodes: "n1- n2- n3", is: "gone n1, gone n2" },
    { name: "gone ones even when they are all", nodes: "n1- n2-", is: "gone n1, gone n2" },
    {
      name: "one that was given up as lost is not told of when it is gone",
      nodes: "n1- n2",
      cluster: { lost: { n1: 1 } },
      is: "",
    },
    { name: "one at a time", nodes: "n1! n2! n3 n4", is: "lost n1" },
    {
      name: "not within ten seconds of the last",
      nodes: "n1! n2",
      cluster: { lastLossAtMs: nowMs - 10 * second + 1 },
      is: "",
    },
    {
      name: "ten seconds after the last",
      nodes: "n1! n2",
      cluster: { lastLossAtMs: nowMs - 10 * second },
      is: "lost n1",
    },
    { name: "gone ones do not wait", nodes: "n1- n2! n3", cluster: { lastLossAtMs: nowMs }, is: "gone n1" },
    { name: "not while every node is away", nodes: "n1! n2!", is: "" },
    { name: "not while every node that is left is away", nodes: "n1- n2!", is: "gone n1" },
    { name: "not even the only one", nodes: "n1!", is: "" },
  ])("$name", ({ nodes, cluster, awayMs, is }) => {
    expect(judged(nodes, cluster, awayMs)).toBe(is);
  });

  test("the one that has been away longest", () => {
    const away = (id: string, agoMs: number) =>
      aNodeRecord(id, { agentConnected: false, disconnectedAtMs: nowMs - agoMs });
    const records = [
      away("n3", grace + 1),
      away("n1", grace),
      away("n2", grace + 1),
      aNodeRecord("n4"),
      aNodeRecord("n5"),
      aNodeRecord("n6"),
    ];
    expect(rendered(judgeNodes(records, undefined, nowMs))).toBe("lost n2");
    expect(rendered(judgeNodes(records.toReversed(), undefined, nowMs))).toBe("lost n2");
  });

  test("not when nobody knows since when it has been away", () => {
    const records = [aNodeRecord("n1", { agentConnected: false }), aNodeRecord("n2")];
    expect(rendered(judgeNodes(records, undefined, nowMs))).toBe("");
  });

  test("also while nothing was decided before", () => {
    const records = drawNodes("n1- n2");
    expect(rendered(judgeNodes(records, undefined, nowMs))).toBe("gone n1");
  });
});

describe("a zone of which most is away", () => {
  const others = zone("b", 2, 0);
  const ago = (ms: number) => ({ lastLossAtMs: nowMs - ms });
  test.for([
    {
      name: "is sick above 55 %: a small one gives up none",
      nodes: `${zone("a", 9, 5)} ${others}`,
      cluster: ago(minute * 60),
      is: "",
    },
    { name: "is not at 55 %", nodes: `${zone("a", 20, 11)} ${others}`, cluster: ago(10 * second), is: "lost a0" },
    { name: "is above it", nodes: `${zone("a", 20, 12)} ${others}`, cluster: ago(minute * 60), is: "" },
    { name: "of fifty nodes is small", nodes: `${zone("a", 50, 49)} ${others}`, cluster: ago(minute * 60), is: "" },
    {
      name: "of more is large, and gives up one in a hundred seconds",
      nodes: `${zone("a", 51, 50)} ${others}`,
      cluster: ago(100 * second),
      is: "lost a0",
    },
    { name: "and not sooner", nodes: `${zone("a", 51, 50)} ${others}`, cluster: ago(100 * second - 1), is: "" },
    {
      name: "that is away as a whole goes at the normal rate",
      nodes: `${zone("a", 3, 3)} ${others}`,
      cluster: ago(10 * second),
      is: "lost a0",
    },
    {
      name: "does not hold up another",
      nodes: `${zone("a", 3, 2)} ${zone("b", 4, 1)}`,
      cluster: ago(10 * second),
      is: "lost b0",
    },
    {
      name: "gone nodes are no part of it",
      nodes: `a0@a- a1@a! a2@a a3@a`,
      cluster: { ...ago(10 * second), lost: { a0: 1 } },
      is: "lost a1",
    },
    {
      name: "those given up before are a part of it",
      nodes: `${zone("a", 5, 3)} ${others}`,
      cluster: { ...ago(minute), lost: { a0: 1, a1: 1 } },
      is: "",
    },
  ])("$name", ({ nodes, cluster, is }) => {
    expect(judged(nodes, cluster)).toBe(is);
  });
});

describe("a node is back", () => {
  test.for([
    { name: "when its agent is connected", nodes: "n1 n2", lost: { n1: 1 }, is: "back n1" },
    { name: "also when it is draining", nodes: "n1~ n2", lost: { n1: 1 }, is: "back n1" },
    { name: "not while its agent is away", nodes: "n1! n2", lost: { n1: 1 }, is: "" },
    { name: "not when it is gone", nodes: "n1- n2", lost: { n1: 1 }, is: "" },
    { name: "not when it was never given up", nodes: "n1 n2", lost: { n9: 1 }, is: "" },
    { name: "even with nobody else there", nodes: "n1", lost: { n1: 1 }, is: "back n1" },
  ])("$name", ({ nodes, lost, is }) => {
    expect(judged(nodes, { lost, lastLossAtMs: nowMs })).toBe(is);
  });
});

describe("why a node takes no tasks", () => {
  test.for<{ name: string; node: Partial<NodeRecord>; lost?: boolean; why: string | undefined }>([
    { name: "it does", node: {}, why: undefined },
    { name: "draining", node: { status: "DRAINING" }, why: "draining" },
    ...(["REGISTERING", "DEREGISTERING", "REGISTRATION_FAILED", "INACTIVE"] satisfies NodeStatus[]).map((status) => ({
      name: status,
      node: { status },
      why: status.toLowerCase().replace("_", " "),
    })),
    { name: "draining comes before its agent", node: { status: "DRAINING", agentConnected: false }, why: "draining" },
    { name: "its agent is away", node: { agentConnected: false }, why: "agent disconnected" },
    { name: "its agent comes before its loss", node: { agentConnected: false }, lost: true, why: "agent disconnected" },
    { name: "it was given up and is not taken back yet", node: {}, lost: true, why: "lost" },
  ])("$name", ({ node, lost, why }) => {
    const cluster = aClusterRecord({ lost: lost ? { n1: nowMs } : { n2: nowMs } });
    expect(whyUnschedulable(aNodeRecord("n1", node), cluster)).toBe(why);
  });

  test("without any decision about the cluster there is no loss", () => {
    expect(whyUnschedulable(aNodeRecord("n1"), undefined)).toBeUndefined();
  });
});

test.for([
  { name: "one in reach does not", node: "n1", is: false },
  { name: "one out of reach does", node: "n1!", is: true },
  { name: "one that is gone does", node: "n1-", is: true },
  { name: "one that was given up does not", node: "n1!", lost: { n1: 1 }, is: false },
  { name: "nor when it is gone after that", node: "n1-", lost: { n1: 1 }, is: false },
  { name: "one that was given up and is back does", node: "n1", lost: { n1: 1 }, is: true },
])("awaits a verdict: $name", ({ node, lost = {}, is }) => {
  expect(drawNodes(node).map((each) => awaitsVerdict(each, aClusterRecord({ lost })))).toEqual([is]);
});

test("at most one node that may still be there is given up, never a connected one, and none twice", () => {
  const node = fc.record({
    zone: fc.constantFrom("a", "b"),
    mark: fc.constantFrom("", "!", "-", "~"),
    lost: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(node, { maxLength: 12 }), fc.nat(grace * 2), (drawn, awayMs) => {
      const records = drawNodes(drawn.map(({ zone: each, mark }, index) => `n${index}@${each}${mark}`).join(" ")).map(
        (record) => (record.agentConnected ? record : { ...record, disconnectedAtMs: nowMs - awayMs }),
      );
      const lost = Object.fromEntries(drawn.flatMap((each, index) => (each.lost ? [[`n${index}`, 1]] : [])));
      const verdicts = judgeNodes(records, aClusterRecord({ lost }), nowMs);
      const of = (id: string) => records.find(({ nodeId }) => nodeId === id);
      expect(verdicts.lost.filter(({ why }) => why === "node lost").length).toBeLessThanOrEqual(1);
      for (const { nodeId, why } of verdicts.lost) {
        expect(lost[nodeId]).toBeUndefined();
        expect(of(nodeId)?.agentConnected).toBe(false);
        expect(of(nodeId)?.status === "INACTIVE").toBe(why === "node gone");
        if (why === "node lost") expect(awayMs).toBeGreaterThanOrEqual(grace);
      }
      for (const nodeId of verdicts.returned) expect([lost[nodeId], of(nodeId)?.agentConnected]).toEqual([1, true]);
    }),
  );
});
