import { describe, expect, test } from "vitest";
import type { TaskId } from "../../../core/model/ids.ts";
import { highestCall, unrecorded } from "../../../core/model/living.ts";
import { aCall } from "../../support/drawn-plan.ts";
import { aTask } from "../../support/drawn-tasks.ts";
import { nowMs } from "../../support/service.ts";

test.for([
  { seqs: [], highest: undefined },
  { seqs: [7], highest: 7 },
  { seqs: [1, 10, 2], highest: 10 },
])("the highest of calls $seqs", ({ seqs, highest }) => {
  expect(highestCall(seqs.map((seq) => aCall(seq)))?.seq).toBe(highest);
});

describe("answered tasks that are not on record", () => {
  const members = [
    { slot: 0, taskId: "t0" as TaskId },
    { slot: 1, failure: "AGENT" },
    { slot: 2, taskId: "t2" as TaskId },
  ];

  test.for([
    { name: "an answer to what was just sent", call: aCall(1, { members, firstSentAtMs: nowMs }), found: ["t2"] },
    {
      name: "an answer to what was sent long ago",
      call: aCall(1, { members, firstSentAtMs: nowMs - 3_600_000 }),
      found: [],
    },
    {
      name: "an answer to what was sent not so long ago",
      call: aCall(1, { members, firstSentAtMs: nowMs - 3_599_999 }),
      found: ["t2"],
    },
    { name: "an open call", call: aCall(1, { members, phase: "settling" }), found: [] },
    { name: "a void call", call: aCall(1, { members, phase: "void", closedAtMs: nowMs }), found: [] },
  ])("$name: $found", ({ call, found }) => {
    expect(unrecorded({ tasks: [aTask("t0")], calls: [call], nowMs }).map(({ member }) => member.taskId)).toEqual(
      found,
    );
  });
});
