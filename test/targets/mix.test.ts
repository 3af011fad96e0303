import { describe, expect, test } from "vitest";
import { matrixText, mixText } from "./matrix.ts";
import { mixOf } from "./mix.ts";
import { type Finding, findingsOf, type ServiceFindings, see, seeWithin } from "./probe/capability.ts";

const there = (name: string, isNeeded = true): Finding => ({ name, isNeeded });
const lacking = (name: string, isNeeded = true): Finding => ({ name, isNeeded, lack: "it is not" });
const found = (service: string, ...findings: readonly Finding[]): ServiceFindings => ({ service, findings });

/** Of one service: whether the suite uses the target's, whether contracts are held against it, and why. */
function originOf(service: string, ...findings: readonly Finding[]) {
  const origin = mixOf([found(service, ...findings)]).find((each) => each.service === service);
  return origin && [origin.isTargets, origin.isOffered, origin.why];
}

describe("where a service comes from", () => {
  test.for([
    { name: "all is there", findings: [there("a"), there("b")], origin: [true, true, "it has all that is needed"] },
    {
      name: "what nobody needs is lacking",
      findings: [there("a"), lacking("b", false)],
      origin: [true, true, "it has all that is needed"],
    },
    { name: "what is needed is lacking", findings: [there("a"), lacking("b")], origin: [false, false, "it lacks b"] },
    { name: "it is not offered", findings: [], origin: [false, false, "it is not offered"] },
  ])("a queue, of which $name", ({ findings, origin }) => {
    expect(originOf("SQS", ...findings)).toEqual(origin);
  });

  test.for([
    { name: "all is there", findings: [there("a"), there("b")], isOffered: true, why: /breaks tasks and machines/ },
    { name: "something is lacking", findings: [there("a"), lacking("b")], isOffered: true, why: /lacks b/ },
    { name: "not even the first thing is there", findings: [lacking("a")], isOffered: false, why: /lacks a/ },
    { name: "it is not offered", findings: [], isOffered: false, why: /not offered/ },
  ])(
    "tasks are ours, and the target's are held to their contract row by row: $name",
    ({ findings, isOffered, why }) => {
      expect(originOf("ECS", ...findings)).toEqual([false, isOffered, expect.stringMatching(why)]);
    },
  );
});

test("what was tried is told in order, one line each, and what is not so in time is a lack", async () => {
  const findings = await findingsOf(
    [
      { name: "yes", isNeeded: true, try: async () => {} },
      { name: "no", try: async () => see(false, "it is blue\nand more") },
      { name: "late", try: () => seeWithin(0, async () => "it is away") },
    ],
    {},
  );
  expect(findings).toEqual([
    { name: "yes", isNeeded: true },
    { name: "no", isNeeded: false, lack: "it is blue" },
    { name: "late", isNeeded: false, lack: "it is away, after 0 s" },
  ]);
});

test("the table says what is there, what is needed, and what happened instead", () => {
  const sqs = found("SQS", there("delay"), lacking("order", false));
  const text = matrixText("somebody", [sqs, found("ECS")]);
  expect(text.split("\n").map((line) => line.trim().replaceAll(/ +/g, " "))).toEqual([
    "What somebody does (* the integration suite needs it):",
    "SQS yes delay *",
    "NO order it is not",
    "ECS – not offered",
    "",
  ]);
  expect(mixText(mixOf([sqs]), "somebody").replaceAll(/ +/g, " ")).toContain("SQS somebody it has all that is needed");
});
