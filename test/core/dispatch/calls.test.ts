import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CallStep, callsDue, fill, forgettableCalls, stepOf } from "../../../core/dispatch/calls.ts";
import type { TaskId } from "../../../core/model/ids.ts";
import type { CallRecord, Member } from "../../../core/model/records.ts";
import { nowMs } from "../../support/service.ts";
import { aView, type Viewed } from "../../support/service-view.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const functionTimeoutMs = 30 * second;

/** `wait 10`: until ten seconds after now; `answer 0=t1 1=t2`; `list`, `list again`; else the kind. */
function rendered(step: CallStep | undefined): string {
  switch (step?.kind) {
    case "wait":
      return `wait ${(step.untilMs - nowMs) / second}`;
    case "answer":
    case "record":
      return [step.kind, ...step.members.map(drawn)].join(" ");
    case "list":
      return step.isSecond ? "list again" : "list";
    default:
      return step?.kind ?? "nothing";
  }
}

function drawn({ slot, taskId, failure }: Member): string {
  return `${slot}=${taskId ?? failure}`;
}

function step(view: Viewed): string {
  const seen = aView(view);
  const [call] = seen.calls;
  return rendered(call && stepOf(call, seen, nowMs, functionTimeoutMs));
}

describe("a call that was sent", () => {
  const sent = (agoMs: number, more: Partial<CallRecord> = {}) => ({
    calls: "sent v1/0 1",
    call: { 1: { firstSentAtMs: nowMs - agoMs, ...more } },
  });
  test.for<{ name: string; view: Viewed; step: string }>([
    { name: "may be on its way", view: sent(0), step: "wait 10" },
    { name: "is not repeated before ten seconds", view: sent(10 * second - 1), step: "wait 0.001" },
    { name: "is repeated after ten", view: sent(10 * second), step: "replay" },
    { name: "the second time waits twice as long", view: sent(19 * second, { tries: 2 }), step: "wait 1" },
    { name: "and then is repeated again", view: sent(20 * second, { tries: 2 }), step: "replay" },
    { name: "the third time waits four times as long", view: sent(39 * second, { tries: 3 }), step: "wait 1" },
    { name: "no wait outlasts the time for repeating", view: sent(2560 * second, { tries: 40 }), step: "replay" },
    { name: "it is repeated until 55 minutes", view: sent(55 * minute - 1, { tries: 9 }), step: "replay" },
    { name: "and settled from then on", view: sent(55 * minute, { tries: 9 }), step: "settle" },
    { name: "it is settled once it may not start", view: { ...sent(10 * second), paused: true }, step: "settle" },
    {
      name: "not while its first sender may be sending",
      view: { ...sent(10 * second - 1), paused: true },
      step: "wait 0.001",
    },
    { name: "all its tasks were seen", view: { ...sent(0), tasks: "v1<of1 v1?<of1" }, step: "answer 0=t0 1=t1" },
    {
      name: "all its tasks were seen, one of them stopped",
      view: { ...sent(0), tasks: "v1-<of1 v1<of1" },
      step: "answer 0=t0 1=t1",
    },
    { name: "one of its tasks was seen", view: { ...sent(0), tasks: "v1<of1" }, step: "wait 10" },
    { name: "tasks of others say nothing", view: { ...sent(0), tasks: "v1/4 v1/5" }, step: "wait 10" },
  ])("$name", ({ view, step: expected }) => {
    expect(step(view)).toBe(expected);
  });
});

describe("a call that is settling", () => {
  const settling = (agoMs: number, firstAgoMs?: number) => ({
    calls: "settling v1/0 1",
    call: {
      1: {
        settlingSinceMs: nowMs - agoMs,
        ...(firstAgoMs === undefined ? {} : { firstListing: { atMs: nowMs - firstAgoMs, taskIds: [] } }),
      },
    },
  });
  test.for<{ name: string; view: Viewed; step: string }>([
    { name: "waits for the function's timeout and two minutes", view: settling(0), step: "wait 150" },
    { name: "and not a moment less", view: settling(150 * second - 1), step: "wait 0.001" },
    { name: "then its tasks are listed", view: settling(150 * second), step: "list" },
    {
      name: "a minute passes between two listings, whosever clock is ahead",
      view: settling(hour, 2 * minute - 1),
      step: "wait 0.001",
    },
    { name: "then they are listed again", view: settling(hour, 2 * minute), step: "list again" },
    { name: "all its tasks were seen", view: { ...settling(0), tasks: "v1<of1 v1<of1" }, step: "answer 0=t0 1=t1" },
    { name: "one of its tasks was seen", view: { ...settling(0), tasks: "v1<of1" }, step: "wait 150" },
    { name: "it is never sent again", view: settling(50 * second), step: "wait 100" },
  ])("$name", ({ view, step: expected }) => {
    expect(step(view)).toBe(expected);
  });

  test("one whose time was not recorded waits from now", () => {
    expect(step({ calls: "settling v1/0" })).toBe("wait 150");
  });
});

describe("calls of a service that something is due for", () => {
  test.for<{ name: string; view: Viewed; due: string }>([
    {
      name: "none when all are closed and on record",
      view: { calls: "answered v1/0=t0; void v1/1; seal 1", tasks: "v1/0" },
      due: "",
    },
    { name: "the open ones", view: { calls: "sent v1/0; void v1/1; settling v1/2" }, due: "1 wait 9, 3 wait 150" },
    {
      name: "answered ones whose tasks are not on record",
      view: { calls: "answered v1/0=t0 1=x1 2=x2", tasks: "v1/0", call: { 1: { firstSentAtMs: nowMs } } },
      due: "1 record 1=x1 2=x2",
    },
    {
      name: "not once records are forgotten",
      view: { calls: "answered v1/1=x1", call: { 1: { firstSentAtMs: nowMs - hour } } },
      due: "",
    },
  ])("$name", ({ view, due }) => {
    const found = callsDue(aView(view), nowMs, functionTimeoutMs);
    expect(found.map(({ call, step: each }) => `${call.seq} ${rendered(each)}`).join(", ")).toBe(due);
  });
});

describe("members get what ECS answered", () => {
  const members = (count: number): readonly Member[] =>
    Array.from({ length: count }, (_, index) => ({ slot: index + 4 }));
  test.for([
    { name: "tasks in the order of their ids", slots: 3, tasks: "c a b", failures: "", filled: "4=a 5=b 6=c" },
    { name: "one task that is named twice is one", slots: 2, tasks: "a a", failures: "", filled: "4=a 5=NOT_STARTED" },
    {
      name: "those left over fail, each for its reason",
      slots: 3,
      tasks: "b",
      failures: "CPU GPU",
      filled: "4=b 5=CPU 6=GPU",
    },
    {
      name: "with fewer reasons than failures the first counts",
      slots: 3,
      tasks: "",
      failures: "CPU GPU",
      filled: "4=CPU 5=GPU 6=CPU",
    },
    { name: "without a reason they were not started", slots: 1, tasks: "", failures: "", filled: "4=NOT_STARTED" },
    { name: "a task too many has no slot", slots: 1, tasks: "b a", failures: "", filled: "4=a" },
    { name: "a call without members stays one", slots: 0, tasks: "a", failures: "CPU", filled: "" },
  ])("$name", ({ slots, tasks, failures, filled }) => {
    const ids = (tasks === "" ? [] : tasks.split(" ")) as TaskId[];
    const reasons = failures === "" ? [] : failures.split(" ").map((reason) => ({ reason }));
    expect(fill(members(slots), ids, reasons).map(drawn).join(" ")).toBe(filled);
  });

  test("an earlier filling is replaced", () => {
    const before: readonly Member[] = [
      { slot: 0, failure: "CPU" },
      { slot: 1, taskId: "old" as TaskId },
    ];
    expect(fill(before, ["a" as TaskId], [{ reason: "GPU" }])).toEqual([
      { slot: 0, taskId: "a" },
      { slot: 1, failure: "GPU" },
    ]);
  });

  test("whatever the order of the answer, each slot has one task or one failure", () => {
    const ids = fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/), { maxLength: 10 });
    const shuffledIds = ids.chain((each) =>
      fc.tuple(fc.constant(each), fc.shuffledSubarray(each, { minLength: each.length })),
    );
    fc.assert(
      fc.property(shuffledIds, fc.nat(10), ([answered, shuffled], count) => {
        const filled = fill(members(count), answered as TaskId[], []);
        expect(fill(members(count), shuffled as TaskId[], [])).toEqual(filled);
        expect(filled.map(({ slot }) => slot)).toEqual(members(count).map(({ slot }) => slot));
        expect(filled.filter(({ taskId }) => taskId !== undefined)).toHaveLength(Math.min(count, answered.length));
        expect(filled.every(({ taskId, failure }) => (taskId === undefined) !== (failure === undefined))).toBe(true);
      }),
    );
  });
});

describe("a call is forgotten", () => {
  const closed = { closedAtMs: nowMs - hour };
  test.for<{ name: string; view: Viewed; forgotten: string }>([
    {
      name: "when it has been closed for an hour",
      view: { calls: "answered v1/0=t0; seal 1", call: { 1: closed } },
      forgotten: "1",
    },
    {
      name: "not a moment earlier",
      view: { calls: "answered v1/0=t0; seal 1", call: { 1: { closedAtMs: nowMs - hour + 1 } } },
      forgotten: "",
    },
    { name: "when it was void", view: { calls: "void v1/0; seal 1", call: { 1: closed } }, forgotten: "1" },
    { name: "when it was a seal", view: { calls: "seal 1; seal 2", call: { 1: closed, 2: closed } }, forgotten: "1" },
    {
      name: "never the highest",
      view: { calls: "void v1/0; void v1/1", call: { 1: closed, 2: closed } },
      forgotten: "1",
    },
    { name: "never the only one", view: { calls: "void v1/0", call: { 1: closed } }, forgotten: "" },
    { name: "not while it is open", view: { calls: "sent v1/0; settling v1/1; seal 1" }, forgotten: "" },
    {
      name: "not while a task of it lives",
      view: { calls: "answered v1/0=t0; seal 1", call: { 1: closed }, tasks: "v1<of1" },
      forgotten: "",
    },
    {
      name: "not while a task of it is out of reach",
      view: {
        calls: "answered v1/0=t0; seal 1",
        call: { 1: { ...closed, token: "token-t0" as CallRecord["token"] } },
        tasks: "v1/0<abandoned",
      },
      forgotten: "",
    },
    {
      name: "when its tasks have stopped",
      view: { calls: "answered v1/0=t0; seal 1", call: { 1: closed }, tasks: "v1-<of1" },
      forgotten: "1",
    },
    {
      name: "whatever lives of others",
      view: { calls: "answered v1/0=t0; seal 1", call: { 1: closed }, tasks: "v1/0" },
      forgotten: "1",
    },
  ])("$name", ({ view, forgotten }) => {
    const { calls, tasks } = aView(view);
    expect(
      forgettableCalls(calls, tasks, nowMs)
        .map(({ seq }) => seq)
        .join(" "),
    ).toBe(forgotten);
    expect(
      forgettableCalls(calls.toReversed(), tasks, nowMs)
        .map(({ seq }) => seq)
        .join(" "),
    ).toBe(forgotten);
  });

  test("there may be none at all", () => {
    expect(forgettableCalls([], [], nowMs)).toEqual([]);
  });
});
